// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * test_cli.c - does each command line do what it says, leave what it should, and end with the right status?
 *
 * The analysis is replaced: what is "found" depends on the name of the file. Each command runs in a child,
 * in a directory of its own.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "cli/cli.h"
#include "cli/values.h"
#include "sample_report.h"

static const struct command commands[] = {
	{ "analyze", cmd_analyze, "the report" },
	{ "timeline", cmd_timeline, "the stalls as CSV" },
	{ "info", cmd_info, "the facts" },
	{ 0 },
};

static int find_by_name(const char *path, struct report *ret, char **reterr_why)
{
	if (strstr(path, "founding"))
		sample_founding(ret);
	else if (strstr(path, "many"))
		sample_many(ret, 500);
	else if (strstr(path, "healthy"))
		sample_healthy(ret);
	else if (strstr(path, "counter"))
		sample_counter(ret);
	else if (strstr(path, "noplugins"))
		return asprintf(reterr_why, "no plugins in /nowhere") < 0 ? -ENOMEM : -ENOPKG;
	else
		return asprintf(reterr_why, "%s: not a trace.dat file\033[2J", path) < 0 ? -ENOMEM : -EBADMSG;
	if (strstr(path, "cut")) {
		ret->facts.partial = true;
		report_note(ret, QUALITY_ERROR, "cut at byte 1234");
	}
	return 0;
}

int analyze_recording(const char *path, const struct recording_options *ropts, const struct analysis_options *aopts,
		struct report *ret_report, char **reterr_why)
{
	int err = find_by_name(path, ret_report, reterr_why);

	if (!err && ropts->plugin_dir)
		report_note(ret_report, QUALITY_INFO, "plugins from %s", ropts->plugin_dir);
	if (!err)
		report_note(ret_report, QUALITY_INFO, "min %llu from %llu to %llu all %d",
			(unsigned long long)aopts->min_stall_ns, (unsigned long long)aopts->from_ns,
			(unsigned long long)aopts->to_ns, aopts->keep_all_holds);
	return err;
}

int inspect_recording(const char *path, const struct recording_options *ropts, struct report *ret_report,
		char **reterr_why)
{
	(void)ropts;
	return find_by_name(path, ret_report, reterr_why);
}

struct run { int status; char *out, *err; };

static char *slurp(const char *path)
{
	char *s = calloc(1, 1 << 20);
	FILE *f = fopen(path, "r");

	if (!f) {
		free(s);
		return NULL;
	}
	s[fread(s, 1, (1 << 20) - 1, f)] = '\0';
	fclose(f);
	return s;
}

static void child(char **argv, const char *out)
{
	int argc = 0;

	while (argv[argc])
		argc++;
	if (!freopen(out, "w", stdout) || !freopen("stderr", "w", stderr))
		_exit(99);
	exit(cli_main(commands, argc, argv));
}

static struct run run_to(const char *out, char **argv)
{
	struct run run = { 0 };
	pid_t pid;
	int status;

	fflush(NULL);
	pid = fork();
	assert_true(pid >= 0);
	if (!pid)
		child(argv, out);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	run.status = WEXITSTATUS(status);
	run.out = out[0] == '/' ? strdup("") : slurp(out);
	run.err = slurp("stderr");
	unlink("stdout");
	unlink("stderr");
	return run;
}

#define RUN(...) run_to("stdout", (char *[]){ "vmstall", __VA_ARGS__, NULL })

static void done(struct run *run)
{
	free(run->out);
	free(run->err);
}

static void assert_has(const char *text, const char *words)
{
	if (!strstr(text, words))
		fail_msg("\"%s\" is not in:\n%s", words, text);
}

static void assert_begins(const char *s, const char *with)
{
	if (strncmp(s, with, strlen(with)))
		assert_string_equal(s, with);	/* shows both */
}

/* Fails with the status, nothing on stdout, and one line that says why. */
#define assert_refused(expected, words, ...)                                 \
	do {                                                                 \
		struct run refused = RUN(__VA_ARGS__);                       \
                                                                             \
		assert_has(refused.err, words);                              \
		assert_string_equal(refused.out, "");                        \
		assert_int_equal(refused.status, expected);                  \
		assert_begins(refused.err, "vmstall: ");                     \
		assert_ptr_equal(strchr(refused.err, '\n') + 1, refused.err + strlen(refused.err)); \
		done(&refused);                                              \
	} while (0)

static size_t files_here(void)
{
	struct dirent *e;
	DIR *d = opendir(".");
	size_t n = 0;

	while ((e = readdir(d)))
		n += e->d_name[0] != '.';
	closedir(d);
	return n;
}

static int enter(void **state)
{
	char dir[] = "test_cli.XXXXXX";

	*state = getcwd(NULL, 0);
	unsetenv("COLUMNS");
	unsetenv("NO_COLOR");
	return *state && mkdtemp(dir) && !chdir(dir) ? 0 : -1;
}

static int leave(void **state)
{
	char *here = getcwd(NULL, 0);
	struct dirent *e;
	DIR *d = opendir(".");
	int err;

	while ((e = readdir(d)))
		if (strcmp(e->d_name, ".") && strcmp(e->d_name, ".."))
			unlink(e->d_name);
	closedir(d);
	err = chdir(*state) || rmdir(here);
	free(here);
	free(*state);
	return err;
}

static void the_report_goes_to_stdout(void **unused)
{
	struct run r = RUN("analyze", "founding.dat");

	(void)unused;
	assert_begins(r.out, "1 stall of 10 ms or more");
	assert_string_equal(r.err, "");
	assert_int_equal(r.status, 0);
	assert_null(strchr(r.out, '\033'));	/* no terminal, no colour */
	done(&r);
	r = RUN("analyze", "--color=always", "-q", "founding.dat");
	assert_has(r.out, "\033[1;31m");
	assert_null(strstr(r.out, "Evidence"));
	done(&r);
	setenv("COLUMNS", "50", 1);
	r = RUN("analyze", "founding.dat");
	unsetenv("COLUMNS");
	for (char *line = strtok(r.out, "\n"); line; line = strtok(NULL, "\n"))
		assert_true(strlen(line) <= 50);
	done(&r);
}

static void a_file_without_a_command_is_analyzed(void **unused)
{
	struct run r;

	(void)unused;
	fclose(fopen("founding.dat", "w"));
	r = RUN("founding.dat");
	assert_begins(r.out, "1 stall of 10 ms or more");
	assert_int_equal(r.status, 0);
	done(&r);
	r = RUN("founding.dat", "--csv", "-");
	assert_begins(r.out, "recording,stall_id,");
	done(&r);
}

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
	assert_int_equal(files_here(), 4);	/* and no temporary one */
	assert_int_equal(stat("s.csv", &st), 0);
	assert_int_equal(st.st_mode & 0777, 0666 & ~(umask(022), 022));
}

static void minus_is_stdout_in_place_of_the_report(void **unused)
{
	struct run r = RUN("analyze", "founding.dat", "--json=-");

	(void)unused;
	assert_begins(r.out, "{\n\"schema_version\": 1");
	assert_string_equal(r.out + strlen(r.out) - 3, "\n}\n");
	done(&r);
	assert_refused(2, "--csv and --json both go to '-'", "analyze", "founding.dat", "--csv=-", "--json=-");
}

static void timeline_is_the_csv_on_stdout(void **unused)
{
	struct run r = RUN("timeline", "many.dat"), csv = RUN("analyze", "many.dat", "--csv", "-");

	(void)unused;
	assert_string_equal(r.out, csv.out);
	assert_has(r.out, "\nmany.dat,500,");
	assert_int_equal(r.status, 0);
	done(&r);
	done(&csv);
}

static void info_describes_and_does_not_mind_the_clock(void **unused)
{
	struct run r = RUN("info", "counter.dat");

	(void)unused;
	assert_has(r.out, "not in seconds");
	assert_int_equal(r.status, 0);
	done(&r);
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

static void a_clock_that_is_no_time_is_refused(void **unused)
{
	struct run r = RUN("analyze", "counter.dat", "--csv", "s.csv");

	(void)unused;
	assert_begins(r.out, "Not analysed: counter.dat");
	assert_string_equal(r.err, "vmstall: counter.dat: not analysed: its clock, \"counter\", is not in seconds\n");
	assert_int_equal(r.status, 3);
	assert_int_equal(files_here(), 0);
	done(&r);
	assert_refused(3, "is not in seconds", "timeline", "counter.dat");
}

static void a_partial_recording_is_told_and_is_status_4(void **unused)
{
	struct run r = RUN("timeline", "founding-cut.dat");

	(void)unused;
	assert_begins(r.out, "recording,");
	assert_string_equal(r.err, "vmstall: founding-cut.dat: partial: cut at byte 1234\n");
	assert_int_equal(r.status, 4);
	done(&r);
	r = RUN("info", "founding-cut.dat", "-q");
	assert_string_equal(r.err, "");
	assert_int_equal(r.status, 4);
	done(&r);
	r = RUN("analyze", "founding-cut.dat", "--fail-on=any");
	assert_int_equal(r.status, 1);	/* the finding says more */
	done(&r);
}

static void fail_on_decides_between_0_and_1(void **unused)
{
	static const struct { const char *on; int status; } cases[] = {
		{ "any", 1 }, { "860ms", 1 }, { "861ms", 0 }, { "high", 1 }, { "low", 1 }, { "lru_lock_hold", 1 },
		{ "compaction", 0 }, { "high,100ms,lru_lock_hold", 1 }, { "high,2s", 0 }, { "compaction,any", 0 },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct run r = RUN("timeline", "founding.dat", "--fail-on", (char *)cases[i].on);

		if (r.status != cases[i].status)
			fail_msg("--fail-on %s gives %d", cases[i].on, r.status);
		done(&r);
	}
	struct run r = RUN("analyze", "healthy.dat", "--fail-on", "any");

	assert_int_equal(r.status, 0);
	done(&r);
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

static void options_reach_the_analysis(void **unused)
{
	struct run r = RUN("analyze", "founding.dat", "--min-stall=1.5s", "--from", "5144.543210", "--to=5145",
		"--plugin-dir", "here");

	(void)unused;
	assert_has(r.out, "min 1500000000 from 5144543210000 to 5145000000000 all 0");
	assert_has(r.out, "plugins from here");
	assert_begins(r.out, "1 stall of 1.500 s or more");
	done(&r);
}

static void a_letter_takes_its_argument_too(void **unused)
{
	struct run near = RUN("analyze", "founding.dat", "-j2"), apart = RUN("analyze", "-j", "2", "founding.dat");

	(void)unused;
	assert_int_equal(near.status, 0);
	assert_string_equal(near.out, apart.out);
	done(&near);
	done(&apart);
	assert_refused(2, "'x' is not a number of threads", "analyze", "-jx", "a.dat");
	assert_refused(2, "an option lacks its argument", "analyze", "a.dat", "-j");
}

static void wrong_usage_is_status_2_and_a_sentence(void **unused)
{
	(void)unused;
	assert_refused(2, "which recording?", "analyze");
	assert_refused(2, "one recording at a time", "analyze", "a.dat", "b.dat");
	assert_refused(2, "name of the recording is empty", "analyze", "");
	assert_refused(2, "unknown or ambiguous option '--cvs=x'; did you mean --csv?", "analyze", "--cvs=x", "a.dat");
	assert_refused(2, "unknown or ambiguous option '-Z'", "analyze", "-Z", "a.dat");
	assert_refused(2, "an option lacks its argument", "analyze", "a.dat", "--csv");
	assert_refused(2, "unknown or ambiguous option '--help=x'", "analyze", "--help=x");
	assert_refused(2, "--min-stall: 'soon' is no duration", "analyze", "--min-stall=soon", "a.dat");
	assert_refused(2, "--from: '1:20' is no time", "analyze", "--from=1:20", "a.dat");
	assert_refused(2, "--from is after --to", "timeline", "--from=2", "--to=1", "a.dat");
	assert_refused(2, "--color: 'red' is none of auto|always|never", "analyze", "--color=red", "a.dat");
	assert_refused(2, "--fail-on: 'bad' is no threshold", "analyze", "--fail-on=high,bad", "a.dat");
	assert_refused(2, "--csv", "timeline", "--csv=x", "a.dat");
	assert_refused(2, "no command 'analyse'; did you mean 'analyze'?", "analyse", "a.dat");
	assert_refused(2, "no command and no file 'xyzzy.dat'", "xyzzy.dat");
	assert_refused(2, "options stand behind the command", "--csv=x", "analyze", "a.dat");
}

static void without_a_command_help_goes_to_stderr(void **unused)
{
	struct run r = run_to("stdout", (char *[]){ "vmstall", NULL });

	(void)unused;
	assert_has(r.err, "Usage: vmstall COMMAND");
	assert_string_equal(r.out, "");
	assert_int_equal(r.status, 2);
	done(&r);
}

static void help_lists_what_there_is(void **unused)
{
	static char *const asks[] = { "--help", "-h", "help" };
	struct run r;

	(void)unused;
	for (size_t i = 0; i < 3; i++) {
		r = RUN(asks[i]);
		for (const struct command *c = commands; c->name; c++)
			assert_has(r.out, c->name);
		assert_int_equal(r.status, 0);
		done(&r);
	}
	r = RUN("analyze", "--help");
	for (size_t i = 0; all_writers[i]; i++) {
		assert_has(r.out, all_writers[i]->name);
		assert_has(r.out, all_writers[i]->about);
	}
	assert_has(r.out, "--fail-on=WHAT");
	assert_has(r.out, "Exit status:");
	for (char *line = strtok(r.out, "\n"); line; line = strtok(NULL, "\n"))
		assert_true(strlen(line) <= 80);
	assert_int_equal(r.status, 0);
	done(&r);
	r = RUN("help", "timeline");
	assert_has(r.out, "Usage: vmstall timeline");
	assert_null(strstr(r.out, "--csv=FILE"));
	done(&r);
	r = RUN("--version");
	assert_string_equal(r.out, "vmstall " VMSTALL_VERSION "\n");
	done(&r);
	r = RUN("info", "-V");
	assert_string_equal(r.out, "vmstall " VMSTALL_VERSION "\n");
	done(&r);
}

#define IN_DIRECTORY(f) cmocka_unit_test_setup_teardown(f, enter, leave)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_DIRECTORY(the_report_goes_to_stdout),
		IN_DIRECTORY(a_file_without_a_command_is_analyzed),
		IN_DIRECTORY(every_format_goes_to_its_file_whole),
		IN_DIRECTORY(minus_is_stdout_in_place_of_the_report),
		IN_DIRECTORY(timeline_is_the_csv_on_stdout),
		IN_DIRECTORY(info_describes_and_does_not_mind_the_clock),
		IN_DIRECTORY(an_old_file_is_replaced_with_its_mode_and_through_its_link),
		IN_DIRECTORY(a_failed_analysis_leaves_no_file_and_keeps_the_old_one),
		IN_DIRECTORY(a_clock_that_is_no_time_is_refused),
		IN_DIRECTORY(a_partial_recording_is_told_and_is_status_4),
		IN_DIRECTORY(fail_on_decides_between_0_and_1),
		IN_DIRECTORY(what_cannot_be_written_is_refused_before_the_work),
		IN_DIRECTORY(a_full_disk_is_status_4_and_one_line),
		IN_DIRECTORY(a_reader_that_goes_away_is_no_error),
		IN_DIRECTORY(options_reach_the_analysis),
		IN_DIRECTORY(a_letter_takes_its_argument_too),
		IN_DIRECTORY(wrong_usage_is_status_2_and_a_sentence),
		IN_DIRECTORY(without_a_command_help_goes_to_stderr),
		IN_DIRECTORY(help_lists_what_there_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
