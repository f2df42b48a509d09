/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* frozen_tasks_private.h - what the rules of frozen_tasks_name.c and sleepers.c share: how a suspect becomes a victim */
#ifndef VMSTALL_FROZEN_TASKS_PRIVATE_H
#define VMSTALL_FROZEN_TASKS_PRIVATE_H

#include "passes/freeze/frozen_tasks.h"

struct naming {
	const struct pass_ctx *ctx;
	struct snapshot *snap;
	const struct stall *stall;	/* of the report; does not move while victims are added */
};

static inline uint64_t later(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

static inline bool naming_is_holder(const struct naming *a, int32_t pid)
{
	return a->stall->cause == CAUSE_LRU_LOCK_HOLD && a->stall->cause_pid.is && a->stall->cause_pid.v == pid;
}

/*
 * @s stood still since @from, and ran again at @to; 0: that is not on record, the silence's end is a floor. Who is named
 * already, or lost too little, is not named. Returns 0 or -ENOMEM.
 */
int naming_add(const struct naming *a, struct snapshot_task *s, enum victim_kind kind, uint64_t from, uint64_t to,
		enum confidence confidence);
/* Found again and again, for chains. */
int name_sleepers(const struct naming *a, bool *ret_found);

#endif
