// SPDX-License-Identifier: LGPL-2.1-or-later
/* test_episodes.c - are a task's reclaims joined, and their parts counted, even if records are missing or impossible? */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lab.h"

enum { TASK = 300, OTHER = 301 };

static struct lab *lab(void)
{
	static struct lab l;	/* too large for the stack; every test begins and clears it */

	return &l;
}

static struct lab *begin(void)
{
	struct lab *l = lab();

	lab_begin(l, 2);
	lab_push(l, switch_event(0, 1 * SEC - US, 0, TASK, 0));
	return l;
}

static void push_reclaim(struct lab *l, int32_t pid, uint64_t from, uint64_t to)
{
	lab_push(l, reclaim_event(0, from, pid, true, RECLAIM_DIRECT));
	lab_push(l, reclaim_event(0, to, pid, false, RECLAIM_DIRECT));
}

static void pauses_shorter_than_a_stall_join_two_reclaims(void **unused)
{
	struct lab *l = begin();

	(void)unused;
	push_reclaim(l, TASK, 1 * SEC, 1 * SEC + 80 * MS);
	push_reclaim(l, TASK, 1 * SEC + 90 * MS, 1 * SEC + 160 * MS);
	lab_end(l);
	assert_int_equal(l->report.nr_stalls, 1);
	assert_int_equal(l->report.stalls[0].parts, 2);
	assert_int_equal(l->report.stalls[0].at.end - l->report.stalls[0].at.start, 160 * MS);
	lab_clear(l);
}

static void longer_pauses_part_them(void **unused)
{
	struct lab *l = begin();

	(void)unused;
	push_reclaim(l, TASK, 1 * SEC, 1 * SEC + 120 * MS);
	push_reclaim(l, TASK, 1 * SEC + 131 * MS, 1 * SEC + 300 * MS);
	lab_end(l);
	assert_int_equal(l->report.nr_stalls, 2);
	lab_clear(l);
}

/* Even if only its own reclaims are recorded: the length of the pause decides, whatever else is in the recording. */
static void short_reclaims_with_longer_pauses_are_no_stall(void **unused)
{
	struct lab *l = begin();

	(void)unused;
	for (uint64_t i = 0; i < 20; i++)
		push_reclaim(l, TASK, 1 * SEC + i * 30 * MS, 1 * SEC + i * 30 * MS + 15 * MS);
	lab_end(l);
	assert_int_equal(l->report.nr_stalls, 0);
	lab_clear(l);
}

static void a_begin_after_a_lost_end_belongs_to_the_same_reclaim(void **unused)
{
	struct lab *l = begin();

	(void)unused;
	lab_push(l, reclaim_event(0, 1 * SEC, TASK, true, RECLAIM_DIRECT));
	lab_push(l, lost_event(0, 1 * SEC + 10 * MS, 3));
	lab_push(l, reclaim_event(0, 1 * SEC + 20 * MS, TASK, true, RECLAIM_DIRECT));
	lab_push(l, reclaim_event(0, 1 * SEC + 200 * MS, TASK, false, RECLAIM_DIRECT));
	lab_end(l);
	assert_int_equal(l->report.nr_stalls, 1);
	assert_int_equal(l->report.stalls[0].evidence, EVIDENCE_BOUNDED);
	assert_int_equal(l->report.stalls[0].confidence, CONFIDENCE_LOW);
	lab_clear(l);
}

static void a_wait_longer_than_its_reclaim_is_not_believed(void **unused)
{
	static const uint64_t delays[] = { UINT64_MAX, UINT64_MAX / 1000, 10000000 };
	struct event throttled = any_event(EVENT_THROTTLED, 0, 1 * SEC + 100 * MS, TASK);

	(void)unused;
	for (size_t i = 0; i < sizeof(delays) / sizeof(delays[0]); i++) {
		struct lab *l = begin();

		throttled.throttled.usec_delayed = delays[i];
		lab_push(l, reclaim_event(0, 1 * SEC, TASK, true, RECLAIM_DIRECT));
		lab_push(l, throttled);
		lab_push(l, reclaim_event(0, 1 * SEC + 200 * MS, TASK, false, RECLAIM_DIRECT));
		lab_end(l);
		assert_int_equal(l->report.nr_stalls, 1);
		assert_int_equal(l->report.stalls[0].cause, CAUSE_DIRECT_RECLAIM);
		lab_clear(l);
	}
}

static void an_end_of_a_part_that_did_not_begin_is_nothing(void **unused)
{
	struct lab *l = begin();

	(void)unused;
	lab_push(l, any_event(EVENT_SHRINK_SLAB_END, 0, 1 * SEC, TASK));
	lab_push(l, reclaim_event(0, 1 * SEC, TASK, true, RECLAIM_DIRECT));
	lab_push(l, any_event(EVENT_SHRINK_SLAB_END, 0, 1 * SEC + 190 * MS, TASK));
	lab_push(l, reclaim_event(0, 1 * SEC + 200 * MS, TASK, false, RECLAIM_DIRECT));
	lab_push(l, any_event(EVENT_SHRINK_SLAB_START, 0, 1 * SEC + 201 * MS, TASK));
	lab_end(l);
	assert_int_equal(l->report.nr_stalls, 1);
	assert_int_equal(l->report.stalls[0].cause, CAUSE_DIRECT_RECLAIM);
	lab_clear(l);
}

static void a_limit_of_a_cgroup_is_told_from_the_machines(void **unused)
{
	static const struct { enum reclaim_type type; enum cause cause; } cases[] = {
		{ RECLAIM_DIRECT, CAUSE_DIRECT_RECLAIM }, { RECLAIM_NODE, CAUSE_DIRECT_RECLAIM },
		{ RECLAIM_MEMCG, CAUSE_MEMCG_RECLAIM }, { RECLAIM_SOFTLIMIT, CAUSE_MEMCG_RECLAIM },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct lab *l = begin();

		lab_push(l, reclaim_event(0, 1 * SEC, TASK, true, cases[i].type));
		lab_push(l, reclaim_event(0, 1 * SEC + 200 * MS, TASK, false, cases[i].type));
		lab_end(l);
		assert_int_equal(l->report.stalls[0].cause, cases[i].cause);
		lab_clear(l);
	}
}

static void it_is_left_out_where_nobody_asked(void **unused)
{
	struct lab *l = begin();

	(void)unused;
	l->opts.to_ns = 900 * MS;
	push_reclaim(l, TASK, 1 * SEC, 1 * SEC + 200 * MS);
	lab_end(l);
	assert_int_equal(l->report.nr_stalls, 0);
	lab_clear(l);
}

/* Damaged or hostile input. If the work grew with each record, ctest would run into its timeout. */
static void a_flood_of_reclaims_that_never_end_is_no_stall(void **unused)
{
	struct lab *l = begin();
	struct event ev;

	(void)unused;
	for (int32_t pid = 1000; pid < 201000; pid++) {
		ev = reclaim_event(0, 1 * SEC + (uint64_t)pid, pid, true, RECLAIM_DIRECT);
		assert_int_equal(runner_event(&l->run, &ev), 0);
	}
	lab_end(l);
	assert_int_equal(l->report.nr_stalls, 0);
	lab_clear(l);
}

/* A stall of 5 s stays one, whoever else begins meanwhile: 10,000 that never end, and 8 of pids alike in their low bits. */
static void of_thousands_of_open_reclaims_none_is_forgotten(void **unused)
{
	struct lab *l = begin();
	struct event ev;

	(void)unused;
	for (int32_t i = 0; i <= 10000; i++) {
		ev = reclaim_event(0, 1 * SEC + (uint64_t)i * US, TASK + i * (i <= 8 ? 4096 : 1), true, RECLAIM_DIRECT);
		assert_int_equal(runner_event(&l->run, &ev), 0);
	}
	ev = reclaim_event(0, 6 * SEC, TASK, false, RECLAIM_DIRECT);
	assert_int_equal(runner_event(&l->run, &ev), 0);
	lab_end(l);
	assert_int_equal(l->report.nr_stalls, 1);
	assert_int_equal(l->report.stalls[0].cause_pid.v, TASK);
	assert_int_equal(l->report.stalls[0].at.end - l->report.stalls[0].at.start, 5 * SEC);
	lab_clear(l);
}

/* Those that are over make room for others, and are told all the same; the short ones are no stalls. */
static void what_is_over_is_told_and_makes_room(void **unused)
{
	struct lab *l = begin();

	(void)unused;
	for (int32_t i = 0; i < 3000; i++)
		push_reclaim(l, TASK + i, (1 + (uint64_t)i) * SEC, (1 + (uint64_t)i) * SEC + (i % 100 ? MS : 200 * MS));
	lab_end(l);
	assert_int_equal(l->report.nr_stalls, 30);
	lab_clear(l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pauses_shorter_than_a_stall_join_two_reclaims),
		cmocka_unit_test(longer_pauses_part_them),
		cmocka_unit_test(short_reclaims_with_longer_pauses_are_no_stall),
		cmocka_unit_test(a_begin_after_a_lost_end_belongs_to_the_same_reclaim),
		cmocka_unit_test(a_wait_longer_than_its_reclaim_is_not_believed),
		cmocka_unit_test(an_end_of_a_part_that_did_not_begin_is_nothing),
		cmocka_unit_test(a_limit_of_a_cgroup_is_told_from_the_machines),
		cmocka_unit_test(it_is_left_out_where_nobody_asked),
		cmocka_unit_test(a_flood_of_reclaims_that_never_end_is_no_stall),
		cmocka_unit_test(of_thousands_of_open_reclaims_none_is_forgotten),
		cmocka_unit_test(what_is_over_is_told_and_makes_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
