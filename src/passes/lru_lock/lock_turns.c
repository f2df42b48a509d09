// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * lock_turns.c - many short scans take the lock in turn, and the waiters get none
 *
 * This was seen on 6.12 with the multi-generation LRU. CPUs waited for lru_lock for 0.1 to 0.4 s, measured on the lock,
 * while other CPUs scanned 4096 folios at a time.
 */
#include "passes/lru_lock/lock_turns.h"

#include <inttypes.h>

#include "passes/common/stall_times.h"
#include "passes/lru_lock/holds.h"

struct turns { size_t nr; uint64_t sum, longest; };

static bool is_silent(const struct silence *list, size_t nr, uint16_t cpu)
{
	while (nr && list[nr - 1].cpu != cpu)
		nr--;
	return nr > 0;
}

/* The scan with which a waiting CPU went on: it tells the node of the lock that the CPU waited for. NULL: it is not kept. */
static const struct hold *waiters_hold(const struct report *r, const struct silence *list, size_t nr)
{
	for (size_t i = 0; i < nr; i++)
		for (size_t k = holds_before(r, list[i].to); list[i].scan && k < r->nr_holds && r->holds[k].event.ts == list[i].to; k++)
			if (r->holds[k].cpu == list[i].cpu)
				return &r->holds[k];
	return NULL;
}

/*
 * How long may the scans of other CPUs that ended in @s have held the lock, one at a time? The holds are sorted by their
 * events.
 */
static struct turns turns_in(const struct report *r, const struct stall *s, const struct silence *list, size_t nr)
{
	const struct hold *waiter = waiters_hold(r, list, nr);
	size_t first = holds_before(r, s->at.start);
	uint64_t until = s->at.start;
	struct turns t = { 0 };

	for (size_t i = first; i < r->nr_holds && r->holds[i].event.ts <= s->at.end; i++) {
		const struct hold *h = &r->holds[i];
		uint64_t held = overlap_ns(until, s->at.end, h->at.start, h->at.end);

		if (!held || !h->irqs_off || is_silent(list, nr, h->cpu) || (waiter && !holds_may_share_lock(h, waiter)))
			continue;
		t.nr++;
		t.sum += held;
		t.longest = held > t.longest ? held : t.longest;
		until = h->at.end;
	}
	return t;
}

/* No single scan explains the stall: do several, one after the other? */
int lock_turns_look(const struct report *r, struct stall *s, const struct silence *list, size_t nr)
{
	const struct turns t = turns_in(r, s, list, nr);
	size_t waited = 0;

	for (size_t i = 0; i < nr; i++)
		waited += list[i].scan;
	if (!waited || s->diagnosis == DIAGNOSIS_STOP_MACHINE || t.nr < rule_ns(&r->rules, RULE_TURNS) ||
	    !rule_share(&r->rules, RULE_TURNS_SHARE, t.sum, s->at.end - s->at.start))
		return 0;
	s->diagnosis = DIAGNOSIS_LOCK_TURNS;
	return stall_because(s, "a CPU that waited scanned afterwards, so it had waited for lru_lock. Meanwhile %zu scans of other "
			     "CPUs ended: together they may have held the lock for %" PRIu64 ".%03" PRIu64 " ms, and none of "
			     "them for more than %" PRIu64 ".%03" PRIu64 " ms", t.nr, t.sum / 1000000, t.sum / 1000 % 1000, t.longest / 1000000,
			     t.longest / 1000 % 1000);
}
