// SPDX-License-Identifier: LGPL-2.1-or-later
/* zone_users.c - who took pages of the zone that the reclaim wanted, in the run-up to the stall? */
#include <string.h>

#include "passes/common/incidents.h"
#include "passes/common/pass.h"
#include "passes/zones/zone_meter.h"

#define MAX_SHOWN 8

struct zone_users {
	const struct stall *stall;	/* longest stall of the incident, if its zone has a known name; else NULL */
	struct zone_meter meter;
};

/* The reach that has the name of the stall's zone; false: none has. */
static bool reach_of(const struct report *r, const struct stall *s, enum zone_reach *ret)
{
	const char *name = s->classzone.is && s->classzone.v >= 0 && (uint64_t)s->classzone.v < r->facts.nr_zones
			 ? r->facts.zone_names[s->classzone.v] : NULL;

	for (int i = 0; name && i < NR_REACHES; i++) {
		*ret = (enum zone_reach)i;
		if (!strcmp(name, zone_reach_name(*ret)))
			return true;
	}
	return false;
}

static int zone_users_begin(void *state, const struct pass_ctx *ctx)
{
	const struct stall *s = incident_longest(ctx->report, ctx->incident);
	struct zone_bits bits = zone_bits_of(ctx->gfp);
	struct zone_users *z = state;
	enum zone_reach reach = REACH_DMA;

	if (bits.known && s->cause == CAUSE_LRU_LOCK_HOLD && reach_of(ctx->report, s, &reach))
		z->stall = s;
	if (z->stall)
		zone_meter_begin(&z->meter, &bits, reach);
	return 0;
}

/* Page events are the bulk of a recording, so they are not read when there is no zone to ask about. */
static bool zone_users_idle(const void *state)
{
	return !((const struct zone_users *)state)->stall;
}

static int zone_users_event(void *state, const struct pass_ctx *ctx, const struct event *ev)
{
	struct zone_users *z = state;

	(void)ctx;
	return ev->ts < z->stall->at.start ? zone_meter_alloc(&z->meter, ev) : 0;
}

static int zone_users_finish(void *state, const struct pass_ctx *ctx)
{
	struct zone_users *z = state;
	struct stall *s = z->stall ? &ctx->report->stalls[z->stall - ctx->report->stalls] : NULL;

	if (!s || !z->meter.nr)
		return 0;
	zone_meter_rank(&z->meter);
	return zone_meter_users(&z->meter, ctx, MAX_SHOWN, &s->users, &s->nr_users);
}

static void zone_users_destroy(void *state)
{
	zone_meter_clear(&((struct zone_users *)state)->meter);
}

const struct pass_ops zone_users_pass = {
	.name = "zone_users",
	.summary = "who took pages of the wanted zone",
	.stage = PASS_RUN_UP,
	.wants = KIND(EVENT_PAGE_ALLOC),
	.state_size = sizeof(struct zone_users),
	.begin = zone_users_begin,
	.idle = zone_users_idle,
	.event = zone_users_event,
	.finish = zone_users_finish,
	.destroy = zone_users_destroy,
};
