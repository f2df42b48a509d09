// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * frozen_cpus.c - which CPUs were frozen until the release?
 *
 * A CPU that computes in user mode writes no records either, and right after a release others wake tasks
 * onto it. So silence that ends at the release proves nothing by itself: something must show that the
 * CPU could not take interrupts or switch (DESIGN 2, KERNEL-FACTS 4).
 */
#include "passes/freeze/frozen_cpus.h"

/* The last release of this lock before the CPU went on: this stall's, or of a hold that followed. */
static uint64_t last_release(const struct scene *sc, const struct scene_cpu *c)
{
	uint64_t last = sc->release;

	for (size_t i = 0; i < sc->chain.nr && sc->chain.link[i].release <= c->silent_to; i++)
		last = sc->chain.link[i].release;
	return last;
}

static bool long_silent(const struct scene *sc, const struct scene_cpu *c)
{
	uint64_t since = frozen_since(sc, c);

	return c->seen && c->resumed && !c->lost && !c->own_hold && c->has_current && c->current != 0 && sc->release > since &&
	       sc->release - since >= sc->least_ns && c->silent_to - last_release(sc, c) <= rule_ns(sc->rules, RULE_RESUME_LAG);
}

uint64_t wake_due(const struct suspect *s)
{
	const struct rhythm *r = &s->rhythm;

	if (!r->known)
		return 0;
	if (r->regular)
		return r->last + r->period;
	return s->task.since + r->slept;
}

/* It woke just when its rhythm would have it: it may have done so all the time, unrecorded. */
static bool in_phase(const struct scene *sc, const struct suspect *s)
{
	uint64_t off = (s->woken_at - s->rhythm.last) % s->rhythm.period;
	uint64_t room = (uint64_t)(rule(sc->rules, RULE_PHASE_ROOM) * (double)s->rhythm.period);

	return off < room || off > s->rhythm.period - room;
}

/* What was due by then is late through this stall, and not only through one that followed. */
static uint64_t overdue_at(const struct scene *sc, size_t cpu)
{
	return last_release(sc, &sc->cpus[cpu]) - sc->release >= sc->least_ns ? sc->release : sc->cpus[cpu].silent_to;
}

/* Woken by the interrupts that came at once when @cpu resumed, long after its time. */
static uint32_t late_sign(const struct scene *sc, const struct suspect *s, size_t cpu)
{
	uint64_t due = wake_due(s), overdue = due + rule_ns(sc->rules, RULE_OVERDUE);

	if (s->woken != WOKEN_BURST || s->woken_cpu != cpu || !due || overdue >= overdue_at(sc, cpu) || overdue >= s->woken_at)
		return 0;
	return s->rhythm.regular && s->rhythm.waker == WAKER_INTERRUPT && !in_phase(sc, s) ? SIGN_LATE_TIMERS : SIGN_LATE_WAKES;
}

uint64_t overslept_since(const struct scene *sc, const struct suspect *s)
{
	const struct rhythm *r = &s->rhythm;
	const struct scene_cpu *c = s->task.has_cpu && s->task.cpu < sc->nr_cpus ? &sc->cpus[s->task.cpu] : NULL;
	uint64_t usual = r->regular ? r->period : r->longest, due = (r->regular ? r->last : s->task.since) + usual;

	if (sc->has_wakes || s->task.state != TASK_SLEEPING || !c || !r->known || !s->ran_at ||
	    s->ran_at > last_release(sc, c) + rule_ns(sc->rules, RULE_RESUME_LAG))
		return 0;
	/* Long due while its CPU still wrote: it waited for something else. */
	return due + rule_ns(sc->rules, RULE_OVERSLEPT) * usual < sc->release && due + usual >= c->silent_from ? due : 0;
}

/* A task with a rhythm shows it alone. One that sleeps now long, now short may have had a reason: two need one and the same. */
static uint32_t oversleep_sign(const struct scene *sc, size_t cpu)
{
	size_t irregular = 0;

	for (size_t i = 0; i < sc->nr_suspects; i++) {
		const struct suspect *s = &sc->suspects[i];

		if (s->task.cpu != cpu || !overslept_since(sc, s))
			continue;
		if (s->rhythm.regular)
			return SIGN_LATE_TIMERS;
		irregular++;
	}
	return irregular >= rule_ns(sc->rules, RULE_OVERSLEEPERS) ? SIGN_OVERSLEPT : 0;
}

/* How long a queued task may have to wait for its turn: longer, the less it weighs against the running one. */
static uint64_t fair_wait(const struct rules *rules, const struct task *waiter, const struct task *current)
{
	uint64_t wait = rule_ns(rules, RULE_TURN);

	for (int32_t prio = current->prio; prio < waiter->prio && wait < rule_ns(rules, RULE_LONGEST_TURN); prio++)
		wait += (uint64_t)(rule(rules, RULE_NICE_STEP) * (double)wait);
	return wait;
}

static uint32_t queue_sign(const struct scene *sc, const struct suspect *s, size_t cpu, const struct task *current)
{
	const struct scene_cpu *c = &sc->cpus[cpu];
	uint64_t from = s->task.since > c->silent_from ? s->task.since : c->silent_from;
	bool rt = current->prio < 100, urgent = s->task.prio < 100 && s->task.prio < current->prio;

	if (s->task.state != TASK_RUNNABLE || s->task.cpu != cpu || !s->task.has_prio || sc->release < from)
		return 0;
	if (urgent && sc->release - from >= sc->least_ns)
		return SIGN_UNSERVED;
	if (rt || sc->release - from < fair_wait(sc->rules, &s->task, current))
		return 0;
	return s->task.since > c->silent_from ? SIGN_UNSERVED : SIGN_STARVED;
}

static uint32_t signs_of(const struct scene *sc, size_t cpu)
{
	const struct scene_cpu *c = &sc->cpus[cpu];
	const struct suspect *current = scene_suspect(sc, c->current);
	uint32_t signs = oversleep_sign(sc, cpu) | (c->last_kind == EVENT_CONTENTION_BEGIN ? SIGN_CONTENTION : 0);

	if (sc->chain.nr && sc->chain.link[0].cpu == cpu && !sc->chain.link[0].apart)
		signs |= SIGN_NEXT_HOLDER;
	for (size_t i = 0; i < sc->nr_suspects; i++) {
		const struct suspect *s = &sc->suspects[i];

		signs |= late_sign(sc, s, cpu);
		if (current && current->task.has_prio && s != current)
			signs |= queue_sign(sc, s, cpu, &current->task);
	}
	return signs;
}

void freeze_judge(struct scene *sc, int holder)
{
	for (size_t i = 0; i < sc->nr_cpus; i++) {
		struct scene_cpu *c = &sc->cpus[i];

		if ((int)i == holder)
			c->signs = SIGN_HOLDER;
		else if (long_silent(sc, c))
			c->signs = signs_of(sc, i);
		/* Next to a known hold a weak sign is enough; where nothing is known to have been held it is not. */
		c->queued_on = c->signs && (int)i != holder && last_release(sc, c) - sc->release >= sc->least_ns;
		c->frozen = holder >= 0 ? c->signs != 0 : (c->signs & ~(uint32_t)WEAK_SIGNS) != 0;
	}
}
