// SPDX-License-Identifier: LGPL-2.1-or-later
/* writers.c - which formats are there? */
#include "writers/writers.h"

#include <string.h>

const struct writer *const all_writers[] = {
	&stalls_csv_writer,
	&victims_csv_writer,
	&holds_csv_writer,
	&json_writer,
	&html_writer,
	&perfetto_writer,
	&kernelshark_writer,
	NULL,
};

const struct writer *const leak_writers[] = {
	&leaks_csv_writer,
	&layers_csv_writer,
	&leaks_json_writer,
	&leaks_html_writer,
	NULL,
};

const struct writer *const reclaim_writers[] = {
	&reclaim_csv_writer,
	&reclaim_json_writer,
	&reclaim_html_writer,
	NULL,
};

const struct writer *const gfp_writers[] = {
	&gfp_csv_writer,
	&zones_csv_writer,
	&gfp_json_writer,
	&gfp_html_writer,
	NULL,
};

const struct writer *writer_by_name(const char *name)
{
	for (size_t i = 0; all_writers[i]; i++)
		if (!strcmp(all_writers[i]->name, name))
			return all_writers[i];
	return NULL;
}
