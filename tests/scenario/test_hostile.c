// SPDX-License-Identifier: LGPL-2.1-or-later
/* test_hostile.c - a recording whose fields hold what no kernel writes: does the true stall come out of it unharmed? */
#include "ask.h"
#include "small.h"
#include "vmstall/event.h"

enum { STRANGER = 900 };

/* The usual hold, with worker1 waiting. */
static struct scene *usual(void)
{
	struct scene *s = small_scene("5.15");

	small_stall(s, 1);
	return s;
}

static void assert_the_usual(const struct report *r)
{
	const struct stall *st = only_stall(r, CAUSE_LRU_LOCK_HOLD);

	assert_truth(&st->at, HOLD_FROM, HOLD_TO);
	assert_int_equal(st->cpus_frozen.v, 2);
	assert_victim(r, st, WORKER + 1, VICTIM_SPINNING);
	assert_victim(r, st, PUB + 0, VICTIM_TIMER_LATE);
	assert_victim(r, st, PUB + 1, VICTIM_TIMER_LATE);
	assert_int_equal(r->nr_victims, 3);
}

/* The report has them as they are; a writer escapes them. */
static void names_reach_the_report_as_they_were_recorded(void **state)
{
	static const char *const names[] = { "=cmd|'/C calc'!", "\x1b[2J\x1b[31mred", "<script>alert()", "a,\"b\"\r\n;c",
		"\xff\xfe\xc0\x80", "%s%n%s%n", "../../etc/pass", "-rf" };
	const size_t nr = sizeof(names) / sizeof(names[0]);
	struct scene *s = small_scene("5.15");
	struct machine *m = small_machine(s, NULL);
	const struct stall *st;
	struct report *r;

	(void)state;
	for (size_t i = 0; i < nr; i++) {
		struct task task = { .pid = STRANGER + (int32_t)i, .prio = 120 };

		memcpy(task.comm, names[i], strlen(names[i]) + 1);
		machine_periodic(m, 1, task, 20 * MS, 2 * i * MS, MS);
	}
	small_hold(m);
	small_spin(m, 1);
	machine_play(m);
	r = analyse(s);
	st = only_stall(r, CAUSE_LRU_LOCK_HOLD);
	for (size_t i = 0; i < nr; i++) {
		const struct victim *v = victim_of(r, st, STRANGER + (int32_t)i);

		assert_non_null(v);
		assert_string_equal(v->comm, names[i]);
	}
	done(r);
}

static void the_largest_pid_is_a_pid(void **state)
{
	struct scene *s = small_scene("5.15");
	struct machine *m = small_machine(s, NULL);
	struct report *r;

	(void)state;
	machine_periodic(m, 1, TASK("last", INT32_MAX), 20 * MS, 2 * MS, MS);
	small_hold(m);
	small_spin(m, 1);
	machine_play(m);
	r = analyse(s);
	assert_victim(r, only_stall(r, CAUSE_LRU_LOCK_HOLD), INT32_MAX, VICTIM_TIMER_LATE);
	done(r);
}

static void wake_ups_towards_cpus_that_are_not_there_change_nothing(void **state)
{
	static const unsigned int targets[] = { 4, 255, 4096, 65535, 65536, 0x7fffffff };
	struct scene *s = usual();
	struct report *r;

	(void)state;
	for (unsigned int i = 0; i < sizeof(targets) / sizeof(targets[0]); i++)
		for (uint64_t ts = HOLD_FROM - SEC; ts < HOLD_TO; ts += 300 * MS) {
			const struct scene_at at = { .ts = ts + i * US, .cpu = 3, .pid = 0 };

			story_waking(s, at, targets[i], TASK("stranger", STRANGER + (int32_t)i));
		}
	r = analyse(s);
	assert_the_usual(r);
	done(r);
}

static void moves_to_cpus_that_are_not_there_change_nothing(void **state)
{
	static const int64_t cpus[] = { -1, 4, 70000, INT32_MAX, INT32_MIN };
	struct scene *s = usual();
	struct report *r;

	(void)state;
	for (unsigned int i = 0; i < sizeof(cpus) / sizeof(cpus[0]); i++) {
		const struct scene_at at = { .ts = HOLD_FROM + (100 + i) * MS, .cpu = 3 };

		scene_event(s, at, "sched:sched_migrate_task", STR("comm", "stranger"), INT("pid", STRANGER),
			INT("prio", 120), INT("orig_cpu", 1), INT("dest_cpu", cpus[i]));
	}
	r = analyse(s);
	assert_the_usual(r);
	done(r);
}

static void switches_of_negative_pids_change_nothing(void **state)
{
	struct scene *s = usual();
	const struct task odd = { "odd", -7, -120 }, odder = { "odder", INT32_MIN, INT32_MAX };
	struct report *r;

	(void)state;
	story_switch(s, 3, HOLD_FROM + 100 * MS, odd, odder, -1);
	story_switch(s, 3, HOLD_FROM + 100 * MS + US, odder, idle_task(3), INT64_MAX);
	story_switch(s, 3, HOLD_FROM + 100 * MS + 2 * US, idle_task(3), odd, INT64_MIN);
	story_switch(s, 3, HOLD_FROM + 100 * MS + 3 * US, odd, idle_task(3), 0);
	r = analyse(s);
	assert_the_usual(r);
	done(r);
}

/* A scan of 2^64 - 1 pages: nobody believes it, nothing overflows, and no one is blamed by it. */
static void counts_that_cannot_be_are_not_believed(void **state)
{
	const struct isolate scan = { .classzone = INT32_MIN, .lru = INT32_MAX, .order = -1, .requested = UINT64_MAX,
		.scanned = UINT64_MAX, .skipped = UINT64_MAX, .taken = UINT64_MAX };
	const struct isolate half = { .classzone = 255, .lru = -1, .requested = 1, .scanned = INT64_MAX,
		.skipped = INT64_MAX - 1, .taken = 1 };

	(void)state;
	for (const struct isolate *i = (const struct isolate[]){ scan, half, { 0 } }; i->scanned; i++) {
		struct scene *s = small_scene("5.15");
		struct machine *m = small_machine(s, NULL);
		struct report *r;

		machine_hold(m, 0, TASK("kswapd0", KSWAPD0), HOLD_FROM, HOLD_TO, *i);
		small_spin(m, 1);
		machine_play(m);
		r = analyse(s);
		assert_int_equal(r->isolate_events, 1);
		assert_int_equal(nr_of(r, CAUSE_LRU_LOCK_HOLD), 0);
		for (size_t k = 0; k < r->nr_stalls; k++) {
			assert_false(r->stalls[k].scanned_bytes.is);
			assert_false(r->stalls[k].capped_least_ns.is && r->stalls[k].capped_least_ns.v < 0);
		}
		done(r);
	}
}

static void stamps_near_the_end_of_time_do_not_wrap(void **state)
{
	static const uint64_t rooms[] = { 5 * SEC, MS, 2 * US, 0 };
	const struct task kswapd = TASK("kswapd0", KSWAPD0), worker = numbered("worker", WORKER, 1);

	(void)state;
	for (size_t i = 0; i < sizeof(rooms) / sizeof(rooms[0]); i++) {
		const uint64_t to = UINT64_MAX - rooms[i], from = to - SEC;
		const struct scene_at event = { .ts = to - US, .cpu = 0, .pid = KSWAPD0 };
		struct scene *s = small_scene("5.15");
		struct report *r;

		story_switch(s, 0, from, idle_task(0), kswapd, TASK_ST_RUNNABLE);
		story_switch(s, 1, from + 10 * MS, idle_task(1), worker, TASK_ST_RUNNABLE);
		story_isolate(s, event, small_scan());
		story_switch(s, 0, to, kswapd, idle_task(0), TASK_ST_INTERRUPTIBLE);
		story_switch(s, 1, to, worker, idle_task(1), TASK_ST_INTERRUPTIBLE);
		r = analyse(s);
		assert_truth(&only_stall(r, CAUSE_LRU_LOCK_HOLD)->at, from, to);
		for (size_t k = 0; k < r->nr_victims; k++)
			assert_true(r->victims[k].from < r->victims[k].to);
		done(r);
	}
}

/* A switch on CPU 1 to a task that is on CPU 2; a wake-up of who runs; a begin twice: as filters and losses leave it. */
static void contradictions_between_records_change_nothing(void **state)
{
	struct scene *s = usual();
	const struct task twin = TASK("twin", STRANGER);
	struct report *r;

	(void)state;
	for (uint64_t ts = HOLD_FROM - SEC; ts < HOLD_FROM - 100 * MS; ts += 10 * MS) {
		const struct scene_at at = { .ts = ts + 5 * US, .cpu = 3, .pid = STRANGER };

		story_switch(s, 2, ts, idle_task(2), twin, TASK_ST_RUNNABLE);
		story_switch(s, 3, ts + 2 * US, idle_task(3), twin, TASK_ST_RUNNABLE);
		story_wake(s, at, 1, twin);
		story_reclaim_begin(s, at, "direct", 0, 0);
		story_reclaim_begin(s, at, "memcg", 0, 0);
		story_switch(s, 3, ts + 8 * US, twin, idle_task(3), 0x10);
		story_switch(s, 2, ts + 9 * US, twin, idle_task(2), 1);
	}
	r = analyse(s);
	assert_the_usual(r);
	done(r);
}

static void a_recording_of_one_event_has_no_stall(void **state)
{
	struct scene *s = small_scene("5.15");
	struct report *r;

	(void)state;
	story_isolate(s, (struct scene_at){ .ts = SEC, .cpu = 0, .pid = KSWAPD0 }, small_scan());
	r = analyse(s);
	assert_int_equal(r->isolate_events, 1);
	assert_int_equal(r->nr_victims, 0);
	done(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_reach_the_report_as_they_were_recorded),
		cmocka_unit_test(the_largest_pid_is_a_pid),
		cmocka_unit_test(wake_ups_towards_cpus_that_are_not_there_change_nothing),
		cmocka_unit_test(moves_to_cpus_that_are_not_there_change_nothing),
		cmocka_unit_test(switches_of_negative_pids_change_nothing),
		cmocka_unit_test(counts_that_cannot_be_are_not_believed),
		cmocka_unit_test(stamps_near_the_end_of_time_do_not_wrap),
		cmocka_unit_test(contradictions_between_records_change_nothing),
		cmocka_unit_test(a_recording_of_one_event_has_no_stall),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
