/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* load.h - open and analyse the recording of a verb, or print the one line that says why not */
#ifndef VMSTALL_CLI_LOAD_H
#define VMSTALL_CLI_LOAD_H

#include "cli/options/options.h"

/* Returns EXIT_DONE, or the exit status. report_clear() @ret in any case. */
int load_report(const struct options *o, struct report *ret);
/* As load_report(), without the analysis. */
int load_facts(const struct options *o, struct report *ret);
/* The exit status of the verb if everything else went well. */
int report_status(const struct options *o, const struct report *r);

#endif
