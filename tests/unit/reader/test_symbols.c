// SPDX-License-Identifier: LGPL-2.1-or-later
/* test_symbols.c - which function is at an address, by the text of /proc/kallsyms? */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "reader/symbols.h"

#define BASE UINT64_C(0xffffffff81000000)

static struct symbols *symbols_of(const char *text, size_t len)
{
	struct symbols *s = symbols_new();

	assert_non_null(s);
	assert_false(symbols_are_loaded(s));
	symbols_load(s, text, len);
	assert_false(symbols_have_failed(s));
	assert_true(symbols_are_loaded(s));
	return s;
}

static void assert_at(const struct symbols *s, uint64_t address, const char *name, uint64_t offset)
{
	uint64_t got = UINT64_MAX;
	const char *found = symbols_find(s, address, &got);

	assert_non_null(found);
	assert_string_equal(found, name);
	assert_int_equal(got, offset);
}

static void assert_nothing_at(const struct symbols *s, uint64_t address)
{
	uint64_t offset;

	assert_null(symbols_find(s, address, &offset));
}

static const char text[] =
	"ffffffff81002000 T kfree\n"
	"ffffffff81001000 t shrink_lruvec\n"
	"ffffffff81001000 t shrink_alias\n"
	"ffffffff8100a000 T long_one\n"
	"ffffffff81011000 T next_one\n"
	"ffffffffc0001000 t cma_open\t[cma]\n"
	"0000000000004000 A fixed_percpu\n"
	"ffffffff81002100 t $x\n";

static void an_address_is_in_the_function_that_begins_before_it(void **state)
{
	struct symbols *s = symbols_of(text, sizeof(text) - 1);

	(void)state;
	assert_at(s, BASE + 0x1000, "shrink_lruvec", 0);
	assert_at(s, BASE + 0x1fff, "shrink_lruvec", 0xfff);
	assert_at(s, BASE + 0x2200, "kfree", 0x200);
	assert_at(s, UINT64_C(0xffffffffc0001010), "cma_open", 0x10);
	symbols_free(s);
}

static void a_far_one_is_in_it_only_where_its_end_is_known_and_near(void **state)
{
	struct symbols *s = symbols_of(text, sizeof(text) - 1);

	(void)state;
	assert_at(s, BASE + 0xa000 + 0xfff, "long_one", 0xfff);
	assert_at(s, BASE + 0x9fff, "kfree", 0x7fff);		/* its end is not within 32 KiB */
	assert_nothing_at(s, BASE + 0x11000 + 0x1000);		/* the kernel's last symbol; the next one is a module's */
	assert_nothing_at(s, UINT64_C(0xffffffffc0001000) + 0x1000);
	assert_nothing_at(s, BASE);
	assert_nothing_at(s, 0x4000);
	symbols_free(s);
}

static void lines_of_another_form_are_left_out(void **state)
{
	static const char bad[] = "\n \nzz T x\nffffffff81000000\nffffffff81000000 \nffffffff81000000 T\nffffffff81000000 T \n"
				  "1ffffffff81000000 T too_long\nffffffff81000010 T good\0\nffffffff81000020 T no_end";
	struct symbols *s = symbols_of(bad, sizeof(bad) - 1);

	(void)state;
	assert_nothing_at(s, BASE);
	assert_at(s, BASE + 0x10, "good", 0);
	assert_at(s, BASE + 0x20, "no_end", 0);
	symbols_free(s);
}

static void a_file_without_symbols_has_no_names(void **state)
{
	struct symbols *s = symbols_of("", 0);

	(void)state;
	assert_nothing_at(s, BASE);
	assert_nothing_at(s, 0);
	assert_nothing_at(s, UINT64_MAX);
	symbols_free(s);
	assert_null(symbols_free(NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_address_is_in_the_function_that_begins_before_it),
		cmocka_unit_test(a_far_one_is_in_it_only_where_its_end_is_known_and_near),
		cmocka_unit_test(lines_of_another_form_are_left_out),
		cmocka_unit_test(a_file_without_symbols_has_no_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
