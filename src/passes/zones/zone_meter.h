/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * zone_meter.h - who takes the pages of a low zone?
 *
 * An allocation names its page, not its zone. But zones lie in memory in their order: the highest page that
 * a request restricted to the zone was given bounds the zone from below, and what lies under it is counted,
 * whoever asked and how. Ordinary requests that were given pages of the low zone are those that empty it.
 *
 * Feed it with zone_meter_alloc(), then zone_meter_rank().
 */
#ifndef VMSTALL_ZONE_METER_H
#define VMSTALL_ZONE_METER_H

#include "passes/common/pass.h"
#include "passes/zones/zone_reach.h"
#include "util/table.h"

#define ZONE_USER_INTERRUPT (-1)	/* pid of what interrupts took: no task's doing */
#define ZONE_SPANS 32			/* pieces of time that pages are counted in */

struct zone_taker { struct zone_user shown; uint64_t gfp; };
/* An allocation above the bound so far: the zone may turn out to be larger. */
struct zone_pending { uint64_t pfn, ts; uint16_t taker; uint8_t order; };

/**
 * struct zone_meter - the allocations seen so far
 * @top:   highest page given to a request of that reach or less, + 1; 0: there was none
 * @asked: pages given to such requests
 * @spans: pages taken in pieces of @span_ns from @from on
 * @cut:   too many allocations or users: the figures are floors
 */
struct zone_meter {
	struct zone_bits bits;
	enum zone_reach reach;
	uint64_t top, settled_top, allocs, pages, asked;
	uint64_t from, span_ns, spans[ZONE_SPANS];
	struct zone_taker *takers;	/* ranked at the end; numbers from 1 */
	size_t nr, cap;
	struct table by_key;		/* of takers, until they are ranked */
	struct zone_pending *pending;
	size_t nr_pending, cap_pending;
	bool cut;
};

void zone_meter_begin(struct zone_meter *m, const struct zone_bits *bits, enum zone_reach reach);
/* An EVENT_PAGE_ALLOC. Returns 0 or -ENOMEM. */
int zone_meter_alloc(struct zone_meter *m, const struct event *ev);
/* No more will come: those that took most come first in @m->takers. */
void zone_meter_rank(struct zone_meter *m);
/* Its first takers, at most @most, with names; the caller frees each gfp, and the list. Returns 0 or -ENOMEM. */
int zone_meter_users(const struct zone_meter *m, const struct pass_ctx *ctx, size_t most, struct zone_user **ret,
		     size_t *ret_nr);
/* NULL-safe. */
void zone_meter_clear(struct zone_meter *m);

#endif
