// SPDX-License-Identifier: LGPL-2.1-or-later
/* batch.c - the options of vmstall batch */
#include "cli/options/batch.h"

#include <stdlib.h>
#include <string.h>

#include "util/text.h"

static struct batch_options *own(struct options *o)
{
	return o->own;
}

static int set_db(struct options *o, const struct row *row, const char *value, char **reterr_why)
{
	(void)row;
	own(o)->db = value;
	return *value ? 0 : fail(reterr_why, -1, "no file name");
}

static int set_csv_dir(struct options *o, const struct row *row, const char *value, char **reterr_why)
{
	(void)row;
	own(o)->csv_dir = value;
	return *value ? 0 : fail(reterr_why, -1, "no directory name");
}

static int set_files_from(struct options *o, const struct row *row, const char *value, char **reterr_why)
{
	(void)row;
	if (own(o)->nr_files_from == FILES_FROM_MAX)
		return fail(reterr_why, -1, "more than %d lists", FILES_FROM_MAX);
	own(o)->files_from[own(o)->nr_files_from++] = value;
	return 0;
}

static int set_null(struct options *o, const struct row *row, const char *value, char **reterr_why)
{
	(void)row, (void)value, (void)reterr_why;
	own(o)->files_end = '\0';
	return 0;
}

static int set_jobs(struct options *o, const struct row *row, const char *value, char **reterr_why)
{
	char *end;
	unsigned long jobs = strtoul(value, &end, 10);

	(void)row;
	if (*end || end == value || *value == '-' || !jobs || jobs > 1024)
		return fail(reterr_why, -1, "'%s' is not a number of recordings from 1 to 1024", value);
	own(o)->jobs = (unsigned int)jobs;
	return 0;
}

/* Parse a number with a unit. A bare number has the first of @units. Returns 0 for an unknown unit. */
static int parse_amount(const char *value, const char *units, const uint64_t *sizes, uint64_t *ret)
{
	char *end;
	double v = strtod(value, &end);
	const char *unit = *end ? strchr(units, *end) : units;

	if (end == value || !unit || (*end && end[1]) || !(v >= 0) || v * (double)sizes[unit - units] > 1e18)
		return -1;
	*ret = (uint64_t)(v * (double)sizes[unit - units]);
	return 0;
}

static int set_timeout(struct options *o, const struct row *row, const char *value, char **reterr_why)
{
	static const uint64_t sizes[] = { 1000, 60000, 3600000 };

	(void)row;
	return parse_amount(value, "smh", sizes, &own(o)->timeout_ms)
		       ? fail(reterr_why, -1, "'%s' is not a time, such as 90s, 10m or 1h", value)
		       : 0;
}

static int set_memory(struct options *o, const struct row *row, const char *value, char **reterr_why)
{
	static const uint64_t sizes[] = { 1 << 20, 1 << 30, 1 << 10 };

	(void)row;
	return parse_amount(value, "MGK", sizes, &own(o)->memory)
		       ? fail(reterr_why, -1, "'%s' is not a size, such as 500M or 2G", value)
		       : 0;
}

static int set_wait(struct options *o, const struct row *row, const char *value, char **reterr_why)
{
	static const uint64_t sizes[] = { 1000, 60000 };

	(void)row;
	return parse_amount(value, "sm", sizes, &own(o)->wait_ms) || own(o)->wait_ms > 86400000
		       ? fail(reterr_why, -1, "'%s' is not a time, such as 60s", value)
		       : 0;
}

static int set_label(struct options *o, const struct row *row, const char *value, char **reterr_why)
{
	(void)row;
	return labels_parse(&own(o)->labels, value, reterr_why);
}

static int set_label_from(struct options *o, const struct row *row, const char *value, char **reterr_why)
{
	(void)row;
	own(o)->pattern = label_pattern_free(own(o)->pattern);
	return label_pattern_new(value, &own(o)->pattern, reterr_why);
}

static int set_shard(struct options *o, const struct row *row, const char *value, char **reterr_why)
{
	(void)row;
	return shard_parse(value, &own(o)->shard, reterr_why);
}

static int set_retry(struct options *o, const struct row *row, const char *value, char **reterr_why)
{
	(void)row, (void)value, (void)reterr_why;
	own(o)->retry = true;
	return 0;
}

static int set_jsonl(struct options *o, const struct row *row, const char *value, char **reterr_why)
{
	(void)row, (void)value, (void)reterr_why;
	own(o)->jsonl = true;
	return 0;
}

static int set_min_stall(struct options *o, const struct row *row, const char *value, char **reterr_why)
{
	(void)row;
	return parse_duration(value, &o->analysis.min_stall_ns, reterr_why);
}

const struct row batch_rows[] = {
	{ "db", "FILE", "the database (fleet.sqlite); it is made where there is none", 0, 0, set_db, NULL },
	{ "jobs", "N", "recordings at a time (one a CPU of this machine)", 'j', 0, set_jobs, NULL },
	{ "files-from", "FILE", "take the paths that FILE lists, one a line; - is standard input", 0, 0, set_files_from,
		NULL },
	{ "null", NULL, "paths in the list of --files-from end with a null character", '0', 0, set_null, NULL },
	{ "label", "NAME=VALUE", "a label for every recording: vehicle, release, date, or any other", 0, 0, set_label,
		NULL },
	{ "label-from", "REGEX", "labels from the path, by named groups: '(?<vehicle>car\\d+)/(?<date>\\d{8})'", 0, 0,
		set_label_from, NULL },
	{ "csv-dir", "DIR", "write recordings.csv, stalls.csv and victims.csv of the whole database there", 0, 0,
		set_csv_dir, NULL },
	{ "jsonl", NULL, "a line of JSON on standard output for each recording", 0, 0, set_jsonl, NULL },
	{ "shard", "K/N", "take the Kth of N parts; known by itself in a Slurm array or a Kubernetes Indexed Job", 0, 0, set_shard,
		NULL },
	{ "min-stall", "TIME", "what counts as a stall: ns, us, ms, s; a bare number is ms (10ms)", 0, 0, set_min_stall, NULL },
	{ "timeout", "TIME", "give a recording up after TIME: s, m, h (10m); 0: never", 0, 0, set_timeout, NULL },
	{ "memory", "SIZE", "give it up when it takes more: M, G (2G); 0: never", 0, 0, set_memory, NULL },
	{ "retry", NULL, "analyse again the recordings that failed, crashed or took too long", 0, 0, set_retry, NULL },
	{ "wait", "TIME", "wait so long for another program that uses the database (60s)", 0, 0, set_wait, NULL },
	{ 0 },
};
