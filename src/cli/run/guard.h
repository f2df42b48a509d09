/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* guard.h - a damaged recording may crash the library that reads it; that must not crash vmstall */
#ifndef VMSTALL_CLI_GUARD_H
#define VMSTALL_CLI_GUARD_H

#include "cli/options/options.h"

/**
 * guard - run @work in a child, and end as the child ends
 *
 * Returns the exit status of @work. If the child crashes, prints one line on stderr that names the recording, and returns
 * EXIT_UNREADABLE. Ctrl-C and SIGTERM end both processes. If the parent ends, so does the child.
 */
int guard(const struct options *o, int (*work)(const struct options *o));

/* End by @sig, because the parent expects that of a program that got this signal. Returns only if @sig is ignored. */
int follow(int sig);

#endif
