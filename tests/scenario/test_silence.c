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
		cmocka_unit_test(a_paused_machine_is_no_stall_and_is_said),
		cmocka_unit_test(paused_tracing_is_no_stall),
		cmocka_unit_test(a_cpu_bound_task_that_is_preempted_at_the_release_was_not_frozen),
		cmocka_unit_test(a_cpu_bound_task_alone_is_no_stall),
		cmocka_unit_test(a_cpu_that_looks_stuck_in_the_recorder_is_no_stall),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
