// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * scan_cost.c - what does a page cost, and what follows for one scan?
 *
 * Where every entry of a list is one page, no scan is much cheaper than the cheapest of the recording. Where entries may be
 * folios, one scan may walk 512 pages in the time in which another walks one. So the other scans tell something about this one
 * only if they all agree.
 */
#include "passes/lru_lock/scan_cost.h"

#include <errno.h>
#include <stdlib.h>

#include "util/order.h"
#include "util/release.h"

bool scan_has_folios(const struct hold *h, const struct recording_facts *facts)
{
	uint64_t number = release_of(facts->kernel);

	if (!h->lru.is || h->lru.v < 2)		/* 0 and 1: anonymous memory */
		return true;
	if (facts->has_folios.is && facts->has_folios.v)
		return true;
	return number ? number >= RELEASE(5, 18) : !facts->has_folios.is;
}

double scan_pages(const struct hold *h)
{
	return h->nr_scanned.is ? (double)h->nr_scanned.v : 0;
}

bool scan_is_large(const struct rules *rules, const struct hold *h)
{
	return scan_pages(h) >= rule(rules, RULE_LARGE_SCAN);
}

/* Among folios a scan of some thousand pages has a few dozen entries: its time says nothing. */
static bool tells_cost(const struct rules *rules, const struct hold *h)
{
	if (!scan_is_large(rules, h) || !h->only_scan || h->lost_in_window || h->at.start_rule == BOUND_EDGE)
		return false;
	return !h->folios || scan_pages(h) >= rule(rules, RULE_HUGE_SCAN);
}

int scan_cost_fit(const struct rules *rules, const struct hold *holds, size_t nr, struct scan_cost *ret)
{
	struct scan_cost cost = { .rules = rules };
	double *each = calloc(nr ? nr : 1, sizeof(*each));

	if (!each)
		return -ENOMEM;
	for (size_t i = 0; i < nr; i++)
		if (tells_cost(rules, &holds[i]))
			each[cost.nr++] = (double)(holds[i].event.ts - holds[i].at.start_earliest) / scan_pages(&holds[i]);
	if (cost.nr) {
		qsort(each, cost.nr, sizeof(*each), ascending_double);
		cost.cheapest = each[0];
		cost.typical = each[cost.nr / 2];
	}
	if (cost.nr >= rule_ns(rules, RULE_COST_SCANS)) {
		cost.low = rule(rules, RULE_COST_ROOM) * cost.cheapest;
		cost.steady = cost.typical <= rule(rules, RULE_COST_SPREAD) * cost.cheapest;
	}
	free(each);
	*ret = cost;
	return 0;
}

/* The fewest entries that the pages of @h may have been in. */
static double fewest_entries(const struct rules *rules, const struct hold *h)
{
	return scan_pages(h) / (h->folios ? rule(rules, RULE_FOLIO_PAGES) : 1);
}

static bool others_tell(const struct scan_cost *cost, const struct hold *h)
{
	return cost->low > 0 && (!h->folios || cost->steady);
}

double scan_least_ns(const struct scan_cost *cost, const struct hold *h)
{
	double prior = rule(cost->rules, RULE_PAGE_LOW) * fewest_entries(cost->rules, h);
	double told = others_tell(cost, h) ? cost->low * scan_pages(h) : 0;

	return told > prior ? told : prior;
}

/* Huge scans get more: they freeze the machine, which slows emulated machines down. */
double scan_most_ns(const struct scan_cost *cost, const struct hold *h)
{
	bool huge = scan_pages(h) >= rule(cost->rules, RULE_HUGE_SCAN);
	double prior = rule(cost->rules, huge ? RULE_PAGE_SLOWEST : RULE_PAGE_HIGH);
	double usual = rule(cost->rules, huge ? RULE_COST_SPREAD_HUGE : RULE_COST_SPREAD) * cost->typical;

	return (others_tell(cost, h) && usual < prior ? usual : prior) * scan_pages(h);
}

bool scan_impossible(const struct rules *rules, const struct hold *h, uint64_t ns)
{
	return fewest_entries(rules, h) * rule(rules, RULE_PAGE_POSSIBLE) > (double)ns;
}
