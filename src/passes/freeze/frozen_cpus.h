/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* frozen_cpus.h - which CPUs were frozen until the release, and which were only without events? */
#ifndef VMSTALL_FREEZE_H
#define VMSTALL_FREEZE_H

#include "passes/freeze/snapshot.h"

/* Judge every CPU of @sc. @holder: the CPU that held the lock; negative: none known. */
void freeze_judge(struct scene *sc, int holder);

/* From when on was @cpu frozen by this stall? Valid when it is frozen. */
static inline uint64_t frozen_since(const struct scene *sc, const struct scene_cpu *cpu)
{
	return cpu->silent_from > sc->start ? cpu->silent_from : sc->start;
}

/* When should @s have been woken, had its interrupt or its waker been on time? 0: unknown. */
uint64_t wake_due(const struct suspect *s);

/*
 * Where no wake-ups are recorded: did @s sleep on through the stall, far longer than ever before, and run again as soon
 * as its CPU did? Returns when it should have run, 0: it did not oversleep.
 */
uint64_t overslept_since(const struct scene *sc, const struct suspect *s);

#endif
