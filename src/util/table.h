/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * table.h - which of a list has this key?
 *
 * The caller keeps the list. The table only keeps the numbers of its members, from 1 on, by a hash of their keys. Callers
 * visit the members in the order of the list, so no order depends on a hash. A single member cannot be removed;
 * table_empty() removes all.
 */
#ifndef VMSTALL_TABLE_H
#define VMSTALL_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Open addressing, with at least half of the slots free. @number 0: the slot is free. */
struct table_slot { uint32_t hash, number; };
struct table { struct table_slot *slots; size_t nr, cap; };

/* Does member @number of @list have @key? */
typedef bool has_key_fn(const void *list, uint32_t number, const void *key);

/* To hash a key, begin with 0 and add its parts in turn. The table uses the low half of the hash. */
static inline uint64_t hash_add(uint64_t hash, uint64_t part)
{
	hash = (hash ^ part) * UINT64_C(0x9e3779b97f4a7c15);
	hash = (hash ^ hash >> 32) * UINT64_C(0xff51afd7ed558ccd);
	return hash ^ hash >> 32;
}

/* The number of the member that has @key; 0: no member has it. */
static inline uint32_t table_find(const struct table *t, uint64_t hash, has_key_fn *has_key, const void *list,
				  const void *key)
{
	for (size_t at = (uint32_t)hash; t->cap; at++) {
		const struct table_slot *slot = &t->slots[at & (t->cap - 1)];

		if (!slot->number || (slot->hash == (uint32_t)hash && has_key(list, slot->number, key)))
			return slot->number;
	}
	return 0;
}

/*
 * No other member may have the key of @number. Returns 0 or -ENOMEM. It cannot fail while the table holds fewer members than
 * it held before.
 */
int table_add(struct table *t, uint64_t hash, uint32_t number);
void table_empty(struct table *t);
void table_clear(struct table *t);

#endif
