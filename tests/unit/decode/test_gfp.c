// SPDX-License-Identifier: LGPL-2.1-or-later
/* test_gfp.c - are gfp flags, zones and the page size taken from the recording's own formats? */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <traceevent/event-parse.h>

#include "decode/gfp.h"
#include "decode/zones.h"
#include "kernel.h"

static struct gfp_table *table_of(const char *kernel)
{
	struct tep_handle *tep = kernel_open(kernel, false);
	struct gfp_table *table = NULL;

	assert_int_equal(gfp_table_load(tep, &table), 0);
	tep_free(tep); /* the table outlives the parser */
	return table;
}

static void assert_names(const struct gfp_table *table, uint64_t flags, const char *names)
{
	char *s = gfp_string(table, flags);

	assert_non_null(s);
	assert_string_equal(s, names);
	free(s);
}

static uint64_t value(const struct gfp_table *table, const char *name)
{
	uint64_t v = 0;

	if (!gfp_value(table, name, &v))
		fail_msg("no %s", name);
	return v;
}

static bool may_sleep(const struct gfp_table *table, uint64_t flags)
{
	bool known = false, may = gfp_may_sleep(table, flags, &known);

	assert_true(known);
	return may;
}

static void one_number_means_two_things(void **state)
{
	struct gfp_table *old = table_of("4.15"), *new = table_of("6.1");

	(void)state;
	assert_names(old, 0x400, "__GFP_RETRY_MAYFAIL");
	assert_names(new, 0x400, "__GFP_DIRECT_RECLAIM");
	assert_false(may_sleep(old, 0x400));
	assert_true(may_sleep(new, 0x400));
	gfp_table_free(old);
	gfp_table_free(new);
}

static void every_kernel_knows_who_may_sleep(void **state)
{
	struct gfp_table *table;

	(void)state;
	for (const char *const *kernel = all_kernels; *kernel; kernel++) {
		table = table_of(*kernel);
		assert_non_null(table);
		assert_true(may_sleep(table, value(table, "GFP_KERNEL")));
		assert_true(may_sleep(table, value(table, "GFP_NOIO")));
		assert_false(may_sleep(table, value(table, "GFP_ATOMIC")));
		assert_false(may_sleep(table, value(table, "GFP_NOWAIT")));
		assert_names(table, value(table, "GFP_KERNEL") | value(table, "__GFP_ZERO"), "GFP_KERNEL|__GFP_ZERO");
		assert_names(table, value(table, "GFP_HIGHUSER_MOVABLE"), "GFP_HIGHUSER_MOVABLE");
		gfp_table_free(table);
	}
}

static void unknown_bits_are_hex(void **state)
{
	struct gfp_table *table = table_of("5.15");

	(void)state;
	assert_names(table, 0, "none");
	assert_names(table, value(table, "GFP_KERNEL") | UINT64_C(1) << 40, "GFP_KERNEL|0x10000000000");
	assert_names(NULL, 0xcc0, "0xcc0");
	gfp_table_free(table);
}

/* The library cannot parse mm_page_alloc of 5.10 on arm64. The same table is in any other event of the file. */
static void another_event_serves_where_one_fails(void **state)
{
	struct gfp_table *table = table_of("5.10-arm64/kmem");
	bool known = true;

	(void)state;
	assert_null(table);
	assert_false(gfp_may_sleep(table, 0xcc0, &known));
	assert_false(known);
	table = table_of("5.10-arm64");
	assert_names(table, 0xcc0, "GFP_KERNEL");
	gfp_table_free(table);
}

/* If the library cannot resolve a name, it evaluates the name to 0. 1 << 0 would then be a wrong answer. */
static void an_unresolved_table_decides_nothing(void **state)
{
	struct tep_handle *tep = kernel_open("", false);
	struct gfp_table *table = NULL;
	bool known = true;

	(void)state;
	kernel_add(tep, "\tfield:unsigned long gfp;\toffset:8;\tsize:8;\tsigned:0;\n",
		"\"%s\", __print_flags(REC->gfp, \"|\", {(1 << FS_BIT), \"GFP_KERNEL\"}, "
		"{(1 << DIRECT_BIT), \"__GFP_DIRECT_RECLAIM\"})");
	assert_int_equal(gfp_table_load(tep, &table), 0);
	assert_non_null(table);
	assert_false(gfp_may_sleep(table, 0xcc0, &known));
	assert_false(known);
	gfp_table_free(table);
	tep_free(tep);
}

static void zones_are_named_by_the_file(void **state)
{
	struct tep_handle *tep = kernel_open("5.10", false);
	char **names = NULL;
	size_t nr = 0;

	(void)state;
	assert_string_equal(zone_symbol(tep, 0), "DMA");
	assert_string_equal(zone_symbol(tep, 2), "Normal");
	assert_null(zone_symbol(tep, 17));
	assert_int_equal(zone_names_load(tep, &names, &nr), 0);
	assert_int_equal(nr, 4);
	assert_string_equal(names[3], "Movable");
	for (size_t i = 0; i < nr; i++)
		free(names[i]);
	free(names);
	tep_free(tep);
}

static void no_table_no_names(void **state)
{
	struct tep_handle *tep = kernel_open("5.10/vmscan", false);
	char **names = (char **)-1;
	size_t nr = 9;

	(void)state;
	assert_null(zone_symbol(tep, 0));
	assert_int_equal(zone_names_load(tep, &names, &nr), 0);
	assert_null(names);
	assert_int_equal(nr, 0);
	tep_free(tep);
}

static struct tep_event *add_named(struct tep_handle *tep, const char *system, const char *name, const char *print)
{
	char text[1024];
	int len = snprintf(text, sizeof(text),
		"name: %s\nID: 9\nformat:\n"
		"\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n"
		"\tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;\n\n"
		"\tfield:unsigned long index;\toffset:8;\tsize:8;\tsigned:0;\n\nprint fmt: %s\n",
		name, print);

	tep_parse_event(tep, text, (unsigned long)len, system);
	return kernel_event(tep, system, name);
}

static void the_page_size_is_proved_or_assumed(void **state)
{
	struct tep_handle *tep = kernel_open("", false);
	bool assumed = false;

	(void)state;
	assert_int_equal(page_size_load(tep, &assumed), 4096);
	assert_true(assumed);
	add_named(tep, "kmem", "mm_page_alloc_extfrag", "\"%d %lu\", (29 - 16), REC->index");
	assert_int_equal(page_size_load(tep, &assumed), 65536);
	assert_false(assumed);
	add_named(tep, "filemap", "mm_filemap_add_to_page_cache", "\"ofs=%lu\", REC->index << 14");
	assert_int_equal(page_size_load(tep, &assumed), 16384);
	assert_false(assumed);
	tep_free(tep);
}

/* The block order of every kernel gives 4096, however it is spelled. */
static void real_formats_prove_4096(void **state)
{
	static const char *const kernels[] = { "4.15/kmem", "5.4/kmem", "5.10/kmem", "5.15/kmem", "6.1/kmem",
		"6.8/kmem", "6.12/kmem", "6.18/kmem" };
	struct tep_handle *tep;
	bool assumed;

	(void)state;
	for (size_t i = 0; i < sizeof(kernels) / sizeof(kernels[0]); i++) {
		tep = kernel_open(kernels[i], false);
		assert_int_equal(page_size_load(tep, &assumed), 4096);
		if (assumed)
			fail_msg("%s: not proved", kernels[i]);
		tep_free(tep);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_number_means_two_things),
		cmocka_unit_test(every_kernel_knows_who_may_sleep),
		cmocka_unit_test(unknown_bits_are_hex),
		cmocka_unit_test(another_event_serves_where_one_fails),
		cmocka_unit_test(an_unresolved_table_decides_nothing),
		cmocka_unit_test(zones_are_named_by_the_file),
		cmocka_unit_test(no_table_no_names),
		cmocka_unit_test(the_page_size_is_proved_or_assumed),
		cmocka_unit_test(real_formats_prove_4096),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
