// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * zone_names.c - which zone is zone 0 here?
 *
 * Zone indices depend on the kernel's configuration, and most recordings hold no table of them. But a
 * request for kswapd carries both its gfp flags and the zone they lead to (gfp_zone(), include/linux/gfp.h):
 * a GFP_DMA request names the DMA zone's index.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "decode/gfp.h"
#include "passes/passes.h"

#define MAX_ZONE 8

struct zone_names { const char *name[MAX_ZONE]; };

static bool has_flag(const struct gfp_table *gfp, uint64_t flags, const char *name)
{
	uint64_t bit;

	return (gfp_value(gfp, name, &bit) && (flags & bit));
}

static const char *zone_of(const struct gfp_table *gfp, uint64_t flags)
{
	if (has_flag(gfp, flags, "__GFP_DMA") || has_flag(gfp, flags, "GFP_DMA"))
		return "DMA";
	if (has_flag(gfp, flags, "__GFP_DMA32") || has_flag(gfp, flags, "GFP_DMA32"))
		return "DMA32";
	return NULL;
}

static int zone_names_event(void *state, const struct pass_ctx *ctx, const struct event *ev)
{
	struct zone_names *z = state;
	int32_t zid = ev->kswapd.zid;

	if (ctx->gfp && event_has(ev, HAS_ZID | HAS_GFP) && zid >= 0 && zid < MAX_ZONE && !z->name[zid])
		z->name[zid] = zone_of(ctx->gfp, ev->kswapd.gfp_flags);
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
	.event = zone_names_event,
	.finish = zone_names_finish,
};
