/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* progress.h - progress for users who wait longer than a second at a terminal: how far, how fast, how long still */
#ifndef VMSTALL_CLI_PROGRESS_H
#define VMSTALL_CLI_PROGRESS_H

#include <stdbool.h>
#include <time.h>

#include "reader/recording.h"

struct progress { struct timespec since; bool shown; };

/* Set up @ret to report progress, if stderr is a terminal. @p must live until progress_end(). */
void progress_begin(struct progress *p, struct recording_options *ret);
/* Wipe the line. */
void progress_end(struct progress *p);

#endif
