/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * output.h - reports into files
 *
 * A file is written under a temporary name in its directory, and renamed when it is whole. So the final name always has a
 * complete file, or the file that was there before.
 */
#ifndef VMSTALL_CLI_OUTPUT_H
#define VMSTALL_CLI_OUTPUT_H

#include "cli/options/options.h"

/*
 * Before the work: check that every output can be written, and that none is the recording. 0, or -EINVAL with one sentence.
 */
int outputs_check(const struct options *o, char **reterr_why);
/*
 * For a writer that streams, make o->analysis.stream; call outputs_close() afterwards. 0, or a negative errno with one
 * sentence.
 */
int outputs_open_stream(struct options *o, char **reterr_why);
void outputs_close(struct options *o);
/* Does an output go to stdout? Then the report for people must not be printed there. */
bool outputs_use_stdout(const struct options *o);
/*
 * After the work: EXIT_DONE, or EXIT_PARTIAL after an error was printed. If the recording has no answer, only the formats
 * that say so are written.
 */
int outputs_write(const struct options *o, const struct report *r, const struct writer_options *w);
/*
 * Write a file completely, or not at all. @fill writes it, and returns 0 or a negative errno. "-" is stdout. Returns the
 * error, or 0.
 */
int file_write(const char *path, int (*fill)(void *data, FILE *out), void *data);
/* Flush stdout. A reader that went away is no error; a full disk is. EXIT_DONE or EXIT_PARTIAL. */
int stdout_finish(void);
/* The same after the text of a report, whose writer returned @err: running out of memory is reported, too. */
int stdout_told(const struct options *o, int err);

#endif
