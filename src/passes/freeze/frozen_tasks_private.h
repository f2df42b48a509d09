/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* frozen_tasks_private.h - what the rules of accuse.c and sleepers.c share: how a suspect becomes a victim */
#ifndef VMSTALL_ACCUSER_H
#define VMSTALL_ACCUSER_H

#include "passes/freeze/frozen_tasks.h"

struct accuser {
	const struct pass_ctx *ctx;
	struct scene *sc;
	const struct stall *stall;	/* of the report; does not move while victims are added */
};

static inline uint64_t later(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

static inline bool accuser_is_culprit(const struct accuser *a, int32_t pid)
{
	return a->stall->cause == CAUSE_LRU_LOCK_HOLD && a->stall->cause_pid.is && a->stall->cause_pid.v == pid;
}

/*
 * @s stood still since @from, and ran again at @to; 0: that is not on record, the silence's end is a floor. Who is accused
 * already, or lost too little, is not accused. Returns 0 or -ENOMEM.
 */
int accuser_add(const struct accuser *a, struct suspect *s, enum victim_kind kind, uint64_t from, uint64_t to,
		enum confidence confidence);
/* Found again and again, for chains. */
int accuse_sleepers(const struct accuser *a, bool *ret_found);

#endif
