/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* array.h - arrays that grow */
#ifndef VMSTALL_ARRAY_H
#define VMSTALL_ARRAY_H

#include <stddef.h>

/* For grow() and grow_to() below: make the array long enough for number @at. The second one zeroes the new elements. */
void *array_reach(void *array, size_t *cap, size_t at, size_t size);
void *array_reach_zeroed(void *array, size_t *nr, size_t at, size_t size);

/* Grow @array of @size-byte elements so that one more fits. Returns the array, or NULL: the old one is still valid. */
static inline void *grow(void *array, size_t *cap, size_t used, size_t size)
{
	return used < *cap ? array : array_reach(array, cap, used, size);
}

/* The same for an array with all of its @nr elements in use: make it long enough for number @at, and zero what is new. */
static inline void *grow_to(void *array, size_t *nr, size_t at, size_t size)
{
	return at < *nr ? array : array_reach_zeroed(array, nr, at, size);
}

#endif
