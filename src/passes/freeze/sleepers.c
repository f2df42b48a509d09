// SPDX-License-Identifier: LGPL-2.1-or-later
/* sleepers.c - which tasks slept behind the holder of a sleeping lru_lock (PREEMPT_RT)? */
#include "passes/freeze/frozen_tasks_private.h"

#include "passes/freeze/chance.h"

/*
 * On PREEMPT_RT a waiter sleeps uninterruptibly until the holder wakes it at the release. So a task that was in such a
 * sleep at the release, and that the holder woke, had waited for the lock. A blocked task that a named waiter woke
 * afterwards had waited for whatever that waiter held.
 */
static bool slept_behind(const struct naming *a, const struct snapshot_task *s)
{
	const struct snapshot_task *waker = s->woken == WOKEN_BY_TASK ? snapshot_find(a->snap, s->waker) : NULL;

	if (s->named || s->task.state != TASK_BLOCKED || !s->woken_at)
		return false;
	return naming_is_holder(a, s->waker) || (waker && waker->named && waker->woken_at && waker->woken_at < s->woken_at);
}

/*
 * The same for recordings without wake-ups. The task fell asleep during the hold and ran again only at the release.
 * Interrupts went on meanwhile, and none woke it. For a short hold that may be chance.
 */
static bool slept_until_release(const struct naming *a, const struct snapshot_task *s)
{
	uint64_t end = a->stall->at.end;

	return !a->snap->has_wakes && !s->named && s->task.state == TASK_BLOCKED && s->task.since >= a->stall->at.start &&
	       s->ran_at && s->ran_at - a->snap->release <= end - a->snap->release + rule_ns(a->snap->rules, RULE_RESUME_LAG);
}

static enum confidence sleeper_confidence(const struct naming *a, const struct snapshot_task *s)
{
	if (a->snap->has_wakes)
		return CONFIDENCE_HIGH;
	return a->snap->release - s->task.since >= 2 * rule_ns(a->snap->rules, RULE_RESUME_LAG) ? CONFIDENCE_MEDIUM : CONFIDENCE_LOW;
}

int name_sleepers(const struct naming *a, bool *ret_found)
{
	struct report *r = a->ctx->report;
	int err = 0;

	*ret_found = false;
	for (size_t i = 0; !err && i < a->snap->nr_tasks; i++) {
		struct snapshot_task *s = &a->snap->tasks[i];

		if (!slept_behind(a, s) && !slept_until_release(a, s))
			continue;
		err = naming_add(a, s, VICTIM_BLOCKED, (struct standstill){ later(s->task.since, a->stall->at.start), s->ran_at,
				 sleeper_confidence(a, s), usual_share(a->snap->rules, s, HABIT_ASLEEP, a->snap->release - s->task.since) });
		if (s->named && s->woken == WOKEN_BY_TASK)
			r->victims[r->nr_victims - 1].waits_for_pid = KNOWN(s->waker);
		*ret_found |= s->named;
	}
	return err;
}
