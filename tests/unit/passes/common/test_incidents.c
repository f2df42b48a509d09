// SPDX-License-Identifier: LGPL-2.1-or-later
/* test_incidents.c - which stretches are replayed, and which answers can the recording not give? */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "analysis/coverage.h"
#include "events.h"
#include "passes/common/incidents.h"

#define RUN_UP	 rule_ns(&r.rules, RULE_RUN_UP)
#define RECOVERY rule_ns(&r.rules, RULE_RECOVERY)

static void add_stall(struct report *r, uint64_t from, uint64_t to)
{
	struct stall *s = report_add_stall(r);

	assert_non_null(s);
	s->at.start = s->at.start_earliest = from;
	s->at.end = s->at.end_latest = to;
}

static struct incident *incidents(const struct report *r, size_t expected)
{
	struct incident *list = NULL;
	size_t nr = 0;

	assert_int_equal(incidents_of(r, &list, &nr), 0);
	assert_int_equal(nr, expected);
	return list;
}

static void no_stall_is_no_incident(void **unused)
{
	struct report r = { .rules = rules_of(PROFILE_EMULATED) };

	(void)unused;
	free(incidents(&r, 0));
}

static void an_incident_holds_run_up_and_recovery(void **unused)
{
	struct report r = { .rules = rules_of(PROFILE_EMULATED) };
	struct incident *in;

	(void)unused;
	add_stall(&r, 100 * SEC, 101 * SEC);
	in = incidents(&r, 1);
	assert_int_equal(in->from, 100 * SEC - RUN_UP);
	assert_int_equal(in->to, 101 * SEC + RECOVERY);
	assert_int_equal(in->nr, 1);
	free(in);
	report_clear(&r);
}

static void the_ends_of_time_are_not_passed(void **unused)
{
	struct report r = { .rules = rules_of(PROFILE_EMULATED) };
	struct incident *in;

	(void)unused;
	add_stall(&r, 1 * SEC, UINT64_MAX - 5);
	in = incidents(&r, 1);
	assert_int_equal(in->from, 0);
	assert_true(in->to == UINT64_MAX);
	free(in);
	report_clear(&r);
}

static void the_run_up_is_that_of_the_longest_stall(void **unused)
{
	struct incident *in, run_up;
	struct report r = { .rules = rules_of(PROFILE_EMULATED) };

	(void)unused;
	add_stall(&r, 100 * SEC, 101 * SEC);
	add_stall(&r, 102 * SEC, 104 * SEC);
	add_stall(&r, 105 * SEC, 107 * SEC);
	in = incidents(&r, 1);
	assert_ptr_equal(incident_longest(&r, in), &r.stalls[1]);
	run_up = incident_run_up(&r, in);
	assert_int_equal(run_up.from, 102 * SEC - RUN_UP);
	assert_int_equal(run_up.to, 102 * SEC);
	assert_int_equal(run_up.nr, 3);
	free(in);
	report_clear(&r);
}

static void stalls_whose_surroundings_touch_share_one(void **unused)
{
	struct report r = { .rules = rules_of(PROFILE_EMULATED) };
	struct incident *in;

	(void)unused;
	add_stall(&r, 100 * SEC, 101 * SEC);
	add_stall(&r, 101 * SEC + RECOVERY + RUN_UP, 110 * SEC);
	add_stall(&r, 110 * SEC + RECOVERY + RUN_UP + 1, 120 * SEC);
	in = incidents(&r, 2);
	assert_int_equal(in[0].first, 0);
	assert_int_equal(in[0].nr, 2);
	assert_int_equal(in[0].to, 110 * SEC + RECOVERY);
	assert_int_equal(in[1].first, 2);
	assert_int_equal(in[1].nr, 1);
	assert_true(in[1].from > in[0].to);
	free(in);
	report_clear(&r);
}

/* Incidents are ordered by their best start. The second may still have the earlier possible start. */
static void a_stall_inside_another_does_not_end_the_incident_early(void **unused)
{
	struct report r = { .rules = rules_of(PROFILE_EMULATED) };
	struct incident *in;

	(void)unused;
	add_stall(&r, 100 * SEC, 130 * SEC);
	add_stall(&r, 101 * SEC, 102 * SEC);
	r.stalls[1].at.start_earliest = 90 * SEC;
	in = incidents(&r, 1);
	assert_int_equal(in->from, 90 * SEC - RUN_UP);
	assert_int_equal(in->to, 130 * SEC + RECOVERY);
	free(in);
	report_clear(&r);
}

static const struct question *questions(void)
{
	static const struct question list[] = {
		{ "holds", KIND(EVENT_LRU_ISOLATE), true, 1U << CAUSE_LRU_LOCK_HOLD },
		{ "late wake-ups", KIND(EVENT_SCHED_SWITCH) | KIND(EVENT_SCHED_WAKING), false, 0 },
		{ 0 },
	};

	return list;
}

static void what_was_recorded_can_be_answered(void **unused)
{
	struct report r = { .rules = rules_of(PROFILE_EMULATED), .facts.events = 1 };

	(void)unused;
	assert_int_equal(coverage_report(&r, questions(), (struct recorded){ .yes = ~UINT64_C(0) }), 0);
	assert_int_equal(r.nr_coverage, 2);
	assert_true(r.coverage[0].possible && r.coverage[1].possible);
	assert_null(r.coverage[1].missing);
	assert_null(r.coverage[1].hint);
	report_clear(&r);
}

static void what_is_missing_is_named_with_the_line_that_records_it(void **unused)
{
	struct report r = { .rules = rules_of(PROFILE_EMULATED), .facts.events = 1 };

	(void)unused;
	assert_int_equal(coverage_report(&r, questions(), (struct recorded){ .yes = KIND(EVENT_LRU_ISOLATE) | KIND(EVENT_SCHED_SWITCH) }), 0);
	assert_true(r.coverage[0].possible);
	assert_false(r.coverage[1].possible);
	assert_string_equal(r.coverage[1].missing, "sched:sched_waking");
	assert_string_equal(r.coverage[1].hint, "trace-cmd record -e sched:sched_waking");
	report_clear(&r);
}

/* Missing, not known, and there: three things, told apart. */
static void what_is_not_known_to_be_recorded_is_not_called_missing(void **unused)
{
	struct report r = { .rules = rules_of(PROFILE_EMULATED), .facts.events = 1 };
	const struct recorded recorded = { .unknown = KIND(EVENT_LRU_ISOLATE) | KIND(EVENT_SCHED_WAKING) };

	(void)unused;
	assert_int_equal(coverage_report(&r, questions(), recorded), 0);
	assert_null(r.coverage[0].missing);
	assert_string_equal(r.coverage[0].unknown, "vmscan:mm_vmscan_lru_isolate");
	assert_string_equal(r.coverage[0].hint, "trace-cmd record -e vmscan:mm_vmscan_lru_isolate");
	assert_string_equal(r.coverage[1].missing, "sched:sched_switch");
	assert_string_equal(r.coverage[1].unknown, "sched:sched_waking");
	report_clear(&r);
}

static void of_a_file_without_an_event_nothing_is_known(void **unused)
{
	struct report r = { .rules = rules_of(PROFILE_EMULATED) };

	(void)unused;
	assert_int_equal(coverage_report(&r, questions(), (struct recorded){ .yes = KIND(EVENT_LRU_ISOLATE) }), 0);
	assert_false(r.coverage[0].possible);
	assert_string_equal(r.coverage[0].unknown, "vmscan:mm_vmscan_lru_isolate");
	report_clear(&r);
}

static void all_that_is_missing_is_named(void **unused)
{
	struct report r = { .rules = rules_of(PROFILE_EMULATED), .facts.events = 1 };

	(void)unused;
	assert_int_equal(coverage_report(&r, questions(), (struct recorded){ 0 }), 0);
	assert_string_equal(r.coverage[1].missing, "sched:sched_switch, sched:sched_waking");
	report_clear(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_stall_is_no_incident),
		cmocka_unit_test(an_incident_holds_run_up_and_recovery),
		cmocka_unit_test(the_ends_of_time_are_not_passed),
		cmocka_unit_test(the_run_up_is_that_of_the_longest_stall),
		cmocka_unit_test(stalls_whose_surroundings_touch_share_one),
		cmocka_unit_test(a_stall_inside_another_does_not_end_the_incident_early),
		cmocka_unit_test(what_was_recorded_can_be_answered),
		cmocka_unit_test(what_is_missing_is_named_with_the_line_that_records_it),
		cmocka_unit_test(what_is_not_known_to_be_recorded_is_not_called_missing),
		cmocka_unit_test(of_a_file_without_an_event_nothing_is_known),
		cmocka_unit_test(all_that_is_missing_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
