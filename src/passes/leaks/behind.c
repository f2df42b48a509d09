// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * behind.c - is this page behind slab?
 *
 * A slab cache without a free object asks for pages. That request is recorded just before the object that comes out of
 * the pages. A large kmalloc is a block of pages itself. In both cases two records stand for the same memory, which must
 * not be counted twice.
 *
 * The address of an object tells which page the object lies in, once the kernel's linear map is known. This file learns
 * the map from pairs of a single page and the object recorded after it. All pairs whose object lies in the page agree on
 * one map, and the map begins at a round address, whatever its randomisation.
 */
#include "passes/leaks/state.h"

#define ROUND (UINT64_C(1) << 27)	/* arm64: a section of sparse memory, at least; x86: 1 GiB */

/* A majority vote: a page and an object that are unrelated give another @delta each time. */
static void learn(const struct rules *rules, struct linear_map *map, uint64_t delta)
{
	if (delta & ((ROUND >> map->shift) - 1))
		return;
	if (delta == map->delta && map->votes < 4 * rule_ns(rules, RULE_MAP_VOTES))
		map->votes++;
	else if (delta != map->delta && map->votes)
		map->votes--;
	else if (delta != map->delta)
		*map = (struct linear_map){ .delta = delta, .shift = map->shift, .votes = 1 };
}

static bool is_large_kmalloc(const struct leaks *l, const struct event *ev, uint32_t order)
{
	const struct linear_map *map = &l->map;

	return order >= rule_ns(l->rules, RULE_LARGE_KMALLOC) && ev->slab.bytes_alloc == UINT64_C(1) << (map->shift + order) &&
	       !(ev->slab.ptr & ((UINT64_C(1) << map->shift) - 1));
}

int leak_behind(struct leaks *l, const struct event *ev)
{
	struct block *b = &l->cpus[ev->cpu].page;
	uint64_t delta = (ev->slab.ptr >> l->map.shift) - b->pfn;
	bool large = is_large_kmalloc(l, ev, b->order);

	b->is = b->pid == ev->pid && ev->ts - b->ts <= rule_ns(l->rules, RULE_REFILL);
	if (!b->is)
		return 0;
	if (!b->order || large)
		learn(l->rules, &l->map, delta);
	if (l->map.votes < rule_ns(l->rules, RULE_MAP_VOTES) ? !large : delta - l->map.delta >= UINT64_C(1) << b->order)
		return 0;
	b->is = false;
	return leak_move(l, LEAK_PAGE, b->pfn, b->ts, 0, true);
}
