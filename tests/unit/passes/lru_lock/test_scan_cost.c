// SPDX-License-Identifier: LGPL-2.1-or-later
/* test_scan_cost.c - what does a page cost on this machine, and what follows where entries may be folios of many pages? */
#include "made_hold.h"

static void without_large_scans_only_the_prior_is_known(void **unused)
{
	struct hold h = make_hold(0, 0, 50 * MS, 51 * MS, (int64_t)rule_ns(usual_rules(), RULE_LARGE_SCAN) - 1);
	struct scan_cost cost = fit(NULL, 0);

	(void)unused;
	assert_int_equal(cost.nr, 0);
	assert_true(scan_least_ns(&cost, &h) > 0 && scan_least_ns(&cost, &h) < scan_most_ns(&cost, &h));
	assert_int_equal(fit(&h, 1).nr, 0);
}

static void the_cheapest_of_three_scans_bounds_the_cost(void **unused)
{
	struct hold h[] = {
		make_hold(0, 0, 100 * MS, 101 * MS, 1000000),		/* 100 ns a page */
		make_hold(0, 1 * SEC, 1 * SEC + 80 * MS, 2 * SEC, 1000000),
		make_hold(0, 3 * SEC, 3 * SEC + 300 * MS, 4 * SEC, 1000000),
	};
	struct scan_cost two = fit(h, 2), three = fit(h, 3);

	(void)unused;
	assert_true(two.low == 0);		/* both may have waited most of the time */
	assert_int_equal(three.nr, 3);
	assert_true(three.low > 39.9 && three.low < 40.1);
	assert_true(three.typical > 99.9 && three.typical < 100.1);
}

static void what_losses_or_the_edge_cut_says_nothing_of_the_cost(void **unused)
{
	struct hold h[] = {
		make_hold(0, 0, 100 * MS, 101 * MS, 1000000), make_hold(0, 1 * SEC, 1 * SEC + 80 * MS, 2 * SEC, 1000000),
	};

	(void)unused;
	h[0].lost_in_window = true;
	h[1].at.start_rule = BOUND_EDGE;
	assert_int_equal(fit(h, 2).nr, 0);
}

static struct hold folio_hold(uint64_t from, uint64_t ns, int64_t scanned)
{
	struct hold h = make_hold(0, from, from + ns, from + ns + MS, scanned);

	h.folios = true;
	return h;
}

/* 7.2.13, measured: 2,190,348 pages in 9.8 ms. */
static void a_page_in_a_folio_may_cost_next_to_nothing(void **unused)
{
	struct hold pages = make_hold(0, 0, 60 * MS, 61 * MS, 2190348), folios = folio_hold(0, 60 * MS, 2190348);
	struct scan_cost prior = fit(NULL, 0);

	(void)unused;
	assert_true(scan_least_ns(&prior, &pages) > 40e6);
	assert_true(scan_least_ns(&prior, &folios) < 9.8e6);
	assert_true(scan_least_ns(&prior, &folios) > 0);
}

static void scans_of_folios_that_agree_tell_what_a_page_costs(void **unused)
{
	struct hold h[] = { folio_hold(0, 500 * MS, 5000000), folio_hold(SEC, 450 * MS, 5000000), folio_hold(2 * SEC, 520 * MS, 5000000) };
	struct scan_cost cost = fit(h, 3);

	(void)unused;
	assert_true(cost.steady);
	assert_true(scan_least_ns(&cost, &h[0]) > 200e6);
}

/* One list of folios among lists of small pages: then a further list may be either. */
static void scans_that_disagree_do_not_tell_about_another_with_folios(void **unused)
{
	struct hold h[] = { folio_hold(0, 10 * MS, 5000000), folio_hold(SEC, 450 * MS, 5000000), folio_hold(2 * SEC, 520 * MS, 5000000) };
	struct scan_cost cost = fit(h, 3);
	struct hold after = folio_hold(3 * SEC, 300 * MS, 5000000);

	(void)unused;
	assert_false(cost.steady);
	assert_true(scan_least_ns(&cost, &after) < 1e6);
	assert_true(scan_most_ns(&cost, &after) > 300e6);	/* and it is not blamed on the holder's CPU either */
}

/* 10,000 pages are 20 folios: whatever they took, it was not the walk. */
static void a_few_folios_tell_no_cost(void **unused)
{
	struct hold h[] = { folio_hold(0, MS, 10000), folio_hold(SEC, MS, 10000), folio_hold(2 * SEC, MS, 10000) };

	(void)unused;
	assert_int_equal(fit(h, 3).nr, 0);
}

static void a_count_in_folios_is_no_damage(void **unused)
{
	struct hold pages = make_hold(0, 0, MS, 2 * MS, 50000000), folios = folio_hold(0, MS, 50000000);

	(void)unused;
	assert_true(scan_impossible(usual_rules(), &pages, MS));
	assert_false(scan_impossible(usual_rules(), &folios, MS));
	assert_true(scan_impossible(usual_rules(), &folios, 10 * US));
}

static bool has_folios(const struct hold *h, const char *release, struct known declared)
{
	char kernel[32];
	struct recording_facts facts = { .kernel = kernel, .has_folios = declared };

	snprintf(kernel, sizeof(kernel), "%s", release);
	return scan_has_folios(h, &facts);
}

static void lists_may_have_folios_since_5_18_and_anonymous_ones_always(void **unused)
{
	struct hold h = make_hold(0, 0, MS, 2 * MS, 1000);

	(void)unused;
	assert_true(has_folios(&h, "5.10.0", KNOWN(0)));		/* which list is not known */
	h.lru = KNOWN(2);
	assert_false(has_folios(&h, "5.10.0", UNKNOWN));
	assert_false(has_folios(&h, "5.17.9-vendor", UNKNOWN));
	assert_true(has_folios(&h, "5.18.0", UNKNOWN));
	assert_true(has_folios(&h, "7.2.13+deb14-amd64", UNKNOWN));
	assert_true(has_folios(&h, "", UNKNOWN));
	h.lru = KNOWN(0);
	assert_true(has_folios(&h, "5.10.0", KNOWN(0)));		/* huge pages */
}

/* A vendor may bring them to an older kernel; and many recordings do not name their kernel. */
static void what_the_events_say_of_folios_beats_the_release(void **unused)
{
	struct hold h = make_hold(0, 0, MS, 2 * MS, 1000);

	(void)unused;
	h.lru = KNOWN(2);
	assert_true(has_folios(&h, "5.10.0", KNOWN(1)));
	assert_false(has_folios(&h, "", KNOWN(0)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_large_scans_only_the_prior_is_known),
		cmocka_unit_test(the_cheapest_of_three_scans_bounds_the_cost),
		cmocka_unit_test(what_losses_or_the_edge_cut_says_nothing_of_the_cost),
		cmocka_unit_test(a_page_in_a_folio_may_cost_next_to_nothing),
		cmocka_unit_test(scans_of_folios_that_agree_tell_what_a_page_costs),
		cmocka_unit_test(scans_that_disagree_do_not_tell_about_another_with_folios),
		cmocka_unit_test(a_few_folios_tell_no_cost),
		cmocka_unit_test(a_count_in_folios_is_no_damage),
		cmocka_unit_test(lists_may_have_folios_since_5_18_and_anonymous_ones_always),
		cmocka_unit_test(what_the_events_say_of_folios_beats_the_release),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
