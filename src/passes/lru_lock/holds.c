// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * holds.c - when did a hold begin and end, given all the others?
 *
 * From its own CPU alone a hold lies between the record before the isolate event and the one after it
 * (KERNEL-FACTS 3.5). Two things narrow that: the scan cannot have been faster than the recording's
 * scans are, and a lock cannot be held twice.
 */
#include "passes/lru_lock/holds.h"

#include <math.h>
#include <stdlib.h>

#include "util/order.h"
#include "util/release.h"
#include "util/search.h"

#define POSSIBLE_NS    1.0	/* a page; a cache line from memory takes 60 and more */
#define PRIOR_LOW_NS   20.0	/* KERNEL-FACTS 3.2: 30 to 200 ns an entry on real machines, with room */
#define SLOWEST_NS     5000.0	/* slower ones were not met */
#define HUGE_SCAN      500000	/* pages; 10 ms at the least: no explanation of the hold is needed but this */
#define PAUSE_NS	       1000000	/* no unlock takes this long; the CPU stood still */
#define PENDING_NS     150000	/* unlock to the first record of what was pending: 34 to 430 us measured (MANIFEST) */
#define UNLOCK_NS      20000	/* event to unlock: 1 us estimated, 38 us measured once (KERNEL-FACTS 3.5, FIELD 0.3) */

struct scan_cost scan_cost_fit(const struct hold *holds, size_t nr)
{
	struct scan_cost cost = { .low = PRIOR_LOW_NS, .typical = 0, .high = PRIOR_HIGH_NS };
	double *each = calloc(nr ? nr : 1, sizeof(*each));

	if (!each)
		return cost;
	for (size_t i = 0; i < nr; i++)
		if (holds[i].nr_scanned.is && holds[i].nr_scanned.v >= LARGE_SCAN && !holds[i].lost_in_window &&
		    holds[i].at.start_rule != RULE_EDGE)
			each[cost.nr++] = (double)(holds[i].event.ts - holds[i].at.start_earliest) /
					  (double)holds[i].nr_scanned.v;
	if (cost.nr) {
		qsort(each, cost.nr, sizeof(*each), ascending_double);
		cost.cheapest = each[0];
		cost.typical = each[cost.nr / 2];
		/* One scan may be all waiting; of several, the cheapest is mostly scanning. */
		if (cost.nr >= 3 && 0.5 * each[0] > cost.low)
			cost.low = 0.5 * each[0];
	}
	free(each);
	return cost;
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

/* The last hold whose event lies inside @h's wait: its lock was held at that moment, so @h's began later. */
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

/*
 * The lock's name is not on record (since 5.11 there is one a cgroup and node). Did @h wait for @before all the same?
 * Two scans of one machine cost about as much a page: does @h's do so with the wait, or without?
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

/* The last long scan that ended while @h was silent, if its cost says that @h's lock was the same. */
static const struct hold *likely_before(const struct hold *holds, size_t i)
{
	const struct hold *h = &holds[i];

	if (pages_of(h) < LARGE_SCAN || h->at.start_rule != RULE_PREV_EVENT)
		return NULL;
	for (size_t j = i; j-- > 0 && holds[j].event.ts > h->at.start_earliest;)
		if (holds[j].cpu != h->cpu && pages_of(&holds[j]) >= LARGE_SCAN && holds[j].plausible && !other_node(&holds[j], h))
			return cost_says_waited(&holds[j], h) ? &holds[j] : NULL;
	return NULL;
}

/* Its CPU's first record is its event: it may have begun before the recording, by as much as the scan can have taken. */
void hold_began_before(struct hold *h, uint64_t first_ns)
{
	double most = pages_of(h) * SLOWEST_NS;
	uint64_t earliest = most < (double)h->event.ts ? h->event.ts - (uint64_t)most : 0;

	h->at.start_earliest = earliest < first_ns ? earliest : first_ns;
}

static void settle_start(struct hold *h, const struct scan_cost *cost)
{
	double room = (double)(h->event.ts - h->at.start_earliest);
	double at_least = pages_of(h) >= LARGE_SCAN ? cost->low * pages_of(h) : 0;

	h->at.start_latest = at_least < room ? h->event.ts - (uint64_t)at_least : h->at.start_earliest;
	/* Where the records before it are missing, it took what another scan took; without one, its own is a floor for it. */
	if (h->at.start_rule == RULE_EDGE && pages_of(h) >= LARGE_SCAN && cost->nr && cost->cheapest <= PRIOR_HIGH_NS &&
	    cost->cheapest * pages_of(h) < room)
		h->at.start = h->event.ts - (uint64_t)(cost->cheapest * pages_of(h));
	else if (h->at.start_rule == RULE_EDGE)
		h->at.start = h->at.start_latest;
	h->at.start = clamp(h->at.start, h->at.start_earliest, h->at.start_latest);
}

/*
 * The unlock follows the event at once, unless the CPU did not execute (a hypervisor, an SMI). Then what
 * was pending comes as soon as interrupts are on again: the end lies just before it.
 */
static void settle_end(struct hold *h)
{
	uint64_t last = h->ran_on_ns > h->event.ts ? h->ran_on_ns : h->event.ts, room = h->at.end_latest - last;

	h->at.end_earliest = h->event.ts;
	if (h->woke_waiter) {		/* the first thing after the unlock */
		h->at.end = h->at.end_latest;
		h->at.end_rule = RULE_RELEASE;
		return;
	}
	if (h->pending_came && room >= PAUSE_NS) {
		h->at.end = h->at.end_latest - PENDING_NS;
		h->at.end_rule = RULE_NEXT_EVENT;
		return;
	}
	h->at.end = last + (room / 2 < UNLOCK_NS ? room / 2 : UNLOCK_NS);
	h->at.end_rule = RULE_ISOLATE_EVENT;
}

/* ns a page that @h may have cost, and still be scanning. Huge scans freeze the machine, which slows emulated ones down. */
static double dearest(const struct hold *h, const struct scan_cost *cost)
{
	bool huge = pages_of(h) >= HUGE_SCAN;
	double prior = huge ? SLOWEST_NS : cost->high, usual = (huge ? 8 : 4) * cost->typical;

	return cost->nr >= 3 && usual < prior ? usual : prior;
}

/* Does the scan explain the time? A few pages in 10 ms do not: the CPU did not execute, or waited. */
static bool plausible(const struct hold *h, const struct scan_cost *cost)
{
	double took = (double)(h->at.end - h->at.start);

	if (!h->nr_scanned.is)
		return false;
	/* A count that no machine walks in the time is no count. */
	if ((double)h->nr_scanned.v * POSSIBLE_NS > (double)(h->at.end - h->at.start_earliest))
		return false;
	return dearest(h, cost) * (double)h->nr_scanned.v >= took;
}

/* It began where @before ended: of one lock that is sure, else likely, which narrows no bound. */
static void begin_after(struct hold *h, const struct hold *before, bool sure, uint64_t skew_ns)
{
	if (sure && before->event.ts - h->at.start_earliest > skew_ns)
		h->at.start_earliest = before->event.ts - skew_ns;
	h->at.start = clamp(before->at.end, h->at.start_earliest, h->event.ts);
	h->at.start_rule = sure ? RULE_OTHER_HOLD : RULE_SCAN_COST;
	h->after_ns = before->event.ts;
}

void holds_settle(struct hold *holds, size_t nr, const struct scan_cost *cost, bool lock_per_node, uint64_t skew_ns)
{
	for (size_t i = 0; i < nr; i++) {
		struct hold *h = &holds[i];
		const struct hold *before = hold_before(holds, i, lock_per_node);
		bool sure = before != NULL;

		settle_end(h);
		if (h->at.evidence != EVIDENCE_MEASURED) {
			if (!before)
				before = likely_before(holds, i);
			if (before)
				begin_after(h, before, sure, skew_ns);
			settle_start(h, cost);
		}
		h->plausible = plausible(h, cost);
	}
}
