/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * tape.h - the events of the scan, for the second look at a stall's surroundings
 *
 * To read them again out of the recording means to unpack it again. So the last ones are kept as they go by, in
 * memory; where a pass suspects a stall, those around it are kept for good, and what memory does not hold goes to a file
 * without a name. A window that is not whole on the tape must be read from the recording.
 */
#ifndef VMSTALL_TAPE_H
#define VMSTALL_TAPE_H

#include "vmstall/event.h"
#include "vmstall/recording.h"

struct tape;

/* @wants: KIND() mask; of other events those are kept that show when a CPU fell silent or went on. NULL: no memory. */
struct tape *tape_new(uint64_t wants);
/* In the order of the merge. After a failure the tape holds nothing. */
void tape_add(struct tape *t, const struct event *ev);
/* There may be a stall between @from and @to, ns: keep its surroundings. NULL is fine. */
void tape_keep(struct tape *t, uint64_t from, uint64_t to);
/* The last event was added: is all of @window on the tape? NULL is fine. */
bool tape_holds(struct tape *t, struct time_window window);
/* As recording_replay() with one window, which tape_holds(). */
int tape_replay(struct tape *t, struct time_window window, event_fn *fn, void *data);
/* NULL is fine; returns NULL. */
struct tape *tape_free(struct tape *t);

#endif
