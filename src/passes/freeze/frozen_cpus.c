// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * frozen_cpus.c - which CPUs were frozen until the release?
 *
 * Silence that ends at the release proves nothing by itself. A CPU that computes in user mode writes no
 * records either, and right after a release other CPUs wake tasks onto it. So something must show that
 * the CPU could not take interrupts or switch (DESIGN 2, KERNEL-FACTS 4).
 */
#include "passes/freeze/frozen_cpus.h"

#include "passes/freeze/chance.h"

/* The last release of this lock before the CPU went on: the stall's own, or that of a hold that followed. */
static uint64_t last_release(const struct snapshot *snap, const struct snapshot_cpu *c)
{
	uint64_t last = snap->release;

	for (size_t i = 0; i < snap->chain.nr && snap->chain.link[i].release <= c->silent_to; i++)
		last = snap->chain.link[i].release;
	return last;
}

static bool long_silent(const struct snapshot *snap, const struct snapshot_cpu *c)
{
	uint64_t since = frozen_since(snap, c);

	return c->seen && c->resumed && !c->lost && !c->own_hold && c->has_current && c->current != 0 && snap->release > since &&
	       snap->release - since >= snap->least_ns && c->silent_to - last_release(snap, c) <= rule_ns(snap->rules, RULE_RESUME_LAG);
}

uint64_t wake_due(const struct snapshot_task *s)
{
	const struct rhythm *r = &s->rhythm;

	if (!r->known)
		return 0;
	if (r->regular)
		return r->last + r->period;
	return s->task.since + r->slept;
}

/* @s woke exactly on its rhythm. Then it may have woken on time all along, without a record of it. */
static bool in_phase(const struct snapshot *snap, const struct snapshot_task *s)
{
	uint64_t off = (s->woken_at - s->rhythm.last) % s->rhythm.period;
	uint64_t room = (uint64_t)(rule(snap->rules, RULE_PHASE_ROOM) * (double)s->rhythm.period);

	return off < room || off > s->rhythm.period - room;
}

/* A wake-up due before this time is late because of this stall, and not only because of one that followed. */
static uint64_t overdue_at(const struct snapshot *snap, size_t cpu)
{
	return last_release(snap, &snap->cpus[cpu]) - snap->release >= snap->least_ns ? snap->release : snap->cpus[cpu].silent_to;
}

/* From when on is a wake-up of @s overdue, for all that its rhythm swings and its interrupts are usually late? */
static uint64_t overdue_from(const struct snapshot *snap, const struct snapshot_task *s)
{
	uint64_t swing = s->rhythm.regular ? s->rhythm.upper - s->rhythm.period : 0;

	return wake_due(s) + swing + rule_ns(snap->rules, RULE_OVERDUE);
}

/* Was @s woken, long overdue, by the burst of interrupts that came when @cpu resumed? */
static uint32_t late_sign(const struct snapshot *snap, const struct snapshot_task *s, size_t cpu)
{
	uint64_t overdue = overdue_from(snap, s);

	if (s->woken != WOKEN_BURST || s->woken_cpu != cpu || !wake_due(s) || overdue >= overdue_at(snap, cpu) || overdue >= s->woken_at)
		return 0;
	return s->rhythm.regular && s->rhythm.waker == WAKER_INTERRUPT && !in_phase(snap, s) ? SIGN_LATE_TIMERS : SIGN_LATE_WAKES;
}

uint64_t overslept_since(const struct snapshot *snap, const struct snapshot_task *s)
{
	const struct rhythm *r = &s->rhythm;
	const struct snapshot_cpu *c = s->task.has_cpu && s->task.cpu < snap->nr_cpus ? &snap->cpus[s->task.cpu] : NULL;
	uint64_t usual = r->regular ? r->period : r->longest, due = (r->regular ? r->last : s->task.since) + usual;

	if (snap->has_wakes || s->task.state != TASK_SLEEPING || !c || !r->known || !s->ran_at ||
	    s->ran_at > last_release(snap, c) + rule_ns(snap->rules, RULE_RESUME_LAG))
		return 0;
	/* If it was long due while its CPU still wrote records, it waited for something else. */
	return due + rule_ns(snap->rules, RULE_OVERSLEPT) * usual < snap->release && due + usual >= c->silent_from ? due : 0;
}

/*
 * One regular task that oversleeps is enough. An irregular task may have had its own reason to sleep on. Several irregular
 * tasks on one CPU would need the same reason, so several count, as a weak sign.
 */
static uint32_t oversleep_sign(const struct snapshot *snap, size_t cpu)
{
	size_t irregular = 0;

	for (size_t i = 0; i < snap->nr_tasks; i++) {
		const struct snapshot_task *s = &snap->tasks[i];

		if (s->task.cpu != cpu || !overslept_since(snap, s))
			continue;
		if (s->rhythm.regular)
			return SIGN_LATE_TIMERS;
		irregular++;
	}
	return irregular >= rule_ns(snap->rules, RULE_OVERSLEEPERS) ? SIGN_OVERSLEPT : 0;
}

/* How long may a fair scheduler let @waiter wait? The lower its weight against the running task, the longer. */
static uint64_t fair_wait(const struct rules *rules, const struct task *waiter, const struct task *current)
{
	uint64_t wait = rule_ns(rules, RULE_TURN);

	for (int32_t prio = current->prio; prio < waiter->prio && wait < rule_ns(rules, RULE_LONGEST_TURN); prio++)
		wait += (uint64_t)(rule(rules, RULE_NICE_STEP) * (double)wait);
	return wait;
}

static uint32_t queue_sign(const struct snapshot *snap, const struct snapshot_task *s, size_t cpu, const struct task *current)
{
	const struct snapshot_cpu *c = &snap->cpus[cpu];
	uint64_t from = s->task.since > c->silent_from ? s->task.since : c->silent_from;
	bool rt = current->prio < 100, urgent = s->task.prio < 100 && s->task.prio < current->prio;

	if (!snap->has_switches || s->task.state != TASK_RUNNABLE || s->task.cpu != cpu || !s->task.has_prio || snap->release < from)
		return 0;
	if (urgent && snap->release - from >= snap->least_ns)
		return SIGN_UNSERVED;
	if (rt || snap->release - from < fair_wait(snap->rules, &s->task, current))
		return 0;
	return s->task.since > c->silent_from ? SIGN_UNSERVED : SIGN_STARVED;
}

/* @sign, if it is one, shows that @c was frozen, unless something came about that has this @chance. */
static void weigh(struct snapshot_cpu *c, uint32_t sign, double chance)
{
	if (sign && (!c->signs || chance < c->chance))
		c->chance = chance;
	c->signs |= sign;
}

static uint64_t slept_ns(const struct snapshot_task *s)
{
	uint64_t until = s->woken_at ? s->woken_at : s->ran_at;

	return until > s->task.since ? until - s->task.since : 0;
}

static uint64_t queued_ns(const struct snapshot *snap, const struct snapshot_task *s)
{
	return snap->release > s->task.since ? snap->release - s->task.since : 0;
}

static void weigh_tasks(const struct snapshot *snap, struct snapshot_cpu *c, size_t cpu)
{
	const struct snapshot_task *current = snapshot_find(snap, c->current);

	for (size_t i = 0; i < snap->nr_tasks; i++) {
		const struct snapshot_task *s = &snap->tasks[i];

		if (snapshot_doubtful(snap, s))
			continue;
		weigh(c, late_sign(snap, s, cpu), chance_of(snap->rules, s, HABIT_ASLEEP, slept_ns(s)));
		if (current && current->task.has_prio && s != current)
			weigh(c, queue_sign(snap, s, cpu, &current->task),
			      chance_of(snap->rules, s, HABIT_QUEUED, queued_ns(snap, s)));
	}
}

/*
 * How likely is it that @c goes on this close to the release by itself? Every release of the chain and every CPU that was
 * silent is another opportunity for a coincidence.
 */
static double coincidence(const struct snapshot *snap, const struct snapshot_cpu *c)
{
	uint64_t lag = c->silent_to - last_release(snap, c);
	size_t silent = 0;
	double chance;

	for (size_t i = 0; i < snap->nr_cpus; i++)
		silent += long_silent(snap, &snap->cpus[i]);
	chance = chance_of_going_on(snap, c, lag) * (double)(silent + snap->chain.nr);
	return chance < 1 ? chance : 1;
}

static void weigh_cpu(const struct snapshot *snap, size_t cpu, bool held)
{
	struct snapshot_cpu *c = &snap->cpus[cpu];
	double alone = held ? coincidence(snap, c) : 1, unknown = rule(snap->rules, RULE_CHANCE_SIGN);

	weigh(c, oversleep_sign(snap, cpu), unknown);
	weigh(c, c->last_kind == EVENT_CONTENTION_BEGIN ? SIGN_CONTENTION : 0, rule(snap->rules, RULE_CHANCE_HIGH));
	if (snap->chain.nr && snap->chain.link[0].cpu == cpu && !snap->chain.link[0].apart)
		weigh(c, SIGN_NEXT_HOLDER, rule(snap->rules, RULE_CHANCE_HIGH));
	weigh_tasks(snap, c, cpu);
	if (alone > rule(snap->rules, RULE_CHANCE_ALONE))
		return;
	c->chance *= alone;
	weigh(c, SIGN_WENT_ON, alone);
}

/* Were interrupts off on @cpu already before the hold can have begun? Then it did not begin to wait for that hold. */
static bool frozen_before(const struct snapshot *snap, size_t cpu)
{
	for (size_t i = 0; i < snap->nr_tasks; i++) {
		const struct snapshot_task *s = &snap->tasks[i];

		if (late_sign(snap, s, cpu) == SIGN_LATE_TIMERS && overdue_from(snap, s) < snap->start_earliest)
			return true;
	}
	return false;
}

/*
 * Only costs say that the scan on @cpu waited for this hold. Since 5.11 it may as well have held another lock all the time: then
 * its CPU had its interrupts off, too, and shows the same signs.
 */
static void doubt_next_holder(const struct snapshot *snap, struct snapshot_cpu *c, size_t cpu)
{
	const struct chain_link *next = &snap->chain.link[0];
	double chance = rule(snap->rules, RULE_CHANCE_SIGN);

	if (!snap->chain.nr || next->cpu != cpu || !next->likely || next->apart)
		return;
	if (frozen_before(snap, cpu))
		c->signs = 0;
	else if (c->chance < chance)
		c->chance = chance;
}

void frozen_cpus_judge(struct snapshot *snap, int holder)
{
	for (size_t i = 0; i < snap->nr_cpus; i++) {
		struct snapshot_cpu *c = &snap->cpus[i];

		if ((int)i == holder)
			c->signs = SIGN_HOLDER;
		else if (long_silent(snap, c))
			weigh_cpu(snap, i, holder >= 0);
		doubt_next_holder(snap, c, i);
		if (c->chance > rule(snap->rules, RULE_CHANCE_NAMED))
			c->signs = 0;
		c->queued_on = c->signs && (int)i != holder && last_release(snap, c) - snap->release >= snap->least_ns;
		/* A weak sign is enough during a known hold. Without a known hold it is not. */
		c->frozen = holder >= 0 ? c->signs != 0 : (c->signs & ~(uint32_t)WEAK_SIGNS) != 0;
	}
}

uint64_t irqs_off_by(const struct snapshot *snap)
{
	uint64_t by = UINT64_MAX;

	for (size_t i = 0; i < snap->nr_tasks; i++) {
		const struct snapshot_task *s = &snap->tasks[i];
		uint64_t due = wake_due(s);

		if (s->woken == WOKEN_BURST && s->rhythm.regular && s->rhythm.waker == WAKER_INTERRUPT &&
		    s->woken_cpu < snap->nr_cpus && snap->cpus[s->woken_cpu].frozen && due >= snap->start && due < by)
			by = due;
	}
	return by;
}
