// SPDX-License-Identifier: LGPL-2.1-or-later
/* test_capture.c - is the output of a library kept from the user, and is its last line the reason? */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "reader/capture.h"

enum { LINE = 40 };

/* What is captured when both streams get something. */
static void captured(const char *out, const char *err, char line[LINE])
{
	struct capture c;

	capture_begin(&c);
	fputs(out, stdout);
	fflush(stdout);
	fputs(err, stderr);
	capture_end(&c, line, LINE);
}

static void the_last_line_of_both_streams_is_the_reason(void **unused)
{
	char line[LINE];

	(void)unused;
	captured("first\n", "  second\n\n", line);
	assert_string_equal(line, "second");
	captured("no newline", "", line);
	assert_string_equal(line, "no newline");
}

static void silence_is_the_empty_string(void **unused)
{
	char line[LINE] = "before";

	(void)unused;
	captured("", "", line);
	assert_string_equal(line, "");
}

static void what_a_terminal_would_obey_is_replaced(void **unused)
{
	char line[LINE];

	(void)unused;
	captured("", "bad \033[2J\377 name\n", line);
	assert_string_equal(line, "bad ?[2J? name");
}

static void a_line_longer_than_there_is_room_for_is_cut(void **unused)
{
	char line[LINE];

	(void)unused;
	captured("", "0123456789012345678901234567890123456789012345678901234567890123456789\n", line);
	assert_int_equal(strlen(line), LINE - 1);
	assert_memory_equal(line, "0123456789", 10);
}

static void of_a_flood_the_end_is_kept(void **unused)
{
	struct capture c;
	char line[LINE];

	(void)unused;
	capture_begin(&c);
	for (int i = 0; i < 100000; i++)
		printf("line %d\n", i);
	capture_end(&c, line, sizeof(line));
	assert_string_equal(line, "line 99999");
}

/* The standard streams go into one file instead of two pipes, because one file shows the order too. */
static void both_streams_are_what_they_were(void **unused)
{
	char line[LINE], got[64] = "";
	int out = dup(STDOUT_FILENO), err = dup(STDERR_FILENO), file = open(".", O_TMPFILE | O_RDWR, 0600);

	(void)unused;
	assert_true(file >= 0);
	fflush(NULL);
	dup2(file, STDOUT_FILENO);
	dup2(file, STDERR_FILENO);
	fputs("before ", stdout);	/* still in the stdio buffer when the capture begins */
	captured("hidden", "hidden", line);
	fputs("after ", stdout);
	fflush(stdout);
	fputs("error", stderr);
	dup2(out, STDOUT_FILENO);
	dup2(err, STDERR_FILENO);
	assert_true(pread(file, got, sizeof(got) - 1, 0) > 0);
	assert_string_equal(got, "before after error");
	close(file);
	close(out);
	close(err);
}

static void a_closed_stdout_stays_closed(void **unused)
{
	int out = dup(STDOUT_FILENO);
	char line[LINE];
	bool closed;

	(void)unused;
	fflush(stdout);
	close(STDOUT_FILENO);
	captured("", "reason\n", line);
	closed = fcntl(STDOUT_FILENO, F_GETFD) < 0;
	dup2(out, STDOUT_FILENO);
	close(out);
	assert_true(closed);
	assert_string_equal(line, "reason");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_last_line_of_both_streams_is_the_reason),
		cmocka_unit_test(silence_is_the_empty_string),
		cmocka_unit_test(what_a_terminal_would_obey_is_replaced),
		cmocka_unit_test(a_line_longer_than_there_is_room_for_is_cut),
		cmocka_unit_test(of_a_flood_the_end_is_kept),
		cmocka_unit_test(both_streams_are_what_they_were),
		cmocka_unit_test(a_closed_stdout_stays_closed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
