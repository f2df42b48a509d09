// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * trigger.c - which task asked for the reclaim that held the lock?
 *
 * For kswapd: the task that wrote wakeup_kswapd, with the zone and gfp flags it wanted, then the wake-up of
 * kswapd itself. For direct reclaim: the task itself, from its begin event. While kswapd is awake, requests
 * leave no event.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "decode/gfp.h"
#include "passes/common/pass.h"
#include "state/trackers.h"

struct request { struct event ev; bool is; };

struct trigger {
	struct request asked;		/* the last wakeup_kswapd */
	struct request kswapd;		/* the wake of kswapd that followed it */
	struct request direct[64];	/* open direct reclaims, by the low bits of the pid: the newest wins */
};

static int add_step(const struct pass_ctx *ctx, struct stall *s, const struct request *rq, const char *what)
{
	const struct event *ev = &rq->ev;
	struct trigger_step *bigger = realloc(s->trigger, (s->nr_trigger + 1) * sizeof(*bigger)), *step;
	bool wakeup = ev->kind == EVENT_WAKEUP_KSWAPD || ev->kind == EVENT_KSWAPD_WAKE;
	uint64_t gfp = wakeup ? ev->kswapd.gfp_flags : ev->reclaim.gfp_flags;

	if (!bigger)
		return -ENOMEM;
	s->trigger = bigger;
	step = &bigger[s->nr_trigger++];
	*step = (struct trigger_step){ .at = ref_to(ev), .pid = ev->pid };
	task_comm(ctx, ev->pid, step->comm);
	memcpy(step->what, what, strlen(what) + 1);
	if (event_has(ev, HAS_ORDER))
		step->order = KNOWN(wakeup ? ev->kswapd.order : ev->reclaim.order);
	if (wakeup && event_has(ev, HAS_ZID))
		step->zid = KNOWN(ev->kswapd.zid);
	if (!event_has(ev, HAS_GFP))
		return 0;
	step->gfp = gfp_string(ctx->gfp, gfp);
	return step->gfp ? 0 : -ENOMEM;
}

static struct request *direct_slot(struct trigger *t, int32_t pid)
{
	return &t->direct[(uint32_t)pid % (sizeof(t->direct) / sizeof(t->direct[0]))];
}

static int explain_kswapd(const struct pass_ctx *ctx, const struct trigger *t, struct stall *s)
{
	int err = 0;

	if (t->kswapd.is && t->asked.is && t->asked.ev.ts <= t->kswapd.ev.ts)
		err = add_step(ctx, s, &t->asked, "woke kswapd (wakeup_kswapd)");
	if (!err && t->kswapd.is)
		err = add_step(ctx, s, &t->kswapd, "kswapd began (kswapd_wake)");
	return err;
}

static int explain(const struct pass_ctx *ctx, struct trigger *t, struct stall *s)
{
	const struct request *direct = direct_slot(t, (int32_t)s->cause_pid.v);

	if (s->cause != CAUSE_LRU_LOCK_HOLD || !s->cause_pid.is)
		return 0;
	if (direct->is && direct->ev.pid == s->cause_pid.v)
		return add_step(ctx, s, direct, "reclaimed for itself (direct_reclaim_begin)");
	return strncmp(s->cause_comm, "kswapd", 6) ? 0 : explain_kswapd(ctx, t, s);
}

/* @ev may end the scan of a stall of this incident: then say which task had asked for that reclaim. */
static int reach(const struct pass_ctx *ctx, struct trigger *t, const struct event *ev)
{
	int err = 0;

	for (size_t i = 0; !err && i < ctx->incident->nr; i++) {
		struct stall *s = &ctx->report->stalls[ctx->incident->first + i];

		if (s->event.is && s->event.ts == ev->ts && s->event.cpu == ev->cpu && !s->nr_trigger)
			err = explain(ctx, t, s);
		if (!err && s->nr_trigger && s->trigger[0].at.ts < s->first.ts)
			s->first = s->trigger[0].at;
	}
	return err;
}

static int trigger_event(void *state, const struct pass_ctx *ctx, const struct event *ev)
{
	struct trigger *t = state;
	struct request *direct = direct_slot(t, ev->pid);

	switch (ev->kind) {
	case EVENT_LRU_ISOLATE:
		return reach(ctx, t, ev);
	case EVENT_WAKEUP_KSWAPD:
		t->asked = (struct request){ .ev = *ev, .is = true };
		break;
	case EVENT_KSWAPD_WAKE:
		t->kswapd = (struct request){ .ev = *ev, .is = true };
		break;
	case EVENT_RECLAIM_BEGIN:
		*direct = (struct request){ .ev = *ev, .is = true };
		break;
	case EVENT_RECLAIM_END:
		direct->is = direct->is && direct->ev.pid != ev->pid;
		break;
	default:
		break;
	}
	return 0;
}

const struct pass_ops trigger_pass = {
	.name = "trigger",
	.summary = "who asked for the reclaim",
	.stage = PASS_EXPLAIN,
	.wants = KIND(EVENT_LRU_ISOLATE) | KIND(EVENT_WAKEUP_KSWAPD) | KIND(EVENT_KSWAPD_WAKE) |
		 KIND(EVENT_RECLAIM_BEGIN) | KIND(EVENT_RECLAIM_END),
	.state_size = sizeof(struct trigger),
	.event = trigger_event,
};
