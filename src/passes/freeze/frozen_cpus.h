/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* frozen_cpus.h - which CPUs were frozen until the release, and which were only without events? */
#ifndef VMSTALL_FROZEN_CPUS_H
#define VMSTALL_FROZEN_CPUS_H

#include "passes/freeze/snapshot.h"

/* Judge every CPU of @snap. @holder: the CPU that held the lock; negative: none known. */
void frozen_cpus_judge(struct snapshot *snap, int holder);

/* Since when did this stall freeze @cpu? Valid only for a frozen CPU. */
static inline uint64_t frozen_since(const struct snapshot *snap, const struct snapshot_cpu *cpu)
{
	return cpu->silent_from > snap->start ? cpu->silent_from : snap->start;
}

/* When would @s have been woken if its interrupt or its waker had been on time? 0: unknown. */
uint64_t wake_due(const struct snapshot_task *s);

/*
 * For recordings without wake-ups: did @s oversleep? It did if it slept through the stall, far longer than ever before,
 * and ran again as soon as its CPU went on. Returns when @s should have run; 0: it did not oversleep.
 */
uint64_t overslept_since(const struct snapshot *snap, const struct snapshot_task *s);

/* The earliest time at which a late regular timer proves that a frozen CPU had interrupts off. UINT64_MAX: none does. */
uint64_t irqs_off_by(const struct snapshot *snap);

#endif
