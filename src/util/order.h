/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* order.h - which of two comes first? For qsort(), and for the comparisons that one is made of */
#ifndef VMSTALL_ORDER_H
#define VMSTALL_ORDER_H

#include <stdint.h>

/* < 0: @a is less; 0: both are equal; > 0: @b is less. */
static inline int order(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

static inline int ascending_u64(const void *a, const void *b)
{
	return order(*(const uint64_t *)a, *(const uint64_t *)b);
}

static inline int ascending_double(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

#endif
