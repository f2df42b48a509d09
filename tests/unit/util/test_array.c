// SPDX-License-Identifier: LGPL-2.1-or-later
/* test_array.c - is there always room for one more element, and is none lost? */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "util/array.h"

static void an_array_grows_before_it_is_full(void **unused)
{
	int *a = NULL;
	size_t cap = 0;

	(void)unused;
	for (int i = 0; i < 1000; i++) {
		a = grow(a, &cap, (size_t)i, sizeof(*a));
		assert_non_null(a);
		assert_true(cap > (size_t)i);
		a[i] = i;
	}
	assert_int_equal(a[0], 0);
	assert_int_equal(a[999], 999);
	free(a);
}

static void an_array_of_impossible_size_is_refused_and_the_old_one_stands(void **unused)
{
	int old = 7, *a = &old;
	size_t cap = SIZE_MAX / 4;

	(void)unused;
	assert_null(grow(a, &cap, cap, sizeof(*a)));
	assert_int_equal(cap, SIZE_MAX / 4);
	assert_int_equal(old, 7);
}

static void an_array_by_number_reaches_any_and_what_is_new_is_zero(void **unused)
{
	static const size_t numbers[] = { 3, 0, 70000, 5, 16 };
	uint64_t *a = NULL;
	size_t nr = 0;

	(void)unused;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		a = grow_to(a, &nr, numbers[i], sizeof(*a));
		assert_non_null(a);
		assert_true(nr > numbers[i] && nr <= 2 * (70000 + 1));
		assert_int_equal(a[numbers[i]], 0);
		a[numbers[i]] = numbers[i] + 1;
	}
	for (size_t i = 0, seen = 0; i < nr; i++) {
		seen += a[i] != 0;
		assert_true(!a[i] || a[i] == i + 1);
		assert_true(i + 1 < nr || seen == sizeof(numbers) / sizeof(numbers[0]));
	}
	free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_array_grows_before_it_is_full),
		cmocka_unit_test(an_array_of_impossible_size_is_refused_and_the_old_one_stands),
		cmocka_unit_test(an_array_by_number_reaches_any_and_what_is_new_is_zero),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
