// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * zone_users.c - who took pages of the zone that the reclaim wanted, in the run-up to the stall?
 *
 * An allocation names its page, not its zone. But zones lie in memory in their order: the highest page that
 * a request restricted to the zone was given bounds the zone from below, and what lies under it is counted,
 * whoever asked and how. Ordinary requests that were given pages of the low zone are those that empty it.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "passes/passes.h"
#include "passes/zones.h"
#include "state/trackers.h"
#include "util/text.h"
#include "vmstall/recording.h"

#define MAX_USERS 4096		/* pairs of task and flags; a run-up of seconds has some hundred */
#define NR_SLOTS  (2 * MAX_USERS)
#define MAX_TAKEN (1 << 19)	/* a bound on memory; later ones are held against the bound known by then */
#define MAX_SHOWN 8
#define MAX_ORDER 20		/* of a page block; the kernel's own limit is lower */

struct user { struct zone_user shown; uint64_t gfp; bool used; };
struct taken { uint64_t pfn; uint16_t slot; uint8_t order; };

struct zone_users {
	struct zone_bits bits;
	struct user *slots;	/* open addressing by pid and gfp */
	size_t nr;
	struct taken *taken;
	size_t nr_taken, cap_taken;
	const struct stall *stall;	/* the incident's first with a zone that has a name; NULL: none */
	enum zone_reach reach;
	uint64_t top;			/* highest page given to a request of that reach or less, + 1 */
};

/* The stall's zone as a reach, by its name. */
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
	struct zone_users *z = state;

	z->bits = zone_bits_of(ctx->gfp);
	for (size_t i = 0; z->bits.known && i < ctx->incident->nr && !z->stall; i++) {
		const struct stall *s = &ctx->report->stalls[ctx->incident->first + i];

		if (s->cause == CAUSE_LRU_LOCK_HOLD && reach_of(ctx->report, s, &z->reach))
			z->stall = s;
	}
	z->slots = z->stall ? calloc(NR_SLOTS, sizeof(*z->slots)) : NULL;
	return z->stall && !z->slots ? -ENOMEM : 0;
}

/* Page events are the bulk of a recording: without a zone to ask about they stay unread. */
static bool zone_users_idle(const void *state)
{
	return !((const struct zone_users *)state)->stall;
}

static struct user *user_of(struct zone_users *z, int32_t pid, uint64_t gfp)
{
	size_t at = (size_t)(((uint64_t)(uint32_t)pid ^ gfp << 20) * UINT64_C(11400714819323198485) >> 40) % NR_SLOTS;

	while (z->slots[at].used && (z->slots[at].shown.pid != pid || z->slots[at].gfp != gfp))
		at = (at + 1) % NR_SLOTS;
	if (z->slots[at].used)
		return &z->slots[at];
	if (z->nr == MAX_USERS)
		return NULL;
	z->nr++;
	z->slots[at] = (struct user){ .shown.pid = pid, .gfp = gfp, .used = true };
	return &z->slots[at];
}

static void settle(struct zone_users *z, const struct taken *t)
{
	struct zone_user *u = &z->slots[t->slot].shown;

	if (t->pfn >= z->top)
		return;
	u->allocs++;
	u->pages += UINT64_C(1) << t->order;
}

static int zone_users_event(void *state, const struct pass_ctx *ctx, const struct event *ev)
{
	struct zone_users *z = state;
	struct taken t = { .pfn = ev->page.pfn, .order = (uint8_t)ev->page.order }, *bigger;
	struct user *u;

	(void)ctx;
	if (ev->ts >= z->stall->at.start || !event_has(ev, HAS_GFP) || ev->page.order > MAX_ORDER ||
	    t.pfn > UINT64_MAX / 2)	/* all ones: the allocation failed */
		return 0;
	if (zone_reach(&z->bits, ev->page.gfp_flags) <= z->reach && t.pfn >= z->top)
		z->top = t.pfn + 1;
	u = user_of(z, ev->pid, ev->page.gfp_flags);
	if (!u)
		return 0;
	t.slot = (uint16_t)(u - z->slots);
	if (z->nr_taken == MAX_TAKEN) {
		settle(z, &t);
		return 0;
	}
	bigger = grow(z->taken, &z->cap_taken, z->nr_taken, sizeof(*bigger));
	if (!bigger)
		return -ENOMEM;
	z->taken = bigger;
	z->taken[z->nr_taken++] = t;
	return 0;
}

static int most_pages_first(const void *a, const void *b)
{
	const struct user *x = a, *y = b;

	if (x->shown.pages != y->shown.pages)
		return x->shown.pages < y->shown.pages ? 1 : -1;
	if (x->shown.pid != y->shown.pid)
		return x->shown.pid > y->shown.pid ? 1 : -1;
	return (x->gfp > y->gfp) - (x->gfp < y->gfp);
}

static int show(const struct pass_ctx *ctx, struct stall *s, const struct user *u)
{
	const char *comm = trackers_comm(ctx->trackers, u->shown.pid);
	struct zone_user *to = &s->users[s->nr_users++];

	*to = u->shown;
	memcpy(to->comm, comm, strlen(comm) + 1);
	to->gfp = gfp_string(ctx->gfp, u->gfp);
	return to->gfp ? 0 : -ENOMEM;
}

static int zone_users_finish(void *state, const struct pass_ctx *ctx)
{
	struct zone_users *z = state;
	struct stall *s = z->stall ? &ctx->report->stalls[z->stall - ctx->report->stalls] : NULL;
	int err = 0;

	if (!s || !z->nr)
		return 0;
	for (size_t i = 0; i < z->nr_taken; i++)
		settle(z, &z->taken[i]);
	qsort(z->slots, NR_SLOTS, sizeof(*z->slots), most_pages_first);
	s->users = calloc(MAX_SHOWN, sizeof(*s->users));
	if (!s->users)
		return -ENOMEM;
	for (size_t i = 0; !err && i < MAX_SHOWN && z->slots[i].shown.pages; i++)
		err = show(ctx, s, &z->slots[i]);
	return err;
}

static void zone_users_destroy(void *state)
{
	struct zone_users *z = state;

	free(z->slots);
	free(z->taken);
}

const struct pass_ops zone_users_pass = {
	.name = "zone_users",
	.summary = "who took pages of the wanted zone",
	.stage = PASS_EXPLAIN,
	.wants = KIND(EVENT_PAGE_ALLOC),
	.state_size = sizeof(struct zone_users),
	.begin = zone_users_begin,
	.idle = zone_users_idle,
	.event = zone_users_event,
	.finish = zone_users_finish,
	.destroy = zone_users_destroy,
};
