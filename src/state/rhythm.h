/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* rhythm.h - how often does a task wake, and who wakes it? From its wake-ups before a moment */
#ifndef VMSTALL_RHYTHM_H
#define VMSTALL_RHYTHM_H

#include "model/rules.h"
#include "state/tasks.h"

/**
 * struct rhythm - what its last wake-ups before a moment say
 * @known:    enough wake-ups to speak of one
 * @regular:  most intervals lie within a quarter of the median
 * @period:   median interval between wake-ups, ns
 * @slept:    median time asleep before a wake-up, ns; @longest: seven of eight sleeps were no longer
 * @last:     the last wake-up before the moment
 * @waker:    the task that woke it nearly always; WAKER_INTERRUPT: a timer or device; WAKER_UNKNOWN: nobody in particular
 */
struct rhythm {
	bool known, regular;
	uint64_t period, slept, longest, last;
	int32_t waker;
};

struct rhythm rhythm_before(const struct rules *rules, const struct task *task, uint64_t when);

#endif
