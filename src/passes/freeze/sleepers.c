// SPDX-License-Identifier: LGPL-2.1-or-later
/* sleepers.c - who slept behind the holder of a sleeping lru_lock (PREEMPT_RT)? */
#include "passes/freeze/frozen_tasks_private.h"

/*
 * PREEMPT_RT: who slept, uninterruptibly, since before the release until the holder woke it, waited for what the holder
 * had: the lock. So did, for what such a one had, whom that one woke.
 */
static bool slept_behind(const struct accuser *a, const struct suspect *s)
{
	const struct suspect *waker = s->woken == WOKEN_BY_TASK ? scene_suspect(a->sc, s->waker) : NULL;

	if (s->accused || s->task.state != TASK_BLOCKED || !s->woken_at)
		return false;
	return accuser_is_culprit(a, s->waker) || (waker && waker->accused && waker->woken_at && waker->woken_at < s->woken_at);
}

/*
 * The same where no wake-up is on record: it went to sleep within the hold, and interrupts, which went on, did not wake it
 * until the release. Soon after a short hold that may be chance.
 */
static bool slept_until_release(const struct accuser *a, const struct suspect *s)
{
	uint64_t end = a->stall->at.end;

	return !a->sc->has_wakes && !s->accused && s->task.state == TASK_BLOCKED && s->task.since >= a->stall->at.start &&
	       s->ran_at && s->ran_at - a->sc->release <= end - a->sc->release + rule_ns(a->sc->rules, RULE_RESUME_LAG);
}

static enum confidence sleeper_confidence(const struct accuser *a, const struct suspect *s)
{
	if (a->sc->has_wakes)
		return CONFIDENCE_HIGH;
	return a->sc->release - s->task.since >= 2 * rule_ns(a->sc->rules, RULE_RESUME_LAG) ? CONFIDENCE_MEDIUM : CONFIDENCE_LOW;
}

int accuse_sleepers(const struct accuser *a, bool *ret_found)
{
	struct report *r = a->ctx->report;
	int err = 0;

	*ret_found = false;
	for (size_t i = 0; !err && i < a->sc->nr_suspects; i++) {
		struct suspect *s = &a->sc->suspects[i];

		if (!slept_behind(a, s) && !slept_until_release(a, s))
			continue;
		err = accuser_add(a, s, VICTIM_BLOCKED, later(s->task.since, a->stall->at.start), s->ran_at, sleeper_confidence(a, s));
		if (s->accused && s->woken == WOKEN_BY_TASK)
			r->victims[r->nr_victims - 1].waits_for_pid = KNOWN(s->waker);
		*ret_found |= s->accused;
	}
	return err;
}
