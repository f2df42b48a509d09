// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * zone_names.c - which zone is zone 0 here?
 *
 * Zone indices depend on the kernel's configuration, and most recordings hold no table of them. But a wake-up request for
 * kswapd carries both its gfp flags and the index of the zone they lead to. So a request with GFP_DMA tells the index of
 * the DMA zone.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "decode/gfp.h"
#include "passes/common/pass.h"
#include "passes/zones/zone_reach.h"

#define MAX_ZONE 8

struct zone_names {
	struct zone_bits bits;
	const char *name[MAX_ZONE];
};

struct zone_bits zone_bits_of(const struct gfp_table *gfp)
{
	struct zone_bits b = { 0 };

	b.known = gfp && (gfp_value(gfp, "__GFP_DMA", &b.dma) || gfp_value(gfp, "GFP_DMA", &b.dma)) &&
		  (gfp_value(gfp, "__GFP_DMA32", &b.dma32) || gfp_value(gfp, "GFP_DMA32", &b.dma32)) &&
		  gfp_value(gfp, "__GFP_HIGHMEM", &b.highmem) && gfp_value(gfp, "__GFP_MOVABLE", &b.movable);
	return b;
}

enum zone_reach zone_reach(const struct zone_bits *bits, uint64_t gfp_flags)
{
	uint64_t high = bits->highmem | bits->movable;

	if (gfp_flags & bits->dma)
		return REACH_DMA;
	if (gfp_flags & bits->dma32)
		return REACH_DMA32;
	return (gfp_flags & high) == high ? REACH_MOVABLE : REACH_NORMAL;
}

const char *zone_reach_name(enum zone_reach reach)
{
	static const char *const names[] = { "DMA", "DMA32", "Normal", "Movable" };

	return names[reach];
}

static int zone_names_begin(void *state, const struct pass_ctx *ctx)
{
	((struct zone_names *)state)->bits = zone_bits_of(ctx->gfp);
	return 0;
}

static int zone_names_event(void *state, const struct pass_ctx *ctx, const struct event *ev)
{
	struct zone_names *z = state;
	int32_t zid = ev->kswapd.zid;

	(void)ctx;
	if (z->bits.known && event_has(ev, HAS_ZID | HAS_GFP) && zid >= 0 && zid < MAX_ZONE && !z->name[zid])
		z->name[zid] = zone_reach_name(zone_reach(&z->bits, ev->kswapd.gfp_flags));
	return 0;
}

static int zone_names_finish(void *state, const struct pass_ctx *ctx)
{
	struct recording_facts *f = &ctx->report->facts;
	struct zone_names *z = state;

	if (f->nr_zones)
		return 0;
	f->zone_names = calloc(MAX_ZONE, sizeof(char *));
	if (!f->zone_names)
		return -ENOMEM;
	f->nr_zones = MAX_ZONE;
	f->zones_inferred = true;
	for (size_t i = 0; i < MAX_ZONE; i++)
		if (z->name[i] && !(f->zone_names[i] = strdup(z->name[i])))
			return -ENOMEM;
	return 0;
}

const struct pass_ops zone_names_pass = {
	.name = "zone_names",
	.summary = "names of the zones",
	.stage = PASS_SCAN,
	.wants = KIND(EVENT_WAKEUP_KSWAPD),
	.state_size = sizeof(struct zone_names),
	.begin = zone_names_begin,
	.event = zone_names_event,
	.finish = zone_names_finish,
};
