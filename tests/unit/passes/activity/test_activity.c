// SPDX-License-Identifier: LGPL-2.1-or-later
/* test_activity.c - do the cells and the close-ups show which task ran where, and stay bounded? */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lab.h"
#include "model/activity.h"

enum { A = 300, B = 301, KSWAPD = 68 };

static struct lab *begin(void)
{
	static struct lab l;	/* too large for the stack; every test begins and clears it */

	lab_begin_as(&l, 2, NULL, &(struct pass_ctx){
		.opts = &(struct analysis_options){ .activity = true }, .recorded = ~UINT64_C(0) });
	return &l;
}

static const struct activity_cell *cell_at(const struct activity *a, unsigned int cpu, uint64_t ts)
{
	return &a->rows[cpu].cells[(ts - a->from) / a->width];
}

static int32_t top_pid(const struct activity *a, unsigned int cpu, uint64_t ts)
{
	return a->tasks[cell_at(a, cpu, ts)->top].pid;
}

static struct activity *new_activity(uint64_t from)
{
	struct activity *a = activity_new(from);

	assert_non_null(a);
	return a;
}

static uint64_t sum(const struct activity *a, unsigned int cpu, bool busy)
{
	uint64_t ns = 0;

	for (size_t i = 0; i < a->nr_slots; i++)
		ns += busy ? a->rows[cpu].cells[i].busy : a->rows[cpu].cells[i].idle;
	return ns;
}

static void no_time_is_lost_however_often_cells_become_one(void **unused)
{
	struct activity *a = new_activity(7 * MS);
	uint64_t at = 7 * MS;

	(void)unused;
	for (int i = 0; i < 20000; i++, at += 3 * MS + 17)
		assert_int_equal(activity_ran(a, 0, at, at + 2 * MS, activity_task(a, i % 2 ? A : 0, "x")), 0);
	assert_true(a->nr_slots <= a->cap_slots && a->nr_slots >= a->cap_slots / 2);
	assert_int_equal(sum(a, 0, true), 10000 * 2 * MS);
	assert_int_equal(sum(a, 0, false), 10000 * 2 * MS);
	activity_free(a);
}

static void the_task_seen_most_is_named_and_its_share_is_a_floor(void **unused)
{
	struct activity *a = new_activity(0);
	uint64_t at = 0, of_a = 0;

	(void)unused;
	for (int i = 0; i < 1000; i++, at += 100 * US) {	/* 60 us A, 30 us B, 10 us others */
		activity_ran(a, 0, at, at + 60 * US, activity_task(a, A, "a"));
		activity_ran(a, 0, at + 60 * US, at + 90 * US, activity_task(a, B, "b"));
		activity_ran(a, 0, at + 90 * US, at + 100 * US, activity_task(a, 400 + i, "c"));
	}
	for (size_t i = 0; i < a->nr_slots; i++) {
		const struct activity_cell *c = &a->rows[0].cells[i];

		assert_int_equal(a->tasks[c->top].pid, A);
		assert_true(c->top_ns <= c->busy);
		of_a += c->top_ns;
	}
	assert_int_equal(of_a, 1000 * 60 * US);
	activity_free(a);
}

static void many_cpus_share_the_same_number_of_cells(void **unused)
{
	struct activity *a = new_activity(0);

	(void)unused;
	for (unsigned int cpu = 0; cpu < ACTIVITY_CPUS + 5; cpu++)
		assert_int_equal(activity_ran(a, cpu, 0, SEC, activity_task(a, A, "a")), 0);
	assert_int_equal(a->nr_rows, ACTIVITY_CPUS);
	assert_true(a->nr_rows * a->cap_slots <= ACTIVITY_CELLS);
	assert_true(a->cpus_left_out);
	assert_int_equal(sum(a, 0, true), SEC);
	assert_int_equal(sum(a, ACTIVITY_CPUS - 1, true), SEC);
	activity_free(a);
}

static void names_have_a_bound_and_those_beyond_it_are_some_other_task(void **unused)
{
	struct activity *a = new_activity(0);
	char comm[TASK_COMM_LEN];

	(void)unused;
	for (int32_t pid = 1; pid <= ACTIVITY_TASKS + 100; pid++) {
		name_task(comm, pid);
		activity_task(a, pid, comm);
	}
	assert_int_equal(a->nr_tasks, ACTIVITY_TASKS);
	assert_int_equal(activity_task(a, ACTIVITY_TASKS + 50, "new"), ACTIVITY_OTHER);
	name_task(comm, 77);
	assert_int_equal(a->tasks[activity_task(a, 77, comm)].pid, 77);
	assert_int_equal(activity_task(a, 0, "swapper/3"), ACTIVITY_IDLE);
	activity_free(a);
}

static void a_pid_with_a_new_name_is_another_task(void **unused)
{
	struct activity *a = new_activity(0);

	(void)unused;
	assert_int_not_equal(activity_task(a, A, "sh"), activity_task(a, A, "make"));
	activity_free(a);
}

static void pages_that_no_memory_has_do_not_overflow_the_sum(void **unused)
{
	struct activity *a = new_activity(0);

	(void)unused;
	activity_scanned(a, 1, INT64_MAX, KNOWN(INT64_MAX));
	activity_scanned(a, 2, UINT64_MAX, UNKNOWN);
	activity_scanned(a, 3, 100, KNOWN(90));
	assert_int_equal(a->scans[0].scans, 3);
	assert_true(a->scans[0].skipped <= a->scans[0].scanned && a->scans[0].scanned <= INT64_MAX);
	activity_free(a);
}

static void a_switch_tells_who_ran_before_it_and_the_end_who_after(void **unused)
{
	struct lab *l = begin();
	const struct activity *a;

	(void)unused;
	lab_push(l, wake_event(EVENT_SCHED_WAKING, 0, SEC, A, B, 0, 0));
	lab_push(l, switch_event(0, SEC + 10 * MS, A, 0, 1));
	lab_push(l, switch_event(0, SEC + 30 * MS, 0, B, 0));
	lab_push(l, wake_event(EVENT_SCHED_WAKING, 0, SEC + 35 * MS, B, A, 0, 0));
	lab_end(l);
	a = l->report.activity;
	assert_non_null(a);
	assert_int_equal(a->from, SEC);
	assert_int_equal(sum(a, 0, true), 15 * MS);
	assert_int_equal(sum(a, 0, false), 20 * MS);
	assert_int_equal(top_pid(a, 0, SEC + MS), A);
	assert_int_equal(top_pid(a, 0, SEC + 31 * MS), B);
	assert_null(a->rows[1].cells);
	lab_clear(l);
}

static void what_was_lost_is_neither_busy_nor_idle(void **unused)
{
	struct lab *l = begin();

	(void)unused;
	lab_push(l, switch_event(0, SEC, A, B, 1));
	lab_push(l, wake_event(EVENT_SCHED_WAKING, 0, SEC + 5 * MS, B, A, 0, 0));
	lab_push(l, lost_event(0, SEC + 25 * MS, 100));
	lab_push(l, switch_event(0, SEC + 30 * MS, A, 0, 1));
	lab_end(l);
	assert_int_equal(sum(l->report.activity, 0, true), 5 * MS + 5 * MS);	/* B until the loss, A afterwards */
	assert_int_equal(sum(l->report.activity, 0, false), 0);
	lab_clear(l);
}

static void an_isolate_event_in_two_buffers_is_one(void **unused)
{
	struct lab *l = begin();
	struct event ev = isolate_event(0, SEC + MS, KSWAPD, 1000, 900);

	(void)unused;
	lab_push(l, switch_event(0, SEC, 0, KSWAPD, 0));
	lab_push(l, ev);
	ev.lane = 1;
	ev.ts += 2 * US;
	lab_push(l, ev);
	lab_end(l);
	assert_int_equal(l->report.activity->scans[10].scans, 1);
	assert_int_equal(l->report.activity->scans[10].skipped, 900);
	lab_clear(l);
}

static void a_kernel_that_counts_no_skips_has_an_unknown_number_of_them(void **unused)
{
	struct lab *l = begin();
	struct event ev = isolate_event(0, SEC + MS, KSWAPD, 1000, 0);

	(void)unused;
	ev.present &= ~(uint32_t)HAS_SKIPPED;
	lab_push(l, switch_event(0, SEC, 0, KSWAPD, 0));
	lab_push(l, ev);
	lab_end(l);
	assert_int_equal(l->report.activity->scans[10].unsaid, 1);
	lab_clear(l);
}

static void nothing_is_collected_unless_asked_for(void **unused)
{
	struct lab *l = begin();

	(void)unused;
	lab_clear(l);
	lab_begin(l, 2);
	lab_push(l, switch_event(0, SEC, A, B, 1));
	lab_end(l);
	assert_null(l->report.activity);
	lab_clear(l);
}

/* kswapd on CPU 0 holds the lock for @hold. CPU 1 switches every @every before, during and after the hold. */
static void push_hold(struct lab *l, uint64_t start, uint64_t hold, uint64_t every)
{
	bool held = false, done = false;

	lab_push(l, switch_event(0, start - 100 * MS, A, KSWAPD, 0));
	for (uint64_t ts = start - 100 * MS; ts < start + hold + 100 * MS; ts += every) {
		if (!held && ts >= start)
			lab_push(l, any_event(EVENT_OTHER, 0, ts, KSWAPD));
		held |= ts >= start;
		if (!done && ts >= start + hold) {
			lab_push(l, isolate_event(0, ts, KSWAPD, 9000000, 8999968));
			lab_push(l, switch_event(0, ts, KSWAPD, A, 1));
		}
		done |= ts >= start + hold;
		lab_push(l, switch_event(1, ts, ts / every % 2 ? A + 5 : B + 5, ts / every % 2 ? B + 5 : A + 5, 1));
	}
}

static void a_close_up_has_every_switch_around_start_and_end(void **unused)
{
	struct lab *l = begin();
	const struct close_up *c;
	size_t switches = 0;

	(void)unused;
	push_hold(l, 2 * SEC, SEC, 5 * MS);
	lab_end(l);
	assert_int_equal(l->report.nr_stalls, 1);
	c = l->report.stalls[0].close_up;
	assert_int_equal(c[0].to, c[1].from);
	for (int k = 0; k < 2; k++)
		for (size_t i = 0; i < c[k].nr; i++) {
			assert_true(c[k].switches[i].ts >= c[k].from && c[k].switches[i].ts <= c[k].to);
			assert_true(!i || c[k].switches[i].ts >= c[k].switches[i - 1].ts);
			switches += c[k].switches[i].cpu == 1;
		}
	assert_in_range(switches, 1200 / 5 - 1, 1200 / 5 + 4);	/* one a 5 ms, and the task at each begin */
	lab_clear(l);
}

static void an_edge_that_is_too_busy_is_shorter_but_whole(void **unused)
{
	struct lab *l = begin();
	const struct close_up *c;
	uint64_t last = 0;

	(void)unused;
	push_hold(l, 2 * SEC, SEC, MS);
	l->run.ctx.report->activity->switches_left = 400;
	lab_end(l);
	c = l->report.stalls[0].close_up;
	assert_true(c[0].nr + c[1].nr <= 400 + 4 * 2);
	assert_true(c[0].from > 2 * SEC - 100 * MS || c[0].to < c[1].from);
	assert_true(c[0].from < 2 * SEC && c[0].to > 2 * SEC);
	assert_true(c[1].from < 3 * SEC && c[1].to > 3 * SEC);
	for (size_t i = 0; i < c[0].nr; i++)
		if (c[0].switches[i].cpu == 1) {
			assert_true(!last || c[0].switches[i].ts - last <= MS);
			last = c[0].switches[i].ts;
		}
	lab_clear(l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_time_is_lost_however_often_cells_become_one),
		cmocka_unit_test(the_task_seen_most_is_named_and_its_share_is_a_floor),
		cmocka_unit_test(many_cpus_share_the_same_number_of_cells),
		cmocka_unit_test(names_have_a_bound_and_those_beyond_it_are_some_other_task),
		cmocka_unit_test(a_pid_with_a_new_name_is_another_task),
		cmocka_unit_test(pages_that_no_memory_has_do_not_overflow_the_sum),
		cmocka_unit_test(a_switch_tells_who_ran_before_it_and_the_end_who_after),
		cmocka_unit_test(what_was_lost_is_neither_busy_nor_idle),
		cmocka_unit_test(an_isolate_event_in_two_buffers_is_one),
		cmocka_unit_test(a_kernel_that_counts_no_skips_has_an_unknown_number_of_them),
		cmocka_unit_test(nothing_is_collected_unless_asked_for),
		cmocka_unit_test(a_close_up_has_every_switch_around_start_and_end),
		cmocka_unit_test(an_edge_that_is_too_busy_is_shorter_but_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
