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

/* What the report says of reclaims that may be several; NULL: nothing. */
static const char *unsure(const struct lab *l)
{
	for (size_t i = 0; i < l->report.nr_notes; i++)
		if (strstr(l->report.notes[i].text, "may have been in reclaim") && l->report.notes[i].level == QUALITY_LOSS)
			return l->report.notes[i].text;
	return NULL;
}

/* The first one may have been short. Only the second is seen from begin to end. */
static void a_begin_after_a_lost_end_begins_another_reclaim(void **unused)
{
	struct lab *l = begin();
	const struct stall *st;

	(void)unused;
	lab_push(l, reclaim_event(0, 1 * SEC, TASK, true, RECLAIM_DIRECT));
	lab_push(l, lost_event(0, 1 * SEC + 10 * MS, 3));
	lab_push(l, reclaim_event(0, 4 * SEC, TASK, true, RECLAIM_DIRECT));
	lab_push(l, reclaim_event(0, 4 * SEC + 200 * MS, TASK, false, RECLAIM_DIRECT));
	lab_end(l);
	assert_int_equal(l->report.nr_stalls, 1);
	st = &l->report.stalls[0];
	assert_int_equal(st->at.start, 4 * SEC);
	assert_int_equal(st->at.end, 4 * SEC + 200 * MS);
	assert_int_equal(st->evidence, EVIDENCE_MEASURED);
	assert_int_equal(st->confidence, CONFIDENCE_HIGH);
	assert_non_null(unsure(l));	/* of the first one: it may have lasted 3 s */
	assert_non_null(strstr(unsure(l), "3000.000 ms of t300-300 at 1.000000"));
	lab_clear(l);
}

/* TASK leaves CPU 0 and comes back to it, or does not leave it, while CPU 1 loses records until @lost_to. */
static struct lab *move_beside_a_loss(bool leaves, uint64_t lost_to)
{
	struct lab *l = begin();

	lab_push(l, any_event(EVENT_OTHER, 1, 1 * SEC + 110 * MS, OTHER));
	lab_push(l, reclaim_event(0, 1 * SEC + 110 * MS, TASK, true, RECLAIM_DIRECT));
	if (lost_to < 1 * SEC + 120 * MS)
		lab_push(l, lost_event(1, lost_to, 3));
	if (leaves)
		lab_push(l, switch_event(0, 1 * SEC + 120 * MS, TASK, OTHER, TASK_ST_UNINTERRUPTIBLE));
	if (lost_to > 1 * SEC + 120 * MS && lost_to < 3 * SEC)
		lab_push(l, lost_event(1, lost_to, 3));
	if (leaves)
		lab_push(l, switch_event(0, 3 * SEC, OTHER, TASK, TASK_ST_PREEMPTED));
	lab_push(l, reclaim_event(0, 3 * SEC + 10 * MS, TASK, false, RECLAIM_DIRECT));
	if (lost_to >= 3 * SEC)
		lab_push(l, lost_event(1, lost_to, 3));
	lab_end(l);
	return l;
}

/* It may have ended there, and begun again. A loss is known only when it is over, which may be after the end. */
static void a_pair_is_none_where_another_cpu_may_hide_what_lies_between(void **unused)
{
	static const uint64_t over[] = { 2990 * MS, 3015 * MS, 9 * SEC };

	(void)unused;
	for (size_t i = 0; i < sizeof(over) / sizeof(over[0]); i++) {
		struct lab *l = move_beside_a_loss(true, over[i]);

		assert_int_equal(l->report.nr_stalls, 0);
		assert_non_null(unsure(l));
		assert_non_null(strstr(unsure(l), "1900.000 ms of t300-300 at 1.110000"));
		lab_clear(l);
	}
}

static void a_loss_on_another_cpu_hides_nothing_of_a_task_that_stayed(void **unused)
{
	struct lab *l = move_beside_a_loss(false, 2900 * MS);

	(void)unused;
	assert_int_equal(l->report.nr_stalls, 1);
	assert_int_equal(l->report.stalls[0].evidence, EVIDENCE_MEASURED);
	assert_int_equal(l->report.stalls[0].confidence, CONFIDENCE_HIGH);
	assert_null(unsure(l));
	lab_clear(l);
}

static void a_loss_that_was_over_before_it_left_hides_nothing(void **unused)
{
	struct lab *l = move_beside_a_loss(true, 1 * SEC + 115 * MS);

	(void)unused;
	assert_int_equal(l->report.nr_stalls, 1);
	assert_int_equal(l->report.stalls[0].evidence, EVIDENCE_MEASURED);
	lab_clear(l);
}

/* Without switches nobody knows where it was. */
static void where_no_switch_is_recorded_a_loss_anywhere_hides(void **unused)
{
	struct lab *l = lab();

	(void)unused;
	lab_begin(l, 4);
	lab_push(l, any_event(EVENT_OTHER, 3, 1 * SEC, OTHER));
	lab_push(l, reclaim_event(0, 1 * SEC + MS, TASK, true, RECLAIM_DIRECT));
	lab_push(l, lost_event(3, 2 * SEC, 3));
	lab_push(l, reclaim_event(0, 2 * SEC + MS, TASK, false, RECLAIM_DIRECT));
	lab_end(l);
	assert_int_equal(l->report.nr_stalls, 0);
	assert_non_null(unsure(l));
	lab_clear(l);
}

/* The dropped records were counted, and no mark says where they were. */
static void a_cpu_that_dropped_records_may_hide_anything(void **unused)
{
	struct cpu_quality *cpus = calloc(2, sizeof(*cpus));
	struct lab *l = begin();

	(void)unused;
	assert_non_null(cpus);
	cpus[0].dropped = KNOWN(7);
	l->report.facts.cpus = cpus;
	push_reclaim(l, TASK, 1 * SEC, 2 * SEC);
	lab_end(l);
	assert_int_equal(l->report.nr_stalls, 0);
	assert_non_null(unsure(l));
	lab_clear(l);
}

/* What is before the loss is seen whole: it is at least so long. */
static void the_seen_side_of_a_loss_is_a_stall_if_it_is_long_enough(void **unused)
{
	struct lab *l = begin();
	const struct stall *st;

	(void)unused;
	lab_push(l, reclaim_event(0, 1 * SEC, TASK, true, RECLAIM_DIRECT));
	lab_push(l, any_event(EVENT_OTHER, 0, 3 * SEC, TASK));
	lab_push(l, lost_event(0, 4 * SEC, 3));
	lab_push(l, any_event(EVENT_OTHER, 0, 4 * SEC, TASK));
	lab_push(l, reclaim_event(0, 4 * SEC + 200 * MS, TASK, false, RECLAIM_DIRECT));
	lab_end(l);
	assert_int_equal(l->report.nr_stalls, 1);
	st = &l->report.stalls[0];
	assert_int_equal(st->evidence, EVIDENCE_BOUNDED);
	assert_int_equal(st->confidence, CONFIDENCE_LOW);
	assert_int_equal(st->at.start, 1 * SEC);
	assert_int_equal(st->at.end, 3 * SEC);
	assert_int_equal(st->at.end_latest, 4 * SEC + 200 * MS);
	assert_int_equal(st->at.end_rule, BOUND_EDGE);
	assert_false(st->has_split);
	assert_null(unsure(l));
	lab_clear(l);
}

/* cgroup v1: shrink_zones() reclaims over soft limits inside of direct reclaim. */
static void a_soft_limit_inside_closes_no_reclaim_around_it(void **unused)
{
	struct lab *l = begin();

	(void)unused;
	lab_push(l, reclaim_event(0, 1 * SEC, TASK, true, RECLAIM_DIRECT));
	lab_push(l, reclaim_event(0, 1 * SEC + 50 * MS, TASK, true, RECLAIM_SOFTLIMIT));
	lab_push(l, reclaim_event(0, 1 * SEC + 90 * MS, TASK, false, RECLAIM_SOFTLIMIT));
	lab_push(l, reclaim_event(0, 1 * SEC + 400 * MS, TASK, false, RECLAIM_DIRECT));
	lab_end(l);
	assert_int_equal(l->report.nr_stalls, 1);
	assert_int_equal(l->report.stalls[0].cause, CAUSE_DIRECT_RECLAIM);
	assert_int_equal(l->report.stalls[0].at.end - l->report.stalls[0].at.start, 400 * MS);
	assert_int_equal(l->report.stalls[0].parts, 1);
	assert_int_equal(l->report.stalls[0].evidence, EVIDENCE_MEASURED);
	lab_clear(l);
}

/* balance_pgdat() does the same. It is kswapd's work and no task stands still. */
static void a_soft_limit_in_kswapd_is_no_stall(void **unused)
{
	struct lab *l = begin();
	struct event ev = switch_event(0, 1 * SEC - 500, TASK, OTHER, TASK_ST_INTERRUPTIBLE);

	(void)unused;
	strcpy(ev.sw.next_comm, "kswapd0");
	lab_push(l, ev);
	lab_push(l, reclaim_event(0, 1 * SEC, OTHER, true, RECLAIM_SOFTLIMIT));
	lab_push(l, reclaim_event(0, 3 * SEC, OTHER, false, RECLAIM_SOFTLIMIT));
	lab_end(l);
	assert_int_equal(l->report.nr_stalls, 0);
	lab_clear(l);
}

/* Its own end is missing, and so is the begin of the other. */
static void an_end_of_another_kind_ends_nothing(void **unused)
{
	struct lab *l = begin();

	(void)unused;
	lab_push(l, reclaim_event(0, 1 * SEC, TASK, true, RECLAIM_DIRECT));
	lab_push(l, reclaim_event(0, 2 * SEC, TASK, false, RECLAIM_MEMCG));
	lab_end(l);
	assert_int_equal(l->report.nr_stalls, 0);
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
		{ RECLAIM_MEMCG, CAUSE_MEMCG_RECLAIM }, { RECLAIM_SOFTLIMIT, CAUSE_DIRECT_RECLAIM },	/* a part of direct reclaim, whose own begin is missing */
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
		cmocka_unit_test(a_begin_after_a_lost_end_begins_another_reclaim),
		cmocka_unit_test(a_pair_is_none_where_another_cpu_may_hide_what_lies_between),
		cmocka_unit_test(a_loss_on_another_cpu_hides_nothing_of_a_task_that_stayed),
		cmocka_unit_test(a_loss_that_was_over_before_it_left_hides_nothing),
		cmocka_unit_test(where_no_switch_is_recorded_a_loss_anywhere_hides),
		cmocka_unit_test(a_cpu_that_dropped_records_may_hide_anything),
		cmocka_unit_test(the_seen_side_of_a_loss_is_a_stall_if_it_is_long_enough),
		cmocka_unit_test(a_soft_limit_inside_closes_no_reclaim_around_it),
		cmocka_unit_test(a_soft_limit_in_kswapd_is_no_stall),
		cmocka_unit_test(an_end_of_another_kind_ends_nothing),
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
