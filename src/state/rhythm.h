/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* rhythm.h - how often does a task wake, and what wakes it? Found from its wake-ups before a moment */
#ifndef VMSTALL_RHYTHM_H
#define VMSTALL_RHYTHM_H

#include "model/rules.h"
#include "state/tasks.h"

/**
 * struct rhythm - what a task's last wake-ups before a moment say
 * @known:    there are enough wake-ups for a rhythm
 * @regular:  most intervals lie within a quarter of the median
 * @period:   median interval between wake-ups, ns; @upper: three of four intervals are no longer
 * @slept:    median time asleep before a wake-up, ns; @longest: seven of eight sleeps were no longer
 * @last:     the last wake-up before the moment
 * @waker:    the task that nearly always woke it; WAKER_INTERRUPT: a timer or device; WAKER_UNKNOWN: no usual waker
 */
struct rhythm {
	bool known, regular;
	uint64_t period, upper, slept, longest, last;
	int32_t waker;
};

struct rhythm rhythm_before(const struct rules *rules, const struct task *task, uint64_t when);

#endif
