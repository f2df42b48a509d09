/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * chance.h - how likely is what a CPU or a task shows here, if nothing had frozen it?
 *
 * The recording itself answers: how often was this task silent, queued or asleep for so long outside of lock holds (habits.h)?
 * A chance is from 0 to 1. It errs to the high side: one more case than was seen is assumed.
 */
#ifndef VMSTALL_CHANCE_H
#define VMSTALL_CHANCE_H

#include "passes/freeze/snapshot.h"

/* That @s does for @ns what @kind says. With few cases on record, RULE_CHANCE_SIGN at least. */
double chance_of(const struct rules *rules, const struct snapshot_task *s, enum habit_kind kind, uint64_t ns);
/* The same for a task that another sign shows to be frozen: how likely it would have done that anyway. */
double usual_share(const struct rules *rules, const struct snapshot_task *s, enum habit_kind kind, uint64_t ns);

/*
 * That CPU @c, not frozen, ends its silence by itself within @lag ns after the release. It does so at the rate at which the task
 * on it ends silences of at least that length. 1: another CPU may have ended it, by waking a task there.
 */
double chance_of_going_on(const struct snapshot *snap, const struct snapshot_cpu *c, uint64_t lag);

/* The highest confidence that may be stated with that chance. */
enum confidence confidence_within(const struct rules *rules, double chance, enum confidence confidence);

#endif
