// SPDX-License-Identifier: LGPL-2.1-or-later
/* test_habits.c - what does a task do when nothing holds it up, and what does not count as that? */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "events.h"
#include "state/trackers.h"

enum { TASK = 7, OTHER = 8 };

static void of_lengths_within_half_an_octave_the_shorter_counts_as_longer_too(void **unused)
{
	struct habit h = { 0 };

	(void)unused;
	habit_add(&h, 70 * MS);
	assert_int_equal(habit_longer(&h, 70 * MS), 1);
	assert_int_equal(habit_longer(&h, 95 * MS), 1);		/* in doubt it was that long: that errs to the safe side */
	assert_int_equal(habit_longer(&h, 100 * MS), 1);
	assert_int_equal(habit_longer(&h, 101 * MS), 0);	/* the next half octave */
	assert_int_equal(habit_longer(&h, 160 * MS), 0);
	assert_int_equal(habit_longer(&h, 50 * MS), 1);
}

static void short_ones_count_and_have_no_length(void **unused)
{
	struct habit h = { 0 };

	(void)unused;
	habit_add(&h, 10 * US);
	habit_add(&h, HABIT_LEAST_NS - 1);
	assert_int_equal(h.nr, 2);
	assert_int_equal(habit_longer(&h, 0), 2);
	assert_int_equal(habit_longer(&h, HABIT_LEAST_NS), 0);
	assert_int_equal(habit_longer(NULL, 0), 0);
}

static void nothing_is_too_long_to_be_counted(void **unused)
{
	struct habit h = { 0 };

	(void)unused;
	habit_add(&h, 2 * MS);
	habit_add(&h, 51 * SEC);
	habit_add(&h, 52 * SEC);		/* the last step begins between them */
	habit_add(&h, UINT64_MAX);
	assert_int_equal(habit_longer(&h, 51 * SEC), 3);
	assert_int_equal(habit_longer(&h, 52 * SEC), 2);
	assert_int_equal(habit_longer(&h, 3600 * SEC), 2);	/* in doubt 52 s was that long */
	assert_int_equal(habit_longer(&h, UINT64_MAX), 2);
}

static void spans_that_overlap_are_not_counted_twice(void **unused)
{
	struct held h = { 0 };

	(void)unused;
	assert_false(held_mostly(&h, 0, 100));
	held_add(&h, 0, 40);
	held_add(&h, 10, 40);
	assert_false(held_mostly(&h, 0, 100));
	held_add(&h, 60, 80);
	assert_true(held_mostly(&h, 0, 100));
}

/* What lies outside of [from, to] is no part of it. */
static void a_span_counts_for_what_it_covers_and_half_is_mostly(void **unused)
{
	struct held h = { 0 };

	(void)unused;
	held_add(&h, 100, 200);
	assert_true(held_mostly(&h, 150, 250));
	assert_false(held_mostly(&h, 151, 251));
	assert_true(held_mostly(&h, 50, 150));
	assert_false(held_mostly(&h, 49, 149));
	assert_false(held_mostly(&h, 0, 100));
	assert_false(held_mostly(&h, 200, 300));
}

static void of_very_many_spans_the_last_are_known(void **unused)
{
	struct held h = { 0 };

	(void)unused;
	for (uint64_t i = 0; i < HELD_KEPT + 1; i++)
		held_add(&h, 100 * i, 100 * i + 90);
	assert_false(held_mostly(&h, 0, 90));	/* forgotten, so it counts as a habit: that errs to the safe side, too */
	assert_true(held_mostly(&h, 100, 190));
	assert_true(held_mostly(&h, 100 * HELD_KEPT, 100 * HELD_KEPT + 90));
}

/* A silence of less than 1 ms says nothing of a task: every task computes for that long. */
static void silences_shorter_than_the_least_do_not_count(void **unused)
{
	struct rules rules = rules_of(PROFILE_EMULATED);
	const uint64_t lengths[] = { HABIT_LEAST_NS - 1, HABIT_LEAST_NS };
	struct trackers t = { .tasks = { .watches_habits = true, .rules = &rules } };

	(void)unused;
	for (size_t i = 0; i < 2; i++) {
		struct event in = switch_event(1, (1 + i) * SEC, 0, TASK, 0), out = switch_event(1, in.ts + lengths[i], TASK, 0, 0);

		in.first = true;
		out.prev_ns = in.ts;
		assert_int_equal(trackers_event(&t, &in), 0);
		assert_int_equal(trackers_event(&t, &out), 0);
		assert_int_equal(tasks_find(&t.tasks, TASK)->habits != NULL && tasks_find(&t.tasks, TASK)->habits->of[HABIT_SILENT].nr, i);
	}
	trackers_clear(&t);
}

/* Let the trackers watch @nr events, as a scan of the recording does. */
static void watch(struct trackers *t, const struct rules *rules, struct event *told, size_t nr)
{
	t->tasks.watches_habits = true;
	t->tasks.rules = rules;
	for (size_t i = 0; i < nr; i++) {
		const struct cpu_state *c = trackers_cpu(t, told[i].cpu);

		told[i].first = !c;
		told[i].prev_ns = c ? c->last : told[i].ts;
		assert_int_equal(trackers_event(t, &told[i]), 0);
	}
}

/* TASK runs on CPU 1, silently from 1 s to 1.5 s; meanwhile CPU 0 scans @pages for 0.5 s, or writes something else. */
static const struct habits *habits_beside(struct trackers *t, const struct rules *rules, struct event other)
{
	struct event told[] = {
		switch_event(0, 1 * SEC - MS, 0, OTHER, 0), switch_event(1, 1 * SEC, 0, TASK, 0), other,
		switch_event(1, 1500 * MS + 10 * US, TASK, 0, TASK_ST_INTERRUPTIBLE),
	};

	watch(t, rules, told, sizeof(told) / sizeof(told[0]));
	return tasks_find(&t->tasks, TASK)->habits;
}

static void silence_is_a_habit_but_not_during_a_scan_that_explains_its_time(void **unused)
{
	struct rules rules = rules_of(PROFILE_EMULATED);
	struct trackers t = { 0 };
	const struct habits *h;

	(void)unused;
	h = habits_beside(&t, &rules, any_event(EVENT_OTHER, 0, 1500 * MS, OTHER));
	assert_non_null(h);
	assert_int_equal(habit_longer(&h->of[HABIT_SILENT], 400 * MS), 1);
	trackers_clear(&t);
	h = habits_beside(&t, &rules, isolate_event(0, 1500 * MS, OTHER, 32, 0));	/* 32 pages take no half second */
	assert_non_null(h);
	assert_int_equal(habit_longer(&h->of[HABIT_SILENT], 400 * MS), 1);
	trackers_clear(&t);
	h = habits_beside(&t, &rules, isolate_event(0, 1500 * MS, OTHER, 5000000, 4999968));
	assert_true(!h || !habit_longer(&h->of[HABIT_SILENT], 400 * MS));
	trackers_clear(&t);
}

/* TASK falls asleep on CPU 1 at 1 s, is woken at 1.5 s and runs at 2 s, while CPU 0 scans @pages until 1.5 s and until 2 s. */
static void sleep_and_queue_beside(struct trackers *t, const struct rules *rules, uint64_t pages)
{
	struct event told[] = {
		switch_event(0, 1 * SEC - MS, 0, OTHER, 0), switch_event(1, 1 * SEC, TASK, 0, TASK_ST_INTERRUPTIBLE),
		isolate_event(0, 1500 * MS, OTHER, pages, 0),
		wake_event(EVENT_SCHED_WAKING, 1, 1500 * MS + US, 0, TASK, 1, EVENT_FL_HARDIRQ),
		isolate_event(0, 2 * SEC, OTHER, pages, 0), switch_event(1, 2 * SEC + US, 0, TASK, 0),
	};

	watch(t, rules, told, sizeof(told) / sizeof(told[0]));
}

static void sleeps_and_waits_are_habits_but_not_during_a_scan(void **unused)
{
	struct rules rules = rules_of(PROFILE_EMULATED);
	struct trackers t = { 0 };
	const struct habits *h;

	(void)unused;
	sleep_and_queue_beside(&t, &rules, 32);
	h = tasks_find(&t.tasks, TASK)->habits;
	assert_non_null(h);
	assert_int_equal(habit_longer(&h->of[HABIT_ASLEEP], 400 * MS), 1);
	assert_int_equal(habit_longer(&h->of[HABIT_QUEUED], 400 * MS), 1);
	trackers_clear(&t);
	sleep_and_queue_beside(&t, &rules, 5000000);
	assert_null(tasks_find(&t.tasks, TASK)->habits);
	trackers_clear(&t);
}

/* A machine that reclaims writes thousands of short scans a second. They must not push a long one out of the ring. */
static void short_scans_do_not_make_a_long_one_forgotten(void **unused)
{
	struct rules rules = rules_of(PROFILE_EMULATED);
	struct trackers t = { 0 };
	struct event told[3 + 2 * HELD_KEPT], out = switch_event(1, 1500 * MS + 10 * US, TASK, 0, TASK_ST_INTERRUPTIBLE);
	size_t nr = 0;

	(void)unused;
	told[nr++] = switch_event(0, 1 * SEC - MS, 0, OTHER, 0);
	told[nr++] = switch_event(1, 1 * SEC, 0, TASK, 0);
	told[nr++] = isolate_event(0, 1499 * MS, OTHER, 5000000, 4999968);
	while (nr < 3 + 2 * HELD_KEPT) {
		told[nr] = isolate_event(0, told[nr - 1].ts + 5 * US, OTHER, 32, 0);
		nr++;
	}
	watch(&t, &rules, told, nr);
	assert_int_equal(t.tasks.held.nr, 1);
	watch(&t, &rules, &out, 1);
	assert_null(tasks_find(&t.tasks, TASK)->habits);
	trackers_clear(&t);
}

/* OTHER is free of locks at 1 s and writes at 1.45 s and at 1.5 s, where it scanned; @flags: of that scan. */
static size_t silences_beside_a_scan_with(uint8_t flags)
{
	struct rules rules = rules_of(PROFILE_EMULATED);
	struct trackers t = { 0 };
	struct event told[] = {
		switch_event(0, 900 * MS, OTHER, 0, TASK_ST_INTERRUPTIBLE), switch_event(0, 1 * SEC, 0, OTHER, 0),
		switch_event(1, 1 * SEC, 0, TASK, 0), any_event(EVENT_OTHER, 0, 1450 * MS, OTHER),
		isolate_event(0, 1500 * MS, OTHER, 5000000, 4999968),
		switch_event(1, 1500 * MS + 10 * US, TASK, 0, TASK_ST_INTERRUPTIBLE),
	};
	const struct habits *h;
	size_t nr;

	told[4].flags = flags;
	watch(&t, &rules, told, sizeof(told) / sizeof(told[0]));
	h = tasks_find(&t.tasks, TASK)->habits;
	nr = h ? habit_longer(&h->of[HABIT_SILENT], 400 * MS) : 0;
	trackers_clear(&t);
	return nr;
}

/* There its own records do not bound it. With interrupts off they do: this scan took 50 ms of the half second. */
static void on_preempt_rt_a_scan_may_have_begun_when_its_task_was_last_free(void **unused)
{
	(void)unused;
	assert_int_equal(silences_beside_a_scan_with(0), 0);
	assert_int_equal(silences_beside_a_scan_with(EVENT_FL_IRQS_OFF), 1);
}

/* Nobody knows since when. Only the second time is its sleep known, and its wait. */
static void who_was_not_seen_to_fall_asleep_or_queue_has_no_habit_of_it(void **unused)
{
	struct rules rules = rules_of(PROFILE_EMULATED);
	struct trackers t = { 0 };
	struct event first[] = {
		wake_event(EVENT_SCHED_WAKING, 0, 5 * SEC, 0, TASK, 1, EVENT_FL_HARDIRQ), switch_event(1, 5 * SEC, 0, OTHER, 0),
	}, later[] = {
		switch_event(1, 6 * SEC, OTHER, 0, TASK_ST_INTERRUPTIBLE),
		wake_event(EVENT_SCHED_WAKING, 0, 8 * SEC, 0, OTHER, 1, EVENT_FL_HARDIRQ), switch_event(1, 9 * SEC, 0, OTHER, 0),
	};
	const struct habits *h;

	(void)unused;
	watch(&t, &rules, first, 2);
	assert_null(tasks_find(&t.tasks, TASK)->habits);
	assert_null(tasks_find(&t.tasks, OTHER)->habits);
	watch(&t, &rules, later, 3);
	h = tasks_find(&t.tasks, OTHER)->habits;
	assert_non_null(h);
	assert_int_equal(h->of[HABIT_ASLEEP].nr, 1);
	assert_int_equal(h->of[HABIT_QUEUED].nr, 1);
	trackers_clear(&t);
}

static void habits_outlive_a_jump_of_the_replay(void **unused)
{
	struct rules rules = rules_of(PROFILE_EMULATED);
	struct trackers t = { 0 };
	const struct habits *h;

	(void)unused;
	h = habits_beside(&t, &rules, any_event(EVENT_OTHER, 0, 1500 * MS, OTHER));
	trackers_forget(&t);
	assert_ptr_equal(tasks_find(&t.tasks, TASK)->habits, h);
	assert_true(h->ran_ns >= 500 * MS);
	assert_false(t.tasks.watches_habits);	/* the replay tells nothing that the scan did not count */
	trackers_clear(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(of_lengths_within_half_an_octave_the_shorter_counts_as_longer_too),
		cmocka_unit_test(short_ones_count_and_have_no_length),
		cmocka_unit_test(nothing_is_too_long_to_be_counted),
		cmocka_unit_test(spans_that_overlap_are_not_counted_twice),
		cmocka_unit_test(a_span_counts_for_what_it_covers_and_half_is_mostly),
		cmocka_unit_test(of_very_many_spans_the_last_are_known),
		cmocka_unit_test(silences_shorter_than_the_least_do_not_count),
		cmocka_unit_test(silence_is_a_habit_but_not_during_a_scan_that_explains_its_time),
		cmocka_unit_test(sleeps_and_waits_are_habits_but_not_during_a_scan),
		cmocka_unit_test(short_scans_do_not_make_a_long_one_forgotten),
		cmocka_unit_test(on_preempt_rt_a_scan_may_have_begun_when_its_task_was_last_free),
		cmocka_unit_test(who_was_not_seen_to_fall_asleep_or_queue_has_no_habit_of_it),
		cmocka_unit_test(habits_outlive_a_jump_of_the_replay),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
