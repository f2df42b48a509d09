// SPDX-License-Identifier: LGPL-2.1-or-later
/* objects.c - which allocation is at this address? */
#include "passes/leaks/objects.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "util/array.h"

enum {
	SEGMENT = 32768,			/* buckets: 2 MiB, the size of a huge page on most machines */
	FIRST_HUGE = 8,				/* the first 8 segments stay without huge pages, for small recordings */
	LOAD_OBJECTS = 3, LOAD_BUCKETS = 2,	/* at most 3 objects in 2 buckets: about a fifth of the buckets overflow */
};
#define MOST_OBJECTS (UINT32_C(1) << 31)

static uint32_t hash(const struct objects *t, uint64_t key)
{
	uint64_t h = (key ^ t->seed) * UINT64_C(0x9e3779b97f4a7c15);

	return (uint32_t)((h ^ h >> 32) * UINT64_C(0xff51afd7ed558ccd) >> 32);
}

static struct bucket *bucket_at(const struct buckets *b, uint32_t i)
{
	return &b->segments[i / SEGMENT][i % SEGMENT];
}

/* A bucket that is not split yet also holds the objects of its later second half. */
static struct bucket *bucket_of(const struct objects *t, uint64_t key)
{
	uint32_t h = hash(t, key) & (uint32_t)((UINT64_C(2) << t->level) - 1);

	return bucket_at(&t->main, h < t->main.nr ? h : h - (1U << t->level));
}

static struct bucket *next_of(const struct objects *t, const struct bucket *b)
{
	return b->slot[0].more ? bucket_at(&t->more, b->slot[0].more - 1) : NULL;
}

static struct object *find_in(const struct objects *t, struct bucket *b, uint64_t key)
{
	for (; b; b = next_of(t, b)) {
		if (b->slot[0].key == key && b->slot[0].is)
			return &b->slot[0];
		if (b->slot[1].key == key && b->slot[1].is)
			return &b->slot[1];
	}
	return NULL;
}

struct object *objects_find(const struct objects *t, uint64_t key)
{
	return t->nr ? find_in(t, bucket_of(t, key), key) : NULL;
}

/*
 * The segment is zeroed, and aligned to its size so that it can be a huge page. In a table larger than the caches, address
 * translation costs as much as the memory accesses.
 */
static struct bucket *segment_new(bool huge)
{
	size_t size = SEGMENT * sizeof(struct bucket), before;
	char *p = mmap(NULL, 2 * size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		return NULL;
	before = -(uintptr_t)p & (size - 1);
	if (before)
		munmap(p, before);
	munmap(p + before + size, size - before);
	if (huge)
		madvise(p + before, size, MADV_HUGEPAGE);	/* a failure does no harm */
	return (struct bucket *)(p + before);
}

/* Add an empty bucket. */
static bool extend(struct buckets *b)
{
	struct bucket **bigger;

	if (b->nr < b->nr_segments * SEGMENT) {
		b->nr++;
		return true;
	}
	bigger = grow(b->segments, &b->cap, b->nr_segments, sizeof(*bigger));
	if (!bigger)
		return false;
	b->segments = bigger;
	bigger[b->nr_segments] = segment_new(b->nr_segments >= FIRST_HUGE);
	if (!bigger[b->nr_segments])
		return false;
	b->nr_segments++;
	b->nr++;
	return true;
}

static void put_spare(struct objects *t, uint32_t more)
{
	struct bucket *b = bucket_at(&t->more, more - 1);

	memset(b, 0, sizeof(*b));
	b->slot[0].more = t->spare;
	t->spare = more;
}

/* @b is full: give it a bucket to continue in. NULL: out of memory. */
static struct bucket *go_on(struct objects *t, struct bucket *b)
{
	struct bucket *next;

	if (!t->spare) {
		if (!extend(&t->more))
			return NULL;
		put_spare(t, t->more.nr);
	}
	next = bucket_at(&t->more, t->spare - 1);
	b->slot[0].more = t->spare;
	t->spare = next->slot[0].more;
	next->slot[0].more = 0;
	return next;
}

/* An unused slot in @b or in a bucket where @b continues. NULL: out of memory. */
static struct object *slot_in(struct objects *t, struct bucket *b)
{
	struct bucket *next;

	for (; b->slot[0].is && b->slot[1].is; b = next) {
		next = next_of(t, b);
		if (!next)
			next = go_on(t, b);
		if (!next)
			return NULL;
	}
	return b->slot[0].is ? &b->slot[1] : &b->slot[0];
}

static void place(struct objects *t, const struct object *o)
{
	struct object *to = slot_in(t, bucket_of(t, o->key));
	uint32_t more = to->more;	/* @to is not NULL: split_bucket() made the old buckets spare first */

	*to = *o;
	to->more = more;
}

/* Make a new bucket, and move some objects of the next bucket in turn into it. */
static bool split_bucket(struct objects *t)
{
	struct bucket *from, was;

	if (!extend(&t->main))
		return false;
	from = bucket_at(&t->main, t->main.nr - 1 - (1U << t->level));
	if (t->main.nr == 2U << t->level)
		t->level++;
	was = *from;
	memset(from, 0, sizeof(*from));
	for (;;) {
		uint32_t more = was.slot[0].more;

		for (int i = 0; i < 2; i++)
			if (was.slot[i].is)
				place(t, &was.slot[i]);
		if (!more)
			return true;
		was = *bucket_at(&t->more, more - 1);
		put_spare(t, more);
	}
}

static bool make_room(struct objects *t)
{
	if (!t->main.nr) {
		if (!extend(&t->main))
			return false;
		t->seed = (uint64_t)(uintptr_t)t->main.segments[0];
	}
	if (t->nr == MOST_OBJECTS)
		return false;
	return (uint64_t)LOAD_BUCKETS * t->nr < (uint64_t)LOAD_OBJECTS * t->main.nr || split_bucket(t);
}

struct object *objects_add(struct objects *t, uint64_t key)
{
	struct object *o = make_room(t) ? slot_in(t, bucket_of(t, key)) : NULL;

	if (!o)
		return NULL;
	o->key = key;
	o->is = 1;
	objects_renew(o);
	t->nr++;
	return o;
}

bool objects_remove(struct objects *t, uint64_t key, struct object *ret)
{
	struct object *o = objects_find(t, key);

	if (!o)
		return false;
	if (ret)
		*ret = *o;
	o->is = 0;
	t->nr--;
	return true;
}

void objects_renew(struct object *o)
{
	*o = (struct object){ .key = o->key, .more = o->more, .is = 1 };
}

size_t objects_end(const struct objects *t)
{
	return 2 * ((size_t)t->main.nr + t->more.nr);
}

struct object *objects_at(const struct objects *t, size_t i)
{
	size_t b = i / 2;
	struct bucket *bucket = b < t->main.nr ? bucket_at(&t->main, (uint32_t)b) : bucket_at(&t->more, (uint32_t)(b - t->main.nr));

	return bucket->slot[i % 2].is ? &bucket->slot[i % 2] : NULL;
}

static void buckets_clear(struct buckets *b)
{
	while (b->nr_segments)
		munmap(b->segments[--b->nr_segments], SEGMENT * sizeof(struct bucket));
	free(b->segments);
}

void objects_clear(struct objects *t)
{
	buckets_clear(&t->main);
	buckets_clear(&t->more);
	*t = (struct objects){ 0 };
}
