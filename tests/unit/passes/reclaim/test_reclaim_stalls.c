// SPDX-License-Identifier: LGPL-2.1-or-later
/* test_reclaim_stalls.c - was a task's long reclaim what held it up, or is it work, or a wait for a CPU? */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lab.h"

enum { TASK = 300, OTHER = 301 };

static struct lab *begin(void)
{
	static struct lab l;	/* too large for the stack; every test begins and clears it */

	lab_begin(&l, 2);
	lab_push(&l, switch_event(0, 1 * SEC - US, 0, TASK, 0));
	return &l;
}

/* The stalls found. At most one is made here; it is TASK's. */
static size_t end(struct lab *l)
{
	size_t nr;

	lab_end(l);
	nr = l->report.nr_stalls;
	assert_true(nr <= 1 && l->report.nr_victims == nr);
	assert_true(!nr || l->report.victims[0].pid == TASK);
	lab_clear(l);
	return nr;
}

/* 200 ms in reclaim, in @nr parts with 20 us between them, each of which frees @freed pages. */
static void in_parts(struct lab *l, uint64_t nr, uint64_t freed)
{
	const uint64_t each = 200 * MS / nr;

	for (uint64_t i = 0; i < nr; i++) {
		const uint64_t at = 1 * SEC + i * (each + 20 * US);
		struct event over = reclaim_event(0, at + each, TASK, false, RECLAIM_MEMCG);

		over.reclaim.nr_reclaimed = freed;
		lab_push(l, reclaim_event(0, at, TASK, true, RECLAIM_MEMCG));
		lab_push(l, over);
	}
}

static size_t stalls_of_parts(uint64_t nr, uint64_t freed)
{
	struct lab *l = begin();

	in_parts(l, nr, freed);
	return end(l);
}

static void many_brief_reclaims_that_free_pages_are_work(void **unused)
{
	(void)unused;
	assert_int_equal(stalls_of_parts(2000, 32), 0);
	assert_int_equal(stalls_of_parts(2000, 1), 0);
	assert_int_equal(stalls_of_parts(201, 1), 0);
}

static void brief_ones_that_free_nothing_and_long_ones_that_do_are_no_work(void **unused)
{
	(void)unused;
	assert_int_equal(stalls_of_parts(2000, 0), 1);
	assert_int_equal(stalls_of_parts(200, 32), 1);		/* of 1 ms each */
	assert_int_equal(stalls_of_parts(1, 32), 1);
}

/* A compaction belongs to one allocation with the reclaims before it: there the task did not go on between them. */
static void brief_reclaims_beside_a_compaction_are_one_wait(void **unused)
{
	struct lab *l = begin();

	(void)unused;
	in_parts(l, 2000, 32);
	lab_push(l, any_event(EVENT_COMPACTION_BEGIN, 0, 1241 * MS, TASK));
	lab_push(l, any_event(EVENT_COMPACTION_END, 0, 1242 * MS, TASK));
	assert_int_equal(end(l), 1);
}

/* A reclaim of @took. For @away of that, TASK has no CPU, because it is preempted or because it sleeps. */
static size_t stalls_of_one(uint64_t took, uint64_t away, int64_t state)
{
	struct lab *l = begin();
	const uint64_t left = 1 * SEC + 10 * MS;

	lab_push(l, reclaim_event(0, 1 * SEC, TASK, true, RECLAIM_DIRECT));
	lab_push(l, switch_event(0, left, TASK, OTHER, state));
	if (state == TASK_ST_UNINTERRUPTIBLE)
		lab_push(l, wake_event(EVENT_SCHED_WAKING, 0, left + away - 10 * US, OTHER, TASK, 0, EVENT_FL_HARDIRQ));
	lab_push(l, switch_event(0, left + away, OTHER, TASK, TASK_ST_INTERRUPTIBLE));
	lab_push(l, reclaim_event(0, 1 * SEC + took, TASK, false, RECLAIM_DIRECT));
	return end(l);
}

static void a_reclaim_that_was_mostly_preempted_only_waited_for_its_cpu(void **unused)
{
	(void)unused;
	assert_int_equal(stalls_of_one(150 * MS, 80 * MS, TASK_ST_PREEMPTED), 0);
	assert_int_equal(stalls_of_one(900 * MS, 820 * MS, TASK_ST_RUNNABLE), 0);
}

static void a_reclaim_that_slept_or_took_long_besides_is_a_stall(void **unused)
{
	(void)unused;
	assert_int_equal(stalls_of_one(150 * MS, 80 * MS, TASK_ST_UNINTERRUPTIBLE), 1);
	assert_int_equal(stalls_of_one(900 * MS, 780 * MS, TASK_ST_PREEMPTED), 1);
	assert_int_equal(stalls_of_one(150 * MS, 10 * MS, TASK_ST_PREEMPTED), 1);
}

/* A reclaim of 150 ms. TASK was woken before it. The first switch on record, of another task, comes at @first; 0: none does. */
static void reclaim_without_a_switch_to_it(struct lab *l, uint64_t first)
{
	lab_begin(l, 2);
	lab_push(l, wake_event(EVENT_SCHED_WAKING, 1, 1 * SEC - MS, 0, TASK, 0, EVENT_FL_HARDIRQ));
	lab_push(l, reclaim_event(0, 1 * SEC, TASK, true, RECLAIM_DIRECT));
	if (first)
		lab_push(l, switch_event(1, first, 0, OTHER, 0));
	lab_push(l, reclaim_event(0, 1 * SEC + 150 * MS, TASK, false, RECLAIM_DIRECT));
	lab_end(l);
}

/* A task that was woken seems to be queued for ever then. Nobody knows whether it was preempted, so nothing is taken off. */
static void without_switches_all_of_a_reclaim_counts_and_is_not_split(void **unused)
{
	static const uint64_t first[] = { 0, 1 * SEC + 100 * MS };

	(void)unused;
	for (size_t i = 0; i < 2; i++) {
		static struct lab l;

		reclaim_without_a_switch_to_it(&l, first[i]);
		assert_int_equal(l.report.nr_stalls, 1);
		assert_false(l.report.stalls[0].has_split);
		lab_clear(&l);
	}
}

/* 120 ms, a begin without an end 5 ms later, and 30 ms more: one stall, of which a part of the time is not known. */
static void a_begin_without_an_end_in_between_leaves_the_split_unknown(void **unused)
{
	struct lab *l = begin();

	(void)unused;
	lab_push(l, reclaim_event(0, 1 * SEC, TASK, true, RECLAIM_DIRECT));
	lab_push(l, reclaim_event(0, 1 * SEC + 120 * MS, TASK, false, RECLAIM_DIRECT));
	lab_push(l, reclaim_event(0, 1 * SEC + 125 * MS, TASK, true, RECLAIM_DIRECT));
	lab_push(l, reclaim_event(0, 1 * SEC + 128 * MS, TASK, true, RECLAIM_DIRECT));
	lab_push(l, reclaim_event(0, 1 * SEC + 158 * MS, TASK, false, RECLAIM_DIRECT));
	lab_end(l);
	assert_int_equal(l->report.nr_stalls, 1);
	assert_int_equal(l->report.stalls[0].at.end, 1 * SEC + 158 * MS);
	assert_false(l->report.stalls[0].has_split);
	lab_clear(l);
}

/* The same with its end: then all of the time is accounted for. */
static void reclaims_in_a_row_are_split_as_one(void **unused)
{
	struct lab *l = begin();

	(void)unused;
	lab_push(l, reclaim_event(0, 1 * SEC, TASK, true, RECLAIM_DIRECT));
	lab_push(l, reclaim_event(0, 1 * SEC + 120 * MS, TASK, false, RECLAIM_DIRECT));
	lab_push(l, reclaim_event(0, 1 * SEC + 128 * MS, TASK, true, RECLAIM_DIRECT));
	lab_push(l, reclaim_event(0, 1 * SEC + 158 * MS, TASK, false, RECLAIM_DIRECT));
	lab_end(l);
	assert_int_equal(l->report.nr_stalls, 1);
	assert_true(l->report.stalls[0].has_split);
	assert_int_equal(l->report.stalls[0].running_ns, 150 * MS);
	assert_int_equal(l->report.stalls[0].runnable_ns, 0);
	lab_clear(l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(many_brief_reclaims_that_free_pages_are_work),
		cmocka_unit_test(brief_ones_that_free_nothing_and_long_ones_that_do_are_no_work),
		cmocka_unit_test(brief_reclaims_beside_a_compaction_are_one_wait),
		cmocka_unit_test(a_reclaim_that_was_mostly_preempted_only_waited_for_its_cpu),
		cmocka_unit_test(a_reclaim_that_slept_or_took_long_besides_is_a_stall),
		cmocka_unit_test(without_switches_all_of_a_reclaim_counts_and_is_not_split),
		cmocka_unit_test(a_begin_without_an_end_in_between_leaves_the_split_unknown),
		cmocka_unit_test(reclaims_in_a_row_are_split_as_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
