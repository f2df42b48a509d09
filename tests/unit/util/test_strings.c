// SPDX-License-Identifier: LGPL-2.1-or-later
/* test_strings.c - does a list of strings keep its strings, in order? */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "util/strings.h"

static void sentences_are_kept_in_order_however_many(void **unused)
{
	struct strings list = { 0 };
	char expected[32];

	(void)unused;
	for (int i = 0; i < 100; i++)
		assert_int_equal(strings_add(&list, "CPU %d lost %s", i, "some"), 0);
	assert_int_equal(list.nr, 100);
	for (int i = 0; i < 100; i++) {
		snprintf(expected, sizeof(expected), "CPU %d lost some", i);
		assert_string_equal(list.s[i], expected);
	}
	strings_free(&list);
}

static void a_string_is_the_lists_own_copy(void **unused)
{
	struct strings list = { 0 };
	char name[] = "plugin.so";

	(void)unused;
	strings_add(&list, "%s", name);
	name[0] = 'x';
	assert_string_equal(list.s[0], "plugin.so");
	strings_free(&list);
}

static void only_a_whole_string_is_found(void **unused)
{
	struct strings list = { 0 };

	(void)unused;
	assert_false(strings_have(&list, ""));
	strings_add(&list, "plugin_%s.so", "kmem");
	assert_true(strings_have(&list, "plugin_kmem.so"));
	assert_false(strings_have(&list, "plugin_kmem"));
	assert_false(strings_have(&list, ""));
	strings_free(&list);
}

static void a_freed_list_is_empty_and_can_begin_again(void **unused)
{
	struct strings list = { 0 };

	(void)unused;
	strings_free(&list);
	strings_add(&list, "a");
	strings_free(&list);
	assert_int_equal(list.nr, 0);
	assert_null(list.s);
	assert_int_equal(strings_add(&list, "b"), 0);
	assert_string_equal(list.s[0], "b");
	strings_free(&list);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sentences_are_kept_in_order_however_many),
		cmocka_unit_test(a_string_is_the_lists_own_copy),
		cmocka_unit_test(only_a_whole_string_is_found),
		cmocka_unit_test(a_freed_list_is_empty_and_can_begin_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
