// SPDX-License-Identifier: LGPL-2.1-or-later
/* suggest.c - which word did the user mean? */
#include "cli/common/log.h"

#include <string.h>

enum { LONGEST = 32, FAR = 3 };

static unsigned int least(unsigned int a, unsigned int b, unsigned int c)
{
	unsigned int m = a < b ? a : b;

	return m < c ? m : c;
}

/* The edit distance: letters to change, add or drop to turn @b into @a. Keeps only two rows of the table. */
static unsigned int distance(const char *a, const char *b)
{
	unsigned int rows[2][LONGEST + 1], *above = rows[0], *row = rows[1];
	size_t n = strlen(a), m = strlen(b);

	if (n > LONGEST || m > LONGEST)
		return LONGEST;
	for (unsigned int j = 0; j <= m; j++)
		above[j] = j;
	for (unsigned int i = 1; i <= n; i++) {
		unsigned int *swap = above;

		row[0] = i;
		for (size_t j = 1; j <= m; j++)
			row[j] = least(above[j] + 1, row[j - 1] + 1, above[j - 1] + (a[i - 1] != b[j - 1]));
		above = row;
		row = swap;
	}
	return above[m];
}

const char *cli_nearest(const char *word, const char *const *names)
{
	const char *best = NULL;
	unsigned int nearest = FAR;

	for (; *names; names++) {
		unsigned int d = distance(word, *names);

		if (d < nearest && d < strlen(*names)) {
			nearest = d;
			best = *names;
		}
	}
	return best;
}
