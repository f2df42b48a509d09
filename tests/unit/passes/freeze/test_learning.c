// SPDX-License-Identifier: LGPL-2.1-or-later
/* test_learning.c - what does a recording reveal about its machine, and do the rules follow it? */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lab.h"

enum { HOLDER = 30, WAITER = 40, PUBLISHER = 50, STALLS = 32 };

/* @late: an interrupt wakes the publisher every 10 ms, each second time late by this much. */
static void beat(struct lab *l, uint64_t at, uint64_t late)
{
	lab_push(l, wake_event(EVENT_SCHED_WAKING, 0, at + late, 0, PUBLISHER, 0, EVENT_FL_HARDIRQ));
	lab_push(l, switch_event(0, at + late + 10 * US, 0, PUBLISHER, 0));
	lab_push(l, switch_event(0, at + late + 20 * US, PUBLISHER, 0, TASK_ST_INTERRUPTIBLE));
}

static void begin(struct lab *l, enum rule_profile profile, struct rules *rules)
{
	*rules = rules_of(profile);
	rules->chosen = true;
	lab_begin(l, 4);
	runner_clear(&l->run);
	l->opts.rules = rules;
	assert_int_equal(runner_init(&l->run, &(struct pass_ctx){ .opts = &l->opts, .report = &l->report, .recorded = UINT64_MAX }), 0);
}

static void tell_beats(struct lab *l, size_t nr, uint64_t late)
{
	for (size_t i = 0; i < nr; i++)
		beat(l, 1 * SEC + i * 10 * MS, i % 2 ? late : 0);
}

static void how_late_timers_are_is_learnt_in_the_real_profile_alone(void **unused)
{
	static struct lab l;
	struct rules rules;

	(void)unused;
	begin(&l, PROFILE_REAL, &rules);
	tell_beats(&l, 2400, 1 * MS);
	lab_end(&l);
	assert_true(l.report.rules.learnt[RULE_OVERDUE]);
	assert_int_equal(rule_ns(&l.report.rules, RULE_OVERDUE), 2 * 2 * MS);	/* from 9 ms to 11 */
	lab_clear(&l);
	begin(&l, PROFILE_EMULATED, &rules);
	tell_beats(&l, 2400, 1 * MS);
	lab_end(&l);
	assert_int_equal(rule_ns(&l.report.rules, RULE_OVERDUE), (uint64_t)rule_about(RULE_OVERDUE)->prior[PROFILE_EMULATED]);
	lab_clear(&l);
}

/* A period missed altogether is a stall and no lateness of timers. */
static void a_stall_does_not_make_timers_late(void **unused)
{
	static struct lab l;
	struct rules rules;

	(void)unused;
	begin(&l, PROFILE_REAL, &rules);
	for (size_t i = 0; i < 2400; i++)
		beat(&l, 1 * SEC + i * 10 * MS + i / 10 * 500 * MS, 0);
	lab_end(&l);
	assert_int_equal(rule_ns(&l.report.rules, RULE_OVERDUE), (uint64_t)rule_about(RULE_OVERDUE)->prior[PROFILE_REAL]);
	lab_clear(&l);
}

/* A hold of 0.3 s. CPU 1 waits with a task in its queue, and continues @lag after the event. */
static void hold(struct lab *l, uint64_t at, uint64_t lag)
{
	lab_push(l, switch_event(0, at, 0, HOLDER, 0));
	lab_push(l, switch_event(1, at + MS, 0, WAITER, 0));
	lab_push(l, wake_event(EVENT_SCHED_WAKING, 2, at + 2 * MS, 5, PUBLISHER, 1, 0));
	lab_push(l, wake_event(EVENT_SCHED_WAKEUP, 2, at + 2 * MS + US, 5, PUBLISHER, 1, 0));
	lab_push(l, isolate_event(0, at + 300 * MS, HOLDER, 3000000, 2999000));
	lab_push(l, switch_event(0, at + 300 * MS + 10 * US, HOLDER, 0, TASK_ST_INTERRUPTIBLE));
	lab_push(l, switch_event(1, at + 300 * MS + lag, WAITER, PUBLISHER, TASK_ST_RUNNABLE));
	lab_push(l, switch_event(1, at + 301 * MS + lag, PUBLISHER, 0, TASK_ST_INTERRUPTIBLE));
}

static void how_soon_cpus_go_on_after_a_release_is_learnt(void **unused)
{
	static struct lab l;
	struct rules rules;

	(void)unused;
	begin(&l, PROFILE_REAL, &rules);
	for (uint64_t i = 0; i < STALLS; i++)
		hold(&l, (1 + i) * SEC, 5 * MS);
	lab_end(&l);
	assert_true(l.report.rules.learnt[RULE_RESUME_LAG]);
	assert_int_equal(rule_ns(&l.report.rules, RULE_RESUME_LAG), 2 * 5 * MS);
	lab_clear(&l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(how_late_timers_are_is_learnt_in_the_real_profile_alone),
		cmocka_unit_test(a_stall_does_not_make_timers_late),
		cmocka_unit_test(how_soon_cpus_go_on_after_a_release_is_learnt),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
