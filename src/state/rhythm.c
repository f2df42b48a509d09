// SPDX-License-Identifier: LGPL-2.1-or-later
/* rhythm.c - the period of a task, robust against a few late wake-ups */
#include "state/rhythm.h"

#include <stdlib.h>

#include "util/order.h"


static uint64_t median(uint64_t *values, size_t nr)
{
	qsort(values, nr, sizeof(*values), ascending_u64);
	return values[nr / 2];
}

/* Copy the remembered wake-ups before @when, oldest first. */
static size_t wakes_before(const struct task *task, uint64_t when, struct wake *out)
{
	uint32_t have = task->nr_wakes < WAKE_HISTORY ? task->nr_wakes : WAKE_HISTORY;
	size_t nr = 0;

	for (uint32_t i = task->nr_wakes - have; i != task->nr_wakes; i++)
		if (task->wakes[i % WAKE_HISTORY].ts < when)
			out[nr++] = task->wakes[i % WAKE_HISTORY];
	return nr;
}

static int32_t usual_waker(const struct rules *rules, const struct wake *wakes, size_t nr)
{
	for (size_t i = 0; i < nr; i++) {
		size_t same = 0;

		for (size_t j = 0; j < nr; j++)
			same += wakes[j].waker == wakes[i].waker;
		if (rule_share(rules, RULE_USUAL_WAKER, same, nr))
			return wakes[i].waker;
	}
	return WAKER_UNKNOWN;
}

static bool is_regular(const struct rules *rules, const uint64_t *intervals, size_t nr, uint64_t period)
{
	uint64_t room = (uint64_t)(rule(rules, RULE_PERIOD_ROOM) * (double)period);
	size_t near = 0;

	for (size_t i = 0; i < nr; i++)
		near += intervals[i] >= period - room && intervals[i] <= period + room;
	return rule_share(rules, RULE_REGULAR, near, nr);
}

struct rhythm rhythm_before(const struct rules *rules, const struct task *task, uint64_t when)
{
	struct wake wakes[WAKE_HISTORY];
	uint64_t intervals[WAKE_HISTORY], slept[WAKE_HISTORY];
	struct rhythm r = { .waker = WAKER_UNKNOWN };
	size_t nr = wakes_before(task, when, wakes);

	if (nr)
		r.last = wakes[nr - 1].ts;
	if (nr < rule_ns(rules, RULE_WAKES_KNOWN))
		return r;
	for (size_t i = 0; i < nr; i++) {
		slept[i] = wakes[i].slept;
		if (i)
			intervals[i - 1] = wakes[i].ts - wakes[i - 1].ts;
	}
	r.known = true;
	r.period = median(intervals, nr - 1);
	r.upper = intervals[(nr - 1) * 3 / 4];		/* median() sorted them, too */
	r.regular = r.period && is_regular(rules, intervals, nr - 1, r.period);
	r.slept = median(slept, nr);
	r.longest = slept[nr - 1 - (size_t)(rule(rules, RULE_LONGEST_SLEEPS) * (double)nr)];	/* median() sorted them */
	r.waker = usual_waker(rules, wakes, nr);
	return r;
}
