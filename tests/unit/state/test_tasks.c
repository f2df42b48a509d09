// SPDX-License-Identifier: LGPL-2.1-or-later
/* test_tasks.c - after each event, is the state of every task known, and its rhythm? */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "events.h"
#include "state/rhythm.h"
#include "state/tasks.h"

static struct rhythm rhythm_of(const struct task *task, uint64_t when)
{
	struct rules rules = rules_of(PROFILE_EMULATED);

	return rhythm_before(&rules, task, when);
}

static void feed(struct tasks *t, struct event ev)
{
	assert_int_equal(tasks_event(t, &ev), 0);
}

static const struct task *expect(const struct tasks *t, int32_t pid, enum task_state state, unsigned int cpu, uint64_t since)
{
	const struct task *task = tasks_find(t, pid);

	assert_non_null(task);
	assert_int_equal(task->state, state);
	assert_true(task->has_cpu);
	assert_int_equal(task->cpu, cpu);
	assert_int_equal(task->since, since);
	return task;
}

static void a_switch_names_who_runs_and_who_does_not(void **unused)
{
	static const struct { int64_t state; enum task_state is; } cases[] = {
		{ TASK_ST_RUNNABLE, TASK_RUNNABLE },
		{ TASK_ST_PREEMPTED, TASK_RUNNABLE },
		{ TASK_ST_INTERRUPTIBLE, TASK_SLEEPING },
		{ TASK_ST_UNINTERRUPTIBLE, TASK_BLOCKED },
		{ TASK_ST_UNINTERRUPTIBLE | 0x80, TASK_BLOCKED },	/* with __TASK_* bits of that kernel */
		{ TASK_ST_DEAD, TASK_DEAD },
		{ TASK_ST_ZOMBIE, TASK_DEAD },
		{ 0x04, TASK_SLEEPING },				/* stopped */
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct tasks t = { 0 };

		feed(&t, switch_event(3, 1000, 7, 8, cases[i].state));
		expect(&t, 7, cases[i].is, 3, 1000);
		assert_string_equal(expect(&t, 8, TASK_RUNNING, 3, 1000)->comm, "t8");
		tasks_clear(&t);
	}
}

static void the_idle_task_is_no_task(void **unused)
{
	struct tasks t = { 0 };

	(void)unused;
	assert_null(tasks_find(&t, 5));
	feed(&t, switch_event(0, 1, 0, 5, 0));
	feed(&t, switch_event(0, 2, 5, 0, TASK_ST_INTERRUPTIBLE));
	assert_null(tasks_find(&t, 0));
	assert_null(tasks_get(&t, 0));
	assert_null(tasks_get(&t, -1));
	assert_int_equal(t.nr, 1);
	tasks_clear(&t);
}

static void hostile_pids_and_cpus_change_nothing(void **unused)
{
	struct tasks t = { 0 };
	struct event ev;

	(void)unused;
	feed(&t, switch_event(0, 1, -5, INT32_MIN, 0));
	feed(&t, wake_event(EVENT_SCHED_WAKING, 0, 2, -1, -7, 0, 0));
	assert_int_equal(t.nr, 0);
	feed(&t, wake_event(EVENT_SCHED_WAKING, 2, 3, 1, 9, -1, 0));
	expect(&t, 9, TASK_RUNNABLE, 2, 3);		/* there is no such target, so the CPU of the wake-up counts */
	feed(&t, wake_event(EVENT_SCHED_WAKEUP, 2, 4, 1, 9, 1 << 20, 0));
	expect(&t, 9, TASK_RUNNABLE, 2, 3);
	ev = any_event(EVENT_SCHED_MIGRATE, 0, 5, 1);
	ev.migrate = (struct ev_migrate){ .pid = 9, .dest_cpu = 1 << 20 };
	feed(&t, ev);
	expect(&t, 9, TASK_RUNNABLE, 2, 3);
	tasks_clear(&t);
}

static void a_woken_task_waits_on_the_cpu_it_was_given(void **unused)
{
	struct tasks t = { 0 };
	const struct task *task;

	(void)unused;
	feed(&t, switch_event(1, 100, 7, 0, TASK_ST_INTERRUPTIBLE));
	feed(&t, wake_event(EVENT_SCHED_WAKING, 0, 300, 5, 7, 1, 0));
	feed(&t, wake_event(EVENT_SCHED_WAKEUP, 2, 310, 0, 7, 2, EVENT_FL_HARDIRQ));
	task = expect(&t, 7, TASK_RUNNABLE, 2, 300);
	assert_int_equal(task->queued_cpu, 2);
	assert_int_equal(task->nr_wakes, 1);		/* waking and wakeup are one wake-up */
	assert_int_equal(task->wakes[0].ts, 300);
	assert_int_equal(task->wakes[0].slept, 200);
	assert_int_equal(task->wakes[0].waker, 5);
	feed(&t, switch_event(2, 400, 0, 7, 0));
	expect(&t, 7, TASK_RUNNING, 2, 400);
	assert_int_equal(task->nr_wakes, 1);
	tasks_clear(&t);
}

static void a_running_task_is_not_woken(void **unused)
{
	struct tasks t = { 0 };

	(void)unused;
	feed(&t, switch_event(1, 100, 0, 7, 0));
	feed(&t, wake_event(EVENT_SCHED_WAKING, 0, 200, 5, 7, 1, 0));
	assert_int_equal(expect(&t, 7, TASK_RUNNING, 1, 100)->nr_wakes, 0);
	tasks_clear(&t);
}

static void the_waker_is_a_task_an_interrupt_or_nobody(void **unused)
{
	struct tasks t = { 0 };
	const struct task *task;

	(void)unused;
	for (uint64_t ts = 100; ts <= 300; ts += 100) {
		feed(&t, switch_event(1, ts, 7, 0, TASK_ST_INTERRUPTIBLE));
		if (ts == 100)
			feed(&t, wake_event(EVENT_SCHED_WAKING, 0, ts + 10, 5, 7, 1, 0));
		else if (ts == 200)
			feed(&t, wake_event(EVENT_SCHED_WAKING, 0, ts + 10, 5, 7, 1, EVENT_FL_SOFTIRQ));
		feed(&t, switch_event(1, ts + 20, 0, 7, 0));
	}
	task = tasks_find(&t, 7);
	assert_int_equal(task->nr_wakes, 3);
	assert_int_equal(task->wakes[0].waker, 5);
	assert_int_equal(task->wakes[1].waker, WAKER_INTERRUPT);
	assert_int_equal(task->wakes[2].waker, WAKER_UNKNOWN);
	assert_int_equal(task->wakes[2].ts, 320);
	assert_int_equal(task->wakes[2].slept, 20);
	tasks_clear(&t);
}

static void a_migration_moves_the_task_but_not_the_beginning_of_its_wait(void **unused)
{
	struct tasks t = { 0 };
	struct event ev = any_event(EVENT_SCHED_MIGRATE, 0, 200, 1);

	(void)unused;
	feed(&t, switch_event(1, 100, 7, 8, TASK_ST_RUNNABLE));
	ev.migrate = (struct ev_migrate){ .pid = 7, .orig_cpu = 1, .dest_cpu = 3, .prio = 110 };
	name_task(ev.migrate.comm, 7);
	feed(&t, ev);
	assert_int_equal(expect(&t, 7, TASK_RUNNABLE, 3, 100)->queued_cpu, 1);
	assert_int_equal(tasks_find(&t, 7)->prio, 110);
	tasks_clear(&t);
}

static void prev_state_of_4_15_is_one_bit_too_high(void **unused)
{
	struct tasks t = { 0 };

	(void)unused;
	feed(&t, switch_event(0, 1, 0, 7, 1));		/* for the idle task this would be sleep */
	assert_true(t.states_shifted);
	feed(&t, switch_event(0, 2, 7, 8, TASK_ST_INTERRUPTIBLE << 1));
	expect(&t, 7, TASK_SLEEPING, 0, 2);
	feed(&t, switch_event(0, 3, 8, 9, TASK_ST_UNINTERRUPTIBLE << 1));
	expect(&t, 8, TASK_BLOCKED, 0, 3);
	feed(&t, switch_event(0, 4, 9, 10, 1));
	expect(&t, 9, TASK_RUNNABLE, 0, 4);
	feed(&t, switch_event(0, 5, 10, 11, TASK_ST_PREEMPTED));
	expect(&t, 10, TASK_RUNNABLE, 0, 5);
	tasks_clear(&t);
}

static void a_pid_used_again_is_another_task(void **unused)
{
	struct tasks t = { 0 };
	struct event fork = any_event(EVENT_SCHED_FORK, 0, 300, 1);
	const struct task *task;

	(void)unused;
	feed(&t, switch_event(0, 100, 0, 7, 0));
	feed(&t, switch_event(0, 200, 7, 0, TASK_ST_INTERRUPTIBLE));
	feed(&t, wake_event(EVENT_SCHED_WAKING, 0, 210, 1, 7, 0, 0));
	fork.fork = (struct ev_fork){ .parent_pid = 1, .child_pid = 7 };
	snprintf(fork.fork.child_comm, TASK_COMM_LEN, "child");
	feed(&t, fork);
	task = tasks_find(&t, 7);
	assert_string_equal(task->comm, "child");
	assert_int_equal(task->state, TASK_UNKNOWN);
	assert_int_equal(task->nr_wakes, 0);
	assert_int_equal(tasks_spent(task, TASK_RUNNING, 400), 0);
	assert_int_equal(t.nr, 1);
	tasks_clear(&t);
}

static void an_exit_may_tell_the_last_name(void **unused)
{
	struct tasks t = { 0 };
	struct event ev = any_event(EVENT_SCHED_EXIT, 0, 300, 7);

	(void)unused;
	ev.exit.pid = 7;
	feed(&t, switch_event(0, 100, 0, 7, 0));
	feed(&t, ev);
	assert_string_equal(tasks_find(&t, 7)->comm, "t7");
	snprintf(ev.exit.comm, TASK_COMM_LEN, "renamed");
	feed(&t, ev);
	assert_string_equal(tasks_find(&t, 7)->comm, "renamed");
	tasks_clear(&t);
}

static void time_is_spent_in_the_state_it_was_spent_in(void **unused)
{
	struct tasks t = { 0 };
	const struct task *task;

	(void)unused;
	feed(&t, switch_event(0, 1000, 0, 7, 0));
	feed(&t, switch_event(0, 1300, 7, 8, TASK_ST_PREEMPTED));
	feed(&t, switch_event(0, 1350, 8, 7, 0));
	feed(&t, switch_event(0, 1450, 7, 0, TASK_ST_UNINTERRUPTIBLE));
	task = tasks_find(&t, 7);
	assert_int_equal(tasks_spent(task, TASK_RUNNING, 2000), 400);
	assert_int_equal(tasks_spent(task, TASK_RUNNABLE, 2000), 50);
	assert_int_equal(tasks_spent(task, TASK_BLOCKED, 2000), 550);
	assert_int_equal(tasks_spent(task, TASK_BLOCKED, 1400), 0);	/* the past is not asked for, but does not wrap */
	assert_int_equal(tasks_spent(task, TASK_SLEEPING, 2000), 0);
	tasks_clear(&t);
}

static void a_record_in_an_interrupt_does_not_show_its_task_without_a_lock(void **unused)
{
	struct tasks t = { 0 };
	struct event ev = any_event(EVENT_KSWAPD_WAKE, 0, 300, 7);

	(void)unused;
	feed(&t, ev);
	assert_null(tasks_find(&t, 7));		/* no event named it */
	feed(&t, switch_event(0, 100, 0, 7, 0));
	feed(&t, ev);
	assert_int_equal(tasks_find(&t, 7)->free_ns, 300);
	ev.ts = 400;
	ev.flags = EVENT_FL_HARDIRQ;
	feed(&t, ev);
	assert_int_equal(tasks_find(&t, 7)->free_ns, 300);
	tasks_clear(&t);
}

static void a_hundred_thousand_tasks_are_all_found(void **unused)
{
	struct tasks t = { 0 };
	size_t seen = 0;

	(void)unused;
	for (int32_t pid = 1; pid <= 100000; pid++)
		feed(&t, switch_event(0, (uint64_t)pid, 0, pid * 8, 0));
	assert_int_equal(t.nr, 100000);
	assert_true(t.cap >= 2 * t.nr && t.cap < 8 * t.nr);
	for (int32_t pid = 1; pid <= 100000; pid++)
		assert_int_equal(tasks_find(&t, pid * 8)->since, pid);
	assert_null(tasks_find(&t, 7));
	for (size_t i = 0; i < t.cap; i++)
		seen += tasks_at(&t, i) != NULL;
	assert_int_equal(seen, 100000);
	tasks_clear(&t);
	assert_int_equal(t.nr + t.cap, 0);
}

static void forgetting_keeps_only_names(void **unused)
{
	struct tasks t = { 0 };
	const struct task *task;

	(void)unused;
	feed(&t, switch_event(0, 100, 7, 8, TASK_ST_INTERRUPTIBLE));
	feed(&t, wake_event(EVENT_SCHED_WAKING, 0, 110, 8, 7, 0, 0));
	tasks_forget(&t);
	task = tasks_find(&t, 7);
	assert_string_equal(task->comm, "t7");
	assert_int_equal(task->state, TASK_UNKNOWN);
	assert_false(task->has_cpu);
	assert_int_equal(task->nr_wakes, 0);
	assert_false(rhythm_of(task, 1000).known);
	tasks_clear(&t);
}

/* Wakes @task at each time of @at, after 10 of sleep; by @waker. */
static void woken_at(struct task *task, const uint64_t *at, size_t nr, int32_t waker)
{
	for (size_t i = 0; i < nr; i++)
		task->wakes[task->nr_wakes++ % WAKE_HISTORY] = (struct wake){ .ts = at[i], .slept = 10, .waker = waker };
}

static void a_rhythm_needs_four_wake_ups(void **unused)
{
	static const uint64_t at[] = { 100, 200, 300, 400 };
	struct task task = { .pid = 7 };

	(void)unused;
	assert_int_equal(rhythm_of(&task, 1000).last, 0);
	woken_at(&task, at, 4, WAKER_INTERRUPT);
	assert_false(rhythm_of(&task, 400).known);		/* the fourth is not earlier */
	assert_int_equal(rhythm_of(&task, 400).last, 300);
	assert_true(rhythm_of(&task, 401).known);
}

static void a_period_is_told_in_spite_of_a_late_wake_up(void **unused)
{
	static const uint64_t at[] = { 100, 200, 300, 420, 500, 600, 1400, 1500 };
	struct task task = { .pid = 7 };
	struct rhythm r;

	(void)unused;
	woken_at(&task, at, 8, WAKER_INTERRUPT);
	r = rhythm_of(&task, UINT64_MAX);
	assert_true(r.known && r.regular);
	assert_int_equal(r.period, 100);
	assert_int_equal(r.slept, 10);
	assert_int_equal(r.last, 1500);
	assert_int_equal(r.waker, WAKER_INTERRUPT);
}

static void what_comes_now_and_then_has_no_period(void **unused)
{
	static const uint64_t at[] = { 100, 110, 400, 405, 1000, 5000 }, same[] = { 100, 100, 100, 100, 100 };
	struct task task = { .pid = 7 }, still = { .pid = 8 };

	(void)unused;
	woken_at(&task, at, 6, 5);
	assert_true(rhythm_of(&task, 9000).known);
	assert_false(rhythm_of(&task, 9000).regular);
	woken_at(&still, same, 5, 5);
	assert_false(rhythm_of(&still, 9000).regular);	/* period 0 */
}

static void the_waker_is_who_wakes_it_nearly_always(void **unused)
{
	static const uint64_t at[] = { 100, 200, 300, 400, 500, 600 };
	struct task task = { .pid = 7 }, mixed = { .pid = 8 };

	(void)unused;
	woken_at(&task, at, 2, 6);
	woken_at(&task, at + 2, 4, 5);
	assert_int_equal(rhythm_of(&task, 9000).waker, WAKER_UNKNOWN);
	woken_at(&mixed, at, 1, 6);
	woken_at(&mixed, at + 1, 5, 5);
	assert_int_equal(rhythm_of(&mixed, 9000).waker, 5);
}

static void only_the_last_wake_ups_count(void **unused)
{
	struct task task = { .pid = 7 };
	struct rhythm r;

	(void)unused;
	for (uint64_t i = 1; i <= 40; i++) {
		uint64_t ts = i <= 20 ? i * 7 : 1000 + i * 100;

		woken_at(&task, &ts, 1, i <= 20 ? 5 : 6);
	}
	r = rhythm_of(&task, UINT64_MAX);
	assert_true(r.regular);
	assert_int_equal(r.period, 100);
	assert_int_equal(r.waker, 6);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_switch_names_who_runs_and_who_does_not),
		cmocka_unit_test(the_idle_task_is_no_task),
		cmocka_unit_test(hostile_pids_and_cpus_change_nothing),
		cmocka_unit_test(a_woken_task_waits_on_the_cpu_it_was_given),
		cmocka_unit_test(a_running_task_is_not_woken),
		cmocka_unit_test(the_waker_is_a_task_an_interrupt_or_nobody),
		cmocka_unit_test(a_migration_moves_the_task_but_not_the_beginning_of_its_wait),
		cmocka_unit_test(prev_state_of_4_15_is_one_bit_too_high),
		cmocka_unit_test(a_pid_used_again_is_another_task),
		cmocka_unit_test(an_exit_may_tell_the_last_name),
		cmocka_unit_test(time_is_spent_in_the_state_it_was_spent_in),
		cmocka_unit_test(a_record_in_an_interrupt_does_not_show_its_task_without_a_lock),
		cmocka_unit_test(a_hundred_thousand_tasks_are_all_found),
		cmocka_unit_test(forgetting_keeps_only_names),
		cmocka_unit_test(a_rhythm_needs_four_wake_ups),
		cmocka_unit_test(a_period_is_told_in_spite_of_a_late_wake_up),
		cmocka_unit_test(what_comes_now_and_then_has_no_period),
		cmocka_unit_test(the_waker_is_who_wakes_it_nearly_always),
		cmocka_unit_test(only_the_last_wake_ups_count),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
