/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * objects.h - what is allocated just now: slab objects by address, blocks of pages by first page
 *
 * Millions live in it, and come and go millions of times a second: what it costs is memory that is not in a cache. So a
 * bucket is one line of it, with two objects, and those that do not fit go on in others. Buckets are split one at a time as
 * the table grows (linear hashing), so no call takes long. An object takes 43 to 64 bytes. It is not util/table.h, whose
 * slots would be 16 to 32 bytes more an object and another miss of the cache, and which cannot take one out.
 *
 * An object stays where it is until the next objects_add() or objects_remove() of the table.
 */
#ifndef VMSTALL_LEAK_OBJECTS_H
#define VMSTALL_LEAK_OBJECTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define OBJECT_BYTES_MAX ((1U << 28) - 1)

/* object.pid of what no task allocated. */
enum { PID_SOFTIRQ = -2, PID_HARDIRQ = -3 };

/**
 * struct object - a slab object, or a block of pages
 * @key:   address, or first page
 * @ts:    when it was allocated
 * @site:  index of its site
 * @pid:   who allocated it
 * @size:  slab: bytes, at most OBJECT_BYTES_MAX. Pages: order in the low five bits, above it its family
 * @retry: the first of two allocations of which the second was for a lower zone
 * @taken: its address was still in use when it was allocated; see leak_slab.c
 * @is, @more: the table's own: in use; of a bucket's first, where the bucket goes on
 */
struct object {
	uint64_t key, ts;
	uint32_t site, more;
	int32_t pid;
	uint32_t size : 28, retry : 1, taken : 1, is : 1;
};

struct bucket { _Alignas(64) struct object slot[2]; };
_Static_assert(sizeof(struct bucket) == 64, "a bucket is a line of a cache");

/* Buckets in pieces that never move. */
struct buckets { struct bucket **segments; size_t nr_segments, cap; uint32_t nr; };

struct objects {
	struct buckets main, more;	/* by hash; and where those go on */
	uint32_t spare;			/* of @more, a list of those not in use: index + 1 */
	uint32_t nr, level;		/* 2^level <= main.nr < 2^(level + 1) */
	uint64_t seed;			/* so that nobody can make a recording whose addresses all meet */
};

/* NULL: not there. */
struct object *objects_find(const struct objects *t, uint64_t key);
/* @key must not be there. The object's key is set, the rest is 0. NULL: out of memory, or 2^31 objects. */
struct object *objects_add(struct objects *t, uint64_t key);
/* False: not there. @ret: what it was; may be NULL. */
bool objects_remove(struct objects *t, uint64_t key, struct object *ret);
/* As new: all but the key is 0. */
void objects_renew(struct object *o);
/* Visit, in no order: i from 0 while i < objects_end(t); NULL: not in use. */
size_t objects_end(const struct objects *t);
struct object *objects_at(const struct objects *t, size_t i);
void objects_clear(struct objects *t);

#endif
