/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* search.h - where in an ordered list? */
#ifndef VMSTALL_SEARCH_H
#define VMSTALL_SEARCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Is number @i of @list before @key? If so, all numbers below @i must be before @key too. */
typedef bool before_fn(const void *list, size_t i, uint64_t key);

/* How many of @nr elements are before @key, which is also the number of the first that is not. */
static inline size_t count_before(const void *list, size_t nr, before_fn *is_before, uint64_t key)
{
	size_t low = 0, high = nr;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (is_before(list, mid, key))
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

#endif
