/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* batch_show.h - the output of a batch while it runs: a bar for people, lines for logs, JSON for programs */
#ifndef VMSTALL_CLI_BATCH_SHOW_H
#define VMSTALL_CLI_BATCH_SHOW_H

#include <time.h>

#include "batch/batch.h"

/* @bar: stderr is a terminal; @shown: the bar is on the screen now. */
struct batch_show { int verbose; bool jsonl, bar, shown; struct timespec since; };

struct batch_watch batch_show_begin(struct batch_show *s, int verbose, bool jsonl);
/* Wipe the bar, so that another line can be printed. */
void batch_show_wipe(struct batch_show *s);
/* Report a path that is no recording, or could not be read at all. */
void batch_show_path(struct batch_show *s, const char *path, const char *what);

#endif
