// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * holds.c - when did a hold begin and end, given all the others?
 *
 * The records of its own CPU bound a hold: it lies between the record before the isolate event and the
 * record after it (KERNEL-FACTS 3.5). Two facts narrow these bounds: the scan cannot have been faster
 * than the other scans of the recording, and a lock cannot be held twice at once.
 */
#include "passes/lru_lock/holds.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "util/order.h"
#include "util/release.h"
#include "util/search.h"

int scan_cost_fit(const struct rules *rules, const struct hold *holds, size_t nr, struct scan_cost *ret)
{
	struct scan_cost cost = { .rules = rules, .low = rule(rules, RULE_PAGE_LOW) };
	double *each = calloc(nr ? nr : 1, sizeof(*each));

	if (!each)
		return -ENOMEM;
	for (size_t i = 0; i < nr; i++)
		if (holds[i].nr_scanned.is && holds[i].nr_scanned.v >= (int64_t)rule_ns(rules, RULE_LARGE_SCAN) && !holds[i].lost_in_window &&
		    holds[i].at.start_rule != BOUND_EDGE)
			each[cost.nr++] = (double)(holds[i].event.ts - holds[i].at.start_earliest) /
					  (double)holds[i].nr_scanned.v;
	if (cost.nr) {
		qsort(each, cost.nr, sizeof(*each), ascending_double);
		cost.cheapest = each[0];
		cost.typical = each[cost.nr / 2];
		if (cost.nr >= rule_ns(rules, RULE_COST_SCANS) && rule(rules, RULE_COST_ROOM) * each[0] > cost.low)
			cost.low = rule(rules, RULE_COST_ROOM) * each[0];
	}
	free(each);
	*ret = cost;
	return 0;
}

static bool ended_before(const void *holds, size_t i, uint64_t ts)
{
	return ((const struct hold *)holds)[i].event.ts < ts;
}

size_t holds_before(const struct report *r, uint64_t ts)
{
	return count_before(r->holds, r->nr_holds, ended_before, ts);
}

bool lru_lock_per_node(const char *release)
{
	uint64_t number = release_of(release);

	return number && number < RELEASE(5, 11);
}

static uint64_t clamp(uint64_t x, uint64_t low, uint64_t high)
{
	return x < low ? low : x > high ? high : x;
}

static bool same_lock(const struct hold *a, const struct hold *b, bool per_node)
{
	return per_node && a->nid.is && b->nid.is && a->nid.v == b->nid.v;
}

/* The last hold of the same lock whose event lies inside the silence of holds[@i]: holds[@i] can only have begun later. */
static const struct hold *hold_before(const struct hold *holds, size_t i, bool per_node)
{
	for (size_t j = i; j-- > 0;) {
		if (holds[j].event.ts <= holds[i].at.start_earliest)
			return NULL;
		if (holds[j].cpu != holds[i].cpu && same_lock(&holds[j], &holds[i], per_node))
			return &holds[j];
	}
	return NULL;
}

static double pages_of(const struct hold *h)
{
	return h->nr_scanned.is ? (double)h->nr_scanned.v : 0;
}

static bool is_large(const struct rules *rules, const struct hold *h)
{
	return pages_of(h) >= rule(rules, RULE_LARGE_SCAN);
}

/*
 * Did @h wait for @before? Since 5.11 there is one lock per cgroup and node, and no record says which lock was held. But
 * two scans of one machine cost about the same per page. So compare both costs, once with a wait of @h, once without.
 */
static bool cost_says_waited(const struct hold *before, const struct hold *h)
{
	double usual = (double)(before->event.ts - before->at.start) / pages_of(before);
	double waited = (double)(h->event.ts - before->event.ts) / pages_of(h);
	double at_once = (double)(h->event.ts - h->at.start_earliest) / pages_of(h);

	return usual > 0 && waited > 0 && fabs(log(waited / usual)) < fabs(log(at_once / usual));
}

static bool other_node(const struct hold *a, const struct hold *b)
{
	return a->nid.is && b->nid.is && a->nid.v != b->nid.v;
}

/* The last long scan that ended while the CPU of holds[@i] was silent, if the costs say that both took the same lock. */
static const struct hold *likely_before(const struct rules *rules, const struct hold *holds, size_t i)
{
	const struct hold *h = &holds[i];

	if (!is_large(rules, h) || h->at.start_rule != BOUND_PREV_EVENT)
		return NULL;
	for (size_t j = i; j-- > 0 && holds[j].event.ts > h->at.start_earliest;)
		if (holds[j].cpu != h->cpu && is_large(rules, &holds[j]) && holds[j].plausible && !other_node(&holds[j], h))
			return cost_says_waited(&holds[j], h) ? &holds[j] : NULL;
	return NULL;
}

/* The isolate event is its CPU's first record: the hold may have begun before it by as much as the slowest scan takes. */
void hold_began_before(struct hold *h, const struct rules *rules, uint64_t first_ns)
{
	double most = pages_of(h) * rule(rules, RULE_PAGE_SLOWEST);
	uint64_t earliest = most < (double)h->event.ts ? h->event.ts - (uint64_t)most : 0;

	h->at.start_earliest = earliest < first_ns ? earliest : first_ns;
}

static void estimate_start(struct hold *h, const struct scan_cost *cost)
{
	double room = (double)(h->event.ts - h->at.start_earliest);
	bool large = is_large(cost->rules, h), told = cost->nr && cost->cheapest <= rule(cost->rules, RULE_PAGE_HIGH);
	double at_least = large ? cost->low * pages_of(h) : 0;

	h->at.start_latest = at_least < room ? h->event.ts - (uint64_t)at_least : h->at.start_earliest;
	/* Without records before the event, assume the cost of the cheapest other scan; without one, the shortest time. */
	if (h->at.start_rule == BOUND_EDGE && large && told && cost->cheapest * pages_of(h) < room)
		h->at.start = h->event.ts - (uint64_t)(cost->cheapest * pages_of(h));
	else if (h->at.start_rule == BOUND_EDGE)
		h->at.start = h->at.start_latest;
	h->at.start = clamp(h->at.start, h->at.start_earliest, h->at.start_latest);
}

/*
 * The unlock follows the event at once, unless the CPU did not execute (a hypervisor, an SMI). After such
 * a pause the pending interrupt comes as soon as interrupts are on again: the end lies just before it.
 */
static void estimate_end(struct hold *h, const struct rules *rules)
{
	uint64_t unlock = rule_ns(rules, RULE_UNLOCK);
	uint64_t last = h->ran_on_ns > h->event.ts ? h->ran_on_ns : h->event.ts, room = h->at.end_latest - last;

	h->at.end_earliest = h->event.ts;
	if (h->woke_waiter) {		/* the holder wakes a waiter right after the unlock */
		h->at.end = h->at.end_latest;
		h->at.end_rule = BOUND_RELEASE;
		return;
	}
	if (h->pending_came && room >= rule_ns(rules, RULE_PAUSE)) {
		h->at.end = h->at.end_latest - rule_ns(rules, RULE_PENDING);
		h->at.end_rule = BOUND_NEXT_EVENT;
		return;
	}
	h->at.end = last + (room / 2 < unlock ? room / 2 : unlock);
	h->at.end_rule = BOUND_ISOLATE_EVENT;
}

/*
 * The highest ns per page at which the scan still explains the time of @h. Huge scans get more: they freeze the machine,
 * which slows emulated machines down.
 */
static double dearest(const struct hold *h, const struct scan_cost *cost)
{
	bool huge = pages_of(h) >= rule(cost->rules, RULE_HUGE_SCAN);
	double prior = rule(cost->rules, huge ? RULE_PAGE_SLOWEST : RULE_PAGE_HIGH);
	double usual = rule(cost->rules, huge ? RULE_COST_SPREAD_HUGE : RULE_COST_SPREAD) * cost->typical;

	return cost->nr >= rule_ns(cost->rules, RULE_COST_SCANS) && usual < prior ? usual : prior;
}

/* Does the scan explain the time? A few pages in 10 ms do not: then the CPU did not execute, or it waited. */
static bool plausible(const struct hold *h, const struct scan_cost *cost)
{
	double took = (double)(h->at.end - h->at.start);

	if (!h->nr_scanned.is)
		return false;
	/* No machine walks that many pages in the time: the count is damaged. */
	if ((double)h->nr_scanned.v * rule(cost->rules, RULE_PAGE_POSSIBLE) > (double)(h->at.end - h->at.start_earliest))
		return false;
	return dearest(h, cost) * (double)h->nr_scanned.v >= took;
}

/* @h began where @before ended. @sure: both took the same lock. Otherwise it is only likely, and narrows no bound. */
static void begin_after(struct hold *h, const struct hold *before, bool sure, uint64_t skew_ns)
{
	if (sure && before->event.ts - h->at.start_earliest > skew_ns)
		h->at.start_earliest = before->event.ts - skew_ns;
	h->at.start = clamp(before->at.end, h->at.start_earliest, h->event.ts);
	h->at.start_rule = sure ? BOUND_OTHER_HOLD : BOUND_SCAN_COST;
	h->after_ns = before->event.ts;
}

void holds_narrow(struct hold *holds, size_t nr, const struct scan_cost *cost, bool lock_per_node, uint64_t skew_ns)
{
	for (size_t i = 0; i < nr; i++) {
		struct hold *h = &holds[i];
		const struct hold *before = hold_before(holds, i, lock_per_node);
		bool sure = before != NULL;

		estimate_end(h, cost->rules);
		if (h->at.evidence != EVIDENCE_MEASURED) {
			if (!before)
				before = likely_before(cost->rules, holds, i);
			if (before)
				begin_after(h, before, sure, skew_ns);
			estimate_start(h, cost);
		}
		h->plausible = plausible(h, cost);
	}
}
