// SPDX-License-Identifier: LGPL-2.1-or-later
/* test_release.c - are kernels compared by their numbers? */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "util/release.h"

static void what_follows_the_numbers_is_of_no_matter(void **unused)
{
	static const char *const same[] = {
		"5.10", "5.10.0", "5.10.0-30-amd64", "5.10.120-rt70-tegra", "5.10-rc1", "5.10+"
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++)
		assert_int_equal(release_of(same[i]), RELEASE(5, 10));
}

static void numbers_are_compared_not_letters(void **unused)
{
	(void)unused;
	assert_true(release_of("5.9.1") < RELEASE(5, 10));
	assert_true(release_of("4.19.0") < release_of("5.4.0"));
	assert_true(release_of("10.0") > release_of("6.18"));
	assert_true(release_of("6.14.0") >= RELEASE(6, 14));
}

static void what_is_no_release_is_known_as_none(void **unused)
{
	static const char *const none[] = { NULL, "", "linux", "6", "6-rt", "v6.1", ".5" };

	(void)unused;
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		assert_int_equal(release_of(none[i]), 0);
	assert_true(release_of("0.0") > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_follows_the_numbers_is_of_no_matter),
		cmocka_unit_test(numbers_are_compared_not_letters),
		cmocka_unit_test(what_is_no_release_is_known_as_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
