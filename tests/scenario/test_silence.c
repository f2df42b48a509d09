// SPDX-License-Identifier: LGPL-2.1-or-later
/* test_silence.c - is a CPU without records left alone when nothing shows that it was frozen? */
#include "ask.h"
#include "small.h"
#include "vmstall/event.h"

static void idle_cpus_are_no_stall(void **state)
{
	struct scene *s = small_scene("5.15");
	struct machine *m = machine_new(s, BEGIN, END);
	struct report *r;

	(void)state;
	machine_periodic(m, 0, numbered("pub", PUB, 0), 33 * MS, 5 * MS, MS);
	machine_periodic(m, 1, numbered("slow", SUB, 1), 2 * SEC, 5 * MS, MS);
	machine_play(m);
	r = analyse(s);
	assert_no_stall(r);
	done(r);
}

static void an_idle_cpu_is_not_frozen_by_a_hold_elsewhere(void **state)
{
	struct scene *s = small_scene("5.15");
	struct machine *m = machine_new(s, BEGIN, END);
	const struct stall *st;
	struct report *r;

	(void)state;
	machine_periodic(m, 0, numbered("pub", PUB, 0), 33 * MS, 5 * MS, MS);
	machine_periodic(m, 1, numbered("pub", PUB, 1), 33 * MS, 8 * MS, MS);
	machine_periodic(m, 2, numbered("slow", SUB, 2), 2500 * MS, 5 * MS, MS);
	small_hold(m);
	small_spin(m, 1);
	machine_play(m);
	r = analyse(s);
	st = only_stall(r, CAUSE_LRU_LOCK_HOLD);
	assert_int_equal(st->cpus_frozen.v, 2);
	assert_unnamed(r, SUB + 2);
	done(r);
}

/* Its task is moved away, its stopper runs last, and it is back after 1.5 s. */
static void an_offline_cpu_is_no_stall(void **state)
{
	struct scene *s = small_scene("5.15");
	struct machine *m = machine_new(s, BEGIN, END);
	const struct task guest = TASK("guest", SUB), stopper = { "migration/2", 24, 0 };
	const struct scene_at at = { .cpu = 2, .ts = BEGIN + 2 * MS, .pid = 0, .flags = EVENT_FL_IRQS_OFF };
	const struct scene_at moved = { .cpu = 2, .ts = BEGIN + 12 * MS, .pid = stopper.pid };
	struct report *r;

	(void)state;
	for (unsigned int cpu = 0; cpu < 2; cpu++)
		machine_periodic(m, cpu, numbered("pub", PUB, cpu), 33 * MS, 5 * MS, MS);
	machine_play(m);
	story_wake(s, at, 2, guest);
	story_switch(s, 2, BEGIN + 3 * MS, idle_task(2), guest, TASK_ST_RUNNABLE);
	story_switch(s, 2, BEGIN + 10 * MS, guest, stopper, TASK_ST_PREEMPTED);
	scene_event(s, moved, "sched:sched_migrate_task", STR("comm", guest.comm), INT("pid", guest.pid),
		INT("prio", guest.prio), INT("orig_cpu", 2), INT("dest_cpu", 3));
	story_switch(s, 3, BEGIN + 11 * MS, idle_task(3), guest, TASK_ST_RUNNABLE);
	story_switch(s, 3, BEGIN + 200 * MS, guest, idle_task(3), TASK_ST_INTERRUPTIBLE);
	story_switch(s, 2, BEGIN + 1500 * MS, stopper, idle_task(2), TASK_ST_INTERRUPTIBLE);
	r = analyse(s);
	assert_no_stall(r);
	done(r);
}

/* A machine asleep: a kworker comes every 2 s, or later, for its timer waits until the CPU is awake anyway. */
static void a_machine_asleep_is_neither_paused_nor_stalled(void **state)
{
	static const uint64_t naps[] = { 2000, 2000, 2004, 2000, 6100, 2000, 2000, 9500, 2000, 2000, 4000, 2000 };
	const struct task worker = TASK("kworker/0:1", 40);
	struct scene *s = small_scene("5.15");
	uint64_t at = BEGIN;
	struct report *r;

	(void)state;
	for (size_t i = 0; i < 3 * sizeof(naps) / sizeof(naps[0]); i++) {
		story_wake(s, (struct scene_at){ .cpu = 0, .ts = at, .flags = EVENT_FL_IRQS_OFF | EVENT_FL_HARDIRQ }, 0, worker);
		story_switch(s, 0, at + 5 * US, idle_task(0), worker, TASK_ST_RUNNABLE);
		story_switch(s, 0, at + 60 * US, worker, idle_task(0), TASK_ST_INTERRUPTIBLE);
		at += naps[i % (sizeof(naps) / sizeof(naps[0]))] * MS;
	}
	r = analyse(s);
	assert_no_stall(r);
	assert_int_equal(r->nr_pauses, 0);
	assert_false(has_note(r, "paused"));
	done(r);
}

/* One CPU computes, the others sleep, and nobody waits: one busy CPU is no machine that stood still. */
static void one_busy_cpu_is_no_machine(void **state)
{
	struct scene *s = small_scene("5.15");
	const struct task cruncher = TASK("cruncher", HOG);
	struct report *r;

	(void)state;
	story_switch(s, 2, BEGIN, idle_task(2), cruncher, TASK_ST_RUNNABLE);
	for (uint64_t at = BEGIN + SEC; at < BEGIN + 60 * SEC; at += 3 * SEC) {
		story_switch(s, 2, at, cruncher, idle_task(2), TASK_ST_INTERRUPTIBLE);
		story_switch(s, 2, at + 50 * US, idle_task(2), cruncher, TASK_ST_RUNNABLE);
	}
	r = analyse(s);
	assert_no_stall(r);
	assert_int_equal(r->nr_pauses, 0);
	done(r);
}

/* Of all CPUs, at the same instant, mid-anything; their timers are overdue afterwards. */
static void a_paused_machine_is_no_stall_and_is_said(void **state)
{
	struct scene *s = small_scene("5.15");
	struct machine *m = small_machine(s, NULL);
	struct report *r;

	(void)state;
	small_burners(m);
	for (unsigned int cpu = 0; cpu < SMALL_CPUS; cpu++)
		machine_pause(m, cpu, HOLD_FROM + cpu * 10 * US, HOLD_TO + cpu * 10 * US);
	machine_play(m);
	for (unsigned int cpu = 0; cpu < SMALL_CPUS; cpu++)	/* each was writing until it stopped */
		story_waking(s, (struct scene_at){ .cpu = cpu, .ts = HOLD_FROM, .pid = HOG + (int32_t)cpu }, cpu,
			numbered("burner", HOG, cpu));
	r = analyse(s);
	assert_no_stall(r);
	assert_int_equal(r->nr_pauses, 1);
	assert_in_range(r->pauses[0].from, HOLD_FROM - MS, HOLD_FROM + MS);
	assert_in_range(r->pauses[0].to, HOLD_TO, HOLD_TO + MS);
	assert_true(has_note(r, "paused"));
	done(r);
}

/* Tracing was off: what happened meanwhile was in time, only not written. */
static void paused_tracing_is_no_stall(void **state)
{
	struct scene *s = small_scene("5.15");
	struct machine *m = small_machine(s, NULL);
	struct report *r;

	(void)state;
	small_burners(m);
	machine_play(m);
	forget_all_records(s, HOLD_FROM, HOLD_TO);
	r = analyse(s);
	assert_no_stall(r);
	done(r);
}

/* A task that computes writes nothing. A frozen publisher's message ends its silence, just at the release. */
static void a_cpu_bound_task_that_is_preempted_at_the_release_was_not_frozen(void **state)
{
	struct scene *s = small_scene("5.15");
	struct machine *m = machine_new(s, BEGIN, END);
	struct machine_task *pub = machine_periodic(m, 1, numbered("pub", PUB, 1), 33 * MS, 5 * MS, MS);
	const struct stall *st;
	struct report *r;

	(void)state;
	machine_hog(m, 2, numbered("burner", HOG, 2));
	machine_subscriber(m, 2, numbered("sub", SUB, 2), pub, MS / 2);
	small_hold(m);
	small_spin(m, 1);
	machine_play(m);
	r = analyse(s);
	st = only_stall(r, CAUSE_LRU_LOCK_HOLD);
	assert_unnamed(r, HOG + 2);
	assert_int_equal(st->cpus_frozen.v, 2);
	assert_victim(r, st, SUB + 2, VICTIM_DEPENDENT);
	done(r);
}

/*
 * kswapd0 holds the lock. The cruncher on CPU 2 writes nothing but its naps, one every @habit, and none during the hold: the
 * next is @lag after the release. Nobody waits on that CPU, and no timer of it is late.
 */
static struct report *cruncher_goes_on(uint64_t habit, uint64_t lag)
{
	const uint64_t resume = HOLD_TO + lag, end = END + 5 * SEC;
	const struct task cruncher = numbered("cruncher", HOG, 2);
	struct rules rules = rules_of(PROFILE_EMULATED);
	const struct analysis_options opts = { .min_stall_ns = 10 * MS, .to_ns = UINT64_MAX, .rules = &rules };
	struct scene *s = small_scene("5.15");
	struct machine *m = machine_new(s, BEGIN, end);

	rules.chosen = true;
	machine_periodic(m, 1, numbered("pub", PUB, 1), 33 * MS, 5 * MS, MS);
	small_hold(m);
	small_spin(m, 1);
	machine_play(m);
	story_switch(s, 2, BEGIN, idle_task(2), cruncher, TASK_ST_RUNNABLE);
	for (uint64_t at = resume - (resume - BEGIN - MS) / habit * habit; at < end; at += habit) {
		if (at > HOLD_FROM && at < resume)
			continue;
		story_switch(s, 2, at, cruncher, idle_task(2), TASK_ST_INTERRUPTIBLE);
		story_switch(s, 2, at + 50 * US, idle_task(2), cruncher, TASK_ST_RUNNABLE);
	}
	return analyse_with(s, &opts);
}

static void a_silence_unlike_its_own_that_ends_at_the_release_is_the_plainest_wait(void **state)
{
	struct report *r = cruncher_goes_on(10 * MS, 2 * US);
	const struct stall *st = only_stall(r, CAUSE_LRU_LOCK_HOLD);
	const struct victim *v = assert_victim(r, st, HOG + 2, VICTIM_SPINNING);

	(void)state;
	assert_true(v->has_chance && v->chance < 1e-6);
	assert_true(has_reason(st, "it went on right at the release"));
	done(r);
}

/* It computes for 1.2 s again and again: that it goes on 11 ms after the release is a coincidence. */
static void a_silence_like_its_own_that_ends_near_the_release_is_none(void **state)
{
	struct report *r = cruncher_goes_on(1200 * MS, 11 * MS);

	(void)state;
	only_stall(r, CAUSE_LRU_LOCK_HOLD);
	assert_unnamed(r, HOG + 2);
	done(r);
}

static void a_cpu_bound_task_alone_is_no_stall(void **state)
{
	struct scene *s = small_scene("5.15");
	struct machine *m = machine_new(s, BEGIN, END);
	struct report *r;

	(void)state;
	machine_periodic(m, 0, numbered("pub", PUB, 0), 33 * MS, 5 * MS, MS);
	machine_hog(m, 2, numbered("burner", HOG, 2));
	machine_periodic(m, 2, numbered("slow", SUB, 2), 1700 * MS, 5 * MS, MS);
	machine_play(m);
	r = analyse(s);
	assert_no_stall(r);
	done(r);
}

/* The recorder's own threads are filtered: a switch away from trace-cmd may be missing. */
static void a_cpu_that_looks_stuck_in_the_recorder_is_no_stall(void **state)
{
	struct scene *s = small_scene("5.15");
	struct machine *m = machine_new(s, BEGIN, END);
	struct report *r;

	(void)state;
	machine_periodic(m, 0, numbered("pub", PUB, 0), 33 * MS, 5 * MS, MS);
	machine_play(m);
	story_switch(s, 2, BEGIN + 10 * MS, idle_task(2), TASK("trace-cmd", 77), TASK_ST_RUNNABLE);
	story_switch(s, 2, BEGIN + 2 * SEC, idle_task(2), TASK("guest", SUB), TASK_ST_RUNNABLE);
	r = analyse(s);
	assert_no_stall(r);
	done(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(idle_cpus_are_no_stall),
		cmocka_unit_test(an_idle_cpu_is_not_frozen_by_a_hold_elsewhere),
		cmocka_unit_test(an_offline_cpu_is_no_stall),
		cmocka_unit_test(a_machine_asleep_is_neither_paused_nor_stalled),
		cmocka_unit_test(one_busy_cpu_is_no_machine),
		cmocka_unit_test(a_paused_machine_is_no_stall_and_is_said),
		cmocka_unit_test(paused_tracing_is_no_stall),
		cmocka_unit_test(a_cpu_bound_task_that_is_preempted_at_the_release_was_not_frozen),
		cmocka_unit_test(a_silence_unlike_its_own_that_ends_at_the_release_is_the_plainest_wait),
		cmocka_unit_test(a_silence_like_its_own_that_ends_near_the_release_is_none),
		cmocka_unit_test(a_cpu_bound_task_alone_is_no_stall),
		cmocka_unit_test(a_cpu_that_looks_stuck_in_the_recorder_is_no_stall),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
