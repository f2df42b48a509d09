/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* array.h - arrays that grow */
#ifndef VMSTALL_ARRAY_H
#define VMSTALL_ARRAY_H

#include <stddef.h>

/* What is below calls these when the array is too short for number @at; the second zeroes what is new. */
void *array_reach(void *array, size_t *cap, size_t at, size_t size);
void *array_reach_zeroed(void *array, size_t *nr, size_t at, size_t size);

/* Grow @array of @size-byte elements so that one more fits; returns it or NULL (then the old one stands). */
static inline void *grow(void *array, size_t *cap, size_t used, size_t size)
{
	return used < *cap ? array : array_reach(array, cap, used, size);
}

/* The same for an array by number, all of it in use: it has a number @at from now on, and what is new is zeroed. */
static inline void *grow_to(void *array, size_t *nr, size_t at, size_t size)
{
	return at < *nr ? array : array_reach_zeroed(array, nr, at, size);
}

#endif
