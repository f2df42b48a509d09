// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * kernelshark.c - a session that opens the recording in KernelShark at its longest stall
 *
 * Markers are rows of KernelShark's table. Plots are the CPUs and tasks of the holder and of the frozen tasks; without a
 * stall, all CPUs. The session has the full path of the recording and its modification time, because KernelShark refuses
 * a file with another time. KernelShark also refuses a file that is cut, so no session is written for one.
 */
#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "export/json/values.h"
#include "model/writer.h"
#include "util/utf8.h"

#define BINS	  1024	/* of the graph; KernelShark adapts them to its width */
#define MAX_PLOTS 64

/* Add a number unless the list has it already. The order is kept. */
static void add_once(json_t **list, int64_t number)
{
	for (size_t i = 0; i < json_array_size(*list); i++)
		if (json_integer_value(json_array_get(*list, i)) == number)
			return;
	if (json_array_size(*list) < MAX_PLOTS)
		json_append(list, json_integer((json_int_t)number));
}

static int ascending(const void *a, const void *b)
{
	const json_int_t x = *(const json_int_t *)a, y = *(const json_int_t *)b;

	return (x > y) - (x < y);
}

static json_t *sorted(json_t *list)
{
	json_int_t numbers[MAX_PLOTS];
	size_t n = json_array_size(list);

	for (size_t i = 0; i < n; i++)
		numbers[i] = json_integer_value(json_array_get(list, i));
	qsort(numbers, n, sizeof(*numbers), ascending);
	json_array_clear(list);
	for (size_t i = 0; i < n; i++)
		json_append(&list, json_integer(numbers[i]));
	return list;
}

static json_t *cpu_plots(const struct report *r, const struct stall *s)
{
	json_t *list = json_array();
	const struct victim *v;
	size_t n = s ? report_victims(r, (size_t)(s - r->stalls), &v) : 0;

	if (s && s->cause_cpu.is)
		add_once(&list, s->cause_cpu.v);
	for (size_t i = 0; i < n; i++)
		if (v[i].cpu.is)
			add_once(&list, v[i].cpu.v);
	for (uint32_t cpu = 0; !s && cpu < r->facts.nr_cpus; cpu++)
		add_once(&list, cpu);
	return sorted(list);
}

/* The holder, then its victims in the order of the report: the longest frozen first. */
static json_t *task_plots(const struct report *r, const struct stall *s)
{
	json_t *list = json_array();
	const struct victim *v;
	size_t n = s ? report_victims(r, (size_t)(s - r->stalls), &v) : 0;

	if (s && s->cause_pid.is)
		add_once(&list, s->cause_pid.v);
	for (size_t i = 0; i < n; i++)
		add_once(&list, v[i].pid);
	return list;
}

static json_t *stream(const struct report *r, const struct stall *s, const char *path, const struct stat *st)
{
	return json_pack("{s:s, s:i, s:{s:s, s:s, s:s, s:I}, s:{s:s, s:i}, s:{s:s, s:[[s, b], [s, b]]}, s:o, s:o}",
		"type", "kshark.config.stream", "stream id", 0,
		"data", "type", "kshark.config.data", "file", path, "name", "top buffer", "time", (json_int_t)st->st_mtime,
		"filters", "type", "kshark.config.filter", "filter mask", 7,
		"plugins", "type", "kshark.config.plugins", "registered", "sched_events", 1, "missed_events", 1,
		"CPUPlots", cpu_plots(r, s), "TaskPlots", task_plots(r, s));
}

/* The stall with half its length before and after it, cut to the span of the recording. */
static json_t *range(const struct report *r, const struct stall *s)
{
	uint64_t from = r->facts.first_ns, to = r->facts.last_ns, margin = s ? (s->at.end - s->at.start) / 2 : 0;

	if (s && s->at.start > from + margin)
		from = s->at.start - margin;
	if (s && to > margin && s->at.end < to - margin)
		to = s->at.end + margin;
	return json_pack("[I, I]", (json_int_t)from, (json_int_t)(to > from ? to : from + 1));
}

static json_t *mark(struct known row)
{
	return row.is ? json_pack("{s:b, s:I}", "isSet", 1, "row", (json_int_t)row.v) : json_pack("{s:b}", "isSet", 0);
}

static json_t *session(const struct report *r, const char *path, const struct stat *st)
{
	const struct stall *s = report_longest(r);
	struct known a = s ? s->first_row : UNKNOWN, b = s ? s->last_row : UNKNOWN;

	return json_pack("{s:s, s:[o], s:{s:s, s:o, s:i}, s:{s:s, s:o, s:o, s:s}, s:I, s:[i, i], s:[i, i]}",
		"type", "kshark.config.session", "data streams", stream(r, s, path, st),
		"Model", "type", "kshark.config.model", "range", range(r, s), "bins", BINS,
		"Markers", "type", "kshark.config.markers", "markA", mark(a), "markB", mark(b), "Active", "A",
		"ViewTop", (json_int_t)(a.is ? a.v : 0), "MainWindow", 1280, 800, "Splitter", 700, 200);
}

/* JSON cannot express a file name that is not UTF-8. */
static bool is_text(const char *s)
{
	while (*s)
		if (utf8_next(&s) == UTF8_BAD)
			return false;
	return true;
}

static int write_session(const struct report *r, const struct writer_options *opts, FILE *out)
{
	char *path = realpath(r->facts.path, NULL);
	struct stat st;
	json_t *doc = NULL;
	int err = !path || stat(path, &st) ? -errno : 0;

	(void)opts;
	if (r->facts.partial)
		err = -EOPNOTSUPP;
	if (!err && !is_text(path))
		err = -EILSEQ;
	if (!err)
		doc = session(r, path, &st);
	free(path);
	if (!err && !doc)
		err = -ENOMEM;
	if (!err && json_dumpf(doc, out, JSON_INDENT(1)))
		err = ferror(out) ? -EIO : -ENOMEM;
	json_decref(doc);
	fputc('\n', out);
	return err ? err : ferror(out) ? -EIO : 0;
}

const struct writer kernelshark_writer = {
	.name	= "kernelshark",
	.about	= "a session: kernelshark -s FILE opens the longest stall",
	.write	= write_session,
	.rows	= true,
};
