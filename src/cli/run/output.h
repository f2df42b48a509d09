/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * output.h - reports into files
 *
 * A file is written beside its place under another name and put there when it is whole: what stands under
 * the final name is complete, or is what was there before.
 */
#ifndef VMSTALL_CLI_OUTPUT_H
#define VMSTALL_CLI_OUTPUT_H

#include "cli/options/options.h"

/* Before the work: can every output be written, and is none the recording? 0, or -EINVAL with one sentence. */
int outputs_check(const struct options *o, char **reterr_why);
/* For a writer that streams, make o->analysis.stream; outputs_close() afterwards. 0, or a negative errno with one sentence. */
int outputs_open_stream(struct options *o, char **reterr_why);
void outputs_close(struct options *o);
/* Is one of them stdout? Then the report for people has no place there. */
bool outputs_use_stdout(const struct options *o);
/* After it: EXIT_DONE, or EXIT_PARTIAL, having said why. */
int outputs_write(const struct options *o, const struct report *r, const struct writer_options *w);
/*
 * A file as a whole, or none: @fill writes it, and returns 0 or a negative errno. "-" is stdout. Returns what went wrong,
 * or 0.
 */
int file_write(const char *path, int (*fill)(void *data, FILE *out), void *data);
/* Flush stdout. A reader that went away is no error; a full disk is. EXIT_DONE or EXIT_PARTIAL. */
int stdout_finish(void);

#endif
