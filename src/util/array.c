// SPDX-License-Identifier: LGPL-2.1-or-later
/* array.c - twice as long each time, so that what is moved stays less than what is added */
#include "util/array.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_CAP 16

void *array_reach(void *array, size_t *cap, size_t at, size_t size)
{
	size_t want = *cap ? *cap : FIRST_CAP;
	void *bigger;

	while (want <= at && want <= SIZE_MAX / 2)
		want *= 2;
	bigger = want > at && want <= SIZE_MAX / size ? realloc(array, want * size) : NULL;
	if (bigger)
		*cap = want;
	return bigger;
}

void *array_reach_zeroed(void *array, size_t *nr, size_t at, size_t size)
{
	size_t had = *nr;
	char *bigger = array_reach(array, nr, at, size);

	if (bigger)
		memset(bigger + had * size, 0, (*nr - had) * size);
	return bigger;
}
