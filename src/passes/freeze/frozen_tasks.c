// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * frozen_tasks.c - which tasks did this stall freeze, in which way, from when to when?
 *
 * The rules run in the order of certainty: tasks that were running on a frozen CPU, tasks queued there,
 * tasks that slept until a late interrupt, and tasks that waited for one of these.
 */
#include "passes/freeze/frozen_tasks_private.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "passes/freeze/chance.h"
#include "passes/freeze/frozen_cpus.h"
#include "passes/freeze/verdict.h"

/* Is the CPU of @s still frozen after this stall, by the next one? Then the next stall accounts for the rest. */
static bool queued_on(const struct naming *a, const struct snapshot_task *s)
{
	const struct snapshot_cpu *c = naming_frozen_cpu(a, &s->task);

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
	    at.chance > rule(a->snap->rules, RULE_CHANCE_NAMED) || snapshot_doubtful(a->snap, s))
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
		const struct snapshot_cpu *c = naming_frozen_cpu(a, &s->task);

		if (s->task.state == TASK_RUNNABLE && c && a->snap->has_switches)
			err = naming_add(a, s, VICTIM_RUNNABLE, (struct standstill){ later(s->task.since, frozen_since(a->snap, c)),
					 s->ran_at, CONFIDENCE_HIGH,
					 either(c->chance, usual_share(a->snap->rules, s, HABIT_QUEUED, naming_lasted(s, a->stall->at.end))) });
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
