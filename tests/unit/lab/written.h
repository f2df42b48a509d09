/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* written.h - the output of a writer for a report, as a string; free() it */
#ifndef VMSTALL_TEST_WRITTEN_H
#define VMSTALL_TEST_WRITTEN_H

#include "model/writer.h"

typedef int write_fn(const struct report *r, const struct writer_options *opts, FILE *out);

char *written(write_fn *write, const struct report *r, const struct writer_options *opts);
/* Use the writer of that name; @text uses the terminal's. */
char *written_as(const char *name, const struct report *r);
char *text_of(const struct report *r, unsigned int width, int verbose);
void assert_begins(const char *s, const char *with);

#endif
