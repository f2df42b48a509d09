// SPDX-License-Identifier: LGPL-2.1-or-later
/* test_other.c - CPUs are silent for another reason while reclaim is busy: is reclaim left in peace? */
#include "ask.h"
#include "small.h"
#include "vmstall/event.h"

enum { DRIVER = 700 };

/* kswapd0 on CPU 0 takes 32 pages every 2 ms, all the time: thousands of short holds. */
static void busy_reclaim(struct scene *s)
{
	const struct isolate little = { .classzone = 2, .lru = LRU_INACTIVE_FILE, .requested = 32, .scanned = 32,
		.taken = 32 };

	story_switch(s, 0, BEGIN, idle_task(0), TASK("kswapd0", KSWAPD0), TASK_ST_RUNNABLE);
	for (uint64_t ts = BEGIN + MS; ts < END; ts += 2 * MS) {
		const struct scene_at at = { .ts = ts, .cpu = 0, .pid = KSWAPD0 };
		const struct scene_at after = { .ts = ts + 20 * US, .cpu = 0, .pid = KSWAPD0 };

		story_isolate(s, at, little);
		scene_event(s, after, "vmscan:mm_vmscan_lru_shrink_inactive", INT("nid", 0), INT("nr_scanned", 32),
			INT("nr_reclaimed", 32));
	}
}

static struct machine *three_cpus(struct scene *s)
{
	struct machine *m = machine_new(s, BEGIN, END);

	for (unsigned int cpu = 1; cpu < SMALL_CPUS; cpu++)
		machine_periodic(m, cpu, numbered("pub", PUB, cpu), 33 * MS, (5 + 3 * cpu) * MS, MS);
	return m;
}

static void busy_reclaim_alone_is_no_stall(void **state)
{
	struct scene *s = small_scene("5.15");
	struct report *r;

	(void)state;
	machine_play(three_cpus(s));
	busy_reclaim(s);
	r = analyse(s);
	assert_no_stall(r);
	assert_int_equal(r->isolate_events, 2500);
	done(r);
}

/* A driver holds its own lock with interrupts off on CPU 1; CPUs 2 and 3 wait for it. */
static void another_spinlock_is_reported_as_unexplained(void **state)
{
	struct scene *s = small_scene("5.15");
	struct machine *m = three_cpus(s);
	const struct stall *st;
	struct report *r;

	(void)state;
	machine_freeze(m, 1, TASK("driver", DRIVER), HOLD_FROM, HOLD_TO);
	small_spin(m, 2);
	small_spin(m, 3);
	machine_play(m);
	busy_reclaim(s);
	r = analyse(s);
	st = only_stall(r, CAUSE_UNEXPLAINED);
	assert_in_range(HOLD_FROM, st->at.start_earliest, st->at.start_latest);
	assert_in_range(st->at.start, HOLD_FROM - 20 * US, HOLD_FROM + 20 * US);
	assert_in_range(st->at.end, HOLD_TO - 20 * US, HOLD_TO + 20 * US);
	assert_int_equal(st->cpus_frozen.v, 3);
	assert_victim(r, st, PUB + 1, VICTIM_TIMER_LATE);
	assert_victim(r, st, PUB + 2, VICTIM_TIMER_LATE);
	assert_victim(r, st, PUB + 3, VICTIM_TIMER_LATE);
	assert_diagnosis(r, st, DIAGNOSIS_LOCK_OTHER);
	assert_false(st->cause_pid.is);
	assert_int_not_equal(st->confidence, CONFIDENCE_HIGH);
	done(r);
}

/* A scan that explains 15 ms, in the middle of a second of something else. */
static void a_real_but_short_hold_inside_it_does_not_explain_another_locks_freeze(void **state)
{
	struct scene *s = small_scene("5.15");
	struct machine *m = three_cpus(s);
	struct isolate scan = small_scan();
	struct report *r;

	(void)state;
	scan.scanned = 150032;
	scan.skipped = 150000;
	machine_freeze(m, 1, TASK("driver", DRIVER), HOLD_FROM, HOLD_TO);
	small_spin(m, 2);
	small_spin(m, 3);
	machine_hold(m, 0, TASK("kswapd0", KSWAPD0), HOLD_FROM + 500 * MS, HOLD_FROM + 515 * MS, scan);
	machine_play(m);
	r = analyse(s);
	assert_int_equal(nr_of(r, CAUSE_UNEXPLAINED), 1);
	for (size_t i = 0; i < r->nr_stalls; i++)
		if (r->stalls[i].cause == CAUSE_LRU_LOCK_HOLD)
			assert_int_equal(r->stalls[i].tasks_frozen, 0);
	done(r);
}

/*
 * As on 6.12 with the multi-generation LRU, where the waits were measured on the lock: kswapd0 scans 4096 pages again and
 * again, each time for 9 ms, and who waits gets no turn. One who does in the end scans itself. @scans: kswapd0 does.
 */
static struct report *starved(bool scans)
{
	const struct isolate batch = { .classzone = 2, .lru = LRU_INACTIVE_FILE, .requested = 4096, .scanned = 4096 };
	struct scene *s = small_scene("6.12");
	struct machine *m = three_cpus(s);

	machine_freeze(m, 1, TASK("driver", DRIVER), HOLD_FROM, HOLD_TO);
	machine_hold(m, 2, numbered("worker", WORKER, 2), HOLD_FROM + 20 * MS, HOLD_TO, batch);
	machine_play(m);
	story_switch(s, 0, BEGIN, idle_task(0), TASK("kswapd0", KSWAPD0), TASK_ST_RUNNABLE);
	for (uint64_t ts = HOLD_FROM; scans && ts < HOLD_TO; ts += 10 * MS) {
		const struct scene_at at = { .ts = ts, .cpu = 0, .pid = KSWAPD0 };
		const struct scene_at after = { .ts = ts + MS, .cpu = 0, .pid = KSWAPD0 };

		story_isolate(s, at, batch);
		scene_event(s, after, "vmscan:mm_vmscan_lru_shrink_inactive",
			INT("nid", 0), INT("nr_scanned", 4096), INT("nr_reclaimed", 0));
	}
	return analyse(s);
}

static void who_waits_while_others_scan_in_turn_is_told_of_the_turns(void **state)
{
	struct report *r = starved(true);
	const struct stall *st = only_stall(r, CAUSE_UNEXPLAINED);

	(void)state;
	assert_diagnosis(r, st, DIAGNOSIS_LOCK_TURNS);
	assert_int_equal(st->cpus_frozen.v, 2);
	assert_int_not_equal(st->confidence, CONFIDENCE_HIGH);
	done(r);
}

/* Nobody is seen to have had the lock: that it was lru_lock's alone is not enough. */
static void without_the_others_scans_no_turns_are_told(void **state)
{
	struct report *r = starved(false);

	(void)state;
	assert_diagnosis(r, only_stall(r, CAUSE_UNEXPLAINED), DIAGNOSIS_LOCK_OTHER);
	done(r);
}

/* Every CPU switches to its stopper, which is woken there, and waits with interrupts off. */
static void stop_machine_is_not_laid_at_reclaims_door(void **state)
{
	struct scene *s = small_scene("5.15");
	struct machine *m = three_cpus(s);
	struct report *r;

	(void)state;
	for (unsigned int cpu = 1; cpu < SMALL_CPUS; cpu++) {
		struct task stopper = numbered("migration/", 20, cpu);

		stopper.prio = 0;
		machine_freeze(m, cpu, stopper, HOLD_FROM + cpu * 3 * US, HOLD_TO + cpu * US);
	}
	machine_play(m);
	busy_reclaim(s);
	r = analyse(s);
	assert_int_equal(nr_of(r, CAUSE_LRU_LOCK_HOLD), 0);
	assert_diagnosis(r, only_stall(r, CAUSE_UNEXPLAINED), DIAGNOSIS_STOP_MACHINE);
	done(r);
}

/* A real-time task keeps its CPU for a second; a fair one queues behind it, as it should. */
static void a_real_time_hog_is_no_stall(void **state)
{
	struct scene *s = small_scene("5.15");
	struct machine *m = three_cpus(s);
	const struct task hog = { "rt_control", HOG, 49 }, fair = TASK("fair", DRIVER);
	const struct scene_at waker = { .ts = HOLD_FROM + 100 * MS, .cpu = 1 };
	struct report *r;

	(void)state;
	machine_play(m);
	busy_reclaim(s);
	forget_records(s, 2, HOLD_FROM - 50 * MS, END);
	story_switch(s, 2, HOLD_FROM, idle_task(2), hog, TASK_ST_RUNNABLE);
	story_wake(s, waker, 2, fair);
	story_switch(s, 2, HOLD_TO, hog, fair, TASK_ST_INTERRUPTIBLE);
	story_switch(s, 2, HOLD_TO + MS, fair, idle_task(2), TASK_ST_INTERRUPTIBLE);
	r = analyse(s);
	assert_no_stall(r);
	done(r);
}

/* One CPU computes for a second, and nobody waits for it. */
static void a_cpu_bound_task_beside_busy_reclaim_is_no_stall(void **state)
{
	struct scene *s = small_scene("5.15");
	struct machine *m = three_cpus(s);
	struct report *r;

	(void)state;
	machine_play(m);
	busy_reclaim(s);
	forget_records(s, 3, HOLD_FROM - 50 * MS, END);
	story_switch(s, 3, HOLD_FROM, idle_task(3), TASK("cruncher", HOG), TASK_ST_RUNNABLE);
	story_switch(s, 3, HOLD_TO, TASK("cruncher", HOG), idle_task(3), TASK_ST_INTERRUPTIBLE);
	r = analyse(s);
	assert_no_stall(r);
	done(r);
}

/* One vCPU did not run: its timers are late, the others go on. Not reclaim's doing, whoever's it was. */
static void one_cpu_that_was_not_executed_is_not_laid_at_reclaims_door(void **state)
{
	struct scene *s = small_scene("5.15");
	struct machine *m = three_cpus(s);
	struct report *r;

	(void)state;
	machine_hog(m, 2, numbered("burner", HOG, 2));
	machine_pause(m, 2, HOLD_FROM, HOLD_TO);
	machine_play(m);
	busy_reclaim(s);
	r = analyse(s);
	assert_int_equal(nr_of(r, CAUSE_LRU_LOCK_HOLD), 0);
	for (size_t i = 0; i < r->nr_stalls; i++)
		assert_int_equal(r->stalls[i].confidence, CONFIDENCE_LOW);
	done(r);
}

/* From sched_waking to sched_wakeup, the idle CPU 0 takes @longest. */
static void tell_longest_step(struct scene *s, uint64_t longest)
{
	const struct task woken = TASK("woken", DRIVER + 2);

	story_waking(s, (struct scene_at){ .ts = BEGIN + 10 * MS, .cpu = 0, .flags = EVENT_FL_IRQS_OFF }, 0, woken);
	story_wakeup(s, (struct scene_at){ .ts = BEGIN + 10 * MS + longest, .cpu = 0, .flags = EVENT_FL_IRQS_OFF }, 0, woken);
}

/*
 * A driver on CPU 2 has interrupts off for @length: a timer there is overdue if @timer, else only a task is queued there. The
 * longest step on the machine takes @longest.
 */
static struct report *one_cpu_for(uint64_t length, bool timer, uint64_t longest)
{
	const struct task driver = TASK("driver", DRIVER), fair = TASK("fair", DRIVER + 1);
	struct scene *s = small_scene("5.15");
	struct machine *m = machine_new(s, BEGIN, END);

	for (unsigned int cpu = 1; cpu < SMALL_CPUS; cpu++)
		if (cpu != 2 || timer)
			machine_periodic(m, cpu, numbered("pub", PUB, cpu), 33 * MS, (5 + 3 * cpu) * MS, MS);
	machine_hog(m, 2, numbered("burner", HOG, 2));
	machine_freeze(m, 2, driver, HOLD_FROM, HOLD_FROM + length);
	machine_play(m);
	tell_longest_step(s, longest);
	if (!timer)
		story_wake(s, (struct scene_at){ .ts = HOLD_FROM + MS, .cpu = 1 }, 2, fair);
	return analyse(s);
}

static void one_cpu_whose_timer_is_overdue_is_a_finding_that_says_what_speaks_for_steal(void **state)
{
	struct report *r = one_cpu_for(150 * MS, true, US);
	const struct stall *st = only_stall(r, CAUSE_UNEXPLAINED);

	(void)state;
	assert_inside(&st->at, HOLD_FROM, HOLD_FROM + 150 * MS);
	assert_int_equal(st->cpus_frozen.v, 1);
	assert_int_equal(st->confidence, CONFIDENCE_LOW);
	assert_victim(r, st, PUB + 2, VICTIM_TIMER_LATE);
	assert_true(has_reason(st, "one CPU stood still alone. A hypervisor or firmware may have taken it away"));
	assert_true(has_reason(st, "speaks against it"));
	done(r);
}

/* It may be of a cgroup that gets little of the CPU. */
static void one_cpu_where_a_task_was_only_queued_is_none(void **state)
{
	struct report *r = one_cpu_for(150 * MS, false, US);

	(void)state;
	assert_no_stall(r);
	done(r);
}

/* A moment is not a finding: 50 ms on a real machine, 250 ms on an emulated one, whose CPUs are taken away for long. */
static void one_cpu_that_stood_still_for_a_moment_is_none(void **state)
{
	static const struct { uint64_t length, longest; size_t stalls; } cases[] = {
		{ 45 * MS, US, 0 }, { 100 * MS, US, 1 }, { 240 * MS, US, 1 }, { 240 * MS, 2 * MS, 0 }, { 300 * MS, 2 * MS, 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct report *r = one_cpu_for(cases[i].length, true, cases[i].longest);

		if (r->nr_stalls != cases[i].stalls)
			fail_msg("case %zu: %zu stalls", i, r->nr_stalls);
		done(r);
	}
}

static void steps_with_pauses_speak_for_steal(void **state)
{
	struct report *r = one_cpu_for(300 * MS, true, 2 * MS);
	const struct stall *st = only_stall(r, CAUSE_UNEXPLAINED);

	(void)state;
	assert_true(has_reason(st, "the longest took 2.000 ms, which speaks for it"));
	assert_int_equal(st->confidence, CONFIDENCE_LOW);
	done(r);
}

/* Its CPUs are taken away for nearly as long in the middle of a step, where no lock can have stopped them. */
static void one_cpu_that_stood_still_for_no_longer_than_usual_is_none(void **state)
{
	struct report *r = one_cpu_for(300 * MS, true, 80 * MS);

	(void)state;
	assert_no_stall(r);
	done(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(busy_reclaim_alone_is_no_stall),
		cmocka_unit_test(another_spinlock_is_reported_as_unexplained),
		cmocka_unit_test(a_real_but_short_hold_inside_it_does_not_explain_another_locks_freeze),
		cmocka_unit_test(who_waits_while_others_scan_in_turn_is_told_of_the_turns),
		cmocka_unit_test(without_the_others_scans_no_turns_are_told),
		cmocka_unit_test(stop_machine_is_not_laid_at_reclaims_door),
		cmocka_unit_test(a_real_time_hog_is_no_stall),
		cmocka_unit_test(a_cpu_bound_task_beside_busy_reclaim_is_no_stall),
		cmocka_unit_test(one_cpu_that_was_not_executed_is_not_laid_at_reclaims_door),
		cmocka_unit_test(one_cpu_whose_timer_is_overdue_is_a_finding_that_says_what_speaks_for_steal),
		cmocka_unit_test(one_cpu_where_a_task_was_only_queued_is_none),
		cmocka_unit_test(one_cpu_that_stood_still_for_a_moment_is_none),
		cmocka_unit_test(steps_with_pauses_speak_for_steal),
		cmocka_unit_test(one_cpu_that_stood_still_for_no_longer_than_usual_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
