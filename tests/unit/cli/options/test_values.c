// SPDX-License-Identifier: LGPL-2.1-or-later
/* test_values.c - are the arguments of options read exactly, or refused? */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cli/common/log.h"
#include "cli/options/values.h"

static void durations_are_exact_and_bare_numbers_milliseconds(void **unused)
{
	static const struct { const char *s; uint64_t ns; } good[] = {
		{ "10", 10000000 },
		{ "10ms", 10000000 },
		{ "1.5s", 1500000000 },
		{ "250us", 250000 },
		{ "9ns", 9 },
		{ "0.000000001s", 1 },
		{ "0", 0 },
		{ ".5ms", 500000 },
		{ "2.s", 2000000000 },
		{ "18446744073s", 18446744073000000000u },
	};
	static const char *const bad[] = { "", ".", "ms", "-1ms", "1m", "1 ms", "1.2.3s", "99999999999999999999",
		"18446744074s", "1e3ms", "0x10", "inf", " 1" };

	(void)unused;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		uint64_t ns = 0;
		char *why = NULL;

		assert_int_equal(parse_duration(good[i].s, &ns, &why), 0);
		assert_true(ns == good[i].ns);
		assert_null(why);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		uint64_t ns = 77;
		char *why = NULL;

		assert_int_equal(parse_duration(bad[i], &ns, &why), -EINVAL);
		assert_non_null(strstr(why, "is no duration"));
		free(why);
	}
}

static void seconds_are_as_trace_cmd_prints_them(void **unused)
{
	static const char *const bad[] = { "", "1s", "-1", "1,5", "1.5.", "18446744074" };
	uint64_t ns;
	char *why = NULL;

	(void)unused;
	assert_int_equal(parse_seconds("5144.543210", &ns, &why), 0);
	assert_true(ns == 5144543210000);
	assert_int_equal(parse_seconds("55.726827248", &ns, &why), 0);
	assert_true(ns == 55726827248);
	assert_int_equal(parse_seconds("7", &ns, &why), 0);
	assert_true(ns == 7000000000);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(parse_seconds(bad[i], &ns, &why), -EINVAL);
		free(why);
	}
}

static void suggestions_are_near_or_none(void **unused)
{
	static const char *const names[] = { "analyze", "timeline", "info", NULL };

	(void)unused;
	assert_string_equal(cli_nearest("analyse", names), "analyze");
	assert_string_equal(cli_nearest("anlyze", names), "analyze");
	assert_string_equal(cli_nearest("timelines", names), "timeline");
	assert_null(cli_nearest("trace.dat", names));
	assert_null(cli_nearest("a-word-that-is-much-longer-than-any-command-could-be", names));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(durations_are_exact_and_bare_numbers_milliseconds),
		cmocka_unit_test(seconds_are_as_trace_cmd_prints_them),
		cmocka_unit_test(suggestions_are_near_or_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
