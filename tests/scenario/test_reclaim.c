// SPDX-License-Identifier: LGPL-2.1-or-later
/* test_reclaim.c - a task that reclaims for itself for long: is it found, with what took its time? */
#include "ask.h"
#include "small.h"
#include "vmstall/event.h"

enum { EATER = 700 };

#define START	   HOLD_FROM
#define GFP_KERNEL 0xcc0

static const struct task eater = { "eater", EATER, 120 };

static struct scene_at eater_at(uint64_t ts)
{
	return (struct scene_at){ .ts = ts, .cpu = 1, .pid = EATER };
}

/* The eater runs on CPU 1 from START on; some life besides. */
static struct scene *beginning(const char *kernel)
{
	struct scene *s = small_scene(kernel);
	struct machine *m = machine_new(s, BEGIN, END);

	machine_periodic(m, 0, numbered("pub", PUB, 0), 33 * MS, 5 * MS, MS);
	machine_play(m);
	story_switch(s, 1, START - MS, idle_task(1), eater, TASK_ST_RUNNABLE);
	return s;
}

static struct report *ending(struct scene *s, uint64_t ts)
{
	story_switch(s, 1, ts, eater, idle_task(1), TASK_ST_INTERRUPTIBLE);
	return analyse(s);
}

/* 100 ms on the CPU, 80 ms preempted, 150 ms in D state and 20 ms until it has the CPU again, 50 ms on it. */
static void direct_reclaim_is_split_into_running_runnable_and_blocked(void **state)
{
	struct scene *s = beginning("5.15");
	const struct task other = TASK("other", HOG);
	const struct scene_at waker = { .ts = START + 330 * MS, .cpu = 0, .flags = EVENT_FL_HARDIRQ };
	const struct stall *st;
	struct report *r;

	(void)state;
	story_reclaim_begin(s, eater_at(START), "direct", 0, GFP_KERNEL);
	story_switch(s, 1, START + 100 * MS, eater, other, TASK_ST_PREEMPTED);
	story_switch(s, 1, START + 180 * MS, other, eater, TASK_ST_INTERRUPTIBLE);
	story_switch(s, 1, START + 180 * MS + US, eater, idle_task(1), TASK_ST_UNINTERRUPTIBLE);
	story_wake(s, waker, 1, eater);
	story_switch(s, 1, START + 350 * MS, idle_task(1), eater, TASK_ST_RUNNABLE);
	story_reclaim_end(s, eater_at(START + 400 * MS), "direct", 32);
	r = ending(s, START + 401 * MS);
	st = only_stall(r, CAUSE_DIRECT_RECLAIM);
	assert_truth(&st->at, START, START + 400 * MS);
	assert_int_equal(st->evidence, EVIDENCE_MEASURED);
	assert_int_equal(st->cause_pid.v, EATER);
	assert_true(st->has_split);
	assert_in_range(st->running_ns, 149 * MS, 151 * MS);
	assert_in_range(st->runnable_ns, 99 * MS, 101 * MS);
	assert_in_range(st->blocked_ns, 149 * MS, 151 * MS);
	assert_victim(r, st, EATER, VICTIM_BLOCKED);
	assert_diagnosis(r, st, DIAGNOSIS_RECLAIM_PRESSURE);
	done(r);
}

/* Measured on 6.1: 1.87 s made of 18 reclaims of about 100 ms. */
static void eighteen_memcg_reclaims_back_to_back_are_one_stall(void **state)
{
	struct scene *s = beginning("6.1");
	const struct stall *st;
	struct report *r;

	(void)state;
	for (unsigned int i = 0; i < 18; i++) {
		story_reclaim_begin(s, eater_at(START + i * 104 * MS), "memcg", 0, GFP_KERNEL);
		story_reclaim_end(s, eater_at(START + i * 104 * MS + 100 * MS), "memcg", 1);
	}
	r = ending(s, START + 1880 * MS);
	st = only_stall(r, CAUSE_MEMCG_RECLAIM);
	assert_int_equal(st->parts, 18);
	assert_in_range(st->at.end - st->at.start, 1800 * MS, 1880 * MS);
	assert_diagnosis(r, st, DIAGNOSIS_MEMCG_LIMIT);
	done(r);
}

static void reclaims_of_two_tasks_are_two_stalls(void **state)
{
	struct scene *s = beginning("6.1");
	const struct task second = TASK("eater2", EATER + 1);
	const struct scene_at begin = { .ts = START + 50 * MS, .cpu = 2, .pid = second.pid };
	const struct scene_at end = { .ts = START + 350 * MS, .cpu = 2, .pid = second.pid };
	struct report *r;

	(void)state;
	story_reclaim_begin(s, eater_at(START), "direct", 0, GFP_KERNEL);
	story_reclaim_end(s, eater_at(START + 200 * MS), "direct", 1);
	story_switch(s, 2, START, idle_task(2), second, TASK_ST_RUNNABLE);
	story_reclaim_begin(s, begin, "direct", 0, GFP_KERNEL);
	story_reclaim_end(s, end, "direct", 1);
	r = ending(s, START + 201 * MS);
	assert_int_equal(r->nr_stalls, 2);
	assert_truth(&stall_by(r, EATER)->at, START, START + 200 * MS);
	assert_truth(&stall_by(r, second.pid)->at, begin.ts, end.ts);
	assert_string_equal(stall_by(r, second.pid)->cause_comm, "eater2");
	done(r);
}

static void below_100_ms_it_is_no_stall(void **state)
{
	struct scene *s = beginning("6.1");
	struct report *r;

	(void)state;
	for (unsigned int i = 0; i < 10; i++) {
		story_reclaim_begin(s, eater_at(START + i * 200 * MS), "direct", 0, GFP_KERNEL);
		story_reclaim_end(s, eater_at(START + i * 200 * MS + 90 * MS), "direct", 1);
	}
	r = ending(s, START + 2 * SEC);
	assert_no_stall(r);
	done(r);
}

static void a_begin_without_an_end_is_no_stall(void **state)
{
	struct scene *s = beginning("6.1");
	struct report *r;

	(void)state;
	story_reclaim_begin(s, eater_at(START), "direct", 0, GFP_KERNEL);
	r = ending(s, START + 2 * SEC);
	assert_no_stall(r);
	done(r);
}

static void an_end_without_a_begin_is_no_stall(void **state)
{
	struct scene *s = beginning("6.1");
	struct report *r;

	(void)state;
	story_reclaim_end(s, eater_at(START + 2 * SEC), "direct", 1);
	r = ending(s, START + 2 * SEC + MS);
	assert_no_stall(r);
	done(r);
}

/* The end may be among what was lost, and a second reclaim begun. */
static void a_reclaim_that_a_loss_cuts_has_low_confidence(void **state)
{
	struct scene *s = beginning("6.1");
	const struct stall *st;
	struct report *r;

	(void)state;
	story_reclaim_begin(s, eater_at(START), "direct", 0, GFP_KERNEL);
	story_reclaim_end(s, eater_at(START + 500 * MS), "direct", 1);
	story_waking(s, eater_at(START + 190 * MS), 0, idle_task(0));
	story_waking(s, eater_at(START + 250 * MS), 0, idle_task(0));
	scene_lost(s, 1, START + 200 * MS, 100);
	r = ending(s, START + 501 * MS);
	st = only_stall(r, CAUSE_DIRECT_RECLAIM);
	assert_int_equal(st->confidence, CONFIDENCE_LOW);
	assert_int_equal(st->evidence, EVIDENCE_BOUNDED);
	assert_true(st->at.start == START + 250 * MS && st->at.start_earliest == START);
	assert_int_equal(st->at.end, START + 500 * MS);
	done(r);
}

static void a_reclaim_of_which_only_the_ends_are_left_is_no_stall(void **state)
{
	struct scene *s = beginning("6.1");
	struct report *r;
	int said = 0;

	(void)state;
	story_reclaim_begin(s, eater_at(START), "direct", 0, GFP_KERNEL);
	story_reclaim_end(s, eater_at(START + 500 * MS), "direct", 1);
	scene_lost(s, 1, START + 200 * MS, 100);
	r = ending(s, START + 501 * MS);
	assert_no_stall(r);
	for (size_t i = 0; i < r->nr_notes; i++)
		said += r->notes[i].level == QUALITY_LOSS && strstr(r->notes[i].text, "may have been in reclaim");
	assert_int_equal(said, 1);
	done(r);
}

static void a_slow_shrinker_is_named_as_the_cause(void **state)
{
	struct scene *s = beginning("6.1");
	const struct stall *st;
	struct report *r;

	(void)state;
	story_reclaim_begin(s, eater_at(START), "direct", 0, GFP_KERNEL);
	scene_event(s, eater_at(START + 20 * MS), "vmscan:mm_shrink_slab_start", INT("shr", 0x1000), INT("nid", 0));
	scene_event(s, eater_at(START + 270 * MS), "vmscan:mm_shrink_slab_end", INT("shr", 0x1000), INT("nid", 0));
	story_reclaim_end(s, eater_at(START + 300 * MS), "direct", 1);
	r = ending(s, START + 301 * MS);
	st = only_stall(r, CAUSE_SHRINK_SLAB);
	assert_truth(&st->at, START, START + 300 * MS);
	assert_diagnosis(r, st, DIAGNOSIS_SLOW_SHRINKER);
	done(r);
}

/* Written after the wait; 6.1. */
static void throttled_reclaim_is_named_as_the_cause(void **state)
{
	struct scene *s = beginning("6.1");
	const struct stall *st;
	struct report *r;

	(void)state;
	story_reclaim_begin(s, eater_at(START), "direct", 0, GFP_KERNEL);
	for (unsigned int i = 1; i <= 3; i++)
		scene_event(s, eater_at(START + i * 101 * MS), "vmscan:mm_vmscan_throttled", INT("nid", 0),
			INT("usec_timeout", 100000), INT("usec_delayed", 100000), INT("reason", 1));
	story_reclaim_end(s, eater_at(START + 310 * MS), "direct", 1);
	r = ending(s, START + 311 * MS);
	st = only_stall(r, CAUSE_THROTTLE);
	assert_truth(&st->at, START, START + 310 * MS);
	assert_diagnosis(r, st, DIAGNOSIS_THROTTLED);
	done(r);
}

/* The same before 5.16. */
static void congestion_waits_are_named_as_the_cause(void **state)
{
	struct scene *s = beginning("5.15");
	struct report *r;

	(void)state;
	story_reclaim_begin(s, eater_at(START), "direct", 0, GFP_KERNEL);
	for (unsigned int i = 1; i <= 3; i++)
		scene_event(s, eater_at(START + i * 101 * MS), "writeback:writeback_congestion_wait",
			INT("usec_timeout", 100000), INT("usec_delayed", 100000));
	story_reclaim_end(s, eater_at(START + 310 * MS), "direct", 1);
	r = ending(s, START + 311 * MS);
	assert_diagnosis(r, only_stall(r, CAUSE_THROTTLE), DIAGNOSIS_THROTTLED);
	done(r);
}

static void compact(struct scene *s, struct scene_at at, uint64_t end)
{
	scene_event(s, at, "compaction:mm_compaction_begin", INT("zone_start", 0x1000), INT("zone_end", 0x80000));
	at.ts = end;
	scene_event(s, at, "compaction:mm_compaction_end", INT("zone_start", 0x1000), INT("zone_end", 0x80000));
}

/* Between reclaims, not inside them: __alloc_pages_slowpath() calls one, then the other. */
static void direct_compaction_is_a_stall_of_its_task(void **state)
{
	struct scene *s = beginning("6.1");
	const struct stall *st;
	struct report *r;

	(void)state;
	compact(s, eater_at(START), START + 400 * MS);
	r = ending(s, START + 401 * MS);
	st = only_stall(r, CAUSE_COMPACTION);
	assert_truth(&st->at, START, START + 400 * MS);
	assert_int_equal(st->cause_pid.v, EATER);
	assert_diagnosis(r, st, DIAGNOSIS_COMPACTION);
	done(r);
}

static void compaction_and_reclaim_in_turn_are_one_stall_of_the_larger_cause(void **state)
{
	struct scene *s = beginning("6.1");
	const struct stall *st;
	struct report *r;

	(void)state;
	compact(s, eater_at(START), START + 100 * MS);
	story_reclaim_begin(s, eater_at(START + 101 * MS), "direct", 9, GFP_KERNEL);
	story_reclaim_end(s, eater_at(START + 130 * MS), "direct", 1);
	compact(s, eater_at(START + 131 * MS), START + 300 * MS);
	r = ending(s, START + 301 * MS);
	st = only_stall(r, CAUSE_COMPACTION);
	assert_truth(&st->at, START, START + 300 * MS);
	assert_int_equal(st->parts, 3);
	done(r);
}

/* That is what it is there for. */
static void kcompactd_and_kswapd_at_work_are_no_stall(void **state)
{
	struct scene *s = small_scene("6.1");
	const struct task kcompactd = TASK("kcompactd0", 60), kswapd = TASK("kswapd0", KSWAPD0);
	const struct scene_at compacts = { .ts = START, .cpu = 1, .pid = kcompactd.pid };
	const struct scene_at begin = { .ts = START, .cpu = 2, .pid = kswapd.pid };
	const struct scene_at end = { .ts = START + 400 * MS, .cpu = 2, .pid = kswapd.pid };
	struct report *r;

	(void)state;
	story_switch(s, 1, START - MS, idle_task(1), kcompactd, TASK_ST_RUNNABLE);
	story_switch(s, 2, START - MS, idle_task(2), kswapd, TASK_ST_RUNNABLE);
	compact(s, compacts, START + 500 * MS);
	scene_event(s, begin, "vmscan:mm_shrink_slab_start", INT("shr", 0x1000), INT("nid", 0));
	scene_event(s, end, "vmscan:mm_shrink_slab_end", INT("shr", 0x1000), INT("nid", 0));
	story_switch(s, 1, START + 501 * MS, kcompactd, idle_task(1), TASK_ST_INTERRUPTIBLE);
	story_switch(s, 2, START + 501 * MS, kswapd, idle_task(2), TASK_ST_INTERRUPTIBLE);
	r = analyse(s);
	assert_no_stall(r);
	done(r);
}

/* Its own scan held the lock: that stall tells it, once. */
static void a_reclaim_that_is_mostly_one_long_hold_is_reported_as_the_hold(void **state)
{
	struct scene *s = small_scene("5.15");
	struct machine *m = small_machine(s, NULL);
	struct report *r;

	(void)state;
	machine_hold(m, 1, eater, HOLD_FROM, HOLD_TO, small_scan());
	machine_play(m);
	story_reclaim_begin(s, eater_at(HOLD_FROM - 5 * US), "direct", 0, 0xcc1);
	story_reclaim_end(s, eater_at(HOLD_TO + 40 * US), "direct", 1);
	r = analyse(s);
	assert_truth(&only_stall(r, CAUSE_LRU_LOCK_HOLD)->at, HOLD_FROM, HOLD_TO);
	assert_int_equal(r->stalls[0].nr_trigger, 1);
	assert_int_equal(r->stalls[0].trigger[0].pid, EATER);
	done(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(direct_reclaim_is_split_into_running_runnable_and_blocked),
		cmocka_unit_test(eighteen_memcg_reclaims_back_to_back_are_one_stall),
		cmocka_unit_test(reclaims_of_two_tasks_are_two_stalls),
		cmocka_unit_test(below_100_ms_it_is_no_stall),
		cmocka_unit_test(a_begin_without_an_end_is_no_stall),
		cmocka_unit_test(an_end_without_a_begin_is_no_stall),
		cmocka_unit_test(a_reclaim_that_a_loss_cuts_has_low_confidence),
		cmocka_unit_test(a_reclaim_of_which_only_the_ends_are_left_is_no_stall),
		cmocka_unit_test(a_slow_shrinker_is_named_as_the_cause),
		cmocka_unit_test(throttled_reclaim_is_named_as_the_cause),
		cmocka_unit_test(congestion_waits_are_named_as_the_cause),
		cmocka_unit_test(direct_compaction_is_a_stall_of_its_task),
		cmocka_unit_test(compaction_and_reclaim_in_turn_are_one_stall_of_the_larger_cause),
		cmocka_unit_test(kcompactd_and_kswapd_at_work_are_no_stall),
		cmocka_unit_test(a_reclaim_that_is_mostly_one_long_hold_is_reported_as_the_hold),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
