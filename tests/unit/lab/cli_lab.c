// SPDX-License-Identifier: LGPL-2.1-or-later
/* cli_lab.c - the program with its analysis replaced */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "cli_lab.h"

const struct command commands[] = {
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
	else if (strstr(path, "blind"))
		sample_blind(ret);
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

char *slurp(const char *path)
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

struct run run_to(const char *out, char **argv)
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

void done(struct run *run)
{
	free(run->out);
	free(run->err);
}

void assert_has(const char *text, const char *words)
{
	if (!strstr(text, words))
		fail_msg("\"%s\" is not in:\n%s", words, text);
}

void assert_begins(const char *s, const char *with)
{
	if (strncmp(s, with, strlen(with)))
		assert_string_equal(s, with);	/* shows both */
}

size_t files_here(void)
{
	struct dirent *e;
	DIR *d = opendir(".");
	size_t n = 0;

	while ((e = readdir(d)))
		n += e->d_name[0] != '.';
	closedir(d);
	return n;
}

int enter(void **state)
{
	char dir[] = "test_cli.XXXXXX";

	*state = getcwd(NULL, 0);
	unsetenv("COLUMNS");
	unsetenv("NO_COLOR");
	return *state && mkdtemp(dir) && !chdir(dir) ? 0 : -1;
}

int leave(void **state)
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
