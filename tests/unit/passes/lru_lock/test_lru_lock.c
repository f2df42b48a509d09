// SPDX-License-Identifier: LGPL-2.1-or-later
/* test_lru_lock.c - which isolate events become holds, and which holds stalls? */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lab.h"

enum { KSWAPD = 68, USER = 300 };

static struct lab *lab(void)
{
	static struct lab l;	/* too large for the stack; every test begins and clears it */

	return &l;
}

/* The task is switched in at @from and scans until the event. The next record of the CPU is at @to. */
static void push_scan(struct lab *l, uint64_t from, struct event isolate, uint64_t to)
{
	lab_push(l, switch_event(isolate.cpu, from, USER, isolate.pid, TASK_ST_INTERRUPTIBLE));
	lab_push(l, isolate);
	lab_push(l, any_event(EVENT_OTHER, isolate.cpu, to, isolate.pid));
}

static void a_hold_lies_between_the_records_around_its_event(void **unused)
{
	struct lab *l = lab();
	const struct hold *h;

	(void)unused;
	lab_begin(l, 2);
	push_scan(l, 1 * SEC, isolate_event(0, 2 * SEC, KSWAPD, 9911718, 9911686), 2 * SEC + 40 * US);
	lab_end(l);
	assert_int_equal(l->report.nr_holds, 1);
	h = &l->report.holds[0];
	assert_int_equal(h->at.start_earliest, 1 * SEC);
	assert_int_equal(h->at.end_latest, 2 * SEC + 40 * US);
	assert_int_equal(h->pid, KSWAPD);
	assert_string_equal(h->comm, "t68");
	assert_true(h->irqs_off && h->plausible);
	assert_int_equal(h->nr_skipped.v, 9911686);
	assert_int_equal(l->report.isolate_events, 1);
	assert_int_equal(l->report.nr_stalls, 1);
	assert_int_equal(l->report.stalls[0].cause, CAUSE_LRU_LOCK_HOLD);
	assert_int_equal(l->report.stalls[0].diagnosis, DIAGNOSIS_ZONE_MISMATCH);
	assert_int_equal(l->report.stalls[0].scanned_bytes.v, INT64_C(9911718) * 4096);
	assert_true(l->report.stalls[0].capped_least_ns.v > 0 && l->report.stalls[0].capped_least_ns.v < (int64_t)(10 * MS));
	assert_int_equal(l->report.longest_hold_ns, h->at.end - h->at.start);
	lab_clear(l);
}

/* The records of a tracer or a probe: the lock may still be held. An interrupt's are not written before the unlock. */
static void an_unknown_record_with_interrupts_off_does_not_end_the_hold_and_an_interrupts_does(void **unused)
{
	struct event ev = any_event(EVENT_OTHER, 0, 2 * SEC + 10 * US, KSWAPD);
	struct lab *l = lab();

	(void)unused;
	for (int interrupt = 0; interrupt < 2; interrupt++) {
		lab_begin(l, 2);
		lab_push(l, switch_event(0, 1 * SEC, USER, KSWAPD, TASK_ST_INTERRUPTIBLE));
		lab_push(l, isolate_event(0, 2 * SEC, KSWAPD, 9911718, 9911686));
		ev.flags = EVENT_FL_IRQS_OFF | (interrupt ? EVENT_FL_HARDIRQ : 0);
		lab_push(l, ev);
		lab_push(l, any_event(EVENT_OTHER, 0, 2 * SEC + 40 * US, KSWAPD));
		lab_end(l);
		assert_int_equal(l->report.nr_holds, 1);
		assert_int_equal(l->report.holds[0].at.end_latest, 2 * SEC + (interrupt ? 10 : 40) * US);
		lab_clear(l);
	}
}

/* Steps from sched_waking to sched_wakeup show pauses of CPUs: here none, of 1 ms, and too few to tell. */
static void a_scan_that_is_its_cpus_first_record_may_have_begun_before_by_its_pages_and_a_pause(void **unused)
{
	static const struct { size_t steps; uint64_t longest, before; } cases[] = {
		{ 40, 2 * US, 8 * US }, { 40, 1 * MS, 4 * MS }, { 5, 2 * US, 250 * MS },
	};
	struct lab *l = lab();

	(void)unused;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		lab_begin(l, 2);
		l->opts.keep_all_holds = true;
		lab_push(l, isolate_event(0, 2 * SEC, KSWAPD, 32, 0));
		lab_push(l, any_event(EVENT_OTHER, 0, 2 * SEC + 40 * US, KSWAPD));
		for (size_t k = 0; k < cases[i].steps; k++) {
			uint64_t at = 3 * SEC + k * 10 * MS;

			lab_push(l, wake_event(EVENT_SCHED_WAKING, 1, at, 5, USER, 1, 0));
			lab_push(l, wake_event(EVENT_SCHED_WAKEUP, 1, at + (k ? 2 * US : cases[i].longest), 5, USER, 1, 0));
		}
		lab_end(l);
		assert_int_equal(l->report.nr_holds, 1);
		assert_int_equal(l->report.holds[0].at.start_earliest, 2 * SEC - 160 * US - cases[i].before);
		lab_clear(l);
	}
}

/* Its length is estimated: well enough from single pages, hardly from what may be large folios. */
static void a_hold_cut_by_the_begin_is_told_with_low_confidence_where_folios_may_be_large(void **unused)
{
	struct lab *l = lab();

	(void)unused;
	for (int folios = 0; folios < 2; folios++) {
		lab_begin(l, 2);
		l->report.facts.has_folios = folios ? KNOWN(1) : UNKNOWN;	/* and 5.10 otherwise */
		lab_push(l, isolate_event(0, 2 * SEC, KSWAPD, 9911718, 9911686));
		lab_push(l, any_event(EVENT_OTHER, 0, 2 * SEC + 40 * US, KSWAPD));
		lab_end(l);
		assert_int_equal(l->report.nr_stalls, 1);
		assert_int_equal(l->report.stalls[0].confidence, folios ? CONFIDENCE_LOW : CONFIDENCE_MEDIUM);
		lab_clear(l);
	}
}

static void short_holds_are_kept_on_demand_only(void **unused)
{
	struct lab *l = lab();

	(void)unused;
	for (int all = 0; all < 2; all++) {
		lab_begin(l, 2);
		l->opts.keep_all_holds = all;
		push_scan(l, 1 * SEC, isolate_event(0, 1 * SEC + 10 * US, KSWAPD, 32, 0), 1 * SEC + 12 * US);
		lab_end(l);
		assert_int_equal(l->report.nr_holds, all);
		assert_int_equal(l->report.isolate_events, 1);
		assert_int_equal(l->report.nr_stalls, 0);
		lab_clear(l);
	}
}

/* Before 5.11 a node has one lru_lock. Each task that scanned meanwhile held this lock, even if only for microseconds. */
static void a_short_hold_of_another_cpu_within_the_wait_begins_the_long_one(void **unused)
{
	struct event shrink = any_event(EVENT_LRU_SHRINK_INACTIVE, 1, 1 * SEC + 6 * MS + 3 * US, USER + 1);
	struct lab *l = lab();
	const struct hold *h;

	(void)unused;
	shrink.present = HAS_NID;
	for (int all = 0; all < 2; all++) {
		lab_begin(l, 2);
		l->opts.keep_all_holds = all;
		l->report.facts.clock_is_global = true;
		lab_push(l, switch_event(0, 1 * SEC, USER, KSWAPD, TASK_ST_INTERRUPTIBLE));
		push_scan(l, 1 * SEC + 5900 * US, isolate_event(1, 1 * SEC + 6 * MS, USER + 1, 32, 0), 1 * SEC + 6 * MS + 2 * US);
		lab_push(l, shrink);
		lab_push(l, isolate_event(0, 2 * SEC, KSWAPD, 9911718, 9911686));
		lab_push(l, any_event(EVENT_OTHER, 0, 2 * SEC + 40 * US, KSWAPD));
		lab_end(l);
		assert_int_equal(l->report.nr_holds, 2);
		h = &l->report.holds[1];
		assert_int_equal(h->at.start_earliest, 1 * SEC + 6 * MS);
		assert_int_equal(h->at.start_rule, BOUND_OTHER_HOLD);
		assert_int_equal(h->after_ns, 1 * SEC + 6 * MS);
		lab_clear(l);
	}
}

static void a_long_wait_before_a_short_scan_is_no_stall_of_the_scan(void **unused)
{
	struct lab *l = lab();

	(void)unused;
	lab_begin(l, 2);
	push_scan(l, 1 * SEC, isolate_event(0, 2 * SEC, KSWAPD, 32, 0), 2 * SEC + 40 * US);
	lab_end(l);
	assert_int_equal(l->report.nr_holds, 1);
	assert_false(l->report.holds[0].plausible);
	assert_int_equal(l->report.nr_stalls, 0);
	lab_clear(l);
}

static void one_event_in_two_buffers_is_one_hold(void **unused)
{
	struct event ev = isolate_event(0, 2 * SEC, KSWAPD, 9911718, 9911686), again = ev;
	struct lab *l = lab();

	(void)unused;
	again.lane = 4;
	again.ts += 2 * US;
	lab_begin(l, 2);
	lab_push(l, switch_event(0, 1 * SEC, USER, KSWAPD, 0));
	lab_push(l, ev);
	lab_push(l, again);
	lab_push(l, any_event(EVENT_OTHER, 0, 2 * SEC + 40 * US, KSWAPD));
	lab_end(l);
	assert_int_equal(l->report.nr_holds, 1);
	assert_int_equal(l->report.isolate_events, 1);
	assert_int_equal(l->report.holds[0].at.end_latest, 2 * SEC + 40 * US);
	lab_clear(l);
}

static void two_scans_alike_in_one_buffer_are_two(void **unused)
{
	struct lab *l = lab();

	(void)unused;
	lab_begin(l, 2);
	l->opts.keep_all_holds = true;
	lab_push(l, switch_event(0, 1 * SEC, USER, KSWAPD, 0));
	lab_push(l, isolate_event(0, 1 * SEC + 10 * US, KSWAPD, 32, 0));
	lab_push(l, isolate_event(0, 1 * SEC + 20 * US, KSWAPD, 32, 0));
	lab_push(l, any_event(EVENT_OTHER, 0, 2 * SEC, KSWAPD));
	lab_end(l);
	assert_int_equal(l->report.nr_holds, 2);
	assert_int_equal(l->report.holds[1].at.start_earliest, 1 * SEC + 10 * US);
	lab_clear(l);
}

static void a_loss_before_or_behind_leaves_a_bound(void **unused)
{
	struct lab *l = lab();

	(void)unused;
	for (int behind = 0; behind < 2; behind++) {
		lab_begin(l, 2);
		lab_push(l, switch_event(0, 1 * SEC, USER, KSWAPD, 0));
		if (!behind)
			lab_push(l, lost_event(0, 2 * SEC, 5));
		lab_push(l, isolate_event(0, 2 * SEC, KSWAPD, 9911718, 9911686));
		if (behind)
			lab_push(l, lost_event(0, 2 * SEC + 10 * US, -1));
		lab_push(l, any_event(EVENT_OTHER, 0, 2 * SEC + 10 * US, KSWAPD));
		lab_end(l);
		assert_int_equal(l->report.nr_holds, 1);
		assert_true(l->report.holds[0].lost_in_window);
		assert_int_equal(l->report.holds[0].at.evidence, EVIDENCE_BOUNDED);
		lab_clear(l);
	}
}

static void with_interrupts_on_only_the_tasks_own_records_bound_its_hold(void **unused)
{
	struct event isolate = isolate_event(0, 2 * SEC, KSWAPD, 9911718, 9911686);
	struct event tick = any_event(EVENT_OTHER, 0, 1900 * MS, KSWAPD);
	struct lab *l = lab();

	(void)unused;
	isolate.flags = 0;
	tick.flags = EVENT_FL_HARDIRQ;
	lab_begin(l, 2);
	lab_push(l, switch_event(0, 1 * SEC, USER, KSWAPD, 0));
	lab_push(l, any_event(EVENT_KSWAPD_WAKE, 0, 1 * SEC + US, KSWAPD));
	lab_push(l, tick);
	lab_push(l, isolate);
	lab_push(l, any_event(EVENT_OTHER, 0, 3 * SEC, KSWAPD));
	lab_end(l);
	assert_int_equal(l->report.holds[0].at.start_earliest, 1 * SEC + US);
	assert_false(l->report.holds[0].irqs_off);
	assert_int_equal(l->report.stalls[0].confidence, CONFIDENCE_LOW);
	lab_clear(l);
}

/* Tasks that scan with interrupts on and never appear again. A damaged recording may have any number of them. */
static void holds_of_sleeping_locks_that_never_end_are_left_open(void **unused)
{
	enum { MANY = 200 };
	struct lab *l = lab();

	(void)unused;
	lab_begin(l, 2);
	for (int32_t i = 0; i < MANY; i++) {
		struct event isolate = isolate_event(0, SEC + (uint64_t)i * MS, USER + i, 32, 0);

		isolate.flags = 0;
		lab_push(l, isolate);
	}
	lab_end(l);
	assert_int_equal(l->report.nr_holds, MANY);
	for (size_t i = 0; i < MANY; i++) {
		assert_int_equal(l->report.holds[i].at.end_latest, l->report.facts.last_ns);
		assert_int_equal(l->report.holds[i].at.evidence, EVIDENCE_BOUNDED);
	}
	lab_clear(l);
}

static void the_next_scan_of_the_same_task_ends_a_hold_of_a_sleeping_lock(void **unused)
{
	struct event isolate = isolate_event(0, 1 * SEC, KSWAPD, 32, 0);
	struct lab *l = lab();

	(void)unused;
	isolate.flags = 0;
	isolate.preempt = 0x10;
	lab_begin(l, 2);
	lab_push(l, isolate);
	isolate.ts = 2 * SEC;
	isolate.isolate.nr_scanned = 31;
	lab_push(l, isolate);
	lab_end(l);
	assert_int_equal(l->report.holds[0].at.end_latest, 2 * SEC);
	lab_clear(l);
}

static void the_end_of_a_wait_for_a_spinning_lock_is_the_start(void **unused)
{
	struct event end = any_event(EVENT_CONTENTION_END, 0, 1500 * MS, KSWAPD);
	struct lab *l = lab();

	(void)unused;
	end.contention.lock_addr = 0xffff0000;
	lab_begin(l, 2);
	lab_push(l, switch_event(0, 1 * SEC, USER, KSWAPD, 0));
	lab_push(l, end);
	lab_push(l, isolate_event(0, 2 * SEC, KSWAPD, 9911718, 9911686));
	lab_push(l, any_event(EVENT_OTHER, 0, 2 * SEC + 10 * US, KSWAPD));
	lab_end(l);
	assert_int_equal(l->report.holds[0].at.start, 1500 * MS);
	assert_int_equal(l->report.holds[0].at.start_rule, BOUND_CONTENTION);
	assert_int_equal(l->report.holds[0].lock_addr.v, 0xffff0000);
	lab_clear(l);
}

/*
 * On a kernel with preemption, a pending switch happens at the unlock. On other kernels it happens when the task
 * allows it.
 */
static void a_switch_that_was_due_shows_the_end_on_a_kernel_that_preempts(void **unused)
{
	struct event isolate = isolate_event(0, 2 * SEC, KSWAPD, 9911718, 9911686);
	struct lab *l = lab();

	(void)unused;
	isolate.flags |= EVENT_FL_NEED_RESCHED;
	for (uint8_t depth = 0; depth < 2; depth++) {
		isolate.preempt = depth;
		lab_begin(l, 2);
		lab_push(l, switch_event(0, 1 * SEC, USER, KSWAPD, 0));
		lab_push(l, isolate);
		lab_push(l, switch_event(0, 2 * SEC + 5 * MS, KSWAPD, USER, 0));
		lab_end(l);
		assert_int_equal(l->report.holds[0].at.end_rule, depth ? BOUND_NEXT_EVENT : BOUND_ISOLATE_EVENT);
		lab_clear(l);
	}
}

/* A record of the reclaim after the scan shows the node. */
static void reclaim_names_the_node_of_its_scan(void **unused)
{
	struct event shrink = any_event(EVENT_LRU_SHRINK_INACTIVE, 0, 2 * SEC + 50 * US, USER);
	struct lab *l = lab();

	(void)unused;
	shrink.present = HAS_NID;
	shrink.shrink.nid = 3;
	lab_begin(l, 2);
	lab_push(l, switch_event(0, 1 * SEC, KSWAPD, USER, 0));
	lab_push(l, isolate_event(0, 2 * SEC, USER, 9911718, 9911686));
	lab_push(l, shrink);
	lab_end(l);
	assert_true(l->report.holds[0].nid.is);
	assert_int_equal(l->report.holds[0].nid.v, 3);
	lab_clear(l);
}

static void a_hold_at_the_end_of_the_recording_is_open(void **unused)
{
	struct lab *l = lab();

	(void)unused;
	lab_begin(l, 2);
	lab_push(l, switch_event(0, 1 * SEC, USER, KSWAPD, 0));
	lab_push(l, isolate_event(0, 2 * SEC, KSWAPD, 9911718, 9911686));
	lab_push(l, any_event(EVENT_OTHER, 1, 3 * SEC, USER));
	lab_end(l);
	assert_int_equal(l->report.holds[0].at.end_latest, 3 * SEC);
	assert_int_equal(l->report.holds[0].at.evidence, EVIDENCE_BOUNDED);
	lab_clear(l);
}

static void stalls_outside_the_asked_time_or_shorter_than_asked_are_left_out(void **unused)
{
	static const struct { uint64_t from, to, least; size_t stalls; } cases[] = {
		{ 0, UINT64_MAX, 10 * MS, 1 }, { 3 * SEC, UINT64_MAX, 10 * MS, 0 }, { 0, 500 * MS, 10 * MS, 0 },
		{ 1500 * MS, 1600 * MS, 10 * MS, 1 }, { 0, UINT64_MAX, 2 * SEC, 0 },
	};
	struct lab *l = lab();

	(void)unused;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		lab_begin(l, 2);
		l->opts.from_ns = cases[i].from;
		l->opts.to_ns = cases[i].to;
		l->opts.min_stall_ns = cases[i].least;
		push_scan(l, 1 * SEC, isolate_event(0, 2 * SEC, KSWAPD, 9911718, 9911686), 2 * SEC + 40 * US);
		lab_end(l);
		assert_int_equal(l->report.nr_stalls, cases[i].stalls);
		assert_int_equal(l->report.nr_holds, 1);
		lab_clear(l);
	}
}

static void counts_that_were_not_recorded_stay_unknown(void **unused)
{
	struct event isolate = isolate_event(0, 2 * SEC, KSWAPD, 9911718, 9911686);
	struct lab *l = lab();

	(void)unused;
	isolate.present = 0;
	lab_begin(l, 2);
	push_scan(l, 1 * SEC, isolate, 2 * SEC + 40 * US);
	lab_end(l);
	assert_false(l->report.holds[0].nr_skipped.is || l->report.holds[0].classzone.is || l->report.holds[0].lru.is);
	assert_int_equal(l->report.stalls[0].diagnosis, DIAGNOSIS_NONE);
	lab_clear(l);
}

static void impossible_counts_are_unknown(void **unused)
{
	static const uint64_t counts[] = { UINT64_MAX, INT64_MAX, UINT64_C(1) << 63, 0 };
	struct lab *l = lab();

	(void)unused;
	for (size_t i = 0; i < 4; i++)
		for (size_t j = 0; j < 4; j++) {
			struct event isolate = isolate_event(0, 2 * SEC, KSWAPD, counts[i], counts[j]);

			isolate.isolate.classzone = INT32_MIN;
			isolate.isolate.lru = INT32_MAX;
			lab_begin(l, 2);
			push_scan(l, 1 * SEC, isolate, 2 * SEC + 40 * US);
			lab_end(l);
			assert_int_equal(l->report.nr_holds, 1);
			assert_int_equal(l->report.holds[0].nr_scanned.is, counts[i] <= INT64_MAX);
			assert_int_equal(l->report.holds[0].nr_skipped.is, counts[j] <= INT64_MAX);
			lab_clear(l);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_hold_lies_between_the_records_around_its_event),
		cmocka_unit_test(an_unknown_record_with_interrupts_off_does_not_end_the_hold_and_an_interrupts_does),
		cmocka_unit_test(a_scan_that_is_its_cpus_first_record_may_have_begun_before_by_its_pages_and_a_pause),
		cmocka_unit_test(a_hold_cut_by_the_begin_is_told_with_low_confidence_where_folios_may_be_large),
		cmocka_unit_test(short_holds_are_kept_on_demand_only),
		cmocka_unit_test(a_short_hold_of_another_cpu_within_the_wait_begins_the_long_one),
		cmocka_unit_test(a_long_wait_before_a_short_scan_is_no_stall_of_the_scan),
		cmocka_unit_test(one_event_in_two_buffers_is_one_hold),
		cmocka_unit_test(two_scans_alike_in_one_buffer_are_two),
		cmocka_unit_test(a_loss_before_or_behind_leaves_a_bound),
		cmocka_unit_test(with_interrupts_on_only_the_tasks_own_records_bound_its_hold),
		cmocka_unit_test(holds_of_sleeping_locks_that_never_end_are_left_open),
		cmocka_unit_test(the_next_scan_of_the_same_task_ends_a_hold_of_a_sleeping_lock),
		cmocka_unit_test(the_end_of_a_wait_for_a_spinning_lock_is_the_start),
		cmocka_unit_test(a_switch_that_was_due_shows_the_end_on_a_kernel_that_preempts),
		cmocka_unit_test(reclaim_names_the_node_of_its_scan),
		cmocka_unit_test(a_hold_at_the_end_of_the_recording_is_open),
		cmocka_unit_test(stalls_outside_the_asked_time_or_shorter_than_asked_are_left_out),
		cmocka_unit_test(counts_that_were_not_recorded_stay_unknown),
		cmocka_unit_test(impossible_counts_are_unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
