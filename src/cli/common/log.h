/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * log.h - exit statuses, and one line for each failure
 *
 * Reports go to stdout, everything else to stderr, one line a failure: "vmstall: FILE: reason".
 */
#ifndef VMSTALL_CLI_LOG_H
#define VMSTALL_CLI_LOG_H

#include "model/report.h"

enum exit_status {
	EXIT_DONE	= 0,	/* with findings or without */
	EXIT_FINDING	= 1,	/* a finding met --fail-on; it says more than EXIT_PARTIAL, so it wins */
	EXIT_USAGE	= 2,	/* nothing was tried: wrong options, an output that cannot be written, no plugins */
	EXIT_UNREADABLE	= 3,	/* no recording that could be analysed */
	EXIT_PARTIAL	= 4,	/* the recording was salvaged, or an output could not be written */
};

/* Print "vmstall: " and one line on stderr, without control characters. */
void cli_log(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* Print the reason why @path failed. @why may already begin with the path. NULL @why: strerror(-err). */
void cli_log_file(const char *path, int err, const char *why);
/* Report a partial recording on stderr, even if only CSV was asked for. */
void cli_log_partial(const char *path, const struct report *r);

/* suggest.c: find the one of @names that is nearest to @word, NULL if none is near. @names ends with NULL. */
const char *cli_nearest(const char *word, const char *const *names);

#endif
