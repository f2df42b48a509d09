/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* fleet.h - the summary of a database, for the verbs that end with one */
#ifndef VMSTALL_CLI_FLEET_H
#define VMSTALL_CLI_FLEET_H

#include "batch/fleet/fleet.h"
#include "cli/options/options.h"

/* Print it on stdout. Returns EXIT_DONE, or EXIT_PARTIAL after an error was printed. */
int fleet_tell(struct store *store, const char *db, const struct options *o);

#endif
