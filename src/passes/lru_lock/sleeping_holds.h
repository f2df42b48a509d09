/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * sleeping_holds.h - holds of a sleeping lru_lock (PREEMPT_RT) whose end is not known yet
 *
 * The CPU's records do not show the end: the holder may be preempted while other tasks run and reclaim there. The holder's
 * own records show it.
 */
#ifndef VMSTALL_SLEEPING_HOLDS_H
#define VMSTALL_SLEEPING_HOLDS_H

#include "passes/common/pass.h"

/* There is one lock per cgroup and node, and each has one holder: only a handful of holds are open at once. */
enum { MAX_SLEEPING = 64 };

/* @at: index in the report's holds; @pinned: a record since the event shows that the task still held a lock. */
struct sleeping_hold { int32_t pid; bool pinned; size_t at; };

struct sleeping_holds {
	struct sleeping_hold open[MAX_SLEEPING];
	size_t nr;
};

/* Watch for the end of holds[@at], held by @pid. If too many are open the oldest is dropped: its end stays unknown. */
void sleeping_holds_add(struct sleeping_holds *s, const struct report *r, int32_t pid, size_t at);
/*
 * Which holds does @ev end? Call it before the trackers follow @ev. Begin with *@pos 0 and repeat until it returns false.
 * *@ret_at: the index of the hold. Its woke_waiter says whether @ev wakes one of its waiters.
 */
bool sleeping_holds_ended(struct sleeping_holds *s, const struct pass_ctx *ctx, const struct event *ev, size_t *pos,
			  size_t *ret_at);

#endif
