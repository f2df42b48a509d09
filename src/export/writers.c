// SPDX-License-Identifier: LGPL-2.1-or-later
/* writers.c - the lists of writers.h as arrays, and the search for a format by name */
#include "export/writers.h"

#include <string.h>

#define LISTED(name) &name##_writer,

const struct writer *const all_writers[] = { ALL_WRITERS(LISTED) NULL };
const struct writer *const leak_writers[] = { LEAK_WRITERS(LISTED) NULL };
const struct writer *const reclaim_writers[] = { RECLAIM_WRITERS(LISTED) NULL };
const struct writer *const gfp_writers[] = { GFP_WRITERS(LISTED) NULL };

const struct writer *writer_by_name(const char *name)
{
	for (size_t i = 0; all_writers[i]; i++)
		if (!strcmp(all_writers[i]->name, name))
			return all_writers[i];
	return NULL;
}
