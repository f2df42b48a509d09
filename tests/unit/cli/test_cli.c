// SPDX-License-Identifier: LGPL-2.1-or-later
/* test_cli.c - does each command line do its task, and end with the right status? */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cli_lab.h"
#include "export/writers.h"

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

static void a_recording_that_cannot_tell_is_status_3_and_leaves_no_empty_table(void **unused)
{
	struct run r = RUN("analyze", "blind.dat", "--csv", "s.csv", "--victims", "v.csv");

	(void)unused;
	assert_begins(r.out, "Cannot tell whether anything stalled in blind.dat: not recorded: vmscan:mm_vmscan_lru_isolate.\n");
	assert_string_equal(r.err, "vmstall: blind.dat: cannot tell whether anything stalled: not recorded: "
				   "vmscan:mm_vmscan_lru_isolate\n");
	assert_int_equal(r.status, 3);
	assert_int_equal(files_here(), 0);
	done(&r);
	assert_refused(3, "cannot tell", "timeline", "blind.dat");
	r = RUN("analyze", "blind.dat", "--json", "r.json", "--fail-on", "any");
	assert_int_equal(r.status, 3);
	assert_int_equal(files_here(), 1);
	done(&r);
	r = RUN("timeline", "healthy.dat", "--fail-on", "any");	/* the look-alike: nothing found where it would be */
	assert_begins(r.out, "recording,");
	assert_int_equal(r.status, 0);
	done(&r);
}

/* There is a stall, of another cause than the one that is asked for. */
static void fail_on_a_cause_that_was_not_recorded_never_passes(void **unused)
{
	struct run r = RUN("timeline", "founding.dat", "--fail-on", "compaction");

	(void)unused;
	assert_int_equal(r.status, 0);
	done(&r);
	r = RUN("timeline", "founding.dat", "--fail-on", "throttle");
	assert_has(r.err, "cannot tell whether a stall meets --fail-on");
	assert_int_equal(r.status, 3);
	done(&r);
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
	assert_int_equal(r.status, 1);	/* the finding has priority */
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_DIRECTORY(the_report_goes_to_stdout),
		IN_DIRECTORY(a_file_without_a_command_is_analyzed),
		IN_DIRECTORY(minus_is_stdout_in_place_of_the_report),
		IN_DIRECTORY(timeline_is_the_csv_on_stdout),
		IN_DIRECTORY(info_describes_and_does_not_mind_the_clock),
		IN_DIRECTORY(a_clock_that_is_no_time_is_refused),
		IN_DIRECTORY(a_recording_that_cannot_tell_is_status_3_and_leaves_no_empty_table),
		IN_DIRECTORY(fail_on_a_cause_that_was_not_recorded_never_passes),
		IN_DIRECTORY(a_partial_recording_is_told_and_is_status_4),
		IN_DIRECTORY(fail_on_decides_between_0_and_1),
		IN_DIRECTORY(options_reach_the_analysis),
		IN_DIRECTORY(a_letter_takes_its_argument_too),
		IN_DIRECTORY(wrong_usage_is_status_2_and_a_sentence),
		IN_DIRECTORY(without_a_command_help_goes_to_stderr),
		IN_DIRECTORY(help_lists_what_there_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
