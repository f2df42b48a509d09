/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * log.h - what every verb ends with: an exit status, and a line for each failure
 *
 * Reports go to stdout, everything else to stderr, one line a failure: "vmstall: FILE: reason".
 */
#ifndef VMSTALL_CLI_LOG_H
#define VMSTALL_CLI_LOG_H

#include "model/report.h"

enum exit_status {
	EXIT_DONE	= 0,	/* with findings or without */
	EXIT_FINDING	= 1,	/* one that meets --fail-on; says more than EXIT_PARTIAL, so it wins */
	EXIT_USAGE	= 2,	/* nothing was tried: options, an output that cannot be, no plugins */
	EXIT_UNREADABLE	= 3,	/* no recording that could be analysed */
	EXIT_PARTIAL	= 4,	/* salvaged, or an output could not be written */
};

/* "vmstall: " and one line on stderr, without control characters. */
void cli_log(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* The reason for which @path failed, where @why may or may not name it already. NULL @why: strerror(-err). */
void cli_log_file(const char *path, int err, const char *why);
/* A partial recording is worth a line even where only CSV is asked for. */
void cli_log_partial(const char *path, const struct report *r);

/* suggest.c: the nearest of @names to @word, NULL when none is near. NULL-terminated. */
const char *cli_nearest(const char *word, const char *const *names);

#endif
