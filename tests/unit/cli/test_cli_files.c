// SPDX-License-Identifier: LGPL-2.1-or-later
/* test_cli_files.c - is an output whole or absent, and does the old file stay until the new one is whole? */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "cli_lab.h"

static void every_format_goes_to_its_file_whole(void **unused)
{
	struct run r = RUN("analyze", "founding.dat", "--csv", "s.csv", "--victims=v.csv", "--holds", "h.csv", "--json",
		"r.json");
	struct stat st;
	char *s;

	(void)unused;
	assert_begins(r.out, "1 stall of 10 ms or more");
	assert_has(r.out, "all 1");	/* --holds asks for every hold */
	done(&r);
	s = slurp("s.csv");
	assert_begins(s, "recording,stall_id,");
	free(s);
	s = slurp("v.csv");
	assert_has(s, "lidar_pub");
	free(s);
	s = slurp("h.csv");
	assert_has(s, "kswapd0");
	free(s);
	s = slurp("r.json");
	assert_string_equal(s + strlen(s) - 3, "\n}\n");
	free(s);
	assert_int_equal(files_here(), 4);	/* and no temporary file is left */
	assert_int_equal(stat("s.csv", &st), 0);
	assert_int_equal(st.st_mode & 0777, 0666 & ~(umask(022), 022));
}

static void an_old_file_is_replaced_with_its_mode_and_through_its_link(void **unused)
{
	struct run r;
	struct stat st;
	char *s;

	(void)unused;
	fclose(fopen("real.csv", "w"));
	chmod("real.csv", 0640);
	assert_int_equal(symlink("real.csv", "link.csv"), 0);
	r = RUN("analyze", "founding.dat", "--csv", "link.csv");
	assert_int_equal(r.status, 0);
	done(&r);
	assert_int_equal(lstat("link.csv", &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	assert_int_equal(stat("real.csv", &st), 0);
	assert_int_equal(st.st_mode & 0777, 0640);
	s = slurp("real.csv");
	assert_has(s, "kswapd0");
	free(s);
}

static void a_failed_analysis_leaves_no_file_and_keeps_the_old_one(void **unused)
{
	char *s;

	(void)unused;
	assert_refused(3, "bad.dat: not a trace.dat file?[2J", "analyze", "bad.dat", "--csv", "new.csv");
	assert_int_equal(files_here(), 0);
	system("echo old >old.csv");
	assert_refused(3, "bad.dat: not a trace.dat file", "analyze", "bad.dat", "--csv", "old.csv");
	assert_refused(3, "bad.dat: not a trace.dat file", "timeline", "bad.dat");
	assert_refused(3, "bad.dat: not a trace.dat file", "info", "bad.dat");
	assert_refused(2, "no plugins in /nowhere", "analyze", "noplugins.dat");
	s = slurp("old.csv");
	assert_string_equal(s, "old\n");
	free(s);
}

static void what_cannot_be_written_is_refused_before_the_work(void **unused)
{
	char *s;

	(void)unused;
	system("echo recording >founding.dat; ln founding.dat other.dat; mkdir dir");
	assert_refused(2, "would overwrite the recording", "analyze", "founding.dat", "--csv", "founding.dat");
	assert_refused(2, "would overwrite the recording", "analyze", "founding.dat", "--json", "other.dat");
	assert_refused(2, "both go to 'a'", "analyze", "founding.dat", "--csv", "a", "--json", "a");
	assert_refused(2, "Is a directory", "analyze", "founding.dat", "--csv", "dir");
	assert_refused(2, "No such file or directory", "analyze", "founding.dat", "--csv", "nowhere/s.csv");
	assert_refused(2, "no file name", "analyze", "founding.dat", "--csv=");
	s = slurp("founding.dat");
	assert_string_equal(s, "recording\n");
	free(s);
	rmdir("dir");
}

static void a_full_disk_is_status_4_and_one_line(void **unused)
{
	struct run r = RUN("analyze", "founding.dat", "--csv", "/dev/full");

	(void)unused;
	assert_string_equal(r.err, "vmstall: /dev/full: not written: No space left on device\n");
	assert_begins(r.out, "1 stall");
	assert_int_equal(r.status, 4);
	done(&r);
	r = run_to("/dev/full", (char *[]){ "vmstall", "timeline", "many.dat", NULL });
	assert_string_equal(r.err, "vmstall: standard output: No space left on device\n");
	assert_int_equal(r.status, 4);
	done(&r);
}

static void a_reader_that_goes_away_is_no_error(void **unused)
{
	int fd[2], status;
	pid_t pid;
	char *s;

	(void)unused;
	assert_int_equal(pipe(fd), 0);
	close(fd[0]);
	fflush(NULL);
	pid = fork();
	if (!pid) {
		char *argv[] = { "vmstall", "timeline", "many.dat", NULL };

		dup2(fd[1], STDOUT_FILENO);
		if (!freopen("stderr", "w", stderr))
			_exit(99);
		exit(cli_main(commands, 3, argv));
	}
	close(fd[1]);
	waitpid(pid, &status, 0);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	s = slurp("stderr");
	assert_string_equal(s, "");
	free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_DIRECTORY(every_format_goes_to_its_file_whole),
		IN_DIRECTORY(an_old_file_is_replaced_with_its_mode_and_through_its_link),
		IN_DIRECTORY(a_failed_analysis_leaves_no_file_and_keeps_the_old_one),
		IN_DIRECTORY(what_cannot_be_written_is_refused_before_the_work),
		IN_DIRECTORY(a_full_disk_is_status_4_and_one_line),
		IN_DIRECTORY(a_reader_that_goes_away_is_no_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
