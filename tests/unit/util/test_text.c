// SPDX-License-Identifier: LGPL-2.1-or-later
/* test_text.c - do strings grow, and report when they cannot? */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#undef fail	/* cmocka's macro would hide the function under test */
#include "util/text.h"

static void a_text_is_all_that_was_added(void **unused)
{
	struct text t = { 0 };
	char *s;

	(void)unused;
	for (int i = 0; i < 1000; i++)
		text_add(&t, "%d,", i % 10);
	assert_int_equal(t.len, 2000);
	s = text_take(&t);
	assert_int_equal(strlen(s), 2000);
	assert_memory_equal(s + 1994, "7,8,9,", 7);
	assert_null(t.s);
	free(s);
}

static void one_addition_may_be_longer_than_all_before(void **unused)
{
	struct text t = { 0 };
	char *s;

	(void)unused;
	text_add(&t, "a");
	text_add(&t, "%5000d", 1);
	s = text_take(&t);
	assert_int_equal(strlen(s), 5001);
	assert_int_equal(s[5000], '1');
	free(s);
}

static void nothing_added_is_the_empty_string(void **unused)
{
	struct text t = { 0 };
	char *s = text_take(&t);

	(void)unused;
	assert_string_equal(s, "");
	free(s);
}

static void a_failed_text_stays_failed_until_it_is_taken(void **unused)
{
	struct text t = { 0 };
	char *s;

	(void)unused;
	text_add(&t, "lost");
	t.failed = true;
	text_add(&t, "more");
	assert_null(text_take(&t));
	text_add(&t, "new");
	s = text_take(&t);
	assert_string_equal(s, "new");
	free(s);
}

static void freeing_empties(void **unused)
{
	struct text t = { 0 };

	(void)unused;
	text_add(&t, "x");
	text_free(&t);
	assert_null(t.s);
	assert_int_equal(t.len + t.cap, 0);
	text_free(&t);
}

static void fail_returns_the_error_and_one_sentence(void **unused)
{
	char *why = NULL;

	(void)unused;
	assert_int_equal(fail(&why, -5, "%s: byte %d", "f", 7), -5);
	assert_string_equal(why, "f: byte 7");
	free(why);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_text_is_all_that_was_added),
		cmocka_unit_test(one_addition_may_be_longer_than_all_before),
		cmocka_unit_test(nothing_added_is_the_empty_string),
		cmocka_unit_test(a_failed_text_stays_failed_until_it_is_taken),
		cmocka_unit_test(freeing_empties),
		cmocka_unit_test(fail_returns_the_error_and_one_sentence),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
