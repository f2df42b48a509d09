/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * cli.h - what the verbs share: the table of commands, exit statuses, options, output files
 *
 * Reports go to stdout, everything else to stderr, one line a failure: "vmstall: FILE: reason".
 */
#ifndef VMSTALL_CLI_H
#define VMSTALL_CLI_H

#include <stdbool.h>
#include <stdio.h>

#include "passes/analysis.h"
#include "vmstall/writer.h"

enum exit_status {
	EXIT_DONE	= 0,	/* with findings or without */
	EXIT_FINDING	= 1,	/* one that meets --fail-on; says more than EXIT_PARTIAL, so it wins */
	EXIT_USAGE	= 2,	/* nothing was tried: options, an output that cannot be, no plugins */
	EXIT_UNREADABLE	= 3,	/* no recording that could be analysed */
	EXIT_PARTIAL	= 4,	/* salvaged, or an output could not be written */
};

/* main.c has the table; help is printed by walking it. NULL name: the end. */
struct command {
	const char *name;
	int (*fn)(int argc, char **argv);
	const char *summary;
};

int cli_main(const struct command *commands, int argc, char **argv);
int cmd_analyze(int argc, char **argv);
int cmd_leaks(int argc, char **argv);
int cmd_timeline(int argc, char **argv);
int cmd_info(int argc, char **argv);
int cmd_reclaim(int argc, char **argv);
int cmd_gfp(int argc, char **argv);
int cmd_batch(int argc, char **argv);
int cmd_fleet(int argc, char **argv);
int cmd_merge(int argc, char **argv);

/* log.c: "vmstall: " and one line on stderr, without control characters. */
void cli_log(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* The reason for which @path failed, where @why may or may not name it already. NULL @why: strerror(-err). */
void cli_log_file(const char *path, int err, const char *why);
/* A partial recording is worth a line even where only CSV is asked for. */
void cli_log_partial(const char *path, const struct report *r);

/* suggest.c: the nearest of @names to @word, NULL when none is near. NULL-terminated. */
const char *cli_nearest(const char *word, const char *const *names);

#endif
