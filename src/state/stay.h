/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * stay.h - where was a task between two of its own records, and can missing records have hidden something of it there?
 *
 * Call stay_begin() at the first record and stay_end() at the second, before the trackers follow the record. Losses are
 * known only when they are over, so ask stay_hidden() when all records were seen.
 */
#ifndef VMSTALL_STAY_H
#define VMSTALL_STAY_H

#include "state/hidden.h"
#include "state/trackers.h"

/**
 * struct stay - the task ran on @first from @from to @left, and on @last from @back to @to
 *
 * Between @left and @back it may have been on any CPU. A task that never left its CPU has @left, @back and @to equal. Where
 * no switch is recorded, nothing is known: @left is @from, and @back is @to.
 */
struct stay {
	uint64_t from, left, back, to;
	uint16_t first, last;
};

struct stay stay_begin(const struct trackers *t, const struct event *ev);
/* The task was switched out. Without this call, @left is only known to be not before @from. */
void stay_leave(struct stay *s, const struct event *ev);
void stay_end(struct stay *s, const struct trackers *t, const struct event *ev);
/* Add a later stay of the task. What it did between the two does not matter. */
void stay_join(struct stay *s, const struct stay *next);
/* From the first to the last moment of the stay at which something may be hidden. Empty: all was seen. */
struct stretch stay_hidden(const struct stay *s, const struct hidden *h);

#endif
