/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* guard.h - a damaged recording may crash the library that reads it, not the program that was asked */
#ifndef VMSTALL_CLI_GUARD_H
#define VMSTALL_CLI_GUARD_H

#include "cli/options/options.h"

/**
 * guard - do @work in a child, and end as it does
 *
 * Returns the exit status of @work. A child that crashes makes one line on stderr that names the recording,
 * and EXIT_UNREADABLE. Ctrl-C and SIGTERM end both; if the parent goes, so does the child.
 */
int guard(const struct options *o, int (*work)(const struct options *o));

/* End by @sig, as who started us expects of a program that was told to. Returns where that is ignored. */
int follow(int sig);

#endif
