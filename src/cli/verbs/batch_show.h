/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* batch_show.h - what a batch says while it runs: a bar for people, lines for logs, JSON for programs */
#ifndef VMSTALL_CLI_BATCH_SHOW_H
#define VMSTALL_CLI_BATCH_SHOW_H

#include <time.h>

#include "batch/batch.h"

/* @bar: stderr is a terminal; @shown: the bar stands there now. */
struct batch_show { int verbose; bool jsonl, bar, shown; struct timespec since; };

struct batch_watch batch_show_begin(struct batch_show *s, int verbose, bool jsonl);
/* Wipe the bar, for something else to be said. */
void batch_show_wipe(struct batch_show *s);
/* A path that was no recording's, or could not be read at all. */
void batch_show_path(struct batch_show *s, const char *path, const char *what);

#endif
