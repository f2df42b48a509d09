/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * keyed.h - a growing list of elements of one size, each found by its key
 *
 * Zero it to begin. Elements are in the order in which they were added. They move when the list grows or is swept: no
 * pointer to one outlives the next keyed_get() or keyed_sweep().
 */
#ifndef VMSTALL_KEYED_H
#define VMSTALL_KEYED_H

#include "util/table.h"

struct keyed { char *all; uint64_t *keys; size_t nr, cap, cap_keys, sweep_at; struct table by_key; };

/* NULL: no element has @key. */
void *keyed_find(const struct keyed *k, uint64_t key, size_t size);
/* The element that has @key, or a new one, zeroed. NULL: out of memory. All elements of @k have the same @size. */
void *keyed_get(struct keyed *k, uint64_t key, size_t size);
/* Element number @i, below k->nr. */
void *keyed_at(const struct keyed *k, size_t i, size_t size);

/* Should the list be swept before it grows? True once it has twice the elements that the last sweep left. */
bool keyed_is_full(const struct keyed *k);
/* Remove every element that @is_over, which may also take leave of it. Returns 0, or the first error of @is_over. */
int keyed_sweep(struct keyed *k, size_t size, int (*is_over)(void *data, void *element, bool *ret), void *data);
void keyed_clear(struct keyed *k);

#endif
