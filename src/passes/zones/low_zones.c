// SPDX-License-Identifier: LGPL-2.1-or-later
/* low_zones.c - who takes the pages of the low zones, and when? Over the whole recording */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "model/gfp_audit.h"
#include "passes/common/pass.h"
#include "passes/zones/zone_meter.h"

#define MAX_SHOWN 64

_Static_assert(LOW_ZONE_SPANS == ZONE_SPANS, "a low_zone has the meter's pieces of time");

struct low_zones { struct zone_meter meter[REACH_NORMAL]; bool known; };

static int low_zones_begin(void *state, const struct pass_ctx *ctx)
{
	struct zone_bits bits = zone_bits_of(ctx->gfp);
	struct low_zones *z = state;

	z->known = bits.known;
	for (int i = 0; z->known && i < REACH_NORMAL; i++)
		zone_meter_begin(&z->meter[i], &bits, (enum zone_reach)i);
	return 0;
}

static int low_zones_event(void *state, const struct pass_ctx *ctx, const struct event *ev)
{
	struct low_zones *z = state;
	int err = 0;

	(void)ctx;
	for (int i = 0; !err && z->known && i < REACH_NORMAL; i++)
		err = zone_meter_alloc(&z->meter[i], ev);
	return err;
}

static int report_zone(const struct zone_meter *m, const struct pass_ctx *ctx, struct gfp_report *g)
{
	struct low_zone *to = &g->zones[g->nr_zones++];

	*to = (struct low_zone){
		.name = zone_reach_name(m->reach), .end_pfn = m->top, .allocs = m->allocs, .pages = m->pages,
		.asked = m->asked, .from_ns = m->from, .span_ns = m->span_ns, .cut = m->cut,
	};
	memcpy(to->spans, m->spans, sizeof(to->spans));
	return zone_meter_users(m, ctx, MAX_SHOWN, &to->users, &to->nr_users);
}

/* If nobody asked for a zone by name, its end is not known. A zone must also reach further than the one below it. */
static int low_zones_finish(void *state, const struct pass_ctx *ctx)
{
	struct low_zones *z = state;
	struct gfp_report *g = ctx->report->gfp;
	uint64_t below = 0;
	int err = 0;

	for (int i = 0; !err && g && z->known && i < REACH_NORMAL; i++) {
		zone_meter_rank(&z->meter[i]);
		if (z->meter[i].top > below)
			err = report_zone(&z->meter[i], ctx, g);
		below = z->meter[i].top;
	}
	return err;
}

static void low_zones_destroy(void *state)
{
	struct low_zones *z = state;

	for (int i = 0; i < REACH_NORMAL; i++)
		zone_meter_clear(&z->meter[i]);
}

const struct pass_ops low_zones_pass = {
	.name = "low_zones",
	.summary = "who takes pages of the low zones",
	.stage = PASS_SCAN,
	.wants = KIND(EVENT_PAGE_ALLOC),
	.state_size = sizeof(struct low_zones),
	.begin = low_zones_begin,
	.event = low_zones_event,
	.finish = low_zones_finish,
	.destroy = low_zones_destroy,
};
