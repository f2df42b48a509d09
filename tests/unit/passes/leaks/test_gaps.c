// SPDX-License-Identifier: LGPL-2.1-or-later
/* test_gaps.c - which times have no records, and what may have been freed then? */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "passes/leaks/gaps.h"

static struct gaps of(size_t nr, const uint64_t (*list)[2])
{
	struct gaps g = { 0 };

	for (size_t i = 0; i < nr; i++)
		assert_int_equal(gaps_add(&g, list[i][0], list[i][1]), 0);
	gaps_merge(&g);
	return g;
}

static void without_gaps_nothing_is_in_the_shade(void **state)
{
	struct gaps g = { 0 };

	(void)state;
	gaps_merge(&g);
	assert_false(gaps_shade(&g, 5, UINT64_MAX));
	assert_int_equal(gaps_clear(&g, 5), 5);
	gaps_free(&g);
}

static void gaps_of_several_cpus_are_joined(void **state)
{
	static const uint64_t list[][2] = { { 30, 40 }, { 10, 20 }, { 35, 50 }, { 20, 22 } };
	struct gaps g = of(4, list);

	(void)state;
	assert_int_equal(g.nr, 2);
	assert_int_equal(gaps_clear(&g, 10), 10);
	assert_int_equal(gaps_clear(&g, 15), 10);
	assert_int_equal(gaps_clear(&g, 25), 13);
	assert_int_equal(gaps_clear(&g, 100), 68);
	gaps_free(&g);
}

static void the_shade_reaches_back_by_the_age_of_what_is_freed(void **state)
{
	static const uint64_t list[][2] = { { 100, 200 }, { 400, 500 } };
	struct gaps g = of(2, list);

	(void)state;
	assert_true(gaps_shade(&g, 150, 0));
	assert_true(gaps_shade(&g, 90, 10));
	assert_false(gaps_shade(&g, 90, 9));
	assert_false(gaps_shade(&g, 250, 149));
	assert_true(gaps_shade(&g, 250, 150));
	assert_false(gaps_shade(&g, 501, UINT64_MAX));
	gaps_free(&g);
}

/* The number of gaps is bounded. Merging gaps to keep it only makes them cover more time. */
static void very_many_are_joined_and_none_is_forgotten(void **state)
{
	enum { MANY = 300000 };
	struct gaps g = { 0 };

	(void)state;
	for (uint64_t i = 0; i < MANY; i++)
		assert_int_equal(gaps_add(&g, i * 10, i * 10 + 5), 0);
	gaps_merge(&g);
	assert_true(g.nr <= 65536);
	for (uint64_t i = 0; i < MANY; i++)
		assert_true(gaps_shade(&g, i * 10 + 2, 0));
	gaps_free(&g);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_gaps_nothing_is_in_the_shade),
		cmocka_unit_test(gaps_of_several_cpus_are_joined),
		cmocka_unit_test(the_shade_reaches_back_by_the_age_of_what_is_freed),
		cmocka_unit_test(very_many_are_joined_and_none_is_forgotten),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
