// SPDX-License-Identifier: LGPL-2.1-or-later
/* test_latencies.c - is the median right, of three values and of a million? */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "util/latencies.h"

static struct latencies of(const uint64_t *ns, size_t nr)
{
	struct latencies l = { 0 };

	for (size_t i = 0; i < nr; i++)
		assert_int_equal(latencies_add(&l, ns[i]), 0);
	return l;
}

static void of_nothing_there_is_no_percentile(void **unused)
{
	struct latencies l = { 0 };

	(void)unused;
	assert_int_equal(latencies_percentile(&l, 50), 0);
	assert_int_equal(l.nr, 0);
}

static void of_few_they_are_exact(void **unused)
{
	const uint64_t ns[] = { 500, 100, 300, 200, 400 };
	struct latencies l = of(ns, 5), one = of(ns, 1), four = of(ns, 4);

	(void)unused;
	assert_int_equal(latencies_percentile(&l, 50), 300);
	assert_int_equal(latencies_percentile(&l, 99), 500);
	assert_int_equal(latencies_percentile(&l, 20), 100);
	assert_int_equal(latencies_percentile(&l, 0), 100);
	assert_int_equal(latencies_percentile(&one, 50), 500);
	assert_int_equal(latencies_percentile(&four, 50), 200);
	assert_int_equal(l.total, 1500);
	assert_int_equal(l.max, 500);
	latencies_free(&l);
	latencies_free(&one);
	latencies_free(&four);
}

static void of_a_hundred_the_99th_is_not_the_worst(void **unused)
{
	struct latencies l = { 0 };

	(void)unused;
	for (uint64_t i = 100; i; i--)
		assert_int_equal(latencies_add(&l, i), 0);
	assert_int_equal(latencies_percentile(&l, 50), 50);
	assert_int_equal(latencies_percentile(&l, 99), 99);
	latencies_free(&l);
}

/* 1 to a million in an order that does not depend on the size. */
static void of_a_million_few_are_kept_and_the_sums_stay_exact(void **unused)
{
	const uint64_t million = 1000003;	/* a prime */
	struct latencies l = { 0 };

	(void)unused;
	for (uint64_t i = 1; i < million; i++)
		assert_int_equal(latencies_add(&l, i * 7919 % million), 0);
	assert_true(l.nr_kept <= LATENCIES_KEPT && l.nr_kept >= LATENCIES_KEPT / 2);
	assert_int_equal(l.nr, million - 1);
	assert_int_equal(l.total, (million - 1) * million / 2);
	assert_int_equal(l.max, million - 1);
	assert_in_range(latencies_percentile(&l, 50), 490000, 510000);
	assert_in_range(latencies_percentile(&l, 99), 985000, 995000);
	latencies_free(&l);
}

/* Ever longer latencies: the last ones must not weigh more. */
static void an_even_sample_forgets_no_part_of_the_recording(void **unused)
{
	struct latencies l = { 0 };

	(void)unused;
	for (uint64_t i = 1; i <= 1000000; i++)
		assert_int_equal(latencies_add(&l, i), 0);
	assert_in_range(latencies_percentile(&l, 50), 490000, 510000);
	assert_in_range(latencies_percentile(&l, 1), 1, 20000);
	latencies_free(&l);
}

static void two_lists_merge_into_the_median_of_all(void **unused)
{
	const uint64_t low[] = { 1, 2, 3 }, high[] = { 1001, 1002, 1003, 1004, 1005 };
	struct latencies a = of(low, 3), b = of(high, 5);

	(void)unused;
	assert_int_equal(latencies_merge(&a, &b), 0);
	assert_int_equal(a.nr, 8);
	assert_int_equal(a.total, 6 + 5015);
	assert_int_equal(a.max, 1005);
	assert_int_equal(latencies_percentile(&a, 50), 1001);
	latencies_free(&a);
	latencies_free(&b);
}

/* A thinned list must still represent all values. */
static void a_thinned_list_weighs_as_much_as_it_saw(void **unused)
{
	struct latencies many = { 0 }, few = { 0 }, all = { 0 };

	(void)unused;
	for (uint64_t i = 0; i < 4 * LATENCIES_KEPT; i++)
		assert_int_equal(latencies_add(&many, 10), 0);
	for (uint64_t i = 0; i < LATENCIES_KEPT; i++)
		assert_int_equal(latencies_add(&few, 20), 0);
	assert_int_equal(latencies_merge(&all, &few), 0);
	assert_int_equal(latencies_merge(&all, &many), 0);
	assert_int_equal(all.nr, 5 * LATENCIES_KEPT);
	assert_int_equal(latencies_percentile(&all, 50), 10);
	assert_int_equal(latencies_percentile(&all, 99), 20);
	latencies_free(&many);
	latencies_free(&few);
	latencies_free(&all);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(of_nothing_there_is_no_percentile),
		cmocka_unit_test(of_few_they_are_exact),
		cmocka_unit_test(of_a_hundred_the_99th_is_not_the_worst),
		cmocka_unit_test(of_a_million_few_are_kept_and_the_sums_stay_exact),
		cmocka_unit_test(an_even_sample_forgets_no_part_of_the_recording),
		cmocka_unit_test(two_lists_merge_into_the_median_of_all),
		cmocka_unit_test(a_thinned_list_weighs_as_much_as_it_saw),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
