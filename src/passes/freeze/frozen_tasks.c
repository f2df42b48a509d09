// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * frozen_tasks.c - which tasks did this stall freeze, in which way, from when to when?
 *
 * The rules run in the order of certainty: tasks that were running on a frozen CPU, tasks queued there,
 * tasks that slept until a late interrupt, and tasks that waited for one of these.
 */
#include "passes/freeze/frozen_tasks_private.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "passes/freeze/chance.h"
#include "passes/freeze/frozen_cpus.h"
#include "util/text.h"

#define MAX_NAMES 5

static const struct snapshot_cpu *frozen_cpu(const struct naming *a, const struct task *task)
{
	const struct snapshot_cpu *c = task->has_cpu && task->cpu < a->snap->nr_cpus ? &a->snap->cpus[task->cpu] : NULL;

	return c && c->frozen ? c : NULL;
}

/* Is the CPU of @s still frozen after this stall, by the next one? Then the next stall accounts for the rest. */
static bool queued_on(const struct naming *a, const struct snapshot_task *s)
{
	const struct snapshot_cpu *c = frozen_cpu(a, &s->task);

	return s->queued_on || (c && c->queued_on);
}

int naming_add(const struct naming *a, struct snapshot_task *s, enum victim_kind kind, struct standstill at)
{
	struct victim *v;
	bool seen = at.to != 0;
	uint64_t from = at.from, to;

	s->queued_on = queued_on(a, s);
	to = seen && !s->queued_on ? at.to : a->stall->at.end;
	if (naming_is_holder(a, s->task.pid) || s->named || to < from || to - from < a->snap->least_ns ||
	    at.chance > rule(a->snap->rules, RULE_CHANCE_NAMED))
		return 0;
	v = report_add_victim(a->ctx->report);
	if (!v)
		return -ENOMEM;
	v->stall = (uint32_t)a->snap->stall;
	task_comm(a->ctx, s->task.pid, v->comm);
	if (!*v->comm)
		task_comm(a->ctx, s->task.pid, v->comm);
	v->pid = s->task.pid;
	v->cpu = s->task.has_cpu ? KNOWN(s->task.cpu) : UNKNOWN;
	v->kind = kind;
	v->from = from;
	v->to = to;
	if (seen && !s->queued_on && to >= a->stall->at.end)
		v->resume_lag_ns = KNOWN(to - a->stall->at.end);
	v->evidence = seen && a->stall->evidence != EVIDENCE_BOUNDED ? EVIDENCE_INFERRED : EVIDENCE_BOUNDED;
	v->has_chance = true;
	v->chance = at.chance;
	v->confidence = confidence_within(a->snap->rules, at.chance, at.confidence);
	if (a->snap->lost && v->confidence > CONFIDENCE_LOW)
		v->confidence--;
	if (s->rhythm.known && s->rhythm.regular && to > s->rhythm.last) {
		uint64_t beats = (to - s->rhythm.last) / s->rhythm.period;

		v->period_ns = KNOWN(s->rhythm.period);
		v->missed_periods = KNOWN(beats ? beats - 1 : 0);
	}
	s->named = true;
	s->frozen_from = from;
	s->chance = at.chance;
	return 0;
}

/*
 * Low in two cases. The recorder's own switches are filtered out of the recording. And a wait that only the scan's cost
 * suggests was right on three of four made machines.
 */
static enum confidence spinner_confidence(const struct snapshot *snap, size_t cpu, const struct snapshot_task *s)
{
	if (!strcmp(s->task.comm, "trace-cmd"))
		return CONFIDENCE_LOW;
	for (size_t i = 0; i < snap->chain.nr; i++)
		if (snap->chain.link[i].cpu == cpu && snap->chain.link[i].likely && !snap->chain.link[i].apart)
			return CONFIDENCE_LOW;
	return CONFIDENCE_HIGH;
}

/* How long had @s been in its state at @until? Without that time, until it ran. */
static uint64_t lasted(const struct snapshot_task *s, uint64_t until)
{
	until = until ? until : s->ran_at;
	return until > s->task.since ? until - s->task.since : 0;
}

static int name_spinning(const struct naming *a)
{
	int err = 0;

	for (size_t i = 0; !err && i < a->snap->nr_cpus; i++) {
		const struct snapshot_cpu *c = &a->snap->cpus[i];
		struct snapshot_task *s = snapshot_find(a->snap, c->current);

		if (c->frozen && s && c->has_current && c->current != 0)
			err = naming_add(a, s, VICTIM_SPINNING, (struct standstill){ frozen_since(a->snap, c), c->silent_to,
					 spinner_confidence(a->snap, i, s), c->chance });
	}
	return err;
}

static int name_runnable(const struct naming *a)
{
	int err = 0;

	for (size_t i = 0; !err && i < a->snap->nr_tasks; i++) {
		struct snapshot_task *s = &a->snap->tasks[i];
		const struct snapshot_cpu *c = frozen_cpu(a, &s->task);

		if (s->task.state == TASK_RUNNABLE && c && a->snap->has_switches)
			err = naming_add(a, s, VICTIM_RUNNABLE, (struct standstill){ later(s->task.since, frozen_since(a->snap, c)),
					 s->ran_at, CONFIDENCE_HIGH,
					 either(c->chance, usual_share(a->snap->rules, s, HABIT_QUEUED, lasted(s, a->stall->at.end))) });
	}
	return err;
}

/* Tasks that were queued on a frozen CPU until another CPU pulled them away, before the release. */
static int name_pulled(const struct naming *a, const struct ended_wait *waits, size_t nr)
{
	int err = 0;

	for (size_t i = 0; !err && i < nr; i++) {
		const struct ended_wait *w = &waits[i];
		const struct snapshot_cpu *c = w->cpu < a->snap->nr_cpus ? &a->snap->cpus[w->cpu] : NULL;
		struct snapshot_task *s = snapshot_find(a->snap, w->pid);
		uint64_t from;

		if (!c || !c->frozen || !s || w->to > a->snap->release)
			continue;
		from = later(w->from, frozen_since(a->snap, c));
		if (w->to > from)
			err = naming_add(a, s, VICTIM_RUNNABLE, (struct standstill){ from, w->to, CONFIDENCE_HIGH,
					 either(c->chance, usual_share(a->snap->rules, s, HABIT_QUEUED, w->to - w->from)) });
	}
	return err;
}

static enum confidence rhythm_confidence(const struct snapshot_task *s)
{
	return s->rhythm.regular ? CONFIDENCE_HIGH : CONFIDENCE_MEDIUM;
}

/* Tasks woken by an overdue interrupt when their CPU resumed. The task's rhythm says since when the wake-up was due. */
static int name_timer_late(const struct naming *a)
{
	int err = 0;

	for (size_t i = 0; !err && i < a->snap->nr_tasks; i++) {
		struct snapshot_task *s = &a->snap->tasks[i];
		const struct snapshot_cpu *c = s->woken_cpu < a->snap->nr_cpus ? &a->snap->cpus[s->woken_cpu] : NULL;
		uint64_t due = wake_due(s);
		struct standstill at;

		if (s->woken != WOKEN_BURST || !due || !c || !c->frozen)
			continue;
		at = (struct standstill){ later(due, frozen_since(a->snap, c)), s->ran_at, rhythm_confidence(s),
					  either(c->chance, usual_share(a->snap->rules, s, HABIT_ASLEEP, lasted(s, s->woken_at))) };
		if (s->task.state == TASK_SLEEPING)
			err = naming_add(a, s, VICTIM_TIMER_LATE, at);
		at.confidence = CONFIDENCE_MEDIUM;
		if (s->task.state == TASK_BLOCKED)
			err = naming_add(a, s, VICTIM_BLOCKED, at);
	}
	return err;
}

/* Did a regular task miss its times, and show itself again only at the release? It may not have been woken at all. */
static bool missed_times(const struct snapshot *snap, const struct snapshot_task *s)
{
	if (!snap->has_wakes || !s->rhythm.regular || s->rhythm.waker >= 0 || wake_due(s) + s->rhythm.period > snap->release)
		return false;
	return s->woken_at ? s->woken_at - snap->release <= rule_ns(snap->rules, RULE_SOON) : s->ran_at != 0;
}

/* Since when did @s miss its times, whatever woke it in the end? 0: it missed none. */
static uint64_t missed_since(const struct snapshot *snap, const struct snapshot_task *s)
{
	return missed_times(snap, s) ? wake_due(s) : s->rhythm.regular ? overslept_since(snap, s) : 0;
}

static int name_missed(const struct naming *a)
{
	int err = 0;

	for (size_t i = 0; !err && i < a->snap->nr_tasks; i++) {
		struct snapshot_task *s = &a->snap->tasks[i];
		const struct snapshot_cpu *c = frozen_cpu(a, &s->task);
		uint64_t since = s->task.state == TASK_SLEEPING && c && !s->named ? missed_since(a->snap, s) : 0;

		if (since)
			err = naming_add(a, s, VICTIM_TIMER_LATE, (struct standstill){ later(since, frozen_since(a->snap, c)), s->ran_at,
					 CONFIDENCE_MEDIUM,
					 either(c->chance, usual_share(a->snap->rules, s, HABIT_ASLEEP, lasted(s, a->stall->at.end))) });
	}
	return err;
}

/* A named task did nothing else meanwhile, and neither did the holder while it scanned. */
static bool stood_still(const struct naming *a, const struct snapshot_task *s)
{
	return s->named || naming_is_holder(a, s->task.pid);
}

/*
 * Which frozen task did the sleeper @s wait for? The one that woke it in the end. If no wake-up is on record,
 * the one that usually wakes it.
 */
static const struct snapshot_task *waits_for(const struct naming *a, const struct snapshot_task *s)
{
	const struct snapshot_task *usual = s->rhythm.waker > 0 ? snapshot_find(a->snap, s->rhythm.waker) : NULL;
	const struct snapshot_task *woke = s->woken == WOKEN_BY_TASK ? snapshot_find(a->snap, s->waker) : NULL;

	if (woke)
		return stood_still(a, woke) ? woke : NULL;
	return usual && stood_still(a, usual) && !s->woken_at ? usual : NULL;
}

/* Since when did @s wait for @waker? A parent woken by its child has waited for that child since it fell asleep. */
static uint64_t dependent_due(const struct snapshot_task *s, const struct snapshot_task *waker)
{
	if (waker && waker->task.parent == s->task.pid)
		return s->task.since;
	return wake_due(s);
}

/* Call it until it finds nothing new: a task it names may have kept the next one waiting. */
static int name_dependents(const struct naming *a, bool *ret_found)
{
	struct report *r = a->ctx->report;
	size_t before = r->nr_victims;
	int err = 0;

	for (size_t i = 0; !err && i < a->snap->nr_tasks; i++) {
		struct snapshot_task *s = &a->snap->tasks[i];
		const struct snapshot_task *waker = s->named ? NULL : waits_for(a, s);
		bool usual = waker && s->rhythm.waker == waker->task.pid;
		uint64_t due = dependent_due(s, waker);

		if (!waker || !due || (s->task.state != TASK_SLEEPING && s->task.state != TASK_BLOCKED) ||
		    due > a->stall->at.end)
			continue;
		s->queued_on = waker->queued_on;
		err = naming_add(a, s, VICTIM_DEPENDENT, (struct standstill){
			later(due, waker->named ? waker->frozen_from : a->stall->at.start), s->ran_at,
			usual ? rhythm_confidence(s) : CONFIDENCE_MEDIUM,
			either(waker->chance, usual_share(a->snap->rules, s, HABIT_ASLEEP, lasted(s, s->woken_at))) });
		if (s->named)
			r->victims[r->nr_victims - 1].waits_for_pid = KNOWN(waker->task.pid);
	}
	*ret_found = r->nr_victims > before;
	return err;
}

/*
 * An overdue interrupt woke @s, but nothing says since when the interrupt was due. So @s is no victim. It is still
 * mentioned, because a reader who knows the task may know how late it was.
 */
static bool late_by_unknown(const struct naming *a, const struct snapshot_task *s)
{
	const struct snapshot_cpu *c = s->woken_cpu < a->snap->nr_cpus ? &a->snap->cpus[s->woken_cpu] : NULL;

	/* A kworker is not worth a mention: its name does not say whose work was late. */
	return s->woken == WOKEN_BURST && c && c->frozen && s->task.state == TASK_SLEEPING && !s->named && !wake_due(s) &&
	       !naming_is_holder(a, s->task.pid) && strncmp(s->task.comm, "kworker/", 8) != 0;
}

static int say_late_by_unknown(const struct naming *a, struct stall *s)
{
	struct text names = { 0 };
	size_t nr = 0;
	char *list;
	int err;

	for (size_t i = 0; i < a->snap->nr_tasks; i++)
		if (late_by_unknown(a, &a->snap->tasks[i]) && nr++ < MAX_NAMES)
			text_add(&names, "%s%s (pid %" PRId32 ")", nr > 1 ? ", " : "", a->snap->tasks[i].task.comm,
				 a->snap->tasks[i].task.pid);
	if (nr > MAX_NAMES)
		text_add(&names, " and %zu more", nr - MAX_NAMES);
	list = text_take(&names);
	if (!list)
		return -ENOMEM;
	err = nr ? stall_because(s, "overdue interrupts woke tasks that have no regular period; each was late by at most the length "
				  "of the stall: %s",
				 list) : 0;
	free(list);
	return err;
}

static void sum_up(const struct naming *a, struct stall *s)
{
	int64_t frozen = 0;

	for (size_t i = 0; i < a->ctx->report->nr_victims; i++) {
		const struct victim *v = &a->ctx->report->victims[i];

		if (v->stall != a->snap->stall)
			continue;
		s->tasks_frozen++;
		s->frozen_task_ns += v->to - v->from;
	}
	for (size_t i = 0; i < a->snap->nr_cpus; i++)
		frozen += a->snap->cpus[i].frozen;
	s->cpus_frozen = KNOWN(frozen);
	s->cpus_total = KNOWN(a->ctx->report->facts.nr_cpus);
}

int frozen_tasks_name(const struct pass_ctx *ctx, struct snapshot *snap, const struct ended_wait *waits, size_t nr_waits)
{
	struct naming a = { .ctx = ctx, .snap = snap, .stall = &ctx->report->stalls[snap->stall] };
	bool found = true;
	int err = name_spinning(&a);

	if (!err)
		err = name_runnable(&a);
	if (!err)
		err = name_pulled(&a, waits, nr_waits);
	if (!err)
		err = name_timer_late(&a);
	if (!err)
		err = name_missed(&a);
	while (!err && found && snap->lock_sleeps)
		err = name_sleepers(&a, &found);
	for (found = true; !err && found;)
		err = name_dependents(&a, &found);
	if (err)
		return err;
	sum_up(&a, &ctx->report->stalls[snap->stall]);
	err = verdict_reach(ctx, snap);
	return err ? err : say_late_by_unknown(&a, &ctx->report->stalls[snap->stall]);
}
