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

/* An interrupt was to wake the publisher at @at, and is @late. */
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

/* Each second wake-up is late: between intervals, by twice that. */
static void tell_beats(struct lab *l, uint64_t period, uint64_t late)
{
	for (size_t i = 0; i < 2400; i++)
		beat(l, 1 * SEC + i * period, i % 2 ? late : 0);
}

static void how_late_timers_are_is_learnt_in_the_real_profile_alone(void **unused)
{
	static struct lab l;
	struct rules rules;

	(void)unused;
	begin(&l, PROFILE_REAL, &rules);
	tell_beats(&l, 40 * MS, 2 * MS);
	lab_end(&l);
	assert_true(l.report.rules.learnt[RULE_OVERDUE]);
	assert_int_equal(rule_ns(&l.report.rules, RULE_OVERDUE), 2 * 4 * MS);	/* from 38 ms to 42; above both priors */
	lab_clear(&l);
	begin(&l, PROFILE_EMULATED, &rules);
	tell_beats(&l, 40 * MS, 2 * MS);
	lab_end(&l);
	assert_false(l.report.rules.learnt[RULE_OVERDUE]);
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

/* From sched_waking to sched_wakeup CPU 3 takes @step, @nr times, and @paused times 3 ms. */
static void tell_steps(struct lab *l, size_t nr, uint64_t step, size_t paused)
{
	for (uint64_t i = 0; i < nr + paused; i++) {
		const uint64_t at = 500 * MS + i * 5 * MS, end = at + (i < nr ? step : 3 * MS);

		lab_push(l, wake_event(EVENT_SCHED_WAKING, 3, at, 5, PUBLISHER + 1, 2, 0));
		lab_push(l, wake_event(EVENT_SCHED_WAKEUP, 3, end, 5, PUBLISHER + 1, 2, 0));
	}
}

static bool says(const struct report *r, const char *what)
{
	for (size_t i = 0; i < r->nr_notes; i++)
		if (strstr(r->notes[i].text, what))
			return true;
	return false;
}

static void assert_judged_as(const struct lab *l, enum rule_profile profile, bool lateness_known)
{
	const double *late = rule_about(RULE_OVERDUE)->prior;

	assert_int_equal(l->report.rules.profile, profile);
	assert_true(rule(&l->report.rules, RULE_PAGE_HIGH) == rule_about(RULE_PAGE_HIGH)->prior[profile]);
	assert_true(rule(&l->report.rules, RULE_OVERDUE) == late[lateness_known ? profile : PROFILE_EMULATED]);
	assert_int_equal(says(&l->report, "judged by the rules for emulated machines"), profile == PROFILE_EMULATED);
	assert_false(says(&l->report, "profile"));	/* the user chose none */
}

static void slow_or_paused_steps_are_an_emulated_machines_and_the_report_says_so(void **unused)
{
	static struct lab l;

	(void)unused;
	lab_begin(&l, 4);
	tell_steps(&l, 30, 12 * US, 0);
	lab_end(&l);
	assert_judged_as(&l, PROFILE_EMULATED, true);
	assert_true(says(&l.report, "(median of 30 cases), and more than 1 ms in 0.00 % of the cases"));
	lab_clear(&l);
	lab_begin(&l, 4);
	tell_steps(&l, 99, 2 * US, 1);
	lab_end(&l);
	assert_judged_as(&l, PROFILE_EMULATED, true);
	assert_true(says(&l.report, "in 1.00 % of the cases"));
	assert_int_equal(l.report.longest_step_ns, 3 * MS);
	lab_clear(&l);
}

static void fast_steps_are_a_real_machines_and_need_no_word(void **unused)
{
	static struct lab l;

	(void)unused;
	lab_begin(&l, 4);
	tell_steps(&l, 30, 2 * US, 0);
	lab_end(&l);
	assert_judged_as(&l, PROFILE_REAL, true);
	assert_int_equal(l.report.steps, 30);
	lab_clear(&l);
}

/* It may be any machine: a real one, which is late as emulated ones are. */
static void few_steps_do_not_tell_how_late_a_machine_is(void **unused)
{
	static struct lab l;

	(void)unused;
	lab_begin(&l, 4);
	tell_steps(&l, 28, 50 * US, 1);
	lab_end(&l);
	assert_judged_as(&l, PROFILE_REAL, false);
	lab_clear(&l);
}

static void what_the_user_chose_stays_whatever_the_steps_say(void **unused)
{
	static struct lab l;
	struct rules rules;
	char *why = NULL;

	(void)unused;
	begin(&l, PROFILE_REAL, &rules);
	tell_steps(&l, 30, 50 * US, 1);
	lab_end(&l);
	assert_int_equal(l.report.rules.profile, PROFILE_REAL);
	assert_true(says(&l.report, "made by the rules of the profile \"real\""));
	lab_clear(&l);
	begin(&l, PROFILE_REAL, &rules);
	rules.chosen = false;				/* a value alone leaves the profile to the recording */
	assert_int_equal(rules_set(&rules, "page-high=77", &why), 0);
	runner_clear(&l.run);
	assert_int_equal(runner_init(&l.run, &(struct pass_ctx){ .opts = &l.opts, .report = &l.report, .recorded = UINT64_MAX }), 0);
	tell_steps(&l, 30, 50 * US, 0);
	lab_end(&l);
	assert_int_equal(l.report.rules.profile, PROFILE_EMULATED);
	assert_true(rule(&l.report.rules, RULE_PAGE_HIGH) == 77);
	assert_true(says(&l.report, "made with the rule page-high = 77"));
	lab_clear(&l);
}

/* A silence of 20 ms ends in a scan of 12,000 pages: 1667 ns a page. @step tells the machine. */
static size_t stalls_of_a_dear_scan(uint64_t step)
{
	static struct lab l;
	size_t nr;

	lab_begin(&l, 4);
	tell_steps(&l, 40, step, 0);
	lab_push(&l, switch_event(0, 1 * SEC, 0, HOLDER, 0));
	lab_push(&l, isolate_event(0, 1 * SEC + 20 * MS, HOLDER, 12000, 11968));
	lab_push(&l, switch_event(0, 1 * SEC + 20 * MS + 10 * US, HOLDER, 0, TASK_ST_INTERRUPTIBLE));
	lab_end(&l);
	nr = l.report.nr_stalls;
	assert_true(!nr || l.report.stalls[0].diagnosis == DIAGNOSIS_ZONE_MISMATCH);
	lab_clear(&l);
	return nr;
}

static void a_scan_dearer_than_on_real_machines_is_no_stall_of_one(void **unused)
{
	(void)unused;
	assert_int_equal(stalls_of_a_dear_scan(2 * US), 0);
	assert_int_equal(stalls_of_a_dear_scan(20 * US), 1);	/* an emulated one is that slow */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(how_late_timers_are_is_learnt_in_the_real_profile_alone),
		cmocka_unit_test(a_stall_does_not_make_timers_late),
		cmocka_unit_test(how_soon_cpus_go_on_after_a_release_is_learnt),
		cmocka_unit_test(slow_or_paused_steps_are_an_emulated_machines_and_the_report_says_so),
		cmocka_unit_test(fast_steps_are_a_real_machines_and_need_no_word),
		cmocka_unit_test(few_steps_do_not_tell_how_late_a_machine_is),
		cmocka_unit_test(what_the_user_chose_stays_whatever_the_steps_say),
		cmocka_unit_test(a_scan_dearer_than_on_real_machines_is_no_stall_of_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
