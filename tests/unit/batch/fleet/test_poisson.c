// SPDX-License-Identifier: LGPL-2.1-or-later
/* test_poisson.c - is the interval of a rate exact? */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <math.h>

#include <cmocka.h>

#include "batch/fleet/poisson.h"

/* Pearson and Hartley, Biometrika Tables for Statisticians I, table 40. */
static void small_counts_have_the_printed_limits(void **unused)
{
	static const struct { uint64_t n; double low, high; } printed[] = {
		{ 0, 0, 3.689 }, { 1, 0.0253, 5.572 }, { 2, 0.242, 7.225 }, { 3, 0.619, 8.767 }, { 4, 1.090, 10.242 },
		{ 5, 1.623, 11.668 }, { 10, 4.795, 18.390 }, { 20, 12.217, 30.888 }, { 50, 37.111, 65.919 },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(printed) / sizeof(printed[0]); i++) {
		struct interval got = poisson_interval(printed[i].n);

		assert_true(fabs((got.low) - (printed[i].low)) < 0.0006);
		assert_true(fabs((got.high) - (printed[i].high)) < 0.0006);
	}
}

/* The chance of @n or fewer, as a sum of the terms. */
static double at_most(uint64_t n, double mean)
{
	double sum = 0;

	for (uint64_t i = 0; i <= n; i++)
		sum += exp((double)i * log(mean) - mean - lgamma((double)i + 1));
	return sum;
}

static void each_limit_leaves_one_in_forty(void **unused)
{
	static const uint64_t counts[] = { 1, 7, 33, 143, 1000, 20000 };

	(void)unused;
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		struct interval got = poisson_interval(counts[i]);

		assert_true(fabs((at_most(counts[i], got.high)) - (0.025)) < 1e-6);
		assert_true(fabs((1 - at_most(counts[i] - 1, got.low)) - (0.025)) < 1e-6);
	}
}

/* For large counts the interval is that of a normal variable, 1.96 standard deviations to each side. */
static void huge_counts_are_done_at_once(void **unused)
{
	struct interval got = poisson_interval(UINT64_C(1000000000));

	(void)unused;
	assert_true(fabs(((1e9 - got.low) / sqrt(1e9)) - (1.96)) < 0.001);
	assert_true(fabs(((got.high - 1e9) / sqrt(1e9)) - (1.96)) < 0.001);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(small_counts_have_the_printed_limits),
		cmocka_unit_test(each_limit_leaves_one_in_forty),
		cmocka_unit_test(huge_counts_are_done_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
