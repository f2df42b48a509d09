// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * zone_users.c - who took pages of the zone that the reclaim wanted, in the run-up to the stall?
 *
 * An allocation names its page, not its zone; zone_names.c knows up to which page the zone reaches at
 * least. Everything below is counted, by task and flags, whoever asked and how: ordinary requests that were
 * given pages of the low zone are those that empty it.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "passes/passes.h"
#include "passes/zones.h"
#include "state/trackers.h"
#include "vmstall/recording.h"

#define MAX_USERS 4096		/* pairs of task and flags; a run-up of seconds has some hundred */
#define NR_SLOTS  (2 * MAX_USERS)
#define MAX_SHOWN 8
#define MAX_ORDER 20		/* of a page block; the kernel's own limit is lower */

struct user {
	struct zone_user shown;	/* gfp is made when it is known that it will be shown */
	uint64_t gfp;
};

struct zone_users {
	struct user *slots;	/* open addressing by pid and gfp */
	size_t nr;
	const struct stall *stall;	/* the incident's first with a zone; NULL: none */
	uint64_t top;
};

/* The stall's zone as a reach, by its name. */
static struct known reach_of(const struct report *r, const struct stall *s)
{
	const char *name = s->classzone.is && s->classzone.v >= 0 && (uint64_t)s->classzone.v < r->facts.nr_zones
			 ? r->facts.zone_names[s->classzone.v] : NULL;

	for (int i = 0; name && i < NR_REACHES; i++)
		if (!strcmp(name, zone_reach_name((enum zone_reach)i)))
			return r->zone_top_pfn[i];
	return UNKNOWN;
}

static int zone_users_begin(void *state, const struct pass_ctx *ctx)
{
	struct zone_users *z = state;

	for (size_t i = 0; i < ctx->incident->nr && !z->stall; i++) {
		const struct stall *s = &ctx->report->stalls[ctx->incident->first + i];
		struct known top = reach_of(ctx->report, s);

		if (s->cause != CAUSE_LRU_LOCK_HOLD || !top.is)
			continue;
		z->stall = s;
		z->top = (uint64_t)top.v;
	}
	z->slots = z->stall ? calloc(NR_SLOTS, sizeof(*z->slots)) : NULL;
	return z->stall && !z->slots ? -ENOMEM : 0;
}

static struct user *user_of(struct zone_users *z, int32_t pid, uint64_t gfp)
{
	size_t at = (size_t)(((uint64_t)(uint32_t)pid ^ gfp << 20) * UINT64_C(11400714819323198485) >> 40) % NR_SLOTS;

	while (z->slots[at].shown.allocs && (z->slots[at].shown.pid != pid || z->slots[at].gfp != gfp))
		at = (at + 1) % NR_SLOTS;
	if (!z->slots[at].shown.allocs && z->nr++ >= MAX_USERS)
		return NULL;
	return &z->slots[at];
}

static int zone_users_event(void *state, const struct pass_ctx *ctx, const struct event *ev)
{
	struct zone_users *z = state;
	struct user *u;

	(void)ctx;
	if (!z->stall || ev->ts >= z->stall->at.start || ev->page.pfn > z->top || ev->page.order > MAX_ORDER)
		return 0;
	u = user_of(z, ev->pid, ev->page.gfp_flags);
	if (!u)
		return 0;
	u->shown.pid = ev->pid;
	u->gfp = ev->page.gfp_flags;
	u->shown.allocs++;
	u->shown.pages += UINT64_C(1) << ev->page.order;
	return 0;
}

static int most_pages_first(const void *a, const void *b)
{
	const struct user *x = a, *y = b;

	if (x->shown.pages != y->shown.pages)
		return x->shown.pages < y->shown.pages ? 1 : -1;
	return (x->shown.pid > y->shown.pid) - (x->shown.pid < y->shown.pid);
}

static int zone_users_finish(void *state, const struct pass_ctx *ctx)
{
	struct zone_users *z = state;
	struct stall *s = z->stall ? &ctx->report->stalls[z->stall - ctx->report->stalls] : NULL;

	if (!s || !z->nr)
		return 0;
	qsort(z->slots, NR_SLOTS, sizeof(*z->slots), most_pages_first);
	s->users = calloc(MAX_SHOWN, sizeof(*s->users));
	if (!s->users)
		return -ENOMEM;
	for (size_t i = 0; i < MAX_SHOWN && z->slots[i].shown.allocs; i++) {
		const char *comm = trackers_comm(ctx->trackers, z->slots[i].shown.pid);

		s->users[i] = z->slots[i].shown;
		memcpy(s->users[i].comm, comm, strlen(comm) + 1);
		s->users[i].gfp = gfp_string(ctx->gfp, z->slots[i].gfp);
		s->nr_users++;
		if (!s->users[i].gfp)
			return -ENOMEM;
	}
	return 0;
}

static void zone_users_destroy(void *state)
{
	free(((struct zone_users *)state)->slots);
}

const struct pass_ops zone_users_pass = {
	.name = "zone_users",
	.summary = "who took pages of the wanted zone",
	.stage = PASS_EXPLAIN,
	.wants = KIND(EVENT_PAGE_ALLOC),
	.state_size = sizeof(struct zone_users),
	.begin = zone_users_begin,
	.event = zone_users_event,
	.finish = zone_users_finish,
	.destroy = zone_users_destroy,
};
