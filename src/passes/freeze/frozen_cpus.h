/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* frozen_cpus.h - which CPUs were frozen until the release, and which were only without events? */
#ifndef VMSTALL_FROZEN_CPUS_H
#define VMSTALL_FROZEN_CPUS_H

#include "passes/freeze/snapshot.h"

/* Judge every CPU of @snap. @holder: the CPU that held the lock; negative: none known. */
void frozen_cpus_judge(struct snapshot *snap, int holder);

/* From when on was @cpu frozen by this stall? Valid when it is frozen. */
static inline uint64_t frozen_since(const struct snapshot *snap, const struct snapshot_cpu *cpu)
{
	return cpu->silent_from > snap->start ? cpu->silent_from : snap->start;
}

/* When should @s have been woken, had its interrupt or its waker been on time? 0: unknown. */
uint64_t wake_due(const struct snapshot_task *s);

/*
 * Where no wake-ups are recorded: did @s sleep on through the stall, far longer than ever before, and run again as soon
 * as its CPU did? Returns when it should have run, 0: it did not oversleep.
 */
uint64_t overslept_since(const struct snapshot *snap, const struct snapshot_task *s);

#endif
