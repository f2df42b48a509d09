// SPDX-License-Identifier: LGPL-2.1-or-later
/* test_chance.c - how likely is it that a task or a CPU does this anyway, and how sure may one be then? */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "events.h"
#include "passes/freeze/chance.h"
#include "passes/freeze/frozen_cpus.h"

enum { CRUNCHER = 10, QUEUED = 20, NR_CPUS = 4 };

#define START	(10 * SEC)
#define RELEASE (11 * SEC)

#define assert_about(a, b) assert_true((a) <= (b) * (1 + 1e-9) && (a) >= (b) * (1 - 1e-9))

static void many(struct habit *h, size_t nr, uint64_t ns)
{
	for (size_t i = 0; i < nr; i++)
		habit_add(h, ns);
}

/* A task that was asleep @brief times for a moment, and @as_long times for a second and more. */
static struct habits sleeper(size_t brief, size_t as_long)
{
	struct habits h = { 0 };

	many(&h.of[HABIT_ASLEEP], brief, 2 * MS);
	many(&h.of[HABIT_ASLEEP], as_long, 2 * SEC);
	return h;
}

static double chance(size_t brief, size_t as_long)
{
	struct rules rules = rules_of(PROFILE_REAL);
	struct habits h = sleeper(brief, as_long);

	return chance_of(&rules, &(struct snapshot_task){ .habits = &h }, HABIT_ASLEEP, 1 * SEC);
}

static double share(size_t brief, size_t as_long)
{
	struct rules rules = rules_of(PROFILE_REAL);
	struct habits h = sleeper(brief, as_long);

	return usual_share(&rules, &(struct snapshot_task){ .habits = &h }, HABIT_ASLEEP, 1 * SEC);
}

static void a_chance_counts_one_case_more_than_was_seen(void **unused)
{
	(void)unused;
	assert_about(chance(99, 0), 1.0 / 100);
	assert_about(chance(89, 10), 11.0 / 100);
	assert_about(chance(0, 99), 1);
}

/* The one long case may be the very one in question. More than that are its habit. */
static void of_a_frozen_task_one_case_may_be_the_freeze_itself(void **unused)
{
	(void)unused;
	assert_about(share(99, 0), 0.5 / 100);
	assert_about(share(98, 1), 0.5 / 100);
	assert_about(share(89, 10), 9.5 / 100);
}

static void with_few_cases_the_rules_speak(void **unused)
{
	const double sign = rule_about(RULE_CHANCE_SIGN)->prior[PROFILE_REAL];
	const double unknown = rule_about(RULE_CHANCE_UNKNOWN)->prior[PROFILE_REAL];

	(void)unused;
	assert_about(chance(19, 0), sign);
	assert_about(share(19, 0), unknown);
	assert_about(chance(20, 0), 1.0 / 21);		/* from here on its own past speaks */
	assert_about(share(20, 0), 0.5 / 21);
	assert_about(chance(0, 0), sign);
}

/* They do not excuse what is plain from few cases, too. */
static void few_cases_that_were_as_long_make_it_likelier(void **unused)
{
	(void)unused;
	assert_about(chance(4, 1), 2.0 / 6);
	assert_about(share(2, 3), 2.5 / 6);
	assert_about(share(4, 1), rule_about(RULE_CHANCE_UNKNOWN)->prior[PROFILE_REAL]);	/* it may be this one */
}

static void of_a_task_that_nobody_knows_the_rules_speak(void **unused)
{
	struct rules rules = rules_of(PROFILE_REAL);
	struct snapshot_task unheard = { .habits = NULL };

	(void)unused;
	assert_about(chance_of(&rules, NULL, HABIT_QUEUED, SEC), rule(&rules, RULE_CHANCE_SIGN));
	assert_about(chance_of(&rules, &unheard, HABIT_QUEUED, SEC), rule(&rules, RULE_CHANCE_SIGN));
	assert_about(usual_share(&rules, &unheard, HABIT_QUEUED, SEC), rule(&rules, RULE_CHANCE_UNKNOWN));
}

static void three_steps_of_confidence_and_never_more_than_there_was(void **unused)
{
	struct rules rules = rules_of(PROFILE_REAL);

	(void)unused;
	assert_int_equal(confidence_within(&rules, 0.01, CONFIDENCE_HIGH), CONFIDENCE_HIGH);
	assert_int_equal(confidence_within(&rules, 0.011, CONFIDENCE_HIGH), CONFIDENCE_MEDIUM);
	assert_int_equal(confidence_within(&rules, 0.1, CONFIDENCE_HIGH), CONFIDENCE_MEDIUM);
	assert_int_equal(confidence_within(&rules, 0.11, CONFIDENCE_HIGH), CONFIDENCE_LOW);
	assert_int_equal(confidence_within(&rules, 0, CONFIDENCE_MEDIUM), CONFIDENCE_MEDIUM);
	assert_int_equal(confidence_within(&rules, 0, CONFIDENCE_LOW), CONFIDENCE_LOW);
}

/* A hold from START to RELEASE. CRUNCHER is on CPU 1, silent since START; it ran for 100 s in the whole recording. */
struct stage { struct trackers trackers; struct snapshot snap; struct rules rules; struct habits habits; };

static void fall_silent(struct stage *s)
{
	struct event in = switch_event(1, START, 0, CRUNCHER, 0);

	s->rules = rules_of(PROFILE_REAL);
	assert_int_equal(trackers_event(&s->trackers, &in), 0);
	s->snap.rules = &s->rules;
	s->snap.start = s->snap.start_earliest = START;
	s->snap.release = RELEASE;
	s->snap.least_ns = 20 * MS;
	assert_int_equal(snapshot_take(&s->snap, &s->trackers, NR_CPUS), 0);
	s->habits.ran_ns = 100 * SEC;
	many(&s->habits.of[HABIT_SILENT], 1000, 10 * MS);
	snapshot_find(&s->snap, CRUNCHER)->habits = &s->habits;
}

static const struct snapshot_cpu *goes_on(struct stage *s, struct event ev)
{
	fall_silent(s);
	ev.prev_ns = START;
	snapshot_follow(&s->snap, &ev);
	return &s->snap.cpus[1];
}

static void leave(struct stage *s)
{
	snapshot_clear(&s->snap);
	trackers_clear(&s->trackers);
}

static struct event sleeps_at(uint64_t ts)
{
	return switch_event(1, ts, CRUNCHER, 0, TASK_ST_INTERRUPTIBLE);
}

static void the_closer_and_the_rarer_the_less_likely_by_chance(void **unused)
{
	struct stage s = { 0 };
	const struct snapshot_cpu *c = goes_on(&s, sleeps_at(RELEASE + 2 * US));

	(void)unused;
	assert_about(chance_of_going_on(&s.snap, c, 2 * US), 2e-8);
	assert_about(chance_of_going_on(&s.snap, c, 0), 1e-8);	/* no stamp tells less than 1 us */
	assert_about(chance_of_going_on(&s.snap, c, 50 * MS), 5e-4);
	many(&s.habits.of[HABIT_SILENT], 49, 2 * SEC);
	assert_about(chance_of_going_on(&s.snap, c, 50 * MS), 50 * 5e-4);
	assert_about(chance_of_going_on(&s.snap, c, 1000 * SEC), 1);
	leave(&s);
}

static void where_no_habit_is_known_it_may_well_be_chance(void **unused)
{
	struct stage s = { 0 };
	const struct snapshot_cpu *c = goes_on(&s, sleeps_at(RELEASE + 2 * US));

	(void)unused;
	s.habits.ran_ns = 0;
	assert_about(chance_of_going_on(&s.snap, c, 2 * US), 1);
	snapshot_find(&s.snap, CRUNCHER)->habits = NULL;
	assert_about(chance_of_going_on(&s.snap, c, 2 * US), 1);
	s.snap.cpus[1].current = CRUNCHER + 1;		/* nobody knows that task */
	assert_about(chance_of_going_on(&s.snap, c, 2 * US), 1);
	leave(&s);
}

static struct event in_interrupt(enum event_kind kind)
{
	return wake_event(kind, 1, RELEASE + 2 * US, CRUNCHER, 99, 1, EVENT_FL_HARDIRQ);
}

/* After a release other CPUs wake tasks: that they make this one write is no coincidence, and shows nothing. */
static void what_another_cpu_may_have_ended_was_not_ended_by_itself(void **unused)
{
	const struct { struct event ev; bool by_itself; } cases[] = {
		{ sleeps_at(RELEASE + 2 * US), true },
		{ any_event(EVENT_OTHER, 1, RELEASE + 2 * US, CRUNCHER), true },
		{ in_interrupt(EVENT_SCHED_WAKING), true },		/* a timer of its own */
		{ in_interrupt(EVENT_SCHED_WAKEUP), false },		/* woken from another CPU, by an interrupt to this one */
		{ switch_event(1, RELEASE + 2 * US, CRUNCHER, 99, TASK_ST_RUNNABLE), false },
		{ switch_event(1, RELEASE + 2 * US, CRUNCHER, 99, TASK_ST_PREEMPTED), false },
		{ any_event(EVENT_OTHER, 1, RELEASE + 2 * US, 99), false },
		{ lost_event(1, RELEASE + 2 * US, 3), false },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct stage s = { 0 };
		const struct snapshot_cpu *c = goes_on(&s, cases[i].ev);
		bool chance_only = chance_of_going_on(&s.snap, c, 2 * US) >= 1;

		if (c->by_itself != cases[i].by_itself || chance_only == cases[i].by_itself)
			fail_msg("case %zu", i);
		leave(&s);
	}
}

/* The same @ns after the release; CRUNCHER was silent as long @as_long times besides. */
static struct snapshot_cpu judged(uint64_t ns, size_t as_long, int holder)
{
	struct stage s = { 0 };
	struct snapshot_cpu c;

	goes_on(&s, sleeps_at(RELEASE + ns));
	many(&s.habits.of[HABIT_SILENT], as_long, 2 * SEC);
	frozen_cpus_judge(&s.snap, holder);
	c = s.snap.cpus[1];
	leave(&s);
	return c;
}

static void going_on_right_at_the_release_shows_a_wait(void **unused)
{
	struct snapshot_cpu c = judged(2 * US, 0, 0);

	(void)unused;
	assert_true(c.frozen);
	assert_int_equal(c.signs, SIGN_WENT_ON);
	assert_about(c.chance, 2e-8);
}

static void going_on_then_shows_nothing_of_who_often_does_or_does_later_or_without_a_hold(void **unused)
{
	(void)unused;
	assert_false(judged(1900 * US, 400, 0).frozen);		/* 401 such silences in 100 s, 1.9 ms: 0.8 % */
	assert_true(judged(1900 * US, 0, 0).frozen);
	assert_false(judged(2 * US, 300000, 0).frozen);
	assert_false(judged(5 * MS, 0, 0).frozen);		/* no waiter goes on as late as that */
	assert_false(judged(2 * US, 0, -1).frozen);		/* there is no release to coincide with */
}

/* CPU 1 goes on 2 us after the release. So does CPU 2, on which @pid was meanwhile; 0: it was idle. */
static double chance_beside(int32_t pid)
{
	struct stage s = { 0 };
	struct event in = switch_event(2, START, 0, pid, 0), out = switch_event(2, RELEASE + 2 * US, pid, 0, TASK_ST_INTERRUPTIBLE);
	double chance;

	out.prev_ns = START;
	assert_int_equal(trackers_event(&s.trackers, &in), 0);
	goes_on(&s, sleeps_at(RELEASE + 2 * US));
	snapshot_follow(&s.snap, &out);
	frozen_cpus_judge(&s.snap, 0);
	chance = s.snap.cpus[1].chance;
	assert_int_equal(s.snap.cpus[1].signs, SIGN_WENT_ON);
	assert_false(s.snap.cpus[2].frozen);		/* of its task nothing is known */
	leave(&s);
	return chance;
}

static void each_cpu_that_was_silent_is_another_opportunity_for_chance(void **unused)
{
	(void)unused;
	assert_about(chance_beside(0), 2e-8);
	assert_about(chance_beside(CRUNCHER + 1), 2 * 2e-8);
}

/* CPU 1 goes on 2 us after the release. A hold followed, released later, of the scan on @next.cpu. */
static struct snapshot_cpu judged_before(struct chain_link next)
{
	struct stage s = { 0 };
	struct snapshot_cpu c;

	goes_on(&s, sleeps_at(RELEASE + 2 * US));
	s.snap.chain = (struct chain){ .link = { next }, .nr = 1 };
	frozen_cpus_judge(&s.snap, 0);
	c = s.snap.cpus[1];
	leave(&s);
	return c;
}

static void each_release_that_follows_is_another_opportunity_too(void **unused)
{
	(void)unused;
	assert_about(judged_before((struct chain_link){ .release = RELEASE + 50 * MS, .cpu = 3 }).chance, 2 * 2e-8);
}

/* Only costs say that the scan on CPU 1 waited for this hold: it may have had another lock all the time. */
static void who_only_its_cost_says_to_have_waited_has_the_chance_of_a_sign(void **unused)
{
	const double sign = rule_about(RULE_CHANCE_SIGN)->prior[PROFILE_REAL], sure = rule_about(RULE_CHANCE_HIGH)->prior[PROFILE_REAL];
	const uint64_t later = RELEASE + 50 * MS;

	(void)unused;
	assert_about(judged_before((struct chain_link){ later, 1, .likely = true }).chance, sign);
	assert_about(judged_before((struct chain_link){ later, 1, .likely = false }).chance, sure * 2 * 2e-8);	/* two signs */
	assert_about(judged_before((struct chain_link){ later, 1, .likely = true, .apart = true }).chance, 2 * 2e-8);
	assert_about(judged_before((struct chain_link){ later, 2, .likely = true }).chance, 2 * 2e-8);
}

/* QUEUED waits on CPU 1 through the hold, and runs then. It waited 100 times before, @as_long times for as long as that. */
static struct snapshot_cpu with_a_queue(size_t as_long)
{
	struct stage s = { 0 };
	struct habits h = { 0 };
	struct event sleeps = switch_event(1, START - 500 * MS, QUEUED, 0, TASK_ST_INTERRUPTIBLE);
	struct event woken = wake_event(EVENT_SCHED_WAKING, 2, START - 10 * MS, 5, QUEUED, 1, 0);
	struct snapshot_cpu c;

	many(&h.of[HABIT_QUEUED], 100 - as_long, 2 * MS);
	many(&h.of[HABIT_QUEUED], as_long, 2 * SEC);
	assert_int_equal(trackers_event(&s.trackers, &sleeps), 0);
	assert_int_equal(trackers_event(&s.trackers, &woken), 0);
	goes_on(&s, switch_event(1, RELEASE + 2 * US, CRUNCHER, QUEUED, TASK_ST_RUNNABLE));
	snapshot_find(&s.snap, QUEUED)->habits = &h;
	frozen_cpus_judge(&s.snap, 0);
	c = s.snap.cpus[1];
	leave(&s);
	return c;
}

static void a_sign_that_often_comes_without_a_hold_shows_no_cpu_frozen(void **unused)
{
	struct snapshot_cpu never = with_a_queue(0), often = with_a_queue(30), at_times = with_a_queue(9);

	(void)unused;
	assert_true(never.frozen);
	assert_int_equal(never.signs, SIGN_STARVED);
	assert_about(never.chance, 1.0 / 101);
	assert_true(at_times.frozen);
	assert_about(at_times.chance, 10.0 / 101);
	assert_false(often.frozen);
	assert_int_equal(often.signs, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_chance_counts_one_case_more_than_was_seen),
		cmocka_unit_test(of_a_frozen_task_one_case_may_be_the_freeze_itself),
		cmocka_unit_test(with_few_cases_the_rules_speak),
		cmocka_unit_test(few_cases_that_were_as_long_make_it_likelier),
		cmocka_unit_test(of_a_task_that_nobody_knows_the_rules_speak),
		cmocka_unit_test(three_steps_of_confidence_and_never_more_than_there_was),
		cmocka_unit_test(the_closer_and_the_rarer_the_less_likely_by_chance),
		cmocka_unit_test(where_no_habit_is_known_it_may_well_be_chance),
		cmocka_unit_test(what_another_cpu_may_have_ended_was_not_ended_by_itself),
		cmocka_unit_test(going_on_right_at_the_release_shows_a_wait),
		cmocka_unit_test(going_on_then_shows_nothing_of_who_often_does_or_does_later_or_without_a_hold),
		cmocka_unit_test(each_cpu_that_was_silent_is_another_opportunity_for_chance),
		cmocka_unit_test(each_release_that_follows_is_another_opportunity_too),
		cmocka_unit_test(who_only_its_cost_says_to_have_waited_has_the_chance_of_a_sign),
		cmocka_unit_test(a_sign_that_often_comes_without_a_hold_shows_no_cpu_frozen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
