/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* progress.h - for who waits at a terminal longer than a second: how far, how fast, how long still */
#ifndef VMSTALL_CLI_PROGRESS_H
#define VMSTALL_CLI_PROGRESS_H

#include <stdbool.h>
#include <time.h>

#include "reader/recording.h"

struct progress { struct timespec since; bool shown; };

/* Ask @ret to be told, if stderr is a terminal. @p lives until progress_end(). */
void progress_begin(struct progress *p, struct recording_options *ret);
/* Wipe the line. */
void progress_end(struct progress *p);

#endif
