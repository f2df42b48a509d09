/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* holds.h - what the whole recording says about each hold: its scan's cost, and the holds before it on the same lock */
#ifndef VMSTALL_HOLDS_H
#define VMSTALL_HOLDS_H

#include "model/report.h"
#include "passes/lru_lock/scan_cost.h"

/* Fill in the counts, flags and node that the isolate event @ev of task @comm names. The pass sets the bounds. */
void hold_fill(struct hold *h, const struct event *ev, const char *comm);

/*
 * Set the earliest start of @h, whose CPU has no record before its event. @first_ns: when the recording begins; @pause_ns: the
 * longest pause of a CPU that it shows
 */
void hold_began_before(struct hold *h, const struct rules *rules, uint64_t first_ns, uint64_t pause_ns);

/*
 * Narrow the bounds of @holds (in order of their events), choose best estimates and judge plausibility.
 * @skew_ns: how far the CPUs' clocks may be apart; 0 where they are one clock
 */
void holds_narrow(struct hold *holds, size_t nr, const struct scan_cost *cost, bool lock_per_node, uint64_t skew_ns);

/* How many of the report's holds, sorted by their events, have their event before @ts? */
size_t holds_before(const struct report *r, uint64_t ts);

/* The hold that the stall @s is about; NULL: none. The holds are sorted by their events. */
struct hold *hold_of_stall(const struct report *r, const struct stall *s);

/* Can @a and @b have held the same lock? Not if they were on different nodes, or if nothing says on which of several. */
bool holds_may_share_lock(const struct hold *a, const struct hold *b);

/* Is lru_lock one per node on @release (before 5.11), not one per memcg and node? Unknown release: no. */
bool lru_lock_per_node(const char *release);

#endif
