// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * verdict.c - how sure is it that this event froze the machine, and which reasons are there?
 *
 * High confidence needs all of these (KERNEL-FACTS 4): the isolate event was written with interrupts off;
 * another CPU was silent inside the hold and went on at its end; the scan count explains the time; and no
 * records were lost in any of it.
 */
#include "passes/freeze/verdict.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "passes/common/stall_times.h"
#include "passes/freeze/frozen_cpus.h"
#include "passes/lru_lock/holds.h"
#include "util/order.h"
#include "util/text.h"

static uint32_t other_signs(const struct snapshot *snap)
{
	uint32_t signs = 0;

	for (size_t i = 0; i < snap->nr_cpus; i++)
		signs |= snap->cpus[i].signs & ~(uint32_t)SIGN_HOLDER;
	return signs;
}

/* The signs that a CPU was frozen, strongest first, separated by semicolons. */
static char *signs_text(uint32_t signs)
{
	static const struct { uint32_t sign; const char *text; } all[] = {
		{ SIGN_CONTENTION, "its last record is the wait for a spinning lock" },
		{ SIGN_NEXT_HOLDER, "it took the lock itself as soon as the lock was free" },
		{ SIGN_LATE_TIMERS, "its overdue interrupts came when it went on" },
		{ SIGN_LATE_WAKES, "interrupts that woke sleepers came when it went on" },
		{ SIGN_WENT_ON, "it went on right at the release" },
		{ SIGN_OVERSLEPT, "tasks asleep there slept far longer than ever before, until it went on" },
		{ SIGN_UNSERVED, "a task that was woken to run there did not get to run" },
		{ SIGN_STARVED, "a task queued there did not get its turn" },
	};
	struct text t = { 0 };

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (signs & all[i].sign)
			text_add(&t, "%s%s", t.len ? "; " : "", all[i].text);
	return text_take(&t);
}

static int say_cpus(struct stall *s, const struct snapshot *snap)
{
	int err = 0;

	for (size_t i = 0; !err && i < snap->nr_cpus; i++) {
		const struct snapshot_cpu *c = &snap->cpus[i];
		uint64_t silent = c->silent_to - c->silent_from;
		char *signs;

		if (!(c->signs & ~(uint32_t)SIGN_HOLDER))
			continue;
		signs = signs_text(c->signs);
		err = signs ? stall_because(s, "CPU %zu wrote nothing for %" PRIu64 ".%03" PRIu64 " ms and was frozen: %s", i,
					    silent / 1000000, silent / 1000 % 1000, signs) : -ENOMEM;
		free(signs);
	}
	return err;
}

static bool quiet_window(const struct snapshot *snap, const struct hold *h)
{
	return !snap->lost && h && !h->lost_in_window;
}

/*
 * The same as irqs_off_by() for recordings without wake-ups: when had half of the tasks that overslept missed two of their times? One
 * task alone proves nothing: it may have had nothing more to do.
 */
static int asleep_by(const struct snapshot *snap, uint64_t *ret)
{
	uint64_t *due = calloc(snap->nr_tasks ? snap->nr_tasks : 1, sizeof(*due));
	size_t nr = 0;

	if (!due)
		return -ENOMEM;
	for (size_t i = 0; i < snap->nr_tasks; i++) {
		const struct snapshot_task *s = &snap->tasks[i];

		if (s->rhythm.regular && overslept_since(snap, s) && snap->cpus[s->task.cpu].frozen)
			due[nr++] = overslept_since(snap, s) + s->rhythm.period;
	}
	if (nr >= rule_ns(snap->rules, RULE_ASLEEP_BY)) {
		qsort(due, nr, sizeof(*due), ascending_u64);
		*ret = due[nr / 2];
	}
	free(due);
	return 0;
}

/* Did another long scan end while @h waited or scanned? Then @h may have waited for that scan's lock. */
static bool after_another(const struct report *r, const struct hold *h)
{
	for (size_t i = 0; i < r->nr_holds; i++) {
		const struct hold *o = &r->holds[i];

		if (o->cpu != h->cpu && o->event.ts > h->at.start_earliest && o->event.ts < h->event.ts &&
		    o->event.ts - o->at.start_earliest >= rule_ns(&r->rules, RULE_LOCK_QUEUE))
			return true;
	}
	return false;
}

/*
 * A CPU with interrupts off holds the lock or waits for it. Only a long scan holds it for more than microseconds.
 * So this hold had begun soon after the first proof that interrupts were off.
 */
static int narrow_start(const struct report *r, const struct snapshot *snap, struct hold *h, struct stall *s)
{
	uint64_t by = irqs_off_by(snap), queue = rule_ns(snap->rules, RULE_LOCK_QUEUE);

	if (by == UINT64_MAX && asleep_by(snap, &by))
		return -ENOMEM;
	if (by == UINT64_MAX || by + queue >= h->at.start_latest || h->at.evidence != EVIDENCE_INFERRED ||
	    after_another(r, h))
		return 0;
	h->at.start_latest = by + queue > h->at.start ? by + queue : h->at.start;
	s->at.start_latest = h->at.start_latest;
	return 0;
}

/* How many tasks did the holder of a sleeping lock wake as it released the lock? */
static size_t woken_by_holder(const struct report *r, const struct snapshot *snap)
{
	const struct known holder = r->stalls[snap->stall].cause_pid;
	size_t nr = 0;

	for (size_t i = 0; snap->lock_sleeps && i < r->nr_victims; i++) {
		const struct victim *v = &r->victims[i];

		nr += v->stall == snap->stall && v->kind == VICTIM_BLOCKED && v->waits_for_pid.v == holder.v;
	}
	return nr;
}

/*
 * A release wakes the first waiter. Had a waiter slept since before this hold, the release of the hold before would have
 * woken it, and it would have fallen asleep anew. So the hold had begun when its waiter fell asleep.
 */
static void narrow_sleeping_start(const struct snapshot *snap, struct hold *h, struct stall *s)
{
	uint64_t by = h->at.start_latest;

	for (size_t i = 0; i < snap->nr_tasks; i++) {
		const struct snapshot_task *w = &snap->tasks[i];

		if (w->named && w->woken == WOKEN_BY_TASK && w->waker == h->pid && w->task.state == TASK_BLOCKED &&
		    w->task.since >= h->at.start && w->task.since < by)
			by = w->task.since;
	}
	h->at.start_latest = s->at.start_latest = by;
}

static int say_sleepers(const struct snapshot *snap, struct stall *s, size_t woken)
{
	int err = stall_because(s, "the isolate event was written with interrupts on, so this is PREEMPT_RT: waiters of the lock sleep");

	if (!err && woken)
		err = stall_because(s, "%zu task%s in uninterruptible sleep %s woken by %s when it released the lock", woken,
				    woken == 1 ? "" : "s", woken == 1 ? "was" : "were", s->cause_comm);
	if (!err && !snap->has_wakes)
		err = stall_because(s, "no wake-up was recorded, so nothing shows which tasks the holder woke at the release");
	return err;
}

/* Did a page cost more than on any machine measured? This machine may be slower, or part of the time was a wait. */
static bool is_dear(const struct rules *rules, const struct stall *s)
{
	return s->has_ns_per_page && s->ns_per_page > rule(rules, RULE_PAGE_HIGH);
}

static int judge_hold(const struct report *r, const struct snapshot *snap, struct stall *s)
{
	struct hold *h = hold_of_stall(r, s);
	size_t woken = woken_by_holder(r, snap);
	bool quiet = quiet_window(snap, h), irqs_off = h && h->irqs_off, others = other_signs(snap) || woken;
	int err = 0;

	s->confidence = !quiet || (!irqs_off && !others) ? CONFIDENCE_LOW
		      : others || s->tasks_frozen >= rule_ns(snap->rules, RULE_TASKS_SURE) ? CONFIDENCE_HIGH : CONFIDENCE_MEDIUM;
	if (h && h->folios && !others && s->at.start_rule == BOUND_EDGE)
		s->confidence = CONFIDENCE_LOW;		/* in large folios, the pages were walked in next to no time */
	if ((s->at.evidence == EVIDENCE_BOUNDED || is_dear(snap->rules, s)) && s->confidence == CONFIDENCE_HIGH)
		s->confidence = CONFIDENCE_MEDIUM;
	if (quiet && irqs_off)
		err = narrow_start(r, snap, h, s);
	else if (quiet)
		narrow_sleeping_start(snap, h, s);
	if (!err)
		err = irqs_off ? stall_because(s, "the isolate event was written with interrupts off: the lock was held")
			       : say_sleepers(snap, s, woken);
	if (!err && s->has_ns_per_page)
		err = stall_because(s, is_dear(snap->rules, s) ? "%" PRId64 " pages at %.0f ns a page, more than any measured scan cost: part of the "
						    "time may have been a wait"
						  : "%" PRId64 " pages at %.0f ns a page account for the time", s->nr_scanned.v,
				    s->ns_per_page);
	if (!err && !quiet)
		err = stall_because(s, "records were lost during the hold or close to it: times and tasks may be missing");
	if (!err && quiet && s->at.evidence == EVIDENCE_BOUNDED)
		err = stall_because(s, s->at.start_rule == BOUND_EDGE
					? h->folios ? "the recording of this CPU begins during the hold: the length is estimated from the pages "
						      "walked, and far shorter if they lay in large folios"
						    : "the recording of this CPU begins during the hold: the length is estimated from the pages walked"
					: "the recording of this CPU ends during the hold: the hold was at least this long");
	if (!err && !others)
		err = stall_because(s, irqs_off ? "nothing shows that another CPU waited for the lock"
						: "nothing shows that a task waited for the lock");
	return err;
}

/* The last record that the stall rests on is where the last frozen CPU went on. */
static void date_last(const struct snapshot *snap, struct stall *s)
{
	for (size_t i = 0; i < snap->nr_cpus; i++)
		if (snap->cpus[i].frozen && snap->cpus[i].resumed && snap->cpus[i].resume.ts >= s->last.ts)
			s->last = snap->cpus[i].resume;
}

int verdict_reach(const struct pass_ctx *ctx, const struct snapshot *snap)
{
	struct stall *s = &ctx->report->stalls[snap->stall];
	int err = 0;

	if (s->cause == CAUSE_LRU_LOCK_HOLD)
		err = judge_hold(ctx->report, snap, s);
	else
		err = unexplained_judge(ctx, snap, s);
	date_last(snap, s);
	return err ? err : say_cpus(s, snap);
}
