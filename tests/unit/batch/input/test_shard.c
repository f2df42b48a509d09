// SPDX-License-Identifier: LGPL-2.1-or-later
/* test_shard.c - does each file belong to exactly one machine, and does each machine find its own number? */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "batch/input/shard.h"

static void each_file_is_in_one_part_and_parts_are_alike(void **unused)
{
	size_t sizes[7] = { 0 };
	char key[32];

	(void)unused;
	for (unsigned int i = 0; i < 7000; i++) {
		unsigned int owners = 0;

		snprintf(key, sizeof(key), "car%u/%u.dat", i % 31, i);
		for (unsigned int k = 1; k <= 7; k++)
			if (shard_has(&(struct shard){ k, 7 }, key)) {
				owners++;
				sizes[k - 1]++;
			}
		assert_int_equal(owners, 1);
	}
	for (size_t k = 0; k < 7; k++)
		assert_in_range(sizes[k], 850, 1150);	/* 5 standard deviations */
}

static void one_machine_has_all(void **unused)
{
	(void)unused;
	assert_true(shard_has(&(struct shard){ 0 }, "a"));
	assert_true(shard_has(&(struct shard){ 1, 1 }, "a"));
}

static void what_is_no_part_is_refused(void **unused)
{
	static const char *const wrong[] = { "", "1", "0/4", "5/4", "1/0", "-1/4", "1/4x", "a/b", "1/99999999999999999999", " 1/4" };
	struct shard s;

	(void)unused;
	assert_int_equal(shard_parse("4/4", &s, NULL), 0);
	assert_int_equal(s.k, 4);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		char *why = NULL;

		assert_true(shard_parse(wrong[i], &s, &why) < 0);
		assert_non_null(strstr(why, "is not K/N"));
		free(why);
	}
}

/* Read the shard with only these NAME=VALUE in the environment, ended by NULL. Returns the result. */
static int ask(const char *const *environment, struct shard *ret, char **why)
{
	static const char *const names[] = { "SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_MIN", "SLURM_ARRAY_TASK_MAX",
		"SLURM_ARRAY_TASK_COUNT", "JOB_COMPLETION_INDEX", "JOB_COMPLETION_COUNT" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		unsetenv(names[i]);
	for (; *environment; environment++)
		putenv((char *)(uintptr_t)*environment);
	*why = NULL;
	return shard_from_environment(ret, why);
}

static void the_job_tells_which_part(void **unused)
{
	static const struct { const char *environment[5]; unsigned int k, n; } jobs[] = {
		{ { "SLURM_ARRAY_TASK_ID=0", "SLURM_ARRAY_TASK_MIN=0", "SLURM_ARRAY_TASK_MAX=7", "SLURM_ARRAY_TASK_COUNT=8" }, 1, 8 },
		{ { "SLURM_ARRAY_TASK_ID=8", "SLURM_ARRAY_TASK_MIN=1", "SLURM_ARRAY_TASK_MAX=8", "SLURM_ARRAY_TASK_COUNT=8" }, 8, 8 },
		{ { "JOB_COMPLETION_INDEX=2", "JOB_COMPLETION_COUNT=3" }, 3, 3 },
	};
	struct shard s;
	char *why;

	(void)unused;
	for (size_t i = 0; i < sizeof(jobs) / sizeof(jobs[0]); i++) {
		assert_int_equal(ask(jobs[i].environment, &s, &why), 1);
		assert_int_equal(s.k, jobs[i].k);
		assert_int_equal(s.n, jobs[i].n);
	}
	assert_int_equal(ask((const char *const[]){ NULL }, &s, &why), 0);
}

/* An error is better than files that no machine takes. */
static void a_job_that_does_not_tell_is_an_error(void **unused)
{
	static const struct { const char *environment[5], *says; } jobs[] = {
		{ { "SLURM_ARRAY_TASK_ID=1" }, "which of how many" },
		{ { "SLURM_ARRAY_TASK_ID=1", "SLURM_ARRAY_TASK_MIN=1", "SLURM_ARRAY_TASK_MAX=7", "SLURM_ARRAY_TASK_COUNT=4" }, "has gaps" },
		{ { "SLURM_ARRAY_TASK_ID=9", "SLURM_ARRAY_TASK_MIN=1", "SLURM_ARRAY_TASK_MAX=4", "SLURM_ARRAY_TASK_COUNT=4" },
			"not one of 4" },
		{ { "SLURM_ARRAY_TASK_ID=one", "SLURM_ARRAY_TASK_COUNT=4" }, "is not a number" },
		{ { "JOB_COMPLETION_INDEX=1" }, "one of how many" },
		{ { "JOB_COMPLETION_INDEX=3", "JOB_COMPLETION_COUNT=3" }, "not one of 3" },
	};
	struct shard s;
	char *why;

	(void)unused;
	for (size_t i = 0; i < sizeof(jobs) / sizeof(jobs[0]); i++) {
		assert_true(ask(jobs[i].environment, &s, &why) < 0);
		assert_non_null(strstr(why, jobs[i].says));
		free(why);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_file_is_in_one_part_and_parts_are_alike),
		cmocka_unit_test(one_machine_has_all),
		cmocka_unit_test(what_is_no_part_is_refused),
		cmocka_unit_test(the_job_tells_which_part),
		cmocka_unit_test(a_job_that_does_not_tell_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
