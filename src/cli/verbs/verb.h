/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* verb.h - from the command line to report, outputs and exit status */
#ifndef VMSTALL_CLI_VERB_H
#define VMSTALL_CLI_VERB_H

#include "cli/options/options.h"

/* Run a verb that analyses a recording and reports. Returns the exit status. */
int verb_run(const struct verb *verb, int argc, char **argv);

#endif
