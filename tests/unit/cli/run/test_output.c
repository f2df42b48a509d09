// SPDX-License-Identifier: LGPL-2.1-or-later
/* test_output.c - whatever stops the writer, is there a whole file or the one that was there before? */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "cli/run/output.h"
#include "model/answer.h"

static int write_all(const struct report *r, const struct writer_options *w, FILE *f)
{
	(void)r;
	(void)w;
	return fputs("first half, second half", f) < 0 ? -EIO : 0;
}

static int write_half(const struct report *r, const struct writer_options *w, FILE *f)
{
	(void)r;
	(void)w;
	return fputs("first half", f) < 0 ? -EIO : -ENOSPC;
}

static int write_interrupted(const struct report *r, const struct writer_options *w, FILE *f)
{
	fputs("first half, ", f);
	fflush(f);
	raise((int)r->facts.nr_cpus);
	(void)w;
	return fputs("second half", f) < 0 ? -EIO : 0;
}

static int write_table(const struct writer *writer, const struct report *r)
{
	struct options o = { .nr_outputs = 1, .outputs = { { .writer = writer, .path = "out.csv" } } };
	struct writer_options w = { 0 };

	return outputs_write(&o, r, &w);
}

/* Check the content of the file, and that no other file lies beside it. */
static void assert_left(const char *text)
{
	char got[64] = "";
	DIR *d = opendir(".");
	FILE *f = fopen("out.csv", "r");
	size_t files = 0;

	assert_non_null(f);
	assert_true(fread(got, 1, sizeof(got) - 1, f) > 0);
	fclose(f);
	assert_string_equal(got, text);
	for (const struct dirent *e; (e = readdir(d));)
		files += e->d_name[0] != '.';
	closedir(d);
	assert_int_equal(files, 1);
}

static void a_file_is_put_in_its_place_when_it_is_whole(void **unused)
{
	const struct writer writer = { .name = "csv", .write = write_all, .explains = true };
	struct report r = { 0 };

	(void)unused;
	assert_int_equal(write_table(&writer, &r), EXIT_DONE);
	assert_left("first half, second half");
}

static void without_an_answer_only_a_format_that_says_so_is_written(void **unused)
{
	const struct writer table = { .name = "csv", .write = write_all };
	struct report r = { 0 };

	(void)unused;
	unlink("out.csv");
	assert_false(report_answered(&r));
	assert_int_equal(write_table(&table, &r), EXIT_DONE);
	assert_int_not_equal(access("out.csv", F_OK), 0);
	report_add_stall(&r);
	assert_int_equal(write_table(&table, &r), EXIT_DONE);
	assert_left("first half, second half");
	report_clear(&r);
}

static void a_writer_that_fails_leaves_what_was_there(void **unused)
{
	const struct writer whole = { .name = "csv", .write = write_all, .explains = true }, half = { .name = "csv", .write = write_half, .explains = true };
	struct report r = { 0 };

	(void)unused;
	assert_int_equal(write_table(&whole, &r), EXIT_DONE);
	assert_int_equal(write_table(&half, &r), EXIT_PARTIAL);
	assert_left("first half, second half");
}

static void who_stops_it_gets_a_whole_file_first(void **unused)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP };
	const struct writer writer = { .name = "csv", .write = write_interrupted, .explains = true };

	(void)unused;
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
		struct report r = { .facts.nr_cpus = (uint32_t)signals[i] };	/* the signal that the writer shall raise */
		pid_t pid;
		int status;

		unlink("out.csv");
		fflush(NULL);
		pid = fork();
		if (!pid)
			_exit(write_table(&writer, &r));
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_true(WIFSIGNALED(status));
		assert_int_equal(WTERMSIG(status), signals[i]);
		assert_left("first half, second half");
	}
}

/* Every test in an empty directory. */
static int enter(void **state)
{
	static char dir[] = "test-output-XXXXXX";

	*state = dir;
	return !mkdtemp(dir) || chdir(dir);
}

static int leave(void **state)
{
	unlink("out.csv");
	return chdir("..") || rmdir(*state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_is_put_in_its_place_when_it_is_whole),
		cmocka_unit_test(without_an_answer_only_a_format_that_says_so_is_written),
		cmocka_unit_test(a_writer_that_fails_leaves_what_was_there),
		cmocka_unit_test(who_stops_it_gets_a_whole_file_first),
	};

	return cmocka_run_group_tests(tests, enter, leave);
}
