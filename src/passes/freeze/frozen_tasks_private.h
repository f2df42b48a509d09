/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* frozen_tasks_private.h - what the rules of frozen_tasks.c and sleepers.c share: how a task is named as a victim */
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
/* Call it until it finds nothing new: a task it names may have kept the next one waiting. */
int name_sleepers(const struct naming *a, bool *ret_found);

#endif
