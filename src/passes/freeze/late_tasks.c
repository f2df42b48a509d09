// SPDX-License-Identifier: LGPL-2.1-or-later
/* late_tasks.c - which sleepers were woken late: by an overdue interrupt, or by a task that was frozen? */
#include "passes/freeze/frozen_tasks_private.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "passes/freeze/chance.h"
#include "passes/freeze/frozen_cpus.h"
#include "util/text.h"

#define MAX_NAMES 5

static enum confidence rhythm_confidence(const struct snapshot_task *s)
{
	return s->rhythm.regular ? CONFIDENCE_HIGH : CONFIDENCE_MEDIUM;
}

/* The task's rhythm says since when the wake-up was due. */
int name_timer_late(const struct naming *a)
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
					  either(c->chance, usual_share(a->snap->rules, s, HABIT_ASLEEP, naming_lasted(s, s->woken_at))) };
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
	if (missed_times(snap, s))
		return wake_due(s);
	return s->rhythm.regular || !snapshot_runs_on_demand(s) ? overslept_since(snap, s) : 0;
}

int name_missed(const struct naming *a)
{
	int err = 0;

	for (size_t i = 0; !err && i < a->snap->nr_tasks; i++) {
		struct snapshot_task *s = &a->snap->tasks[i];
		const struct snapshot_cpu *c = naming_frozen_cpu(a, &s->task);
		uint64_t since = s->task.state == TASK_SLEEPING && c && !s->named ? missed_since(a->snap, s) : 0;

		if (since)
			err = naming_add(a, s, VICTIM_TIMER_LATE, (struct standstill){ later(since, frozen_since(a->snap, c)), s->ran_at,
					 CONFIDENCE_MEDIUM,
					 either(c->chance, usual_share(a->snap->rules, s, HABIT_ASLEEP, naming_lasted(s, a->stall->at.end))) });
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

int name_dependents(const struct naming *a, bool *ret_found)
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
			either(waker->chance, usual_share(a->snap->rules, s, HABIT_ASLEEP, naming_lasted(s, s->woken_at))) });
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

int say_late_by_unknown(const struct naming *a, struct stall *s)
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
