// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * reclaim_account.c - how long did every task reclaim for its memory, and what did kswapd do?
 *
 * The pass answers the questions of the kernel's trace-vmscan-postprocess.pl, from the recording's own formats.
 * Pages scanned between a task's begin and end of reclaim count for that reclaim. Pages scanned outside count for
 * kswapd, or for RECLAIM_BY_OTHER.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "passes/common/pass.h"
#include "passes/reclaim/reclaim_actors.h"
#include "state/trackers.h"
#include "util/array.h"

struct account {
	struct actors actors;
	struct reclaim_account *acc;
};

static int account_begin(void *state, const struct pass_ctx *ctx)
{
	struct account *a = state;

	(void)ctx;
	a->acc = calloc(1, sizeof(*a->acc));
	return a->acc ? 0 : -ENOMEM;
}

/* -1: reclaim over a soft limit, which happens inside one of the others. */
static int class_of(const struct event *ev)
{
	static const int classes[] = {
		[RECLAIM_DIRECT] = RECLAIM_BY_DIRECT, [RECLAIM_MEMCG] = RECLAIM_BY_MEMCG,
		[RECLAIM_SOFTLIMIT] = -1, [RECLAIM_NODE] = RECLAIM_BY_NODE,
	};

	return classes[ev->reclaim.type <= RECLAIM_NODE ? ev->reclaim.type : RECLAIM_DIRECT];
}

static size_t order_slot(int32_t order)
{
	return order < 0 ? 0 : order >= RECLAIM_ORDERS ? RECLAIM_ORDERS - 1 : (size_t)order;
}

static void on_begin(struct account *a, const struct pass_ctx *ctx, struct actor *t, const struct event *ev)
{
	int class = class_of(ev);

	if (class < 0) {
		t->softlimit++;
		return;
	}
	if (class == RECLAIM_BY_DIRECT && event_has(ev, HAS_ORDER))
		a->acc->direct_orders[order_slot(ev->reclaim.order)]++;
	if (t->open < NR_OWN)
		t->own[t->open].times.unfinished++;
	t->open = (uint8_t)class;
	t->stay = stay_begin(ctx->trackers, ev);
}

static int close_own(struct actor *t, const struct pass_ctx *ctx, struct own_reclaim *own, const struct event *ev)
{
	struct own_pair *bigger = grow(own->pairs, &own->cap_pairs, own->times.nr, sizeof(*bigger));

	if (!bigger)
		return -ENOMEM;
	own->pairs = bigger;
	stay_end(&t->stay, ctx->trackers, ev);
	own->pairs[own->times.nr++] = (struct own_pair){ .stay = t->stay, .offset = ev->offset, .id = ev->id };
	return 0;
}

static int on_end(struct actor *t, const struct pass_ctx *ctx, const struct event *ev)
{
	int class = class_of(ev), err = 0;

	if (class < 0)
		return 0;
	t->pages[class].freed += ev->reclaim.nr_reclaimed;
	if (t->open == class) {
		err = close_own(t, ctx, &t->own[class], ev);
	} else {
		t->own[class].times.unbegun++;
		if (t->open < NR_OWN)
			t->own[t->open].times.unfinished++;
	}
	t->open = NR_OWN;
	return err;
}

static struct reclaim_pages *pages_of(struct actor *t)
{
	return &t->pages[t->open < NR_OWN ? t->open : RECLAIM_BY_KSWAPD];
}

static void on_isolate(struct actor *t, const struct event *ev)
{
	const struct ev_lru_isolate *e = &ev->isolate;
	struct reclaim_pages *p = pages_of(t);
	bool active = event_has(ev, HAS_LRU) && (e->lru == LRU_ACTIVE_ANON || e->lru == LRU_ACTIVE_FILE);

	p->scans++;
	p->scanned += e->nr_scanned;
	p->scanned_active += active ? e->nr_scanned : 0;
	p->skipped += event_has(ev, HAS_SKIPPED) ? e->nr_skipped : 0;
	p->taken += event_has(ev, HAS_TAKEN) ? e->nr_taken : 0;
}

static uint64_t time_on_cpu(const struct pass_ctx *ctx, const struct event *ev, bool *ret_known)
{
	const struct task *task = tasks_find(&ctx->trackers->tasks, ev->pid);

	*ret_known = task && task->state == TASK_RUNNING;
	return *ret_known ? tasks_spent(task, TASK_RUNNING, ev->ts) : 0;
}

static void on_wake(struct account *a, const struct pass_ctx *ctx, struct actor *t, const struct event *ev)
{
	t->is_kswapd = true;
	t->nid = KNOWN(ev->kswapd.nid);
	if (event_has(ev, HAS_ORDER))
		a->acc->wake_orders[order_slot(ev->kswapd.order)]++;
	if (t->awake) {
		t->rewakes++;
		return;
	}
	t->wakes++;
	t->awake = true;
	t->woke_at = ev->ts;
	t->ran_before = time_on_cpu(ctx, ev, &t->ran_known);
}

static void on_sleep(const struct pass_ctx *ctx, struct actor *t, const struct event *ev)
{
	bool known;
	uint64_t ran = time_on_cpu(ctx, ev, &known);

	t->is_kswapd = true;
	t->nid = KNOWN(ev->kswapd.nid);
	t->sleeps++;
	if (!t->awake && !t->wakes && !t->slept_first)
		t->slept_first = ev->ts;
	if (!t->awake)
		return;
	t->awake = false;
	t->awake_ns += ev->ts - t->woke_at;
	if (known && t->ran_known)
		t->ran_ns += ran - t->ran_before;
}

static int asked(struct account *a, struct actor *t, const struct event *ev)
{
	a->acc->woke_kswapd++;
	if (event_in_interrupt(ev))
		a->acc->by_interrupt++;
	else
		t->woke_kswapd++;
	return 0;
}

static int task_event(struct account *a, const struct pass_ctx *ctx, struct actor *t, const struct event *ev)
{
	switch (ev->kind) {
	case EVENT_RECLAIM_BEGIN:
		on_begin(a, ctx, t, ev);
		break;
	case EVENT_RECLAIM_END:
		return on_end(t, ctx, ev);
	case EVENT_LRU_ISOLATE:
		on_isolate(t, ev);
		break;
	case EVENT_LRU_SHRINK_INACTIVE:
		pages_of(t)->reclaimed += event_has(ev, HAS_RECLAIMED) ? ev->shrink.nr_reclaimed : 0;
		break;
	case EVENT_RECLAIM_WRITEBACK:
		pages_of(t)->written++;
		break;
	case EVENT_WAKEUP_KSWAPD:
		return asked(a, t, ev);
	case EVENT_KSWAPD_WAKE:
		on_wake(a, ctx, t, ev);
		break;
	case EVENT_KSWAPD_SLEEP:
		on_sleep(ctx, t, ev);
		break;
	default:
		break;
	}
	return 0;
}

static int on_switch(struct account *a, const struct event *ev)
{
	struct actor *t = actors_find(&a->actors, ev->sw.prev_pid);

	if (t && t->open < NR_OWN)
		stay_leave(&t->stay, ev);
	return 0;
}

static int account_event(void *state, const struct pass_ctx *ctx, const struct event *ev)
{
	struct account *a = state;
	struct actor *t;

	if (ev->kind == EVENT_LOST) {
		a->acc->lost_marks++;
		return 0;
	}
	if (ev->kind == EVENT_SCHED_SWITCH)
		return on_switch(a, ev);
	t = actors_get(&a->actors, ev->pid);
	return t ? task_event(a, ctx, t, ev) : -ENOMEM;
}

static int account_finish(void *state, const struct pass_ctx *ctx)
{
	struct account *a = state;

	ctx->report->reclaim = a->acc;
	a->acc = NULL;
	return actors_report(&a->actors, ctx, ctx->report->reclaim);
}

static void account_destroy(void *state)
{
	struct account *a = state;

	actors_free(&a->actors);
	reclaim_account_free(a->acc);
}

const struct pass_ops reclaim_account_pass = {
	.name = "reclaim_account",
	.summary = "what every task paid for memory, and what kswapd did",
	.stage = PASS_SCAN,
	.wants = KIND(EVENT_RECLAIM_BEGIN) | KIND(EVENT_RECLAIM_END) | KIND(EVENT_LRU_ISOLATE) |
		 KIND(EVENT_LRU_SHRINK_INACTIVE) | KIND(EVENT_RECLAIM_WRITEBACK) | KIND(EVENT_WAKEUP_KSWAPD) |
		 KIND(EVENT_KSWAPD_WAKE) | KIND(EVENT_KSWAPD_SLEEP) | KIND(EVENT_SCHED_SWITCH) | KIND(EVENT_LOST),
	.state_size = sizeof(struct account),
	.begin = account_begin,
	.event = account_event,
	.finish = account_finish,
	.destroy = account_destroy,
};
