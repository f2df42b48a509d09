/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* holds.h - what the whole recording says about each hold: the scan's cost, and holds before it on the same lock */
#ifndef VMSTALL_HOLDS_H
#define VMSTALL_HOLDS_H

#include "model/report.h"

/**
 * struct scan_cost - ns a page, from this recording's own large scans
 * @rules: where there are too few, the priors stand in
 * @nr:  how many there were; 0: none, @typical and @cheapest say nothing
 * @low: no scan of this recording was cheaper, with room to spare; @typical: the median
 * @cheapest: of the one that waited least, most likely
 */
struct scan_cost { const struct rules *rules; size_t nr; double low, cheapest, typical; };

/* The counts, flags and node that the isolate event @ev of task @comm declares; its bounds are the pass's. */
void hold_fill(struct hold *h, const struct event *ev, const char *comm);

/* @rules: borrowed for as long as the result is used. */
struct scan_cost scan_cost_fit(const struct rules *rules, const struct hold *holds, size_t nr);

/* The earliest start of @h, before which nothing of its CPU is on record. @first_ns: of the recording. */
void hold_began_before(struct hold *h, const struct rules *rules, uint64_t first_ns);

/*
 * Narrow the bounds of @holds (in order of their events), choose best estimates and judge plausibility.
 * @skew_ns: how far the CPUs' clocks may be apart; 0 where they are one
 */
void holds_narrow(struct hold *holds, size_t nr, const struct scan_cost *cost, bool lock_per_node, uint64_t skew_ns);

/* How many of the settled holds have their event before @ts? They are in the order of their events. */
size_t holds_before(const struct report *r, uint64_t ts);

/* Is lru_lock one per node on @release (before 5.11), not one per memcg and node? Unknown release: no. */
bool lru_lock_per_node(const char *release);

#endif
