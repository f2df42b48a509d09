/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * objects.h - what is allocated just now: slab objects by address, blocks of pages by first page
 *
 * Millions of objects live in the table, and come and go millions of times a second. The cost is memory that is not in a
 * cache. So a bucket is one cache line with two objects, and a full bucket continues in another one. Buckets are split one
 * at a time as the table grows (linear hashing), so no call takes long. An object takes 43 to 64 bytes. util/table.h would
 * not do: its slots take 16 to 32 bytes more an object and another cache miss, and it cannot remove a single member.
 *
 * An object stays where it is until the next objects_add() or objects_remove() of the table.
 */
#ifndef VMSTALL_LEAK_OBJECTS_H
#define VMSTALL_LEAK_OBJECTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define OBJECT_BYTES_MAX ((1U << 28) - 1)

/* object.pid of allocations that no task made. */
enum { PID_SOFTIRQ = -2, PID_HARDIRQ = -3 };

/**
 * struct object - a slab object, or a block of pages
 * @key:   address, or first page
 * @ts:    when it was allocated
 * @site:  index of its site
 * @pid:   the task that allocated it
 * @size:  slab: bytes, at most OBJECT_BYTES_MAX. Pages: the order in the low five bits, the family above them
 * @retry: this is the first of two allocations, and the second was for a lower zone
 * @taken: its address was still in use when it was allocated; see slab.c
 * @is, @more: for the table only. @is: in use. @more: in the first slot of a bucket, where the bucket continues
 */
struct object {
	uint64_t key, ts;
	uint32_t site, more;
	int32_t pid;
	uint32_t size : 28, retry : 1, taken : 1, is : 1;
};

struct bucket { _Alignas(64) struct object slot[2]; };
_Static_assert(sizeof(struct bucket) == 64, "a bucket is a line of a cache");

/* Buckets, in segments that never move. */
struct buckets { struct bucket **segments; size_t nr_segments, cap; uint32_t nr; };

struct objects {
	struct buckets main, more;	/* by hash; and the buckets where full ones continue */
	uint32_t spare;			/* list of the unused buckets of @more: index + 1 */
	uint32_t nr, level;		/* 2^level <= main.nr < 2^(level + 1) */
	uint64_t seed;			/* nobody can make a recording whose addresses all collide */
};

/* NULL: not there. */
struct object *objects_find(const struct objects *t, uint64_t key);
/* @key must not be there. The object's key is set, the rest is 0. NULL: out of memory, or 2^31 objects. */
struct object *objects_add(struct objects *t, uint64_t key);
/* False: not there. @ret: what it was; may be NULL. */
bool objects_remove(struct objects *t, uint64_t key, struct object *ret);
/* Set everything but the key to 0, as in a new object. */
void objects_renew(struct object *o);
/* To visit all, in no order: objects_at() for i from 0 while i < objects_end(t). NULL: not in use. */
size_t objects_end(const struct objects *t);
struct object *objects_at(const struct objects *t, size_t i);
void objects_clear(struct objects *t);

#endif
