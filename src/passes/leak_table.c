// SPDX-License-Identifier: LGPL-2.1-or-later
/* leak_table.c - which allocation is at this address? */
#include "passes/leak_table.h"

#include <stdlib.h>
#include <string.h>

#include "util/text.h"

enum { CHUNK = 4096, SEGMENT = 16384 };	/* entries, buckets */

static uint32_t hash(uint64_t key)
{
	return (uint32_t)(((key ^ key >> 29) * UINT64_C(0x9e3779b97f4a7c15)) >> 32);
}

static struct object *entry(const struct objects *t, uint32_t i)
{
	return &t->chunks[i / CHUNK][i % CHUNK];
}

static uint32_t *head(const struct objects *t, uint32_t bucket)
{
	return &t->segments[bucket / SEGMENT][bucket % SEGMENT];
}

/* Buckets that are not split yet hold what will be in both. */
static uint32_t bucket_of(const struct objects *t, uint64_t key)
{
	uint32_t h = hash(key) & (uint32_t)((UINT64_C(2) << t->level) - 1);

	return h < t->nr_buckets ? h : h - (1U << t->level);
}

struct object *objects_find(const struct objects *t, uint64_t key)
{
	uint32_t i;

	if (!t->nr)
		return NULL;
	for (i = *head(t, bucket_of(t, key)); i; i = entry(t, i - 1)->next)
		if (entry(t, i - 1)->key == key)
			return entry(t, i - 1);
	return NULL;
}

static bool add_segment(struct objects *t)
{
	uint32_t **bigger = grow(t->segments, &t->cap_segments, t->nr_segments, sizeof(*bigger));

	if (!bigger)
		return false;
	t->segments = bigger;
	bigger[t->nr_segments] = calloc(SEGMENT, sizeof(**bigger));
	return bigger[t->nr_segments] && ++t->nr_segments;
}

static bool add_chunk(struct objects *t)
{
	struct object **bigger = grow(t->chunks, &t->cap_chunks, t->nr_chunks, sizeof(*bigger));

	if (!bigger)
		return false;
	t->chunks = bigger;
	bigger[t->nr_chunks] = malloc(CHUNK * sizeof(**bigger));
	return bigger[t->nr_chunks] && ++t->nr_chunks;
}

/* Move those entries of the next bucket in turn that belong to the one made now. */
static void split_bucket(struct objects *t)
{
	uint32_t from = t->nr_buckets - (1U << t->level), to = t->nr_buckets, *link = head(t, from), *tail = head(t, to);

	if (++t->nr_buckets == 2U << t->level)
		t->level++;
	while (*link) {
		struct object *o = entry(t, *link - 1);

		if (bucket_of(t, o->key) == from) {
			link = &o->next;
			continue;
		}
		*tail = *link;
		*link = o->next;
		o->next = 0;
		tail = &o->next;
	}
}

static bool make_room(struct objects *t)
{
	if (!t->nr_buckets) {
		if (!t->nr_segments && !add_segment(t))
			return false;
		t->nr_buckets = 1;
	}
	if (!t->free_list && t->used == UINT32_MAX - 1)
		return false;
	if (!t->free_list && t->used == t->nr_chunks * CHUNK && !add_chunk(t))
		return false;
	if (t->nr < t->nr_buckets || t->nr_buckets == 1U << 31)
		return true;
	if (t->nr_buckets == t->nr_segments * SEGMENT && !add_segment(t))
		return false;
	split_bucket(t);
	return true;
}

struct object *objects_add(struct objects *t, uint64_t key)
{
	struct object *o;
	uint32_t i, *first;

	if (!make_room(t))
		return NULL;
	i = t->free_list ? t->free_list - 1 : t->used++;
	o = entry(t, i);
	if (t->free_list)
		t->free_list = o->next;
	first = head(t, bucket_of(t, key));
	*o = (struct object){ .key = key, .next = *first };
	*first = i + 1;
	if (++t->nr > t->peak)
		t->peak = t->nr;
	return o;
}

bool objects_remove(struct objects *t, uint64_t key, struct object *ret)
{
	uint32_t *link = t->nr ? head(t, bucket_of(t, key)) : NULL, i;
	struct object *o;

	while (link && *link && entry(t, *link - 1)->key != key)
		link = &entry(t, *link - 1)->next;
	if (!link || !*link)
		return false;
	i = *link;
	o = entry(t, i - 1);
	if (ret)
		*ret = *o;
	*link = o->next;
	o->site = OBJECT_FREE;
	o->next = t->free_list;
	t->free_list = i;
	t->nr--;
	return true;
}

struct object *objects_at(const struct objects *t, uint32_t i)
{
	struct object *o = entry(t, i);

	return o->site == OBJECT_FREE ? NULL : o;
}

void objects_clear(struct objects *t)
{
	while (t->nr_chunks)
		free(t->chunks[--t->nr_chunks]);
	while (t->nr_segments)
		free(t->segments[--t->nr_segments]);
	free(t->chunks);
	free(t->segments);
	memset(t, 0, sizeof(*t));
}
