/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* stall_times.h - arithmetic on stretches of time that several passes need */
#ifndef VMSTALL_STALL_TIMES_H
#define VMSTALL_STALL_TIMES_H

#include "passes/common/pass.h"

/* How far the CPUs' clocks may be apart: those of "local" differ by tens of us (KERNEL-FACTS 9). */
static inline uint64_t clock_skew_ns(const struct recording_facts *facts)
{
	return facts->clock_is_global ? 0 : 100000;
}

/* Does it touch --from .. --to? */
static inline bool in_asked_time(const struct analysis_options *opts, const struct bounds *at)
{
	return at->end >= opts->from_ns && at->start <= opts->to_ns;
}

static inline uint64_t overlap_ns(uint64_t a_from, uint64_t a_to, uint64_t b_from, uint64_t b_to)
{
	uint64_t from = a_from > b_from ? a_from : b_from, to = a_to < b_to ? a_to : b_to;

	return to > from ? to - from : 0;
}

/* How much of [from, to] the lru_lock holds account for that are stalls; of a cut one, all that may have been cut off. */
static inline uint64_t held_ns(const struct report *r, uint64_t from, uint64_t to)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < r->nr_stalls; i++)
		if (r->stalls[i].cause == CAUSE_LRU_LOCK_HOLD)
			sum += overlap_ns(from, to, r->stalls[i].at.start_rule == RULE_EDGE ? r->stalls[i].at.start_earliest
											    : r->stalls[i].at.start,
					  r->stalls[i].at.end);
	return sum;
}

#endif
