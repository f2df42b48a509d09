/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * zone_meter.h - who takes the pages of a low zone?
 *
 * The record of an allocation names the page, not the zone. But zones lie in memory in their order. The zone reaches at
 * least as far as the highest page given to a request that is restricted to the zone. Every page below that is counted,
 * whatever task asked for it with whatever flags. The ordinary requests that were given pages of the low zone are the ones
 * that empty it.
 *
 * Call zone_meter_alloc() for each allocation, then zone_meter_rank().
 */
#ifndef VMSTALL_ZONE_METER_H
#define VMSTALL_ZONE_METER_H

#include "passes/common/pass.h"
#include "passes/zones/zone_reach.h"
#include "util/table.h"

#define ZONE_USER_INTERRUPT (-1)	/* pid for the pages that interrupts took */
#define ZONE_SPANS 32			/* number of pieces of time to count pages in */

struct zone_taker { struct zone_user shown; uint64_t gfp; };
/* An allocation above the zone's known end: the zone may turn out to be larger. */
struct zone_pending { uint64_t pfn, ts; uint16_t taker; uint8_t order; };

/**
 * struct zone_meter - the allocations seen so far
 * @top:   highest page given to a request of @reach or less, + 1; 0: there was no such request
 * @asked: pages given to such requests
 * @spans: pages taken in each piece of @span_ns, from @from on
 * @cut:   there were too many allocations or users: the true figures may be higher
 */
struct zone_meter {
	struct zone_bits bits;
	enum zone_reach reach;
	uint64_t top, counted_top, allocs, pages, asked;
	uint64_t from, span_ns, spans[ZONE_SPANS];
	struct zone_taker *takers;	/* ranked at the end; numbered from 1 */
	size_t nr, cap;
	struct table by_key;		/* finds @takers, until they are ranked */
	struct zone_pending *pending;
	size_t nr_pending, cap_pending;
	bool cut;
};

void zone_meter_begin(struct zone_meter *m, const struct zone_bits *bits, enum zone_reach reach);
/* An EVENT_PAGE_ALLOC. Returns 0 or -ENOMEM. */
int zone_meter_alloc(struct zone_meter *m, const struct event *ev);
/* Call it after the last allocation: sorts @m->takers, those with most pages first. */
void zone_meter_rank(struct zone_meter *m);
/* The first takers, at most @most, with names. The caller frees each gfp, and the list. Returns 0 or -ENOMEM. */
int zone_meter_users(const struct zone_meter *m, const struct pass_ctx *ctx, size_t most, struct zone_user **ret,
		     size_t *ret_nr);
/* NULL-safe. */
void zone_meter_clear(struct zone_meter *m);

#endif
