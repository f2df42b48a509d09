// SPDX-License-Identifier: LGPL-2.1-or-later
/* sites.c - what did each place take and give back, and when? */
#include "passes/leaks/sites.h"

#include <stdlib.h>
#include <string.h>

#include "util/array.h"

enum {
	FIRST_SHIFT = 20,	/* windows begin at a width of 1 ms */
	FEWER_STACKS = 12288,	/* with so many sites, new sites are kept without their stack */
	MOST_SITES = 24576,	/* with so many, all further sites of a layer are one */
};

static uint64_t hash_of(const struct place_key *k)
{
	uint32_t kind = (uint32_t)k->layer << 24 | (uint32_t)k->order << 16 | (uint32_t)k->interrupt << 8 | k->behind_slab;

	return hash_add(hash_add(hash_add(0, k->call_site), k->gfp), (uint64_t)k->stack << 32 | kind);
}

static bool has_key(const void *all, uint32_t number, const void *key)
{
	return !memcmp(&((struct site *const *)all)[number - 1]->key, key, sizeof(struct place_key));
}

static uint32_t add(struct site_table *s, const struct place_key *key)
{
	struct site **bigger = grow(s->all, &s->cap, s->nr, sizeof(*bigger)), *site;

	if (!bigger)
		return UINT32_MAX;
	s->all = bigger;
	site = calloc(1, sizeof(*site));
	if (!site || table_add(&s->by_key, hash_of(key), (uint32_t)s->nr + 1)) {
		free(site);
		return UINT32_MAX;
	}
	site->key = *key;
	s->all[s->nr] = site;
	return (uint32_t)s->nr++;
}

uint32_t leak_sites_get(struct site_table *s, const struct place_key *key)
{
	uint32_t number = table_find(&s->by_key, hash_of(key), has_key, s->all, key);
	struct place_key less = { .layer = key->layer };

	if (number)
		return number - 1;
	if (s->nr >= MOST_SITES && memcmp(key, &less, sizeof(less)))
		return leak_sites_get(s, &less);
	if (s->nr >= FEWER_STACKS && key->stack) {
		less = *key;
		less.stack = 0;
		return leak_sites_get(s, &less);
	}
	return add(s, key);
}

static void halve(struct site *site)
{
	struct site_window *w = site->windows;

	for (size_t i = 0; i < LEAK_WINDOWS / 2; i++) {
		w[i].allocs = w[2 * i].allocs + w[2 * i + 1].allocs;
		w[i].net = w[2 * i].net + w[2 * i + 1].net;
		w[i].net_bytes = w[2 * i].net_bytes + w[2 * i + 1].net_bytes;
	}
	memset(&w[LEAK_WINDOWS / 2], 0, LEAK_WINDOWS / 2 * sizeof(*w));
}

void leak_sites_advance(struct site_table *s, uint64_t now)
{
	if (!s->begun) {
		s->begin = now;
		s->shift = FIRST_SHIFT;
		s->begun = true;
	}
	while (now > s->begin && (now - s->begin) >> s->shift >= LEAK_WINDOWS) {
		s->shift++;
		for (size_t i = 0; i < s->nr; i++)
			halve(s->all[i]);
	}
}

static struct site_window *window(const struct site_table *s, struct site *site, uint64_t ts)
{
	return &site->windows[ts > s->begin ? (ts - s->begin) >> s->shift : 0];
}

void site_took(const struct site_table *s, struct site *site, uint64_t ts, uint64_t bytes)
{
	struct site_window *w = window(s, site, ts);

	site->allocs++;
	site->alloc_bytes += bytes;
	site->bytes = (uint32_t)bytes;
	w->allocs++;
	w->net++;
	w->net_bytes += (int64_t)bytes;
}

static unsigned int class_of(uint64_t ns)
{
	unsigned int log = ns ? 63 - (unsigned int)__builtin_clzll(ns) : 0;

	return 2 * log + (log ? (unsigned int)(ns >> (log - 1)) & 1 : 0);
}

static void gone(const struct site_table *s, struct site *site, uint64_t ts, uint64_t bytes, bool whole)
{
	struct site_window *w = window(s, site, ts);

	w->net -= whole;
	w->net_bytes -= (int64_t)bytes;
}

void site_gave(const struct site_table *s, struct site *site, uint64_t ts, uint64_t since, uint64_t bytes, bool whole)
{
	gone(s, site, ts, bytes, whole);
	site->frees += whole;
	site->lifetimes[class_of(ts > since ? ts - since : 0)] += whole;
}

void site_lost_sight(const struct site_table *s, struct site *site, uint64_t ts, uint64_t bytes, bool whole)
{
	gone(s, site, ts, bytes, whole);
	site->unseen += whole;
}

void site_found(struct site *site, uint64_t ts, uint64_t since)
{
	site->unseen--;
	site->frees++;
	site->lifetimes[class_of(ts > since ? ts - since : 0)]++;
}

void site_moved(const struct site_table *s, struct site *from, struct site *to, uint64_t ts, uint64_t bytes)
{
	struct site_window *w = window(s, from, ts);

	from->allocs--;
	from->alloc_bytes -= bytes;
	w->allocs--;
	w->net--;
	w->net_bytes -= (int64_t)bytes;
	to->gfp |= from->gfp;
	to->pid = from->pid;
	to->owns = from->owns;
	site_took(s, to, ts, bytes);
}

void site_merge(struct site *site, const struct site *other)
{
	site->allocs += other->allocs;
	site->frees += other->frees;
	site->unseen += other->unseen;
	site->retries += other->retries;
	site->alloc_bytes += other->alloc_bytes;
	site->gfp |= other->gfp;
	site->bytes = other->bytes;
	site->pid = other->pid;
	if (!site->cache[0])
		memcpy(site->cache, other->cache, sizeof(site->cache));
	for (size_t i = 0; i < LIFETIMES; i++)
		site->lifetimes[i] += other->lifetimes[i];
	for (size_t i = 0; i < LEAK_WINDOWS; i++) {
		site->windows[i].allocs += other->windows[i].allocs;
		site->windows[i].net += other->windows[i].net;
		site->windows[i].net_bytes += other->windows[i].net_bytes;
	}
}

static uint64_t class_begin(unsigned int class)
{
	unsigned int log = class / 2;

	return log ? (UINT64_C(1) << log) + ((uint64_t)(class & 1) << (log - 1)) : class;
}

/* Within a class, lifetimes are assumed to be spread evenly. */
static uint64_t within(unsigned int class, double part)
{
	uint64_t begin = class_begin(class), end = class + 1 < LIFETIMES ? class_begin(class + 1) : UINT64_MAX;

	return begin + (uint64_t)((double)(end - begin) * part);
}

uint64_t site_lifetime(const struct site *site, uint64_t part, uint64_t whole)
{
	uint64_t nr = 0;
	double left;

	for (size_t i = 0; i < LIFETIMES; i++)
		nr += site->lifetimes[i];
	left = (double)nr * (double)part / (double)whole;
	for (unsigned int i = 0; i < LIFETIMES; i++) {
		if (left > 0 && (double)site->lifetimes[i] >= left)
			return within(i, left / site->lifetimes[i]);
		left -= site->lifetimes[i];
	}
	return 0;
}

void leak_sites_clear(struct site_table *s)
{
	while (s->nr)
		free(s->all[--s->nr]);
	free(s->all);
	table_clear(&s->by_key);
	*s = (struct site_table){ 0 };
}
