/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* stall_times.h - arithmetic on stretches of time that several passes need */
#ifndef VMSTALL_STALL_TIMES_H
#define VMSTALL_STALL_TIMES_H

#include "passes/common/pass.h"

/* How far the CPUs' clocks may be apart. */
static inline uint64_t clock_skew_ns(const struct report *r)
{
	return r->facts.clock_is_global ? 0 : rule_ns(&r->rules, RULE_CLOCK_SKEW);
}

/* @ns multiplied by @times, UINT64_MAX at most. */
static inline uint64_t times_ns(uint64_t ns, double times)
{
	double product = (double)ns * times;

	return product < 0x1p64 ? (uint64_t)product : UINT64_MAX;
}

/* How long must a stop of one task alone last to count as a stall? */
static inline uint64_t one_task_stall_ns(const struct pass_ctx *ctx)
{
	return times_ns(ctx->opts->min_stall_ns, rule(ctx->rules, RULE_ONE_TASK));
}

/* Does @at touch --from .. --to? */
static inline bool in_asked_time(const struct analysis_options *opts, const struct bounds *at)
{
	return at->end >= opts->from_ns && at->start <= opts->to_ns;
}

static inline uint64_t overlap_ns(uint64_t a_from, uint64_t a_to, uint64_t b_from, uint64_t b_to)
{
	uint64_t from = a_from > b_from ? a_from : b_from, to = a_to < b_to ? a_to : b_to;

	return to > from ? to - from : 0;
}

/*
 * How much of [from, to] lies in lru_lock stalls? A stall cut by the recording's edge counts from its earliest start, with
 * all that may have been cut off.
 */
static inline uint64_t held_ns(const struct report *r, uint64_t from, uint64_t to)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < r->nr_stalls; i++)
		if (r->stalls[i].cause == CAUSE_LRU_LOCK_HOLD)
			sum += overlap_ns(from, to, r->stalls[i].at.start_rule == BOUND_EDGE ? r->stalls[i].at.start_earliest
											    : r->stalls[i].at.start,
					  r->stalls[i].at.end);
	return sum;
}

#endif
