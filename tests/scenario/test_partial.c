// SPDX-License-Identifier: LGPL-2.1-or-later
/* test_partial.c - some CPUs are frozen and others go on: who is named, who is not? */
#include "ask.h"
#include "small.h"
#include "vmstall/event.h"

enum { SLEEPER = 700, DAEMON, MOVED, ON_DEMAND };

/* CPUs 0 and 1 are frozen; 2 is busy and 3 mostly idle, both go on. */
static struct machine *half_frozen(struct scene *s, struct machine_task **pub)
{
	struct machine *m = small_machine(s, pub);

	machine_hog(m, 2, numbered("burner", HOG, 2));
	small_hold(m);
	small_spin(m, 1);
	return m;
}

static void cpus_that_go_on_are_not_counted_and_their_tasks_not_named(void **state)
{
	struct scene *s = small_scene("5.15");
	struct report *r;

	(void)state;
	machine_play(half_frozen(s, NULL));
	r = analyse(s);
	assert_int_equal(only_stall(r, CAUSE_LRU_LOCK_HOLD)->cpus_frozen.v, 2);
	assert_unnamed(r, PUB + 2);
	assert_unnamed(r, PUB + 3);
	assert_unnamed(r, HOG + 2);
	assert_int_equal(r->nr_victims, 3);	/* worker1, pub0, pub1 */
	done(r);
}

/* No event names it from the freeze to the release: its own rhythm and the overdue interrupt do. */
static void a_periodic_task_asleep_on_a_frozen_cpu_is_late_by_its_timer(void **state)
{
	struct scene *s = small_scene("5.15");
	const struct victim *v;
	struct report *r;

	(void)state;
	machine_play(half_frozen(s, NULL));
	r = analyse(s);
	v = assert_victim(r, only_stall(r, CAUSE_LRU_LOCK_HOLD), PUB + 1, VICTIM_TIMER_LATE);
	assert_int_equal(v->period_ns.v, 33 * MS);
	assert_in_range(v->missed_periods.v, 28, 30);
	assert_in_range(v->from, HOLD_FROM + 20 * MS, HOLD_FROM + 54 * MS);
	assert_in_range(v->to, HOLD_TO, HOLD_TO + MS);
	assert_int_equal(v->confidence, CONFIDENCE_HIGH);
	done(r);
}

static void a_task_that_slept_through_it_unharmed_is_not_named(void **state)
{
	struct scene *s = small_scene("5.15");
	struct machine *m = half_frozen(s, NULL);
	struct report *r;

	(void)state;
	machine_periodic(m, 1, TASK("sleeper", SLEEPER), 1900 * MS, 1200 * MS, MS);	/* next: 103.1 s */
	machine_periodic(m, 0, TASK("daemon", DAEMON), 10 * SEC, 900 * MS, MS);
	machine_play(m);
	r = analyse(s);
	assert_int_equal(only_stall(r, CAUSE_LRU_LOCK_HOLD)->cpus_frozen.v, 2);
	assert_unnamed(r, SLEEPER);
	assert_unnamed(r, DAEMON);
	done(r);
}

/* On a frozen CPU, but woken by a task that goes on, when it has something to do; it had nothing. */
static void a_task_that_nobody_woke_is_not_named(void **state)
{
	struct scene *s = small_scene("5.15");
	struct machine_task *pub[SMALL_CPUS];
	struct machine *m = half_frozen(s, pub);
	struct machine_task *rare = machine_periodic(m, 3, TASK("rare", SLEEPER), 1600 * MS, 50 * MS, MS);
	struct report *r;

	(void)state;
	machine_subscriber(m, 1, TASK("on_demand", ON_DEMAND), rare, MS);	/* at 100.05, 101.65, 103.25 s */
	machine_play(m);
	r = analyse(s);
	assert_unnamed(r, ON_DEMAND);
	assert_unnamed(r, SLEEPER);
	done(r);
}

static void a_subscriber_on_a_running_cpu_depends_on_its_frozen_publisher(void **state)
{
	struct scene *s = small_scene("5.15");
	struct machine_task *pub[SMALL_CPUS];
	struct machine *m = half_frozen(s, pub);
	const struct victim *v;
	struct report *r;

	(void)state;
	machine_subscriber(m, 3, numbered("sub", SUB, 3), pub[1], MS / 4);
	machine_subscriber(m, 3, TASK("free_sub", SUB), pub[2], MS / 4);
	machine_play(m);
	r = analyse(s);
	v = assert_victim(r, only_stall(r, CAUSE_LRU_LOCK_HOLD), SUB + 3, VICTIM_DEPENDENT);
	assert_int_equal(v->waits_for_pid.v, PUB + 1);
	assert_unnamed(r, SUB);
	done(r);
}

static void a_chain_of_dependents_is_followed(void **state)
{
	struct scene *s = small_scene("5.15");
	struct machine_task *pub[SMALL_CPUS], *fusion;
	struct machine *m = half_frozen(s, pub);
	const struct stall *st;
	struct report *r;

	(void)state;
	fusion = machine_subscriber(m, 2, TASK("fusion", SUB), pub[1], MS / 4);
	machine_subscriber(m, 3, TASK("planner", SUB + 1), fusion, MS / 4);
	machine_play(m);
	r = analyse(s);
	st = only_stall(r, CAUSE_LRU_LOCK_HOLD);
	assert_int_equal(assert_victim(r, st, SUB, VICTIM_DEPENDENT)->waits_for_pid.v, PUB + 1);
	assert_int_equal(assert_victim(r, st, SUB + 1, VICTIM_DEPENDENT)->waits_for_pid.v, SUB);
	done(r);
}

/* Woken by a running CPU; the frozen one can't take it in. */
static void a_task_woken_towards_a_frozen_cpu_is_runnable_from_its_wake_up(void **state)
{
	struct scene *s = small_scene("5.15");
	struct machine_task *pub[SMALL_CPUS];
	struct machine *m = half_frozen(s, pub);
	const struct victim *v;
	struct report *r;

	(void)state;
	machine_subscriber(m, 1, numbered("sub", SUB, 1), pub[2], MS / 4);
	machine_play(m);
	r = analyse(s);
	v = assert_victim(r, only_stall(r, CAUSE_LRU_LOCK_HOLD), SUB + 1, VICTIM_RUNNABLE);
	assert_in_range(v->from, HOLD_FROM + 20 * MS, HOLD_FROM + 55 * MS);
	assert_in_range(v->to, HOLD_TO, HOLD_TO + 2 * MS);	/* after pub1 */
	done(r);
}

/* CPU 1 is frozen: its last record is of the wait for the lock. Only with switches one knows that sub has not run since. */
static struct report *woken_towards_a_waiter(bool switches)
{
	struct scene *s = small_scene("6.1");
	struct machine_task *pub[SMALL_CPUS];
	struct machine *m = half_frozen(s, pub);
	const struct scene_at waits = { .ts = HOLD_FROM + 20 * MS + US, .cpu = 1, .pid = WORKER + 1 };

	machine_subscriber(m, 1, numbered("sub", SUB, 1), pub[2], MS / 4);
	machine_play(m);
	story_contention(s, waits, HOLD_TO + 2 * US, 0x1000);
	if (!switches)
		forget_event(s, "sched_switch");
	return analyse(s);
}

static void without_switches_nobody_is_known_to_be_queued(void **state)
{
	struct report *with = woken_towards_a_waiter(true), *without = woken_towards_a_waiter(false);
	const struct stall *st = only_stall(without, CAUSE_LRU_LOCK_HOLD);

	(void)state;
	assert_victim(with, only_stall(with, CAUSE_LRU_LOCK_HOLD), SUB + 1, VICTIM_RUNNABLE);
	assert_int_equal(st->cpus_frozen.v, 2);
	for (size_t i = 0; i < without->nr_victims; i++)
		assert_int_not_equal(without->victims[i].kind, VICTIM_RUNNABLE);
	done(with);
	done(without);
}

/* lonely computes on CPU 2, and writes 10 ms after HOLD_FROM and 2 us after HOLD_TO; sub is woken towards it in between. */
static struct report *woken_beside_lonely(bool switches)
{
	struct scene *s = small_scene("5.15");
	struct machine *m = machine_new(s, BEGIN, END);
	const struct task lonely = numbered("lonely", HOG, 2), sub = numbered("sub", SUB, 2);
	const uint64_t writes[] = { BEGIN + 10 * MS, HOLD_FROM + 10 * MS, HOLD_TO + 2 * US };

	for (unsigned int cpu = 0; cpu < 2; cpu++)
		machine_periodic(m, cpu, numbered("pub", PUB, cpu), 33 * MS, (5 + 3 * cpu) * MS, MS);
	small_hold(m);
	small_spin(m, 1);
	machine_play(m);
	for (size_t i = 0; i < sizeof(writes) / sizeof(writes[0]); i++)
		story_waking(s, (struct scene_at){ .ts = writes[i], .cpu = 2, .pid = lonely.pid }, 2, lonely);
	story_wake(s, (struct scene_at){ .ts = HOLD_FROM + 100 * MS, .cpu = 3 }, 2, sub);
	if (!switches)
		forget_event(s, "sched_switch");
	return analyse(s);
}

/* Without switches nothing shows that sub was not served at once. Only the holder is known to have stood still. */
static void a_wake_up_that_is_not_served_shows_a_freeze_only_where_switches_are_recorded(void **state)
{
	struct report *with = woken_beside_lonely(true), *without = woken_beside_lonely(false);
	const struct stall *st = only_stall(with, CAUSE_LRU_LOCK_HOLD);

	(void)state;
	assert_victim(with, st, HOG + 2, VICTIM_SPINNING);
	assert_victim(with, st, SUB + 2, VICTIM_RUNNABLE);
	assert_int_equal(only_stall(without, CAUSE_LRU_LOCK_HOLD)->cpus_frozen.v, 1);
	assert_unnamed(without, HOG + 2);
	assert_unnamed(without, SUB + 2);
	done(with);
	done(without);
}

/* Queued on the frozen CPU 1 from the beginning, it is moved to CPU 3 after 300 ms and runs there. */
static void a_task_pulled_off_a_frozen_cpu_was_frozen_until_then(void **state)
{
	struct scene *s = small_scene("5.15");
	struct machine *m = half_frozen(s, NULL);
	const struct task moved = TASK("moved", MOVED);
	const struct scene_at wakes = { .ts = HOLD_FROM + 30 * MS, .cpu = 3 };
	const struct scene_at pulls = { .ts = HOLD_FROM + 330 * MS, .cpu = 3 };
	const struct victim *v;
	struct report *r;

	(void)state;
	machine_play(m);
	story_waking(s, wakes, 1, moved);
	scene_event(s, pulls, "sched:sched_migrate_task", STR("comm", moved.comm), INT("pid", moved.pid),
		INT("prio", moved.prio), INT("orig_cpu", 1), INT("dest_cpu", 3));
	story_switch(s, 3, pulls.ts + 5 * US, idle_task(3), moved, TASK_ST_RUNNABLE);
	story_switch(s, 3, pulls.ts + 50 * US, moved, idle_task(3), TASK_ST_INTERRUPTIBLE);
	r = analyse(s);
	v = assert_victim(r, only_stall(r, CAUSE_LRU_LOCK_HOLD), MOVED, VICTIM_RUNNABLE);
	assert_in_range(v->from, wakes.ts, wakes.ts + US);
	assert_in_range(v->to, pulls.ts, pulls.ts + 10 * US);
	done(r);
}

/* The holder's CPU alone: its own tasks are the victims. */
static void a_hold_that_nobody_waits_for_names_only_the_tasks_of_its_cpu(void **state)
{
	struct scene *s = small_scene("5.15");
	struct machine *m = small_machine(s, NULL);
	const struct stall *st;
	struct report *r;

	(void)state;
	machine_hog(m, 0, numbered("burner", HOG, 0));
	small_hold(m);
	machine_play(m);
	r = analyse(s);
	st = only_stall(r, CAUSE_LRU_LOCK_HOLD);
	assert_int_equal(st->cpus_frozen.v, 1);
	assert_victim(r, st, PUB + 0, VICTIM_TIMER_LATE);
	assert_victim(r, st, HOG + 0, VICTIM_RUNNABLE);
	assert_int_equal(st->tasks_frozen, 2);
	done(r);
}

/* Its timer fell into the hold, and nobody knows when: it is no victim, but the stall says that it was late. */
static void a_sleeper_without_a_rhythm_that_woke_late_is_mentioned(void **state)
{
	struct scene *s = small_scene("5.15");
	struct machine *m = half_frozen(s, NULL);
	struct report *r;

	(void)state;
	machine_periodic(m, 1, TASK("sleeper", SLEEPER), 1200 * MS, 200 * MS, MS);
	machine_play(m);
	r = analyse(s);
	assert_unnamed(r, SLEEPER);
	assert_true(has_reason(only_stall(r, CAUSE_LRU_LOCK_HOLD), "each was late by at most the length of the stall: sleeper (pid 700)"));
	done(r);
}

enum { EATER = 700, LISTENER };

/* eater, on CPU 0, writes to listener, on CPU 3, which sleeps until then. */
static void eater_writes(struct scene *s, uint64_t ts)
{
	const struct task eater = TASK("eater", EATER), listener = TASK("listener", LISTENER);

	story_waking(s, (struct scene_at){ .ts = ts, .cpu = 0, .pid = EATER }, 3, listener);
	story_switch(s, 0, ts + 50 * US, eater, idle_task(0), TASK_ST_INTERRUPTIBLE);
	story_switch(s, 3, ts + 60 * US, idle_task(3), listener, TASK_ST_RUNNABLE);
	story_switch(s, 3, ts + 200 * US, listener, idle_task(3), TASK_ST_INTERRUPTIBLE);
}

/* It reclaims for itself, for a second: who hears from it every 33 ms hears nothing. */
static void who_waits_for_the_culprit_itself_is_frozen_with_it(void **state)
{
	struct scene *s = small_scene("6.1");
	const struct victim *v;
	struct report *r;

	(void)state;
	machine_play(small_machine(s, NULL));
	forget_records(s, 0, 0, END);
	forget_records(s, 3, 0, END);
	for (uint64_t ts = BEGIN; ts < HOLD_FROM; ts += 33 * MS) {
		story_switch(s, 0, ts - 50 * US, idle_task(0), TASK("eater", EATER), TASK_ST_RUNNABLE);
		eater_writes(s, ts);
	}
	story_switch(s, 0, HOLD_FROM, idle_task(0), TASK("eater", EATER), TASK_ST_RUNNABLE);
	story_isolate(s, (struct scene_at){ .ts = HOLD_TO, .cpu = 0, .pid = EATER }, small_scan());
	eater_writes(s, HOLD_TO + 100 * US);
	r = analyse(s);
	v = assert_victim(r, only_stall(r, CAUSE_LRU_LOCK_HOLD), LISTENER, VICTIM_DEPENDENT);
	assert_int_equal(v->waits_for_pid.v, EATER);
	assert_in_range(v->from, HOLD_FROM, HOLD_FROM + 33 * MS);
	assert_int_equal(v->to, HOLD_TO + 160 * US);
	done(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cpus_that_go_on_are_not_counted_and_their_tasks_not_named),
		cmocka_unit_test(a_periodic_task_asleep_on_a_frozen_cpu_is_late_by_its_timer),
		cmocka_unit_test(a_task_that_slept_through_it_unharmed_is_not_named),
		cmocka_unit_test(a_sleeper_without_a_rhythm_that_woke_late_is_mentioned),
		cmocka_unit_test(a_task_that_nobody_woke_is_not_named),
		cmocka_unit_test(a_subscriber_on_a_running_cpu_depends_on_its_frozen_publisher),
		cmocka_unit_test(a_chain_of_dependents_is_followed),
		cmocka_unit_test(a_task_woken_towards_a_frozen_cpu_is_runnable_from_its_wake_up),
		cmocka_unit_test(without_switches_nobody_is_known_to_be_queued),
		cmocka_unit_test(a_wake_up_that_is_not_served_shows_a_freeze_only_where_switches_are_recorded),
		cmocka_unit_test(a_task_pulled_off_a_frozen_cpu_was_frozen_until_then),
		cmocka_unit_test(a_hold_that_nobody_waits_for_names_only_the_tasks_of_its_cpu),
		cmocka_unit_test(who_waits_for_the_culprit_itself_is_frozen_with_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
