// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * test_frozen_cpus.c - which records show that a silent CPU was frozen, and which do not?
 *
 * A hold lasts from 10 s to 11 s. CPU 1 has its last record at 10 s and continues 100 us after the release. Each test
 * adds other records.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "events.h"
#include "passes/freeze/frozen_cpus.h"

enum { NR_CPUS = 4, SPINNER = 10, SLEEPER = 20, WAITER = 30 };

#define START	(10 * SEC)
#define RELEASE (11 * SEC)
#define RESUME	(RELEASE + 100 * US)

struct stage { struct trackers trackers; struct snapshot scene; struct rules rules; };

static void tell(struct stage *s, struct event ev)
{
	if (s->scene.taken)
		snapshot_follow(&s->scene, &ev);
	assert_int_equal(trackers_event(&s->trackers, &ev), 0);
}

static void release(struct stage *s)
{
	s->rules = rules_of(PROFILE_EMULATED);
	s->scene.rules = &s->rules;
	s->scene.start = START;
	s->scene.release = RELEASE;
	s->scene.least_ns = 20 * MS;
	assert_int_equal(snapshot_take(&s->scene, &s->trackers, NR_CPUS), 0);
}

/* @pid is switched in on CPU 1 and is silent from @from on. */
static void fall_silent(struct stage *s, int32_t pid, uint64_t from)
{
	tell(s, switch_event(1, from, 0, pid, 0));
}

static const struct snapshot_cpu *judge(struct stage *s, int holder)
{
	frozen_cpus_judge(&s->scene, holder);
	return &s->scene.cpus[1];
}

static void leave(struct stage *s)
{
	snapshot_clear(&s->scene);
	trackers_clear(&s->trackers);
}

/* SLEEPER is woken on CPU 1 every 100 ms until shortly before the hold, runs 1 ms and sleeps again. */
static void keep_a_rhythm(struct stage *s)
{
	for (uint64_t at = START - 950 * MS; at < START; at += 100 * MS) {
		tell(s, wake_event(EVENT_SCHED_WAKING, 1, at, 5, SLEEPER, 1, EVENT_FL_HARDIRQ));
		tell(s, switch_event(1, at + 10 * US, 0, SLEEPER, 0));
		tell(s, switch_event(1, at + MS, SLEEPER, 0, TASK_ST_INTERRUPTIBLE));
	}
}

/* Then SPINNER is switched in, and CPU 1 is silent. */
static void silence_after_a_rhythm(struct stage *s)
{
	keep_a_rhythm(s);
	fall_silent(s, SPINNER, START);
	release(s);
}

static void silence_alone_proves_nothing(void **unused)
{
	struct stage s = { 0 };

	(void)unused;
	fall_silent(&s, SPINNER, START);
	release(&s);
	tell(&s, switch_event(1, RESUME, SPINNER, 0, TASK_ST_INTERRUPTIBLE));
	assert_int_equal(judge(&s, 0)->signs, 0);
	assert_false(s.scene.cpus[1].frozen);
	assert_true(s.scene.cpus[0].frozen);
	assert_int_equal(s.scene.cpus[0].signs, SIGN_HOLDER);
	leave(&s);
}

static void waiting_for_a_spinning_lock_shows_it(void **unused)
{
	struct stage s = { 0 };

	(void)unused;
	fall_silent(&s, SPINNER, START - MS);
	tell(&s, any_event(EVENT_CONTENTION_BEGIN, 1, START, SPINNER));
	release(&s);
	tell(&s, any_event(EVENT_CONTENTION_END, 1, RESUME, SPINNER));
	assert_int_equal(judge(&s, -1)->signs, SIGN_CONTENTION);
	assert_true(s.scene.cpus[1].frozen);
	leave(&s);
}

static void a_regular_timer_that_fires_when_it_goes_on_shows_it(void **unused)
{
	struct stage s = { 0 };

	(void)unused;
	silence_after_a_rhythm(&s);
	tell(&s, wake_event(EVENT_SCHED_WAKING, 1, RESUME, SPINNER, SLEEPER, 1, EVENT_FL_HARDIRQ));
	assert_int_equal(judge(&s, -1)->signs, SIGN_LATE_TIMERS);
	assert_true(s.scene.cpus[1].frozen);
	assert_int_equal(snapshot_find(&s.scene, SLEEPER)->woken, WOKEN_BURST);
	assert_int_equal(wake_due(snapshot_find(&s.scene, SLEEPER)), START + 50 * MS);
	leave(&s);
}

/* The task may have kept its period throughout, on a CPU that recorded nothing of it. */
static void a_timer_on_time_is_a_weak_sign(void **unused)
{
	struct stage s = { 0 };

	(void)unused;
	silence_after_a_rhythm(&s);
	tell(&s, any_event(EVENT_OTHER, 1, RELEASE + 48 * MS, SPINNER));
	tell(&s, wake_event(EVENT_SCHED_WAKING, 1, RELEASE + 50 * MS, SPINNER, SLEEPER, 1, EVENT_FL_HARDIRQ));
	assert_int_equal(judge(&s, -1)->signs, SIGN_LATE_WAKES);
	assert_false(s.scene.cpus[1].frozen);
	assert_true(judge(&s, 0)->frozen);		/* beside a known hold this is enough */
	leave(&s);
}

static void what_a_task_wakes_later_is_no_overdue_interrupt(void **unused)
{
	struct stage s = { 0 };

	(void)unused;
	silence_after_a_rhythm(&s);
	tell(&s, switch_event(1, RESUME, SPINNER, 5, TASK_ST_INTERRUPTIBLE));
	tell(&s, wake_event(EVENT_SCHED_WAKING, 1, RESUME + US, 5, SLEEPER, 1, 0));
	assert_int_equal(judge(&s, 0)->signs, 0);
	assert_int_equal(snapshot_find(&s.scene, SLEEPER)->woken, WOKEN_BY_TASK);
	assert_int_equal(snapshot_find(&s.scene, SLEEPER)->waker, 5);
	leave(&s);
}

static void an_interrupt_after_a_switch_was_not_pending(void **unused)
{
	struct stage s = { 0 };

	(void)unused;
	silence_after_a_rhythm(&s);
	tell(&s, switch_event(1, RESUME, SPINNER, 5, TASK_ST_INTERRUPTIBLE));
	tell(&s, wake_event(EVENT_SCHED_WAKING, 1, RESUME + US, 5, SLEEPER, 1, EVENT_FL_HARDIRQ));
	assert_int_equal(judge(&s, 0)->signs, 0);
	assert_int_equal(snapshot_find(&s.scene, SLEEPER)->woken, WOKEN_INTERRUPT);
	leave(&s);
}

/*
 * WAITER is woken towards CPU 1 at @since with @prio. SPINNER runs there with @current_prio. Which freeze does that
 * show?
 */
static uint32_t queue_signs(uint64_t silent, uint64_t since, int32_t prio, int32_t current_prio)
{
	struct stage s = { 0 };
	struct event sleep = switch_event(1, silent - 500 * MS, WAITER, 0, TASK_ST_INTERRUPTIBLE);
	struct event run = switch_event(1, silent, 0, SPINNER, 0), wake;
	uint32_t signs;

	wake = wake_event(EVENT_SCHED_WAKING, 2, since, 5, WAITER, 1, 0);
	wake.wakeup.prio = prio;
	run.sw.next_prio = current_prio;
	tell(&s, sleep);
	if (since < silent)
		tell(&s, wake);
	tell(&s, run);
	if (since >= silent)
		tell(&s, wake);
	release(&s);
	tell(&s, switch_event(1, RESUME, SPINNER, WAITER, TASK_ST_RUNNABLE));
	signs = judge(&s, -1)->signs;
	leave(&s);
	return signs;
}

static void a_task_woken_towards_it_and_not_served_shows_it(void **unused)
{
	(void)unused;
	assert_int_equal(queue_signs(START, START + 500 * MS, 120, 120), SIGN_UNSERVED);
}

static void a_task_queued_there_without_its_turn_shows_it(void **unused)
{
	(void)unused;
	assert_int_equal(queue_signs(START, START - 10 * MS, 120, 120), SIGN_STARVED);
}

static void a_short_wait_for_ones_turn_shows_nothing(void **unused)
{
	(void)unused;
	assert_int_equal(queue_signs(START, RELEASE - 30 * MS, 120, 120), 0);
}

static void the_less_it_weighs_the_longer_it_may_wait(void **unused)
{
	(void)unused;
	assert_int_equal(queue_signs(START, START + 500 * MS, 139, 100), 0);
	assert_int_equal(queue_signs(START, START + 500 * MS, 123, 120), SIGN_UNSERVED);
	assert_int_equal(queue_signs(START, START + 500 * MS, INT32_MAX, INT32_MIN), 0);	/* hostile, and quick */
}

static void behind_a_real_time_task_one_waits_for_ever(void **unused)
{
	(void)unused;
	assert_int_equal(queue_signs(START, START + 500 * MS, 120, 50), 0);
}

static void a_more_urgent_task_is_served_at_once(void **unused)
{
	(void)unused;
	assert_int_equal(queue_signs(START, RELEASE - 30 * MS, 10, 50), SIGN_UNSERVED);
	assert_int_equal(queue_signs(START, RELEASE - 10 * MS, 10, 50), 0);
}

/* Each case also has the sign of a task that spins for a lock. */
static void who_cannot_be_frozen_is_not(void **unused)
{
	static const struct { int32_t current; uint64_t from, to; bool lost; } cases[] = {
		{ 0, START, RESUME, false },			/* idle */
		{ SPINNER, RELEASE - 15 * MS, RESUME, false },	/* frozen for too short a time */
		{ SPINNER, START, RELEASE + 60 * MS, false },	/* long after the release */
		{ SPINNER, START, RESUME, true },		/* its next records are lost */
		{ SPINNER, START, 0, false },			/* and no record follows */
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct stage s = { 0 };

		fall_silent(&s, cases[i].current, cases[i].from - US);
		tell(&s, any_event(EVENT_CONTENTION_BEGIN, 1, cases[i].from, cases[i].current));
		release(&s);
		if (cases[i].lost)
			tell(&s, lost_event(1, cases[i].to, -1));
		if (cases[i].to)
			tell(&s, any_event(EVENT_OTHER, 1, cases[i].to, cases[i].current));
		if (judge(&s, 0)->frozen)
			fail_msg("case %zu is frozen", i);
		leave(&s);
	}
}

static void a_cpu_that_was_never_heard_of_is_not_frozen(void **unused)
{
	struct stage s = { 0 };

	(void)unused;
	fall_silent(&s, SPINNER, START);
	release(&s);
	judge(&s, 0);
	assert_false(s.scene.cpus[2].seen || s.scene.cpus[2].frozen);
	leave(&s);
}

static void records_of_cpus_beyond_the_recordings_are_passed_over(void **unused)
{
	struct stage s = { 0 };

	(void)unused;
	release(&s);
	tell(&s, any_event(EVENT_OTHER, UINT16_MAX, RESUME, SPINNER));
	assert_null(snapshot_find(&s.scene, SPINNER));
	leave(&s);
}

/* No wake-up is recorded. @pid ran on CPU 1 for 1 ms at a time. It slept for 5 ms or for up to @longest in turn. */
static void sleep_now_and_then(struct stage *s, int32_t pid, uint64_t longest)
{
	uint64_t at = START - 6 * (longest + 6 * MS);

	for (size_t i = 0; i < 12; i++, at += i % 2 ? longest - MS : 6 * MS) {
		tell(s, switch_event(1, at, 0, pid, 0));
		tell(s, switch_event(1, at + MS, pid, 0, TASK_ST_INTERRUPTIBLE));
	}
}

/* The result for @nr tasks that slept up to @longest ns on CPU 1, and ran again @after ns after the release. */
static uint32_t sleepers_show(size_t nr, uint64_t longest, uint64_t after)
{
	struct stage s = { 0 };
	uint32_t signs;

	for (size_t i = 0; i < nr; i++)
		sleep_now_and_then(&s, SLEEPER + (int32_t)i, longest);
	fall_silent(&s, SPINNER, START);
	release(&s);
	tell(&s, any_event(EVENT_OTHER, 1, RESUME, SPINNER));
	for (size_t i = 0; i < nr; i++)
		tell(&s, switch_event(1, RELEASE + after, 0, SLEEPER + (int32_t)i, 0));
	signs = judge(&s, 0)->signs;
	assert_int_equal(overslept_since(&s.scene, snapshot_find(&s.scene, SLEEPER)) != 0, signs || nr == 1);
	leave(&s);
	return signs;
}

static void two_tasks_that_slept_on_until_it_went_on_are_a_weak_sign(void **unused)
{
	(void)unused;
	assert_int_equal(sleepers_show(2, 40 * MS, 10 * MS), SIGN_OVERSLEPT);
	assert_int_equal(SIGN_OVERSLEPT & ~(uint32_t)WEAK_SIGNS, 0);
}

static void one_task_that_slept_on_may_have_had_a_reason(void **unused)
{
	(void)unused;
	assert_int_equal(sleepers_show(1, 40 * MS, 10 * MS), 0);
}

static void tasks_that_often_sleep_that_long_show_nothing(void **unused)
{
	(void)unused;
	assert_int_equal(sleepers_show(2, 600 * MS, 10 * MS), 0);
}

static void tasks_that_sleep_on_after_it_went_on_show_nothing(void **unused)
{
	(void)unused;
	assert_int_equal(sleepers_show(2, 40 * MS, 70 * MS), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(silence_alone_proves_nothing),
		cmocka_unit_test(waiting_for_a_spinning_lock_shows_it),
		cmocka_unit_test(a_regular_timer_that_fires_when_it_goes_on_shows_it),
		cmocka_unit_test(a_timer_on_time_is_a_weak_sign),
		cmocka_unit_test(what_a_task_wakes_later_is_no_overdue_interrupt),
		cmocka_unit_test(an_interrupt_after_a_switch_was_not_pending),
		cmocka_unit_test(a_task_woken_towards_it_and_not_served_shows_it),
		cmocka_unit_test(a_task_queued_there_without_its_turn_shows_it),
		cmocka_unit_test(a_short_wait_for_ones_turn_shows_nothing),
		cmocka_unit_test(the_less_it_weighs_the_longer_it_may_wait),
		cmocka_unit_test(behind_a_real_time_task_one_waits_for_ever),
		cmocka_unit_test(a_more_urgent_task_is_served_at_once),
		cmocka_unit_test(two_tasks_that_slept_on_until_it_went_on_are_a_weak_sign),
		cmocka_unit_test(one_task_that_slept_on_may_have_had_a_reason),
		cmocka_unit_test(tasks_that_often_sleep_that_long_show_nothing),
		cmocka_unit_test(tasks_that_sleep_on_after_it_went_on_show_nothing),
		cmocka_unit_test(who_cannot_be_frozen_is_not),
		cmocka_unit_test(a_cpu_that_was_never_heard_of_is_not_frozen),
		cmocka_unit_test(records_of_cpus_beyond_the_recordings_are_passed_over),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
