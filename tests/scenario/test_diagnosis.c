// SPDX-License-Identifier: LGPL-2.1-or-later
/* test_diagnosis.c - the same freeze, for other reasons: is each reason told, with something to do about it? */
#include "ask.h"
#include "small.h"
#include "vmstall/event.h"

/* A hold of @length by @who on CPU 0, worker1 waiting for it. */
static struct report *held_by(struct scene *s, struct task who, struct isolate scan, uint64_t length)
{
	struct machine *m = small_machine(s, NULL);

	machine_hold(m, 0, who, HOLD_FROM, HOLD_FROM + length, scan);
	machine_freeze(m, 1, numbered("worker", WORKER, 1), HOLD_FROM + length / 10, HOLD_FROM + length + 2 * US);
	machine_play(m);
	return analyse(s);
}

/* 3.3 us a page: no machine that was measured is so slow, but none says that there is none. */
static void a_huge_scan_dearer_than_any_measured_is_named_without_full_confidence(void **state)
{
	const struct isolate scan = { .classzone = 1, .lru = LRU_INACTIVE_FILE, .requested = 32, .scanned = 600032,
		.skipped = 600000, .taken = 32 };
	struct report *r = held_by(small_scene("6.1"), TASK("kswapd0", KSWAPD0), scan, 2 * SEC);

	(void)state;
	assert_int_equal(only_stall(r, CAUSE_LRU_LOCK_HOLD)->confidence, CONFIDENCE_MEDIUM);
	done(r);
	r = held_by(small_scene("6.1"), TASK("kswapd0", KSWAPD0), scan, 200 * MS);
	assert_int_equal(only_stall(r, CAUSE_LRU_LOCK_HOLD)->confidence, CONFIDENCE_HIGH);
	done(r);
}

/* As on the mailing list: active_anon, classzone 1. */
static void a_scan_that_skipped_all_and_took_none_had_an_exhausted_list(void **state)
{
	const struct isolate scan = { .classzone = 1, .lru = LRU_ACTIVE_ANON, .requested = 32, .scanned = 28835844,
		.skipped = 28835844 };
	struct report *r = held_by(small_scene("6.8"), TASK("kswapd0", KSWAPD0), scan, 3 * SEC);
	const struct stall *st = only_stall(r, CAUSE_LRU_LOCK_HOLD);

	(void)state;
	assert_diagnosis(r, st, DIAGNOSIS_LIST_EXHAUSTED);
	assert_int_equal(st->nr_taken.v, 0);
	assert_in_range(st->capped_least_ns.v, 3 * MS, 4 * MS);
	done(r);
}

/* 32768 folios of 8 pages. */
static void a_scan_on_a_kernel_with_the_cap_ended_at_it(void **state)
{
	const struct isolate scan = { .classzone = 0, .lru = LRU_INACTIVE_FILE, .requested = 32, .scanned = 262176,
		.skipped = 262144, .taken = 32 };
	struct report *r = held_by(small_scene("6.18"), TASK("kswapd0", KSWAPD0), scan, 25 * MS);
	const struct stall *st = only_stall(r, CAUSE_LRU_LOCK_HOLD);

	(void)state;
	assert_diagnosis(r, st, DIAGNOSIS_SKIP_CAP);
	assert_false(st->capped_least_ns.is);
	assert_null(strstr(stall_advice(&r->facts, st)->remedy, "6.14 or later"));
	done(r);
}

static void the_same_scan_on_a_kernel_without_the_cap_is_a_zone_mismatch(void **state)
{
	const struct isolate scan = { .classzone = 0, .lru = LRU_INACTIVE_FILE, .requested = 32, .scanned = 262176,
		.skipped = 262144, .taken = 32 };
	struct report *r = held_by(small_scene("6.12"), TASK("kswapd0", KSWAPD0), scan, 25 * MS);
	const struct stall *st = only_stall(r, CAUSE_LRU_LOCK_HOLD);

	(void)state;
	assert_diagnosis(r, st, DIAGNOSIS_ZONE_MISMATCH);
	assert_in_range(st->capped_least_ns.v, 3 * MS, 4 * MS);
	assert_non_null(strstr(stall_advice(&r->facts, st)->remedy, "6.14 or later"));
	done(r);
}

static void a_scan_that_skipped_nothing_and_took_little_met_busy_pages(void **state)
{
	const struct isolate scan = { .classzone = 2, .lru = LRU_INACTIVE_ANON, .requested = 4096, .scanned = 2000000,
		.taken = 5 };
	struct report *r = held_by(small_scene("5.15"), TASK("eater", HOG), scan, 300 * MS);
	const struct stall *st = only_stall(r, CAUSE_LRU_LOCK_HOLD);

	(void)state;
	assert_diagnosis(r, st, DIAGNOSIS_BUSY_PAGES);
	assert_false(st->capped_least_ns.is);
	done(r);
}

static void a_scan_that_took_what_it_looked_at_is_a_long_list(void **state)
{
	const struct isolate scan = { .classzone = 2, .lru = LRU_INACTIVE_FILE, .requested = 2000000,
		.scanned = 2000000, .taken = 1999000 };
	struct report *r = held_by(small_scene("5.15"), TASK("eater", HOG), scan, 300 * MS);

	(void)state;
	assert_diagnosis(r, only_stall(r, CAUSE_LRU_LOCK_HOLD), DIAGNOSIS_LONG_LIST);
	done(r);
}

/* From 6.5 to 6.10 a task's own reclaim skips CMA pages of the zone it wants. */
static void skips_with_every_zone_allowed_are_cma_pages_where_the_kernel_skips_those(void **state)
{
	struct isolate scan = small_scan();
	struct report *r;

	(void)state;
	scan.classzone = 3;
	r = held_by(small_scene("6.8"), TASK("eater", HOG), scan, SEC);
	assert_diagnosis(r, only_stall(r, CAUSE_LRU_LOCK_HOLD), DIAGNOSIS_CMA_SKIP);
	done(r);
	r = held_by(small_scene("6.8"), TASK("kswapd0", KSWAPD0), scan, SEC);
	assert_diagnosis(r, only_stall(r, CAUSE_LRU_LOCK_HOLD), DIAGNOSIS_ZONE_MISMATCH);
	done(r);
	r = held_by(small_scene("6.12"), TASK("eater", HOG), scan, SEC);
	assert_diagnosis(r, only_stall(r, CAUSE_LRU_LOCK_HOLD), DIAGNOSIS_ZONE_MISMATCH);
	done(r);
}

/* 32 pages in a second: the CPU did not execute, or waited for another's lock. It is not this scan's doing. */
static void a_scan_of_a_few_pages_is_not_given_a_long_hold(void **state)
{
	const struct isolate scan = { .classzone = 2, .lru = LRU_INACTIVE_FILE, .requested = 32, .scanned = 32,
		.taken = 32 };
	struct report *r = held_by(small_scene("5.15"), TASK("kswapd0", KSWAPD0), scan, SEC);

	(void)state;
	assert_int_equal(nr_of(r, CAUSE_LRU_LOCK_HOLD), 0);
	done(r);
}

/* kswapd reclaims all day and writes no isolate event. */
static void a_busy_kswapd_without_isolate_events_is_told_as_the_multi_generation_lru(void **state)
{
	struct scene *s = small_scene("6.1");
	struct report *r;

	(void)state;
	machine_play(small_machine(s, NULL));
	scene_enable(s, "vmscan");
	for (uint64_t ts = BEGIN + 10 * MS; ts < END - 100 * MS; ts += 50 * MS) {
		const struct scene_at at = { .ts = ts, .cpu = 3, .pid = KSWAPD0 };
		const struct scene_at slab = { .ts = ts + MS, .cpu = 3, .pid = KSWAPD0 };
		const struct scene_at sleeps = { .ts = ts + 30 * MS, .cpu = 3, .pid = KSWAPD0 };

		story_kswapd_wake(s, at, 2, 0);
		scene_event(s, slab, "vmscan:mm_shrink_slab_start", INT("shr", 0x1000), INT("nid", 0));
		story_kswapd_sleep(s, sleeps);
	}
	r = analyse(s);
	assert_no_stall(r);
	assert_int_equal(r->isolate_events, 0);
	assert_true(has_note(r, "multi-generation"));
	done(r);
}

static void without_the_count_of_skips_the_stall_is_told_and_not_explained(void **state)
{
	struct scene *s = small_scene("5.15");
	const struct stall *st;
	struct report *r;

	(void)state;
	small_stall(s, 1);
	hide_field(s, "mm_vmscan_lru_isolate", "nr_skipped");
	r = analyse(s);
	st = only_stall(r, CAUSE_LRU_LOCK_HOLD);
	assert_truth(&st->at, HOLD_FROM, HOLD_TO);
	assert_false(st->nr_skipped.is);
	assert_true(st->nr_scanned.is);
	assert_false(st->capped_least_ns.is);
	assert_int_equal(st->diagnosis, DIAGNOSIS_NONE);
	done(r);
}

/* Without the vmscan events a freeze is seen, and laid at no one's door; and what to record is said. */
static void without_reclaim_events_a_freeze_is_unexplained_and_the_recording_line_is_given(void **state)
{
	struct scene *s = small_scene("5.15");
	struct machine *m = small_machine(s, NULL);
	struct report *r;
	bool told = false;

	(void)state;
	machine_freeze(m, 0, TASK("kswapd0", KSWAPD0), HOLD_FROM, HOLD_TO);
	small_spin(m, 1);
	small_spin(m, 2);
	machine_play(m);
	r = analyse(s);
	assert_int_equal(only_stall(r, CAUSE_UNEXPLAINED)->cpus_frozen.v, 3);
	for (size_t i = 0; i < r->nr_coverage; i++)
		told |= !r->coverage[i].possible && strstr(r->coverage[i].missing, "mm_vmscan_lru_isolate") &&
			strstr(r->coverage[i].hint, "trace-cmd record");
	assert_true(told);
	done(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_huge_scan_dearer_than_any_measured_is_named_without_full_confidence),
		cmocka_unit_test(a_scan_that_skipped_all_and_took_none_had_an_exhausted_list),
		cmocka_unit_test(a_scan_on_a_kernel_with_the_cap_ended_at_it),
		cmocka_unit_test(the_same_scan_on_a_kernel_without_the_cap_is_a_zone_mismatch),
		cmocka_unit_test(a_scan_that_skipped_nothing_and_took_little_met_busy_pages),
		cmocka_unit_test(a_scan_that_took_what_it_looked_at_is_a_long_list),
		cmocka_unit_test(skips_with_every_zone_allowed_are_cma_pages_where_the_kernel_skips_those),
		cmocka_unit_test(a_scan_of_a_few_pages_is_not_given_a_long_hold),
		cmocka_unit_test(a_busy_kswapd_without_isolate_events_is_told_as_the_multi_generation_lru),
		cmocka_unit_test(without_the_count_of_skips_the_stall_is_told_and_not_explained),
		cmocka_unit_test(without_reclaim_events_a_freeze_is_unexplained_and_the_recording_line_is_given),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
