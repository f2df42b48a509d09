/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * table.h - which of a list has this key?
 *
 * The list is the owner's: the table only keeps the numbers of its members, from 1 on, by a hash of their keys. So no
 * order comes from a hash: who visits all visits the list. One member is never taken out; all are, with table_empty().
 */
#ifndef VMSTALL_TABLE_H
#define VMSTALL_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Open addressing; half of the slots are free at the least. @number 0: free. */
struct table_slot { uint32_t hash, number; };
struct table { struct table_slot *slots; size_t nr, cap; };

/* Has member @number of @list this @key? */
typedef bool has_key_fn(const void *list, uint32_t number, const void *key);

/* The hash of a key is begun with 0, and made of its parts in turn. The table uses the low half. */
static inline uint64_t hash_add(uint64_t hash, uint64_t part)
{
	hash = (hash ^ part) * UINT64_C(0x9e3779b97f4a7c15);
	hash = (hash ^ hash >> 32) * UINT64_C(0xff51afd7ed558ccd);
	return hash ^ hash >> 32;
}

/* The number of the member that has @key, 0: none has it. */
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

/* No member has the key of @number yet. Returns 0 or -ENOMEM; it cannot fail where as many have been in it before. */
int table_add(struct table *t, uint64_t hash, uint32_t number);
void table_empty(struct table *t);
void table_clear(struct table *t);

#endif
