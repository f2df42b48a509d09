/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * sleeping_holds.h - holds of a sleeping lru_lock (PREEMPT_RT) whose end is awaited
 *
 * Their CPU tells nothing: the holder is preempted, others run and reclaim there. The end shows in the task's own records.
 */
#ifndef VMSTALL_SLEEPING_HOLDS_H
#define VMSTALL_SLEEPING_HOLDS_H

#include "passes/common/pass.h"

/* There is a lock a cgroup and node, and one holder each: a handful of holds are open at once. */
enum { MAX_SLEEPING = 64 };

/* @at: index in the report's holds; @pinned: its task has shown since the event that it held on. */
struct sleeping_hold { int32_t pid; bool pinned; size_t at; };

struct sleeping_holds {
	struct sleeping_hold open[MAX_SLEEPING];
	size_t nr;
};

/* Await the end of holds[@at], by @pid. Where too many are open the oldest is given up: its end stays unknown. */
void sleeping_holds_add(struct sleeping_holds *s, const struct report *r, int32_t pid, size_t at);
/*
 * Does @ev, before the trackers follow it, end one? Begin with *@pos 0; returns false when there are no more. *@ret_at:
 * the hold, which says whether @ev wakes one of its waiters.
 */
bool sleeping_holds_ended(struct sleeping_holds *s, const struct pass_ctx *ctx, const struct event *ev, size_t *pos,
			  size_t *ret_at);

#endif
