// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * pages.c - which pages are in use?
 *
 * The table holds blocks of 2^order pages, which never overlap. The kernel may free a block in pieces, or split it before
 * (split_page, huge pages). The rest of such a block is kept as the blocks of a binary split, which are one family. The
 * allocation counts as freed with its last piece. A new block over a block in use shows that the old one was freed
 * without a record.
 */
#include <errno.h>
#include <string.h>

#include "passes/leaks/state.h"
#include "util/array.h"

static uint32_t order_of(const struct object *o)
{
	return o->size & 31;
}

static uint32_t family_of(const struct object *o)
{
	return o->size >> 5;
}

static uint64_t start_of(uint64_t pfn, uint32_t order)
{
	return pfn & ~((UINT64_C(1) << order) - 1);
}

static struct object *block_add(struct leaks *l, uint64_t pfn, uint32_t order)
{
	struct object *o = objects_add(&l->pages, pfn);

	if (!o)
		return NULL;
	o->size = order & 31;
	l->blocks[order]++;
	return o;
}

static void block_remove(struct leaks *l, const struct object *o, struct object *ret)
{
	l->blocks[order_of(o)]--;
	objects_remove(&l->pages, o->key, ret);
}

/* The block that contains @pfn; NULL: none. An order of which no block is in use is skipped. */
static struct object *block_at(const struct leaks *l, uint64_t pfn)
{
	struct object *o = objects_find(&l->pages, pfn);

	for (uint32_t order = 1; !o && order <= LEAK_MAX_ORDER; order++) {
		uint64_t start = start_of(pfn, order);

		if (!l->blocks[order] || start == pfn)
			continue;
		o = objects_find(&l->pages, start);
		if (o && order_of(o) < order)
			o = NULL;
	}
	return o;
}

static uint32_t family_new(struct families *f, uint64_t pages)
{
	struct family *bigger;
	uint32_t i = f->free_list;

	if (i) {
		f->free_list = f->all[i - 1].next;
	} else {
		bigger = f->nr < (1U << 23) - 1 ? grow(f->all, &f->cap, f->nr, sizeof(*bigger)) : NULL;
		if (!bigger)
			return 0;
		f->all = bigger;
		i = (uint32_t)++f->nr;
	}
	f->all[i - 1] = (struct family){ .left = pages };
	return i;
}

/* @pages of the family are gone: is nothing left of it? A block without a family (@i is 0) goes as a whole. */
static bool family_shrinks(struct families *f, uint32_t i, uint64_t pages)
{
	struct family *one = i ? &f->all[i - 1] : NULL;

	if (!one)
		return true;
	one->left -= pages < one->left ? pages : one->left;
	if (one->left)
		return false;
	one->next = f->free_list;
	f->free_list = i;
	return true;
}

/* All of block @o is gone; @o is not in the table any more. @seen: a record of the free says so. */
static void block_gone(struct leaks *l, uint64_t ts, const struct object *o, bool seen)
{
	uint64_t pages = leak_units(o, LEAK_PAGE);
	bool whole = family_shrinks(&l->families, family_of(o), pages);
	struct site *s = l->sites.all[o->site];

	if (seen)
		site_gave(&l->sites, s, ts, o->ts, pages, whole);
	else
		site_lost_sight(&l->sites, s, ts, pages, whole);
}

/* Take the block of @order at @pfn out of @o. Each step halves the block, and keeps the half without @pfn. */
static int split(struct leaks *l, struct object *o, uint64_t pfn, uint32_t order, struct object *ret_piece)
{
	struct object whole, *rest;
	uint32_t family = family_of(o);

	if (!family)
		family = family_new(&l->families, leak_units(o, LEAK_PAGE));
	block_remove(l, o, &whole);
	for (uint32_t at = order_of(&whole); at-- > order;) {
		uint64_t half = UINT64_C(1) << at, other = start_of(pfn, at) ^ half;

		rest = block_add(l, other, at);
		if (!rest)
			return -ENOMEM;
		rest->ts = whole.ts;
		rest->site = whole.site;
		rest->pid = whole.pid;
		rest->retry = whole.retry;
		rest->size = (at | family << 5) & OBJECT_BYTES_MAX;
	}
	*ret_piece = whole;
	ret_piece->key = pfn;
	ret_piece->size = (order | family << 5) & OBJECT_BYTES_MAX;
	return 0;
}

/* Take out every block that begins in the 2^@order pages at @pfn. Returns whether there was one. */
static bool clear_range(struct leaks *l, uint64_t ts, uint64_t pfn, uint32_t order, bool seen)
{
	uint64_t end = pfn + (UINT64_C(1) << order);
	struct object *o, old;
	bool any = false;

	while (pfn < end && l->pages.nr) {
		o = objects_find(&l->pages, pfn);
		if (!o) {
			pfn++;
			continue;
		}
		block_remove(l, o, &old);
		block_gone(l, ts, &old, seen);
		pfn += leak_units(&old, LEAK_PAGE);
		any = true;
	}
	return any;
}

static bool is_block(const struct event *ev)
{
	return ev->page.order <= LEAK_MAX_ORDER && ev->page.pfn < UINT64_C(1) << 52 &&	/* all ones: it failed */
	       start_of(ev->page.pfn, ev->page.order) == ev->page.pfn;
}

static void make_way(struct leaks *l, const struct event *ev)
{
	struct object *o = block_at(l, ev->page.pfn), old;

	if (o) {
		block_remove(l, o, &old);
		block_gone(l, ev->ts, &old, false);
	}
	if (ev->page.order)
		clear_range(l, ev->ts, ev->page.pfn, ev->page.order, false);
}

static uint32_t site_of(struct leaks *l, const struct event *ev)
{
	struct place_key key;

	memset(&key, 0, sizeof(key));
	key.gfp = event_has(ev, HAS_GFP) ? ev->page.gfp_flags : 0;
	key.layer = LEAK_PAGE;
	key.order = (uint8_t)ev->page.order;
	key.interrupt = leak_context(ev) != IN_TASK;
	return leak_sites_get(&l->sites, &key);
}

int leak_pages_alloc(struct leaks *l, const struct event *ev)
{
	struct leak_cpu *cpu = &l->cpus[ev->cpu];
	struct pending *waiting = &cpu->pending[leak_context(ev)];
	struct object *o;
	uint32_t site;

	if (!is_block(ev))
		return 0;
	l->allocs[LEAK_PAGE]++;
	make_way(l, ev);
	*waiting = (struct pending){ 0 };
	leak_retry(l, ev);
	site = site_of(l, ev);
	o = site == UINT32_MAX ? NULL : block_add(l, ev->page.pfn, ev->page.order);
	if (!o)
		return -ENOMEM;
	o->ts = ev->ts;
	o->site = site;
	o->pid = l->sites.all[site]->pid = leak_pid(ev);
	site_took(&l->sites, l->sites.all[site], ev->ts, leak_units(o, LEAK_PAGE));
	waiting->key = o->key;
	waiting->ts = ev->ts;
	waiting->layer = LEAK_PAGE;
	waiting->is = true;
	cpu->page = (struct block){ .pfn = ev->page.pfn, .ts = ev->ts, .pid = ev->pid, .order = ev->page.order, .is = true };
	return 0;
}

int leak_pages_free(struct leaks *l, const struct event *ev)
{
	struct object *o, piece;
	int err;

	l->cpus[ev->cpu].pending[leak_context(ev)].is = false;
	if (!is_block(ev) || (ev->page.batched && l->single_frees))
		return 0;
	l->single_frees |= !ev->page.batched;
	l->frees[LEAK_PAGE]++;
	o = block_at(l, ev->page.pfn);
	if (o && order_of(o) > ev->page.order) {
		err = split(l, o, ev->page.pfn, ev->page.order, &piece);
		if (!err)
			block_gone(l, ev->ts, &piece, true);
		return err;
	}
	if ((o || ev->page.order) && clear_range(l, ev->ts, ev->page.pfn, ev->page.order, true))
		return 0;
	l->unknown_frees[LEAK_PAGE]++;
	l->unknown_pages += UINT64_C(1) << ev->page.order;
	return 0;
}
