// SPDX-License-Identifier: LGPL-2.1-or-later
/* written.c - the output of a writer for a report, as a string */
#include "export/text/text.h"
#include "export/writers.h"
#include "written.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

char *written(write_fn *write, const struct report *r, const struct writer_options *opts)
{
	char *s = NULL;
	size_t len;
	FILE *out = open_memstream(&s, &len);

	assert_non_null(out);
	assert_int_equal(write(r, opts, out), 0);
	fclose(out);
	return s;
}

char *written_as(const char *name, const struct report *r)
{
	struct writer_options opts = { .min_stall_ns = 10000000 };

	assert_non_null(writer_by_name(name));
	return written(writer_by_name(name)->write, r, &opts);
}

char *text_of(const struct report *r, unsigned int width, int verbose)
{
	struct writer_options opts = { .width = width, .unicode = true, .verbose = verbose, .min_stall_ns = 10000000 };

	return written(write_text, r, &opts);
}

void assert_begins(const char *s, const char *with)
{
	if (strncmp(s, with, strlen(with)))
		assert_string_equal(s, with);	/* shows both */
}
