/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * leak_table.h - what is allocated just now: slab objects by address, blocks of pages by first page
 *
 * Millions live in it, and come and go millions of times a second. Entries are kept in chunks that never move;
 * the buckets are split one at a time as the table grows (linear hashing), so no call takes long. An entry is 32
 * bytes, its share of the buckets 4 to 8.
 *
 * An entry is valid until the next objects_remove() of its key; its index for as long.
 */
#ifndef VMSTALL_LEAK_TABLE_H
#define VMSTALL_LEAK_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define OBJECT_FREE UINT32_MAX	/* object.site of an entry that is not in use */
#define OBJECT_BYTES_MAX ((1U << 28) - 1)

/* object.pid of what no task allocated. */
enum { PID_SOFTIRQ = -2, PID_HARDIRQ = -3 };

/**
 * struct object - a slab object, or a block of pages
 * @key:   address, or first page
 * @ts:    when it was allocated
 * @site:  index of its site; OBJECT_FREE: not in use
 * @pid:   who allocated it
 * @size:  slab: bytes, at most OBJECT_BYTES_MAX. Pages: order in the low five bits, above it its family
 * @retry: the first of two allocations of which the second was for a lower zone
 * @taken: its address was still in use when it was allocated; see leak_slab.c
 */
struct object {
	uint64_t key, ts;
	uint32_t site, next;
	int32_t pid;
	uint32_t size : 28, retry : 1, taken : 1;
};

struct objects {
	struct object **chunks;
	uint32_t **segments;	/* heads of the buckets' chains: index + 1 */
	size_t cap_chunks, cap_segments, nr_chunks, nr_segments;
	uint32_t used, free_list;	/* entries taken from the chunks; freed ones, index + 1 */
	uint32_t nr, peak;
	uint32_t nr_buckets, level;	/* 2^level <= nr_buckets < 2^(level + 1) */
};

/* NULL: not there. */
struct object *objects_find(const struct objects *t, uint64_t key);
/* @key must not be there. The entry's key is set, the rest is 0. NULL: out of memory, or 2^32 - 2 objects. */
struct object *objects_add(struct objects *t, uint64_t key);
/* False: not there. @ret: what it was; may be NULL. */
bool objects_remove(struct objects *t, uint64_t key, struct object *ret);
/* Visit: i from 0 while i < t->used; NULL: not in use. */
struct object *objects_at(const struct objects *t, uint32_t i);
void objects_clear(struct objects *t);

#endif
