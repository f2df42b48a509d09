// SPDX-License-Identifier: LGPL-2.1-or-later
/* test_meminfo.c - T = U + K + S + C + F, and how much of K is accounted for */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "model/leaks.h"
#include "readback.h"

#define GIB (UINT64_C(1) << 30)

static const char *saved(const char *text)
{
	const char *path = scratch_file("meminfo");
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	fputs(text, f);
	fclose(f);
	return path;
}

/* The machine of report B: 128 GiB. The kernel has most of it, and slab only a small part of that. */
static const char machine[] =
	"MemTotal:       134217728 kB\nMemFree:         8388608 kB\nMemAvailable:    9000000 kB\nBuffers:               0 kB\n"
	"Cached:          5242880 kB\nSwapCached:            0 kB\nAnonPages:       6291456 kB\nShmem:           1048576 kB\n"
	"Slab:            3145728 kB\nSReclaimable:    1048576 kB\nSUnreclaim:      2097152 kB\nKernelStack:       16384 kB\n"
	"PageTables:       114688 kB\nPercpu:                0 kB\nHugetlb:               0 kB\nHugePages_Total:       7\n";

static void what_is_not_counted_anywhere_is_the_kernels(void **state)
{
	struct meminfo m = { 0 };
	struct meminfo_split s;
	char *why = NULL;

	(void)state;
	assert_int_equal(meminfo_read(saved(machine), &m, &why), 0);
	s = meminfo_split(&m);
	assert_true(s.total == 128 * GIB);
	assert_true(s.total == s.user + s.kernel + s.shared + s.cache + s.free);
	assert_true(s.shared == GIB && s.cache == 4 * GIB && s.user == 6 * GIB);
	assert_true(s.kernel == 109 * GIB);
	assert_true(s.unexplained == s.kernel - 3 * GIB - GIB / 8);
}

/* Each use of memory is beside the kernel's own count. Memory that no counter has belongs to drivers. */
static void uses_of_memory_have_their_counts(void **state)
{
	struct meminfo m = { 0 };
	uint64_t bytes;
	char *why = NULL;

	(void)state;
	assert_false(meminfo_of_use(&m, USE_DIRECT, &bytes));
	assert_int_equal(meminfo_read(saved(machine), &m, &why), 0);
	assert_false(meminfo_of_use(&m, USE_SLAB_OBJECTS, &bytes));
	assert_true(meminfo_of_use(&m, USE_SLAB_PAGES, &bytes) && bytes == 3 * GIB);
	assert_true(meminfo_of_use(&m, USE_PAGE_CACHE, &bytes) && bytes == 5 * GIB);
	assert_true(meminfo_of_use(&m, USE_ANONYMOUS, &bytes) && bytes == 6 * GIB);
	assert_true(meminfo_of_use(&m, USE_KERNEL_STACKS, &bytes) && bytes == 16 * GIB / 1024);
	assert_true(meminfo_of_use(&m, USE_DIRECT, &bytes) && bytes == meminfo_split(&m).unexplained);
}

static void more_than_there_is_leaves_nothing_for_the_kernel(void **state)
{
	struct meminfo m = { 0 };
	char *why = NULL;

	(void)state;
	assert_int_equal(meminfo_read(saved("MemTotal: 100 kB\nMemFree: 60 kB\nAnonPages: 60 kB\nSlab: 10 kB\n"), &m, &why), 0);
	assert_int_equal(meminfo_split(&m).kernel, 0);
	assert_int_equal(meminfo_split(&m).unexplained, 0);
}

static void another_file_is_refused_by_name(void **state)
{
	struct meminfo m = { 0 };
	char *why = NULL;

	(void)state;
	assert_int_equal(meminfo_read(saved("MemTotal: -\nfoo\n\n:::\nMemFree 99999999999999999999999 kB\n"), &m, &why), -EBADMSG);
	assert_non_null(strstr(why, "/proc/meminfo"));
	free(why);
	assert_int_equal(meminfo_read("no/such/file", &m, &why), -ENOENT);
	assert_non_null(strstr(why, "no/such/file"));
	free(why);
	assert_int_equal(m.has, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_not_counted_anywhere_is_the_kernels),
		cmocka_unit_test(uses_of_memory_have_their_counts),
		cmocka_unit_test(more_than_there_is_leaves_nothing_for_the_kernel),
		cmocka_unit_test(another_file_is_refused_by_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
