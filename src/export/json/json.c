// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * json.c - the whole report for programs; docs/vmstall-report.schema.json defines its form
 *
 * Each element of a list is built, written and freed by itself, on a line of its own, because a report may have many
 * thousands. Output is ASCII. Bytes of a name that are not UTF-8 become U+FFFD. An unknown value is null.
 */
#include <errno.h>
#include <jansson.h>

#include "export/json/values.h"
#include "model/writer.h"

#define SCHEMA_VERSION 1

int json_put(FILE *out, json_t *value)
{
	int err = value ? json_dumpf(value, out, JSON_COMPACT | JSON_ENSURE_ASCII | JSON_ENCODE_ANY) : -1;

	json_decref(value);
	if (!err)
		return 0;
	return ferror(out) ? -EIO : -ENOMEM;
}

static int put_member(FILE *out, const char *name, json_t *value)
{
	fprintf(out, ",\n\"%s\": ", name);
	return json_put(out, value);
}

static size_t count_coverage(const struct report *r)
{
	return r->nr_coverage;
}

static size_t count_stalls(const struct report *r)
{
	return r->nr_stalls;
}

static size_t count_holds(const struct report *r)
{
	return r->nr_holds;
}

static size_t count_notes(const struct report *r)
{
	return r->nr_notes;
}

static const struct json_list before[] = { { "coverage", count_coverage, json_coverage }, { 0 } };
static const struct json_list after[] = { { "notes", count_notes, json_note }, { 0 } };

static const struct json_list stall_lists[] = {
	{ "stalls", count_stalls, json_stall },
	{ "holds", count_holds, json_hold },
	{ 0 },
};

static int put_list(FILE *out, const struct report *r, const struct json_list *list)
{
	size_t n = list->count(r);
	int err = 0;

	fprintf(out, ",\n\"%s\": [", list->name);
	for (size_t i = 0; i < n && !err; i++) {
		fputs(i ? ",\n" : "\n", out);
		err = json_put(out, list->element(r, i));
	}
	fputs("]", out);
	return err;
}

int json_lists(const struct report *r, const struct json_list *list, FILE *out)
{
	int err = 0;

	for (; !err && list->name; list++)
		err = list->count ? put_list(out, r, list) : put_member(out, list->name, list->element(r, 0));
	return err;
}

static json_t *tool(const struct writer_options *opts)
{
	return json_pack("{s:s, s:s, s:I}", "name", "vmstall", "version", VMSTALL_VERSION, "min_stall_ns",
		(json_int_t)opts->min_stall_ns);
}

int json_begin(const struct report *r, const struct writer_options *opts, FILE *out)
{
	int err;

	fprintf(out, "{\n\"schema_version\": %d", SCHEMA_VERSION);
	err = put_member(out, "tool", tool(opts));
	if (!err)
		err = put_member(out, "input", json_input(r));
	return err ? err : json_lists(r, before, out);
}

int json_end(const struct report *r, FILE *out)
{
	int err = json_lists(r, after, out);

	fputs("\n}\n", out);
	return err ? err : ferror(out) ? -EIO : 0;
}

int json_document(const struct report *r, const struct writer_options *opts, const struct json_list *lists, FILE *out)
{
	int err = json_begin(r, opts, out);

	if (!err)
		err = json_lists(r, lists, out);
	return err ? err : json_end(r, out);
}

static int write_json(const struct report *r, const struct writer_options *opts, FILE *out)
{
	return json_document(r, opts, stall_lists, out);
}

const struct writer json_writer = {
	.name	= "json",
	.about	= "the whole report as JSON",
	.write	= write_json,
	.explains = true,
};
