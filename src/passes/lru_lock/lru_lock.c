// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * lru_lock.c - every hold of lru_lock that an isolate event proves
 *
 * The kernel writes the event at the end of the scan. The lock is still held then, and interrupts have been
 * off since before the wait for it. So the CPU's records before and after the event bound the hold
 * (KERNEL-FACTS 3.5). An event written with interrupts on means PREEMPT_RT: the lock sleeps and its holder
 * can be preempted. Then the hold is bounded by those of the task's own records that show it without a lock.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "passes/common/stall_times.h"
#include "passes/common/twins.h"
#include "passes/lru_lock/holds.h"
#include "passes/lru_lock/lru_stalls.h"
#include "passes/lru_lock/nodes.h"
#include "passes/lru_lock/sleeping_holds.h"
#include "state/trackers.h"
#include "util/array.h"
#include "util/order.h"

struct cpu_scan {
	size_t open;			/* index + 1 of the hold whose next record is awaited */
	struct twins isolates;		/* its last isolate events, to recognize a copy in another buffer */
	bool lost;			/* records were lost since the last one */
	struct hold brief;		/* its last short hold that was dropped: another CPU may have waited for it */
	bool has_brief;
	uint64_t contended_ns, lock_addr;	/* its last contention_end of a spinning lock */
};

struct lru_lock {
	struct cpu_scan *cpus;
	size_t nr_cpus;
	struct sleeping_holds sleeping;
	struct nodes nodes;
	uint64_t reclaims, irqs_on;	/* signs of reclaim; isolate events with interrupts on */
};

static struct cpu_scan *cpu_get(struct lru_lock *l, unsigned int cpu)
{
	struct cpu_scan *cpus = grow_to(l->cpus, &l->nr_cpus, cpu, sizeof(*cpus));

	if (!cpus)
		return NULL;
	l->cpus = cpus;
	return &cpus[cpu];
}

/* @ev: the record that shows the lock free again. A short hold is dropped if it is the last in the list. */
static void close_hold(struct cpu_scan *c, size_t at, const struct pass_ctx *ctx, const struct event *ev)
{
	struct report *r = ctx->report;
	struct hold *h = &r->holds[at];

	h->at.end_latest = ev->ts;
	if (ev->ts - h->at.start_earliest >= ctx->opts->min_stall_ns)
		pass_keep(ctx, h->at.start_earliest, ev->ts);
	if (ev->kind == EVENT_LOST) {
		h->lost_in_window = true;
		h->at.evidence = EVIDENCE_BOUNDED;
	}
	if (!ctx->opts->keep_all_holds && at + 1 == r->nr_holds && ev->ts - h->at.start_earliest < rule_ns(ctx->rules, RULE_SHORT_HOLD)) {
		c->brief = *h;
		c->has_brief = true;
		r->nr_holds--;
	}
}

static void close_spinning(struct cpu_scan *c, const struct pass_ctx *ctx, const struct event *ev)
{
	struct hold *h = &ctx->report->holds[c->open - 1];

	h->pending_came = event_in_interrupt(ev) || (h->resched_due && ev->kind == EVENT_SCHED_SWITCH);
	close_hold(c, c->open - 1, ctx, ev);
	c->open = 0;
}

/* @free_ns: when its task was last seen without a sleeping lock; 0: never. */
static void fill_bounds(struct hold *h, const struct cpu_scan *c, const struct event *ev, uint64_t free_ns)
{
	bool spins = ev->flags & EVENT_FL_IRQS_OFF, unknown = spins ? ev->first : !free_ns;

	h->at.start_earliest = h->at.start = spins || unknown ? ev->prev_ns : free_ns;
	h->at.start_latest = h->at.end = h->at.end_earliest = h->at.end_latest = ev->ts;
	h->at.start_rule = spins ? BOUND_PREV_EVENT : BOUND_OWN_EVENT;
	h->at.evidence = EVIDENCE_INFERRED;
	if (unknown || c->lost) {
		h->at.evidence = EVIDENCE_BOUNDED;
		h->at.start_rule = BOUND_EDGE;
		h->lost_in_window = c->lost;
		if (unknown)
			h->at.start_earliest = 0;	/* before the recording; hold_began_before() bounds it */
	} else if (c->contended_ns && c->contended_ns == h->at.start_earliest) {
		h->at.start_rule = BOUND_CONTENTION;
		h->lock_addr = KNOWN(c->lock_addr);
	}
}

/* Bring back the last short hold that ended in the silence before @ev: the CPU of @ev may have waited for it. */
static int recall_short(struct lru_lock *l, const struct pass_ctx *ctx, const struct event *ev)
{
	struct cpu_scan *last = NULL;
	struct hold *h;

	if (ev->ts - ev->prev_ns < rule_ns(ctx->rules, RULE_SHORT_HOLD))
		return 0;
	for (size_t i = 0; i < l->nr_cpus; i++) {
		struct cpu_scan *c = &l->cpus[i];

		if (c->has_brief && i != ev->cpu && c->brief.event.ts > ev->prev_ns &&
		    (!last || c->brief.event.ts > last->brief.event.ts))
			last = c;
	}
	if (!last)
		return 0;
	h = report_add_hold(ctx->report);
	if (!h)
		return -ENOMEM;
	*h = last->brief;
	last->has_brief = false;
	return 0;
}

static int on_isolate(struct lru_lock *l, const struct pass_ctx *ctx, const struct event *ev)
{
	const struct task *task = tasks_find(&ctx->trackers->tasks, ev->pid);
	struct cpu_scan *c = cpu_get(l, ev->cpu);
	char comm[TASK_COMM_LEN];
	struct hold *h;

	ctx->report->isolate_events++;
	l->irqs_on += !(ev->flags & EVENT_FL_IRQS_OFF);
	h = recall_short(l, ctx, ev) ? NULL : report_add_hold(ctx->report);
	if (!h)
		return -ENOMEM;
	task_comm(ctx, ev->pid, comm);
	hold_fill(h, ev, comm);
	if (h->nid.is)
		nodes_saw(&l->nodes, (int32_t)h->nid.v);
	fill_bounds(h, c, ev, task ? task->free_ns : 0);
	if (h->irqs_off)
		c->open = ctx->report->nr_holds;
	else
		sleeping_holds_add(&l->sleeping, ctx->report, ev->pid, ctx->report->nr_holds - 1);
	return 0;
}

/* Reclaim names the node only after the scan. So the node belongs to the task's last scan, and to no other. */
static void name_node(struct lru_lock *l, struct cpu_scan *c, const struct pass_ctx *ctx, const struct event *ev)
{
	struct report *r = ctx->report;
	struct hold *last = NULL;

	nodes_saw(&l->nodes, ev->shrink.nid);
	for (size_t i = r->nr_holds; i-- > 0 && r->nr_holds - i < 16 && !last;)
		last = r->holds[i].pid == ev->pid ? &r->holds[i] : NULL;
	if (c->has_brief && c->brief.pid == ev->pid && (!last || last->event.ts < c->brief.event.ts))
		last = &c->brief;
	if (last && !last->nid.is)
		last->nid = KNOWN(ev->shrink.nid);
}

static int lru_lock_event(void *state, const struct pass_ctx *ctx, const struct event *ev)
{
	struct lru_lock *l = state;
	struct cpu_scan *c = cpu_get(l, ev->cpu);
	int err = 0;

	if (!c)
		return -ENOMEM;
	if (ev->kind == EVENT_LRU_ISOLATE && twins_have(&c->isolates, ev, rule_ns(ctx->rules, RULE_SAME_EVENT))) {
		c->lost = false;
		return 0;
	}
	if (c->open && !(event_within_lock(ev) && ev->pid == ctx->report->holds[c->open - 1].pid))
		close_spinning(c, ctx, ev);
	for (size_t pos = 0, at; sleeping_holds_ended(&l->sleeping, ctx, ev, &pos, &at);)
		close_hold(&l->cpus[ctx->report->holds[at].cpu], at, ctx, ev);
	if (ev->kind == EVENT_LOST) {
		c->lost = true;
		return 0;
	}
	if (ev->kind == EVENT_LRU_ISOLATE) {
		err = on_isolate(l, ctx, ev);
	} else if (ev->kind == EVENT_LRU_SHRINK_INACTIVE || ev->kind == EVENT_LRU_SHRINK_ACTIVE) {
		if (event_has(ev, HAS_NID))
			name_node(l, c, ctx, ev);
	} else if (ev->kind == EVENT_KSWAPD_WAKE || ev->kind == EVENT_KSWAPD_SLEEP) {
		nodes_saw_kswapd(&l->nodes, ev);
		l->reclaims += ev->kind == EVENT_KSWAPD_WAKE;
	} else if (ev->kind == EVENT_WAKEUP_KSWAPD) {
		nodes_saw(&l->nodes, ev->kswapd.nid);
	} else if (ev->kind == EVENT_RECLAIM_BEGIN) {
		if (event_has(ev, HAS_NID))
			nodes_saw(&l->nodes, ev->reclaim.nid);
		l->reclaims++;
	} else if (ev->kind == EVENT_CONTENTION_END) {
		c->contended_ns = ev->ts;
		c->lock_addr = ev->contention.lock_addr;
	}
	c->lost = false;
	return err;
}

/* No record says when this hold ended: it may have lasted until the end of the recording. */
static void leave_open(struct report *r, size_t at)
{
	r->holds[at].at.end_latest = r->facts.last_ns;
	r->holds[at].at.evidence = EVIDENCE_BOUNDED;
}

static void close_at_edge(struct lru_lock *l, struct report *r)
{
	for (size_t i = 0; i < l->nr_cpus; i++)
		if (l->cpus[i].open)
			leave_open(r, l->cpus[i].open - 1);
	for (size_t i = 0; i < l->sleeping.nr; i++)
		leave_open(r, l->sleeping.open[i].at);
	for (size_t i = 0; i < r->nr_holds; i++)
		if (r->holds[i].at.end_latest == UINT64_MAX)
			leave_open(r, i);
}

/* A missing event, or a missing flag in an event, says something about the kernel (KERNEL-FACTS 1.2, 2). */
static int note_kernel(const struct lru_lock *l, const struct pass_ctx *ctx)
{
	struct report *r = ctx->report;
	int err = 0;

	if (!r->isolate_events && ctx->recorded & KIND(EVENT_LRU_ISOLATE) && l->reclaims >= rule_ns(ctx->rules, RULE_BUSY_RECLAIMS))
		err = report_note(r, QUALITY_INFO, "%" PRIu64 " reclaims began and none wrote mm_vmscan_lru_isolate: the "
				  "multi-generation LRU is on (its scans write none before 6.8), or the event was off", l->reclaims);
	if (!err && l->irqs_on)
		err = report_note(r, QUALITY_INFO, "%" PRIu64 " of %" PRIu64 " isolate events were written with interrupts on: "
				  "PREEMPT_RT, where waiters of lru_lock sleep and their CPUs go on", l->irqs_on,
				  r->isolate_events);
	return err;
}

static int by_event(const void *a, const void *b)
{
	const struct hold *x = a, *y = b;

	return order(x->event.ts, y->event.ts);
}

/* CPUs of this machine pause for no longer, as far as the recording shows. */
static uint64_t longest_pause(const struct pass_ctx *ctx)
{
	const struct latencies *steps = ctx->samples ? &ctx->samples->of[RULE_STEP] : NULL;

	if (!steps || steps->nr < rule_ns(ctx->rules, RULE_STEPS_KNOWN))
		return rule_ns(ctx->rules, RULE_PAUSE_UNKNOWN);
	return times_ns(steps->max, rule(ctx->rules, RULE_USUAL_PAUSE));
}

static int lru_lock_finish(void *state, const struct pass_ctx *ctx)
{
	struct report *r = ctx->report;
	struct lru_lock *l = state;
	struct scan_cost cost;

	close_at_edge(l, r);
	for (size_t i = 0; i < r->nr_holds; i++) {
		struct hold *h = &r->holds[i];

		h->folios = scan_has_folios(h, &r->facts);
		h->only_scan = ctx->trackers->tasks.has_switches;
		nodes_settle(&l->nodes, h);
		if (h->at.start_rule == BOUND_EDGE && !h->at.start_earliest)
			hold_began_before(h, ctx->rules, r->facts.first_ns, longest_pause(ctx));
	}
	if (r->nr_holds)
		qsort(r->holds, r->nr_holds, sizeof(*r->holds), by_event);
	if (scan_cost_fit(ctx->rules, r->holds, r->nr_holds, &cost))
		return -ENOMEM;
	holds_narrow(r->holds, r->nr_holds, &cost, lru_lock_per_node(r->facts.kernel), clock_skew_ns(r));
	for (size_t i = 0; i < r->nr_holds; i++)
		if (r->holds[i].at.end - r->holds[i].at.start > r->longest_hold_ns)
			r->longest_hold_ns = r->holds[i].at.end - r->holds[i].at.start;
	return note_kernel(l, ctx) ? -ENOMEM : lru_stalls_add(ctx);
}

static void lru_lock_destroy(void *state)
{
	free(((struct lru_lock *)state)->cpus);
}

const struct pass_ops lru_lock_pass = {
	.name = "lru_lock",
	.summary = "lru_lock holds",
	.stage = PASS_SCAN,
	.wants = KIND(EVENT_LRU_ISOLATE) | KIND(EVENT_LRU_SHRINK_INACTIVE) | KIND(EVENT_LRU_SHRINK_ACTIVE) |
		 KIND(EVENT_KSWAPD_WAKE) | KIND(EVENT_KSWAPD_SLEEP) | KIND(EVENT_WAKEUP_KSWAPD) | KIND(EVENT_RECLAIM_BEGIN) | KIND(EVENT_CONTENTION_END),
	.alive = true,		/* any record on the holder's CPU bounds its hold */
	.state_size = sizeof(struct lru_lock),
	.event = lru_lock_event,
	.finish = lru_lock_finish,
	.destroy = lru_lock_destroy,
};
