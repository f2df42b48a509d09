// SPDX-License-Identifier: LGPL-2.1-or-later
/* test_holds.c - are holds bounded, narrowed and judged by the rules? Tests holds alone, without a pass */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "made_hold.h"
#include "passes/lru_lock/holds.h"
#include "passes/lru_lock/lru_stalls.h"

static const struct scan_cost *prior(void)
{
	static struct scan_cost cost;

	cost = fit(NULL, 0);
	return &cost;
}

static void settle_one(struct hold *h)
{
	holds_narrow(h, 1, prior(), true, 0);
	assert_true(h->at.start_earliest <= h->at.start && h->at.start <= h->at.start_latest);
	assert_true(h->at.end_earliest <= h->at.end && h->at.end <= h->at.end_latest);
}

static void a_scan_is_no_faster_than_the_recordings_scans(void **unused)
{
	struct hold h = make_hold(0, 1 * SEC, 2 * SEC, 2 * SEC + MS, 1000000);

	(void)unused;
	settle_one(&h);
	assert_int_equal(h.at.start_earliest, 1 * SEC);
	assert_int_equal(h.at.start_latest, 2 * SEC - 20 * MS);
	assert_int_equal(h.at.start, 1 * SEC);
}

static void the_latest_start_is_not_before_the_earliest(void **unused)
{
	struct hold h = make_hold(0, 1 * SEC, 1 * SEC + MS, 2 * SEC, 1000000);	/* 1 ns a page */

	(void)unused;
	settle_one(&h);
	assert_int_equal(h.at.start_latest, 1 * SEC);
}

static void without_the_records_before_it_the_scan_is_a_floor(void **unused)
{
	struct hold h = make_hold(0, 1 * SEC, 2 * SEC, 2 * SEC + MS, 1000000);

	(void)unused;
	h.at.start_rule = BOUND_EDGE;
	settle_one(&h);
	assert_int_equal(h.at.start, 2 * SEC - 20 * MS);
}

/* Other scans of the recording took 100 ns a page. */
static void without_the_records_before_it_a_scan_took_what_others_took(void **unused)
{
	const struct scan_cost cost = { .nr = 1, .low = 20, .cheapest = 100, .typical = 100, .rules = usual_rules() };
	struct hold h = make_hold(0, 1 * SEC, 2 * SEC, 2 * SEC + MS, 1000000);
	struct hold larger = make_hold(0, 1 * SEC, 2 * SEC, 2 * SEC + MS, 100000000);

	(void)unused;
	h.at.start_rule = larger.at.start_rule = BOUND_EDGE;
	holds_narrow(&h, 1, &cost, false, 0);
	assert_int_equal(h.at.start, 2 * SEC - 100 * MS);
	assert_int_equal(h.at.start_latest, 2 * SEC - 20 * MS);
	holds_narrow(&larger, 1, &cost, false, 0);
	assert_int_equal(larger.at.start, 1 * SEC);
}

/* 5 us a page is more than three times the rate of the slowest machine. */
static void a_hold_may_have_begun_before_the_recording(void **unused)
{
	struct hold h = make_hold(0, 8 * SEC, 8 * SEC, 8 * SEC + MS, 1000000);
	struct hold small = make_hold(0, 5 * SEC, 5 * SEC, 5 * SEC + MS, 32);
	struct hold huge = make_hold(0, 5 * SEC, 5 * SEC, 5 * SEC + MS, INT64_MAX);

	(void)unused;
	hold_began_before(&h, usual_rules(), 8 * SEC, 0);
	assert_int_equal(h.at.start_earliest, 3 * SEC);
	hold_began_before(&small, usual_rules(), 3 * SEC, 0);
	assert_int_equal(small.at.start_earliest, 3 * SEC);
	hold_began_before(&small, usual_rules(), 5 * SEC, 80 * MS);	/* however few pages: the CPU may have paused */
	assert_int_equal(small.at.start_earliest, 5 * SEC - 80 * MS - 160 * US);
	hold_began_before(&huge, usual_rules(), 3 * SEC, 80 * MS);
	assert_int_equal(huge.at.start_earliest, 0);
}

/* On an emulated machine with all CPUs spinning, 2.3 million pages took 3.5 s: 1540 ns each. */
static void a_huge_scan_may_be_dearer_than_any_other(void **unused)
{
	const struct scan_cost usual = { .nr = 3, .low = 50, .typical = 100, .rules = usual_rules() };
	struct hold huge = make_hold(0, 1 * SEC, 4 * SEC + 500 * MS, 4 * SEC + 501 * MS, 1000000);
	struct hold large = make_hold(0, 1 * SEC, 1 * SEC + 350 * MS, 1 * SEC + 351 * MS, 100000);

	(void)unused;
	settle_one(&huge);
	settle_one(&large);
	assert_true(huge.plausible);
	assert_false(large.plausible);
	holds_narrow(&huge, 1, &usual, false, 0);	/* others took 100 ns here, so it waited as well */
	assert_false(huge.plausible);
}

static void the_unlock_follows_the_event(void **unused)
{
	struct hold h = make_hold(0, 1 * SEC, 2 * SEC, 3 * SEC, 1000000);
	struct hold close = make_hold(0, 1 * SEC, 2 * SEC, 2 * SEC + 100, 1000000);

	(void)unused;
	settle_one(&h);
	assert_true(h.at.end - 2 * SEC < 100 * US);
	assert_int_equal(h.at.end_rule, BOUND_ISOLATE_EVENT);
	assert_int_equal(h.at.end_latest, 3 * SEC);
	settle_one(&close);
	assert_int_equal(close.at.end, 2 * SEC + 50);
}

static void a_pending_interrupt_long_after_the_event_shows_a_late_unlock(void **unused)
{
	struct hold late = make_hold(0, 1 * SEC, 2 * SEC, 2 * SEC + 8 * MS, 1000000);
	struct hold soon = make_hold(0, 1 * SEC, 2 * SEC, 2 * SEC + 100 * US, 1000000);

	(void)unused;
	late.pending_came = soon.pending_came = true;
	settle_one(&late);
	settle_one(&soon);
	assert_int_equal(late.at.end_rule, BOUND_NEXT_EVENT);
	assert_true(late.at.end > 2 * SEC + 7 * MS);
	assert_int_equal(soon.at.end_rule, BOUND_ISOLATE_EVENT);
}

/* CPU 1's record before its hold is earlier than CPU 0's event, so CPU 1 waited. */
static void two_at_once(struct hold h[2])
{
	h[0] = make_hold(0, 1 * SEC, 2 * SEC, 2 * SEC + 40 * US, 8000000);
	h[1] = make_hold(1, 1 * SEC + 500 * MS, 3 * SEC, 3 * SEC + 40 * US, 8000000);
}

static void one_lock_is_not_held_twice(void **unused)
{
	struct hold h[2];

	(void)unused;
	two_at_once(h);
	holds_narrow(h, 2, prior(), true, 0);
	assert_int_equal(h[1].at.start_rule, BOUND_OTHER_HOLD);
	assert_int_equal(h[1].at.start_earliest, 2 * SEC);
	assert_int_equal(h[1].at.start, h[0].at.end);
	assert_int_equal(h[0].at.start, 1 * SEC);
}

static void locks_that_may_be_two_are_not_forced_apart(void **unused)
{
	struct hold h[2];

	(void)unused;
	two_at_once(h);
	holds_narrow(h, 2, prior(), false, 0);		/* one lock per memcg; the event does not say which one */
	assert_int_equal(h[1].at.start_earliest, 1 * SEC + 500 * MS);
	two_at_once(h);
	h[1].nid = KNOWN(1);
	holds_narrow(h, 2, prior(), true, 0);
	assert_int_equal(h[1].at.start, 1 * SEC + 500 * MS);
	two_at_once(h);
	h[1].nid = UNKNOWN;
	holds_narrow(h, 2, prior(), true, 0);
	assert_int_equal(h[1].at.start_earliest, 1 * SEC + 500 * MS);
}

/*
 * The first scans 100 ns a page. The second does too, if it waited for the first, which ended 100 ms before it.
 */
static void the_lock_unnamed_the_cost_says_who_waited(void **unused)
{
	struct hold h[2] = { make_hold(0, 0, 1 * SEC, SEC + US, 10000000),
			     make_hold(1, 200 * MS, 1100 * MS, 1100 * MS + US, 1000000) };

	(void)unused;
	holds_narrow(h, 2, prior(), false, 0);
	assert_int_equal(h[1].at.start, h[0].at.end);
	assert_int_equal(h[1].at.start_rule, BOUND_SCAN_COST);
	assert_int_equal(h[1].at.start_earliest, 200 * MS);	/* "likely" narrows no bound */
	assert_int_equal(h[1].after_ns, h[0].event.ts);
}

static void a_scan_that_took_its_time_or_is_of_another_node_did_not_wait(void **unused)
{
	struct hold dear[2] = { make_hold(0, 0, 1 * SEC, SEC + US, 10000000),
				make_hold(1, 200 * MS, 1100 * MS, 1100 * MS + US, 9000000) };
	struct hold apart[2] = { make_hold(0, 0, 1 * SEC, SEC + US, 10000000),
				 make_hold(1, 200 * MS, 1100 * MS, 1100 * MS + US, 1000000) };

	(void)unused;
	apart[1].nid = KNOWN(1);
	holds_narrow(dear, 2, prior(), false, 0);
	holds_narrow(apart, 2, prior(), false, 0);
	assert_int_equal(dear[1].at.start, 200 * MS);
	assert_int_equal(apart[1].at.start, 200 * MS);
	assert_int_equal(dear[1].after_ns | apart[1].after_ns, 0);
}

static void a_hold_that_was_over_before_does_not_matter(void **unused)
{
	struct hold h[2];

	(void)unused;
	two_at_once(h);
	h[1].at.start_earliest = h[1].at.start = 2 * SEC + 1;
	holds_narrow(h, 2, prior(), true, 0);
	assert_int_equal(h[1].at.start_rule, BOUND_PREV_EVENT);
}

static void measured_bounds_are_not_touched(void **unused)
{
	struct hold h[2];

	(void)unused;
	two_at_once(h);
	h[1].at.evidence = EVIDENCE_MEASURED;
	h[1].at.start_latest = h[1].at.start;
	holds_narrow(h, 2, prior(), true, 0);
	assert_int_equal(h[1].at.start, 1 * SEC + 500 * MS);
	assert_true(h[1].plausible);
}

static void the_scan_must_explain_the_time(void **unused)
{
	struct hold few = make_hold(0, 1 * SEC, 2 * SEC, 2 * SEC + MS, 32);
	struct hold many = make_hold(0, 1 * SEC, 2 * SEC, 2 * SEC + MS, 1000000), unknown = many;
	struct scan_cost cheap = { .nr = 3, .low = 20, .typical = 100, .rules = usual_rules() };

	(void)unused;
	settle_one(&few);
	settle_one(&many);
	assert_false(few.plausible);
	assert_true(many.plausible);
	holds_narrow(&many, 1, &cheap, true, 0);		/* 1000 ns a page where 100 ns are usual */
	assert_false(many.plausible);
	unknown.nr_scanned = UNKNOWN;
	settle_one(&unknown);
	assert_false(unknown.plausible);
}

static void impossible_counts_are_survived_and_not_explained(void **unused)
{
	static const int64_t counts[] = { INT64_MAX, INT64_MIN, -1, 0 };

	(void)unused;
	for (size_t i = 0; i < 4; i++)
		for (size_t j = 0; j < 4; j++) {
			struct hold h = make_hold(0, 1 * SEC, 2 * SEC, 2 * SEC + MS, 32);
			bool possible = counts[i] > 0 && counts[j] >= 0;

			h.nr_scanned = KNOWN(counts[i]);
			h.nr_skipped = KNOWN(counts[j]);
			settle_one(&h);
			h.plausible = true;
			assert_int_equal(diagnose_hold(usual_rules(), &h, "5.10.0", UNKNOWN) != DIAGNOSIS_NONE, possible);
		}
}

static void the_lock_is_one_a_node_before_5_11(void **unused)
{
	(void)unused;
	assert_true(lru_lock_per_node("4.15.0-20-generic"));
	assert_true(lru_lock_per_node("5.10.223"));
	assert_false(lru_lock_per_node("5.11.0"));
	assert_false(lru_lock_per_node("6.1.0"));
	assert_false(lru_lock_per_node("unknown"));
	assert_false(lru_lock_per_node(NULL));
}

struct counts { int64_t classzone, scanned, skipped, taken; };

static enum diagnosis diagnose(const char *release, const char *comm, struct counts c)
{
	struct hold h = {
		.classzone = KNOWN(c.classzone), .nr_scanned = KNOWN(c.scanned), .nr_skipped = KNOWN(c.skipped),
		.nr_taken = KNOWN(c.taken), .plausible = true
	};

	snprintf(h.comm, sizeof(h.comm), "%s", comm);
	return diagnose_hold(usual_rules(), &h, release, KNOWN(2));
}

static void each_scan_has_its_diagnosis(void **unused)
{
	static const struct { const char *release, *comm; struct counts counts; enum diagnosis is; } cases[] = {
		{ "5.15.0", "kswapd0", { 0, 9911718, 9911686, 32 }, DIAGNOSIS_ZONE_MISMATCH },
		{ "5.15.0", "kswapd0", { 0, 9911718, 9911718, 0 }, DIAGNOSIS_LIST_EXHAUSTED },
		{ "6.8.0", "bdev_reader", { 2, 100000, 99968, 32 }, DIAGNOSIS_CMA_SKIP },
		{ "6.8.0", "kswapd0", { 2, 100000, 99968, 32 }, DIAGNOSIS_ZONE_MISMATCH },
		{ "6.8.0", "bdev_reader", { 1, 100000, 99968, 32 }, DIAGNOSIS_ZONE_MISMATCH },
		{ "6.4.0", "bdev_reader", { 2, 100000, 99968, 32 }, DIAGNOSIS_ZONE_MISMATCH },
		{ "6.11.0", "bdev_reader", { 2, 100000, 99968, 32 }, DIAGNOSIS_ZONE_MISMATCH },
		{ "6.14.0", "kswapd0", { 0, 32800, 32768, 32 }, DIAGNOSIS_SKIP_CAP },
		{ "6.14.0", "kswapd0", { 0, 16777248, 16777216, 32 }, DIAGNOSIS_SKIP_CAP },
		{ "6.14.0", "kswapd0", { 0, 20000, 19968, 32 }, DIAGNOSIS_ZONE_MISMATCH },
		{ "6.13.9", "kswapd0", { 0, 32800, 32768, 32 }, DIAGNOSIS_ZONE_MISMATCH },
		{ "5.15.0", "kswapd0", { 2, 50000, 0, 32 }, DIAGNOSIS_BUSY_PAGES },
		{ "5.15.0", "kswapd0", { 2, 50000, 0, 50000 }, DIAGNOSIS_LONG_LIST },
		{ "5.15.0", "kswapd0", { 2, 0, 0, 0 }, DIAGNOSIS_NONE },
		{ NULL, "kswapd0", { 0, 9911718, 9911686, 32 }, DIAGNOSIS_ZONE_MISMATCH },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (diagnose(cases[i].release, cases[i].comm, cases[i].counts) != cases[i].is)
			fail_msg("case %zu is %s", i, diagnosis_name(diagnose(cases[i].release, cases[i].comm, cases[i].counts)));
}

static void without_the_counts_there_is_no_diagnosis(void **unused)
{
	struct hold h = { .nr_scanned = KNOWN(1000), .plausible = true };

	(void)unused;
	assert_int_equal(diagnose_hold(usual_rules(), &h, "5.15.0", UNKNOWN), DIAGNOSIS_NONE);
	h.nr_skipped = KNOWN(999);
	assert_int_equal(diagnose_hold(usual_rules(), &h, "5.15.0", UNKNOWN), DIAGNOSIS_ZONE_MISMATCH);
	h.plausible = false;
	assert_int_equal(diagnose_hold(usual_rules(), &h, "5.15.0", UNKNOWN), DIAGNOSIS_HOLDER_PAUSED);
}

/* Asked for 4096: pages of higher zones are neither skipped nor taken there, and a skipped one was merely busy. */
static void a_scan_by_generations_says_nothing_of_zones(void **unused)
{
	static const struct { int64_t requested, scanned, skipped, taken; enum diagnosis expected; } cases[] = {
		{ 4096, 2000000, 1999968, 32, DIAGNOSIS_GENERATIONS }, { 4096, 2000000, 0, 32, DIAGNOSIS_GENERATIONS },
		{ 4096, 2000000, 2000000, 0, DIAGNOSIS_GENERATIONS }, { 4096, 2000000, 0, 1900000, DIAGNOSIS_LONG_LIST },
		{ 32, 2000000, 1999968, 32, DIAGNOSIS_ZONE_MISMATCH }, { 32, 2000000, 0, 32, DIAGNOSIS_BUSY_PAGES },
		{ 32, 2000000, 2000000, 0, DIAGNOSIS_LIST_EXHAUSTED },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct hold h = make_hold(0, 1 * MS, 1001 * MS, 1002 * MS, cases[i].scanned);

		h.plausible = true;
		h.nr_requested = KNOWN(cases[i].requested);
		h.nr_skipped = KNOWN(cases[i].skipped);
		h.nr_taken = KNOWN(cases[i].taken);
		assert_int_equal(diagnose_hold(usual_rules(), &h, "6.12.0", UNKNOWN), cases[i].expected);
	}
}

static void a_scan_by_generations_that_wanted_every_zone_met_busy_pages(void **unused)
{
	struct hold h = make_hold(0, 1 * MS, 1001 * MS, 1002 * MS, 2000000);

	(void)unused;
	h.plausible = true;
	h.nr_requested = KNOWN(4096);
	for (int64_t zone = 1; zone <= 2; zone++) {
		h.classzone = KNOWN(zone);
		assert_int_equal(diagnose_hold(usual_rules(), &h, "6.12.0", KNOWN(2)),
				 zone == 2 ? DIAGNOSIS_BUSY_PAGES : DIAGNOSIS_GENERATIONS);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_scan_is_no_faster_than_the_recordings_scans),
		cmocka_unit_test(the_latest_start_is_not_before_the_earliest),
		cmocka_unit_test(without_the_records_before_it_the_scan_is_a_floor),
		cmocka_unit_test(without_the_records_before_it_a_scan_took_what_others_took),
		cmocka_unit_test(a_hold_may_have_begun_before_the_recording),
		cmocka_unit_test(a_huge_scan_may_be_dearer_than_any_other),
		cmocka_unit_test(the_unlock_follows_the_event),
		cmocka_unit_test(a_pending_interrupt_long_after_the_event_shows_a_late_unlock),
		cmocka_unit_test(one_lock_is_not_held_twice),
		cmocka_unit_test(locks_that_may_be_two_are_not_forced_apart),
		cmocka_unit_test(a_hold_that_was_over_before_does_not_matter),
		cmocka_unit_test(measured_bounds_are_not_touched),
		cmocka_unit_test(the_scan_must_explain_the_time),
		cmocka_unit_test(impossible_counts_are_survived_and_not_explained),
		cmocka_unit_test(the_lock_unnamed_the_cost_says_who_waited),
		cmocka_unit_test(a_scan_that_took_its_time_or_is_of_another_node_did_not_wait),
		cmocka_unit_test(the_lock_is_one_a_node_before_5_11),
		cmocka_unit_test(each_scan_has_its_diagnosis),
		cmocka_unit_test(without_the_counts_there_is_no_diagnosis),
		cmocka_unit_test(a_scan_by_generations_says_nothing_of_zones),
		cmocka_unit_test(a_scan_by_generations_that_wanted_every_zone_met_busy_pages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
