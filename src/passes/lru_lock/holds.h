/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* holds.h - what the whole recording says about each hold: its scan's cost, and the holds before it on the same lock */
#ifndef VMSTALL_HOLDS_H
#define VMSTALL_HOLDS_H

#include "model/report.h"

/**
 * struct scan_cost - ns per page, from this recording's own large scans
 * @rules:    their priors stand in where there are too few scans
 * @nr:       number of large scans; 0: none, @typical and @cheapest say nothing
 * @low:      a lower bound, with room to spare: no scan of this recording was cheaper
 * @typical:  the median
 * @cheapest: the lowest: most likely the scan that waited least
 */
struct scan_cost { const struct rules *rules; size_t nr; double low, cheapest, typical; };

/* Fill in the counts, flags and node that the isolate event @ev of task @comm names. The pass sets the bounds. */
void hold_fill(struct hold *h, const struct event *ev, const char *comm);

/* @rules: borrowed for as long as the result is used. Returns 0 or -ENOMEM. */
int scan_cost_fit(const struct rules *rules, const struct hold *holds, size_t nr, struct scan_cost *ret);

/* Set the earliest start of @h, whose CPU has no record before its event. @first_ns: when the recording begins. */
void hold_began_before(struct hold *h, const struct rules *rules, uint64_t first_ns);

/*
 * Narrow the bounds of @holds (in order of their events), choose best estimates and judge plausibility.
 * @skew_ns: how far the CPUs' clocks may be apart; 0 where they are one clock
 */
void holds_narrow(struct hold *holds, size_t nr, const struct scan_cost *cost, bool lock_per_node, uint64_t skew_ns);

/* How many of the report's holds, sorted by their events, have their event before @ts? */
size_t holds_before(const struct report *r, uint64_t ts);

/* Is lru_lock one per node on @release (before 5.11), not one per memcg and node? Unknown release: no. */
bool lru_lock_per_node(const char *release);

#endif
