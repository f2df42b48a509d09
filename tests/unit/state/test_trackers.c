// SPDX-License-Identifier: LGPL-2.1-or-later
/* test_trackers.c - is the task on every CPU known, and is it known when it is not? */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "events.h"
#include "state/trackers.h"

static void feed(struct trackers *t, struct event ev)
{
	assert_int_equal(trackers_event(t, &ev), 0);
}

static void a_cpu_without_a_record_is_not_known(void **unused)
{
	struct trackers t = { 0 };

	(void)unused;
	assert_null(trackers_cpu(&t, 0));
	feed(&t, any_event(EVENT_OTHER, 2, 100, 7));
	assert_null(trackers_cpu(&t, 0));
	assert_null(trackers_cpu(&t, 100000));
	assert_non_null(trackers_cpu(&t, 2));
	trackers_clear(&t);
	assert_null(trackers_cpu(&t, 2));
}

static void any_record_tells_who_is_on_its_cpu(void **unused)
{
	struct trackers t = { 0 };
	const struct cpu_state *c;

	(void)unused;
	feed(&t, any_event(EVENT_OTHER, 1, 100, 7));
	feed(&t, any_event(EVENT_OTHER, 1, 200, 7));
	c = trackers_cpu(&t, 1);
	assert_true(c->has_current);
	assert_int_equal(c->current, 7);
	assert_int_equal(c->since, 100);
	assert_int_equal(c->last, 200);
	feed(&t, switch_event(1, 300, 7, 0, 1));
	assert_int_equal(c->current, 0);
	assert_int_equal(c->since, 300);
	assert_int_equal(c->last_kind, EVENT_SCHED_SWITCH);
	assert_int_equal(c->last_pid, 7);
	trackers_clear(&t);
}

static void a_record_that_could_not_be_read_tells_nobody(void **unused)
{
	struct trackers t = { 0 };

	(void)unused;
	feed(&t, any_event(EVENT_OTHER, 1, 100, -1));
	assert_false(trackers_cpu(&t, 1)->has_current);
	assert_int_equal(trackers_cpu(&t, 1)->last, 100);
	trackers_clear(&t);
}

static void after_a_loss_somebody_else_may_run(void **unused)
{
	struct trackers t = { 0 };

	(void)unused;
	feed(&t, switch_event(1, 100, 0, 7, 0));
	feed(&t, lost_event(1, 200, -1));
	assert_false(trackers_cpu(&t, 1)->has_current);
	assert_int_equal(trackers_cpu(&t, 1)->lost_ns, 200);
	assert_int_equal(trackers_cpu(&t, 1)->last, 100);	/* a loss does not count as a record */
	trackers_clear(&t);
}

static void the_highest_cpu_number_fits(void **unused)
{
	struct trackers t = { 0 };

	(void)unused;
	feed(&t, any_event(EVENT_OTHER, 0, 100, 7));
	feed(&t, any_event(EVENT_OTHER, UINT16_MAX, 200, 8));
	assert_int_equal(trackers_cpu(&t, 0)->current, 7);
	assert_int_equal(trackers_cpu(&t, UINT16_MAX)->current, 8);
	assert_null(trackers_cpu(&t, 1000));
	trackers_clear(&t);
}

static void a_task_that_nobody_named_has_an_empty_name(void **unused)
{
	struct trackers t = { 0 };

	(void)unused;
	assert_string_equal(trackers_comm(&t, 7), "");
	assert_string_equal(trackers_comm(&t, 0), "swapper");
	feed(&t, switch_event(1, 100, 0, 7, 0));
	assert_string_equal(trackers_comm(&t, 7), "t7");
	trackers_clear(&t);
}

static void a_jump_of_the_replay_forgets_all_but_names(void **unused)
{
	struct trackers t = { 0 };

	(void)unused;
	trackers_forget(&t);
	feed(&t, switch_event(1, 100, 0, 7, 0));
	trackers_forget(&t);
	assert_null(trackers_cpu(&t, 1));
	assert_string_equal(trackers_comm(&t, 7), "t7");
	trackers_clear(&t);
}

/* The same task, the same CPU, and no record between sched_waking and sched_wakeup: only then is it one step of the kernel. */
static void a_step_is_from_sched_waking_to_the_next_record_its_sched_wakeup(void **unused)
{
	static const struct { unsigned int cpu; int32_t pid; bool between, counts; } cases[] = {
		{ 1, 7, false, true }, { 1, 8, false, false }, { 2, 7, false, false }, { 1, 7, true, false },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct rule_samples samples = { 0 };
		struct rules rules = rules_of(PROFILE_REAL);
		struct trackers t = { 0 };
		struct event wakeup = wake_event(EVENT_SCHED_WAKEUP, cases[i].cpu, 100 * US + 3 * US, 5, cases[i].pid, 1, 0);

		t.tasks.rules = &rules;
		t.tasks.samples = &samples;
		feed(&t, wake_event(EVENT_SCHED_WAKING, 1, 100 * US, 5, 7, 1, 0));
		wakeup.prev_ns = cases[i].between ? 101 * US : 100 * US;	/* a record that nobody wanted */
		feed(&t, wakeup);
		assert_int_equal(samples.of[RULE_STEP].nr, cases[i].counts);
		if (cases[i].counts)
			assert_int_equal(samples.of[RULE_STEP].max, 3 * US);
		rule_samples_clear(&samples);
		trackers_clear(&t);
	}
}

/* A recording that begins within its run has no switch to it. Without switches on record nobody knows who ran. */
static void who_writes_and_was_never_switched_in_runs_where_switches_are_recorded(void **unused)
{
	struct trackers t = { 0 };

	(void)unused;
	feed(&t, any_event(EVENT_OTHER, 1, 100, 7));
	assert_null(tasks_find(&t.tasks, 7));
	trackers_clear(&t);
	t.tasks.has_switches = true;
	feed(&t, any_event(EVENT_OTHER, 1, 100, 7));
	assert_int_equal(tasks_find(&t.tasks, 7)->state, TASK_RUNNING);
	trackers_clear(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_cpu_without_a_record_is_not_known),
		cmocka_unit_test(any_record_tells_who_is_on_its_cpu),
		cmocka_unit_test(a_record_that_could_not_be_read_tells_nobody),
		cmocka_unit_test(after_a_loss_somebody_else_may_run),
		cmocka_unit_test(the_highest_cpu_number_fits),
		cmocka_unit_test(a_task_that_nobody_named_has_an_empty_name),
		cmocka_unit_test(a_jump_of_the_replay_forgets_all_but_names),
		cmocka_unit_test(a_step_is_from_sched_waking_to_the_next_record_its_sched_wakeup),
		cmocka_unit_test(who_writes_and_was_never_switched_in_runs_where_switches_are_recorded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
