// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * holds.c - when did a hold begin and end, given all the others?
 *
 * The records of its own CPU bound a hold: it lies between the record before the isolate event and the
 * record after it (KERNEL-FACTS 3.5). Two facts narrow these bounds: the scan cannot have been faster
 * than the other scans of the recording, and a lock cannot be held twice at once.
 */
#include "passes/lru_lock/holds.h"

#include <math.h>

#include "util/release.h"
#include "util/search.h"

static bool ended_before(const void *holds, size_t i, uint64_t ts)
{
	return ((const struct hold *)holds)[i].event.ts < ts;
}

size_t holds_before(const struct report *r, uint64_t ts)
{
	return count_before(r->holds, r->nr_holds, ended_before, ts);
}

struct hold *hold_of_stall(const struct report *r, const struct stall *s)
{
	for (size_t i = holds_before(r, s->event.ts); i < r->nr_holds && r->holds[i].event.ts == s->event.ts; i++)
		if (r->holds[i].cpu == s->event.cpu)
			return &r->holds[i];
	return NULL;
}

bool holds_may_share_lock(const struct hold *a, const struct hold *b)
{
	return a->nid.is && b->nid.is ? a->nid.v == b->nid.v : !a->node_unclear && !b->node_unclear;
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

/*
 * Did @h wait for @before? Since 5.11 there is one lock per cgroup and node, and no record says which lock was held. But
 * two scans of one machine cost about the same per page. So compare both costs, once with a wait of @h, once without.
 */
static bool cost_says_waited(const struct hold *before, const struct hold *h)
{
	double usual = (double)(before->event.ts - before->at.start) / scan_pages(before);
	double waited = (double)(h->event.ts - before->event.ts) / scan_pages(h);
	double at_once = (double)(h->event.ts - h->at.start_earliest) / scan_pages(h);

	return usual > 0 && waited > 0 && fabs(log(waited / usual)) < fabs(log(at_once / usual));
}

/* The last long scan that ended while the CPU of holds[@i] was silent, if the costs say that both took the same lock. */
static const struct hold *likely_before(const struct rules *rules, const struct hold *holds, size_t i)
{
	const struct hold *h = &holds[i];

	if (!scan_is_large(rules, h) || h->at.start_rule != BOUND_PREV_EVENT)
		return NULL;
	for (size_t j = i; j-- > 0 && holds[j].event.ts > h->at.start_earliest;)
		if (holds[j].cpu != h->cpu && scan_is_large(rules, &holds[j]) && holds[j].plausible && holds_may_share_lock(&holds[j], h))
			return cost_says_waited(&holds[j], h) ? &holds[j] : NULL;
	return NULL;
}

/*
 * The isolate event is its CPU's first record: the hold may have begun before it by as much as the slowest scan takes, and the
 * longest pause of a CPU that this recording shows.
 */
void hold_began_before(struct hold *h, const struct rules *rules, uint64_t first_ns, uint64_t pause_ns)
{
	double most = scan_pages(h) * rule(rules, RULE_PAGE_SLOWEST) + (double)pause_ns;
	uint64_t earliest = most < (double)h->event.ts ? h->event.ts - (uint64_t)most : 0;

	h->at.start_earliest = earliest < first_ns ? earliest : first_ns;
}

/*
 * The best estimate without records before the event: the cost of the cheapest other scan; without one, the least that single pages
 * cost. Most pages are single even where the bound must allow for folios. @latest: of a scan of a few pages.
 */
static uint64_t edge_start(const struct hold *h, const struct scan_cost *cost, uint64_t latest)
{
	bool told = cost->nr && cost->cheapest <= rule(cost->rules, RULE_PAGE_HIGH);
	double took = scan_pages(h) * (told ? cost->cheapest : rule(cost->rules, RULE_PAGE_LOW));

	if (!scan_is_large(cost->rules, h) || took >= (double)(h->event.ts - h->at.start_earliest))
		return latest;
	return h->event.ts - (uint64_t)took;
}

static void estimate_start(struct hold *h, const struct scan_cost *cost)
{
	double room = (double)(h->event.ts - h->at.start_earliest);
	double at_least = scan_is_large(cost->rules, h) ? scan_least_ns(cost, h) : 0;

	h->at.start_latest = at_least < room ? h->event.ts - (uint64_t)at_least : h->at.start_earliest;
	if (h->at.start_rule == BOUND_EDGE)
		h->at.start = edge_start(h, cost, h->at.start_latest);
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

/* Does the scan explain the time? A few pages in 10 ms do not: then the CPU did not execute, or it waited. */
static bool plausible(const struct hold *h, const struct scan_cost *cost)
{
	double took = (double)(h->at.end - h->at.start);

	return h->nr_scanned.is && !scan_impossible(cost->rules, h, h->at.end - h->at.start_earliest) && scan_most_ns(cost, h) >= took;
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
