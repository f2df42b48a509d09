/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* frozen_tasks_private.h - what the rules of frozen_tasks.c, late_tasks.c and sleepers.c share */
#ifndef VMSTALL_FROZEN_TASKS_PRIVATE_H
#define VMSTALL_FROZEN_TASKS_PRIVATE_H

#include "passes/freeze/frozen_tasks.h"

struct naming {
	const struct pass_ctx *ctx;
	struct snapshot *snap;
	const struct stall *stall;	/* in the report; does not move while victims are added */
};

static inline uint64_t later(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

static inline bool naming_is_holder(const struct naming *a, int32_t pid)
{
	return a->stall->cause == CAUSE_LRU_LOCK_HOLD && a->stall->cause_pid.is && a->stall->cause_pid.v == pid;
}

/**
 * struct standstill - a task stood still from @from to @to
 * @to:         when it ran again. 0: the recording does not show that; the end of the stall stands in, and the loss is at least
 *              that long
 * @confidence: by the rule that found it; the chance may lower it
 * @chance:     that it would have stood still like this without the stall
 */
struct standstill { uint64_t from, to; enum confidence confidence; double chance; };

/*
 * Name @s as a victim. A task is skipped when it is named already, when it is the holder, when it lost too little, or when
 * chance would do as well. Returns 0 or -ENOMEM.
 */
int naming_add(const struct naming *a, struct snapshot_task *s, enum victim_kind kind, struct standstill at);
/* The chance that a claim is wrong which needs both of these to be right. */
static inline double either(double a, double b)
{
	return 1 - (1 - a) * (1 - b);
}

/* The CPU of @task, if it was frozen; else NULL. */
static inline const struct snapshot_cpu *naming_frozen_cpu(const struct naming *a, const struct task *task)
{
	const struct snapshot_cpu *c = task->has_cpu && task->cpu < a->snap->nr_cpus ? &a->snap->cpus[task->cpu] : NULL;

	return c && c->frozen ? c : NULL;
}

/* How long had @s been in its state at @until? Without that time, until it ran. */
static inline uint64_t naming_lasted(const struct snapshot_task *s, uint64_t until)
{
	until = until ? until : s->ran_at;
	return until > s->task.since ? until - s->task.since : 0;
}

/* late_tasks.c: tasks woken by an overdue interrupt when their CPU resumed; tasks that missed their times. Return 0 or -ENOMEM. */
int name_timer_late(const struct naming *a);
int name_missed(const struct naming *a);
/* Tasks that waited for a frozen one. Call it until it finds nothing new: a task it names may have kept the next one waiting. */
int name_dependents(const struct naming *a, bool *ret_found);
/* Mention the late tasks for which nothing says since when. */
int say_late_by_unknown(const struct naming *a, struct stall *s);
/* sleepers.c: tasks that slept until the holder released the lock. Call it until it finds nothing new, too. */
int name_sleepers(const struct naming *a, bool *ret_found);

#endif
