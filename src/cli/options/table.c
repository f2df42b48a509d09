// SPDX-License-Identifier: LGPL-2.1-or-later
/* table.c - the options and what each sets. Every writer of a verb adds an option */
#include "cli/options/table.h"

#include <stdlib.h>
#include <string.h>

#include "util/text.h"

static int set_help(struct options *o, const struct row *row, const char *value, char **reterr_why)
{
	(void)row, (void)value, (void)reterr_why;
	o->help = true;
	return 0;
}

static int set_version(struct options *o, const struct row *row, const char *value, char **reterr_why)
{
	(void)row, (void)value, (void)reterr_why;
	o->version = true;
	return 0;
}

static int set_list(struct options *o, const struct row *row, const char *value, char **reterr_why)
{
	(void)row, (void)value, (void)reterr_why;
	o->list = true;
	return 0;
}

static int set_quiet(struct options *o, const struct row *row, const char *value, char **reterr_why)
{
	(void)row, (void)value, (void)reterr_why;
	o->verbose = -1;
	return 0;
}

static int set_verbose(struct options *o, const struct row *row, const char *value, char **reterr_why)
{
	(void)row, (void)value, (void)reterr_why;
	o->verbose = 1;
	return 0;
}

static int set_plugin_dir(struct options *o, const struct row *row, const char *value, char **reterr_why)
{
	(void)row, (void)reterr_why;
	o->recording.plugin_dir = value;
	return 0;
}

static int set_headers_from(struct options *o, const struct row *row, const char *value, char **reterr_why)
{
	(void)row;
	o->recording.headers_from = value;
	return *value ? 0 : fail(reterr_why, -1, "no file name");
}

/* Which word of row->arg, "one|two|three", is @value? */
static int choice(const struct row *row, const char *value, char **reterr_why)
{
	const char *word = row->arg;
	size_t len;

	for (int i = 0; *word; i++, word += len + (word[len] == '|')) {
		len = strcspn(word, "|");
		if (strlen(value) == len && !memcmp(value, word, len))
			return i;
	}
	return fail(reterr_why, -1, "'%s' is none of %s", value, row->arg);
}

static int set_reader(struct options *o, const struct row *row, const char *value, char **reterr_why)
{
	int i = choice(row, value, reterr_why);

	if (i >= 0)
		o->recording.reader = (enum reader)i;
	return i < 0 ? i : 0;
}

static int set_jobs(struct options *o, const struct row *row, const char *value, char **reterr_why)
{
	char *end;
	unsigned long jobs = strtoul(value, &end, 10);

	(void)row;
	if (*end || end == value || *value == '-' || !jobs || jobs > 1024)
		return fail(reterr_why, -1, "'%s' is not a number of threads from 1 to 1024", value);
	o->recording.jobs = (unsigned int)jobs;
	return 0;
}

static int set_color(struct options *o, const struct row *row, const char *value, char **reterr_why)
{
	int i = choice(row, value, reterr_why);

	if (i >= 0)
		o->color = (enum color_mode)i;
	return i < 0 ? i : 0;
}

static int set_min_stall(struct options *o, const struct row *row, const char *value, char **reterr_why)
{
	(void)row;
	return parse_duration(value, &o->analysis.min_stall_ns, reterr_why);
}

static int set_rule(struct options *o, const struct row *row, const char *value, char **reterr_why)
{
	(void)row;
	return rules_set(&o->rules, value, reterr_why);
}

static int set_from(struct options *o, const struct row *row, const char *value, char **reterr_why)
{
	(void)row;
	return parse_seconds(value, &o->analysis.from_ns, reterr_why);
}

static int set_to(struct options *o, const struct row *row, const char *value, char **reterr_why)
{
	(void)row;
	return parse_seconds(value, &o->analysis.to_ns, reterr_why);
}

static int set_fail_on(struct options *o, const struct row *row, const char *value, char **reterr_why)
{
	(void)row;
	return parse_fail_on(value, &o->fail_on, reterr_why);
}

static int set_output(struct options *o, const struct row *row, const char *value, char **reterr_why)
{
	if (!*value)
		return fail(reterr_why, -1, "no file name");
	if (o->nr_outputs == MAX_OUTPUTS)
		return fail(reterr_why, -1, "too many outputs");
	o->outputs[o->nr_outputs++] = (struct output){ row->writer, value };
	o->analysis.keep_all_holds |= row->writer->all_holds;
	o->analysis.activity |= row->writer->activity;
	o->analysis.find_rows |= row->writer->rows;
	return 0;
}

/* BEFORE,AFTER: two files. A single file is a copy from one moment. */
static int set_meminfo(struct options *o, const struct row *row, const char *value, char **reterr_why)
{
	size_t first = strcspn(value, ",");
	char *before = strndup(value, first);
	int err = before ? meminfo_read(before, &o->meminfo[0], reterr_why) : -1;

	(void)row;
	free(before);
	if (!err && value[first])
		err = meminfo_read(value + first + 1, &o->meminfo[1], reterr_why);
	o->analysis.meminfo[0] = &o->meminfo[0];
	o->analysis.meminfo[1] = value[first] ? &o->meminfo[1] : NULL;
	return err;
}

static const struct row common_rows[] = {
	{ "min-stall", "TIME", "what counts as a stall: ns, us, ms, s; a bare number is ms (10ms)", 0, OPTIONS_ANALYSIS,
		set_min_stall, NULL },
	{ "from", "SEC", "only stalls that last beyond SEC, written as in trace-cmd report", 0, OPTIONS_ANALYSIS,
		set_from, NULL },
	{ "to", "SEC", "only stalls that begin before SEC", 0, OPTIONS_ANALYSIS, set_to, NULL },
	{ "fail-on", "WHAT",
		"exit with 1 if a stall meets WHAT: any, a shortest duration (100ms), a lowest confidence (low, medium, "
		"high) or a cause (lru_lock_hold); several are separated by commas, and a stall must meet all",
		0, OPTIONS_ANALYSIS, set_fail_on, NULL },
	{ "meminfo", "A[,B]", "copies of /proc/meminfo from before and after: what they leave unexplained", 0,
		OPTIONS_LEAKS, set_meminfo, NULL },
	{ "rule", "NAME=VALUE", "use another value for a threshold or prior: vmstall rules lists them", 0, OPTIONS_RULES,
		set_rule, NULL },
	{ "plugin-dir", "DIR", "take the plugins from DIR", 0, OPTIONS_READING, set_plugin_dir, NULL },
	{ "headers-from", "RECORDING", "read a file without its headers, or trace.dat.cpuN, by those of RECORDING, of the same kernel", 0,
		OPTIONS_READING, set_headers_from, NULL },
	{ "reader", "native|tracecmd", "tracecmd is libtracecmd's own, slower, for comparison", 0, OPTIONS_READING,
		set_reader, NULL },
	{ "jobs", "N", "threads that read the recording (one a CPU of this machine)", 'j', OPTIONS_READING, set_jobs, NULL },
	{ "color", "auto|always|never", "auto heeds NO_COLOR", 0, OPTIONS_COMMON, set_color, NULL },
	{ "quiet", NULL, "say less: only the verdict of a report", 'q', OPTIONS_COMMON, set_quiet, NULL },
	{ "verbose", NULL, "say everything, cut no list short", 'v', OPTIONS_COMMON, set_verbose, NULL },
	{ "help", NULL, "this text", 'h', OPTIONS_COMMON, set_help, NULL },
	{ "version", NULL, "the version of vmstall", 'V', OPTIONS_COMMON, set_version, NULL },
	{ "list-options", NULL, NULL, 0, OPTIONS_COMMON, set_list, NULL },
};

static bool has_row(const struct table *t, const char *name)
{
	for (size_t i = 0; i < t->nr; i++)
		if (!strcmp(t->rows[i].name, name))
			return true;
	return false;
}

void table_fill(struct table *t, const struct verb *verb)
{
	const struct writer *const *writers = verb->groups & OPTIONS_OUTPUT ? verb->writers : NULL;

	t->nr = 0;
	for (size_t i = 0; writers && writers[i] && i < MAX_OUTPUTS; i++)
		t->rows[t->nr++] = (struct row){ writers[i]->name, "FILE", writers[i]->about, 0, OPTIONS_OUTPUT,
			set_output, writers[i] };
	for (const struct row *row = verb->rows; row && row->name && t->nr < MAX_ROWS; row++)
		t->rows[t->nr++] = *row;
	for (size_t i = 0; i < sizeof(common_rows) / sizeof(common_rows[0]); i++)
		if (common_rows[i].groups & verb->groups && !has_row(t, common_rows[i].name) && t->nr < MAX_ROWS)
			t->rows[t->nr++] = common_rows[i];
}
