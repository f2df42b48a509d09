// SPDX-License-Identifier: LGPL-2.1-or-later
/* test_cpustat.c - are the kernel's own loss counters read, whatever other lines are around them? */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "reader/file/cpustat.h"

static void counters_go_to_their_cpu(void **unused)
{
	struct cpu_quality cpus[2] = { 0 };

	(void)unused;
	cpustat_parse("CPU: 0\nentries: 10\noverrun: 3\ncommit overrun: 0\nbytes: 5\noldest event ts: 1.2\ndropped events: 7\n"
		      "\nCPU: 1\noverrun: 0\n", cpus, 2);
	assert_true(cpus[0].overrun.is && cpus[0].commit_overrun.is && cpus[0].dropped.is);
	assert_int_equal(cpus[0].overrun.v, 3);
	assert_int_equal(cpus[0].commit_overrun.v, 0);
	assert_int_equal(cpus[0].dropped.v, 7);
	assert_true(cpus[1].overrun.is);
	assert_false(cpus[1].dropped.is);
}

static void the_buffers_of_a_cpu_add_up(void **unused)
{
	struct cpu_quality cpus[1] = { 0 };

	(void)unused;
	cpustat_parse("CPU: 0\noverrun: 3\n", cpus, 1);
	cpustat_parse("CPU: 0\noverrun: 4\n", cpus, 1);
	assert_int_equal(cpus[0].overrun.v, 7);
}

static void a_cpu_that_is_not_in_the_recording_is_passed_over(void **unused)
{
	struct cpu_quality cpus[2] = { 0 };

	(void)unused;
	cpustat_parse("CPU: 1\noverrun: 1\nCPU: 2\noverrun: 5\nCPU: 4294967295\ndropped events: 9\n", cpus, 1);
	assert_false(cpus[0].overrun.is || cpus[0].dropped.is);
	assert_false(cpus[1].overrun.is || cpus[1].dropped.is);
}

static void what_is_no_counter_changes_nothing(void **unused)
{
	struct cpu_quality cpus[1] = { 0 };

	(void)unused;
	cpustat_parse("overrun: 9\nCPU: 0\noverrun: many\ndropped events:\nnonsense\n\n:", cpus, 1);
	assert_false(cpus[0].overrun.is || cpus[0].dropped.is);
	cpustat_parse("", cpus, 1);
	cpustat_parse(NULL, cpus, 1);
	assert_false(cpus[0].overrun.is);
}

static void numbers_beyond_a_counter_stay_unknown(void **unused)
{
	struct cpu_quality cpus[1] = { 0 };

	(void)unused;
	cpustat_parse("CPU: 0\noverrun: 18446744073709551615\n", cpus, 1);
	assert_false(cpus[0].overrun.is);
}

static void sums_beyond_a_counter_stop_at_its_end(void **unused)
{
	struct cpu_quality cpus[1] = { 0 };

	(void)unused;
	cpustat_parse("CPU: 0\noverrun: 9223372036854775807\noverrun: 9223372036854775807\n", cpus, 1);
	assert_int_equal(cpus[0].overrun.v, INT64_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counters_go_to_their_cpu),
		cmocka_unit_test(the_buffers_of_a_cpu_add_up),
		cmocka_unit_test(a_cpu_that_is_not_in_the_recording_is_passed_over),
		cmocka_unit_test(what_is_no_counter_changes_nothing),
		cmocka_unit_test(numbers_beyond_a_counter_stay_unknown),
		cmocka_unit_test(sums_beyond_a_counter_stop_at_its_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
