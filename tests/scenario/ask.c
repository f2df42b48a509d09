// SPDX-License-Identifier: LGPL-2.1-or-later
/* ask.c - run the whole analysis on a scene, and say what is wrong with its answer */
#include "ask.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "analysis/analysis.h"
#include "export/text/text.h"
#include "export/writers.h"
#include "model/writer.h"
#include "readback.h"

static struct report *ask(const char *path, enum reader reader, unsigned int jobs, const struct analysis_options *opts)
{
	const struct recording_options ropts = { .plugin_dir = "plugins", .reader = reader, .jobs = jobs };
	struct report *r = calloc(1, sizeof(*r));
	char *why = NULL;
	int err;

	assert_non_null(r);
	err = analyze_recording(path, &ropts, opts, r, &why);
	if (err)
		print_error("%s\n", why);
	free(why);
	assert_int_equal(err, 0);
	return r;
}

/* All that any verb would write of it, in every format. */
static char *all_written(const struct report *r)
{
	const struct writer *const *const lists[] = { all_writers, leak_writers, reclaim_writers, gfp_writers };
	const struct writer_options opts = { .verbose = 1 };
	char *text = NULL;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	assert_non_null(f);
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		for (const struct writer *const *w = lists[i]; *w; w++)
			assert_int_equal((*w)->write(r, &opts, f), 0);
	assert_int_equal(write_text(r, &opts, f), 0);
	assert_int_equal(fclose(f), 0);
	return text;
}

/* The answer hangs on the recording alone: not on who reads it, nor on how many. */
static void assert_same_answer(const char *path, const struct analysis_options *opts, const struct report *answer)
{
	static const struct { enum reader reader; unsigned int jobs; } others[] = {
		{ READER_NATIVE, 2 }, { READER_NATIVE, 8 }, { READER_TRACECMD, 1 }
	};
	char *expected = all_written(answer);

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		struct report *r = ask(path, others[i].reader, others[i].jobs, opts);
		char *got = all_written(r);

		assert_string_equal(got, expected);
		free(got);
		done(r);
	}
	free(expected);
}

struct report *analyse_with(struct scene *s, const struct analysis_options *opts)
{
	char name[64], path[256];
	struct report *r;

	snprintf(name, sizeof(name), "%s.dat", program_invocation_short_name);
	snprintf(path, sizeof(path), "%s", scratch_file(name));
	assert_int_equal(scene_write(s, path), 0);
	scene_free(s);
	r = ask(path, READER_NATIVE, 1, opts);
	assert_same_answer(path, opts, r);
	remove(path);
	return r;
}

struct report *analyse_above(struct scene *s, uint64_t min_stall_ns)
{
	return analyse_with(s, &(struct analysis_options){ .min_stall_ns = min_stall_ns, .to_ns = UINT64_MAX });
}

struct report *analyse(struct scene *s)
{
	return analyse_above(s, 10 * MS);
}

void done(struct report *r)
{
	report_clear(r);
	free(r);
}

size_t nr_of(const struct report *r, enum cause cause)
{
	size_t nr = 0;

	for (size_t i = 0; i < r->nr_stalls; i++)
		nr += r->stalls[i].cause == cause;
	return nr;
}

static void say_stalls(const struct report *r)
{
	for (size_t i = 0; i < r->nr_stalls; i++) {
		const struct stall *s = &r->stalls[i];

		print_error("stall %u: %s by %s-%" PRId64 " from %" PRIu64 " to %" PRIu64 ", %u tasks\n", s->id,
			cause_name(s->cause), s->cause_comm, s->cause_pid.v, s->at.start, s->at.end, s->tasks_frozen);
	}
	for (size_t i = 0; i < r->nr_victims; i++) {
		const struct victim *v = &r->victims[i];

		print_error("  of %u: %s-%d %s on CPU %" PRId64 " from %" PRIu64 " to %" PRIu64 " (%s)\n", v->stall + 1,
			v->comm, v->pid, victim_kind_name(v->kind), v->cpu.v, v->from, v->to,
			confidence_name(v->confidence));
	}
}

const struct stall *only_stall(const struct report *r, enum cause cause)
{
	if (r->nr_stalls != 1 || r->stalls[0].cause != cause) {
		say_stalls(r);
		fail_msg("expected one stall, a %s; got %zu", cause_name(cause), r->nr_stalls);
	}
	return &r->stalls[0];
}

const struct stall *stall_by(const struct report *r, int32_t pid)
{
	const struct stall *found = NULL;
	size_t nr = 0;

	for (size_t i = 0; i < r->nr_stalls; i++)
		if (r->stalls[i].cause_pid.is && r->stalls[i].cause_pid.v == pid) {
			found = &r->stalls[i];
			nr++;
		}
	if (nr != 1) {
		say_stalls(r);
		fail_msg("expected one stall by pid %d; got %zu", pid, nr);
	}
	return found;
}

void assert_no_stall(const struct report *r)
{
	if (r->nr_stalls || r->nr_victims) {
		say_stalls(r);
		fail_msg("expected no stall; got %zu and %zu victims", r->nr_stalls, r->nr_victims);
	}
}

void assert_inside(const struct bounds *at, uint64_t from, uint64_t to)
{
	assert_true(at->start_earliest <= at->start && at->start <= at->start_latest);
	assert_true(at->end_earliest <= at->end && at->end <= at->end_latest);
	assert_in_range(from, at->start_earliest, at->start_latest);
	assert_in_range(to, at->end_earliest, at->end_latest);
}

void assert_truth(const struct bounds *at, uint64_t from, uint64_t to)
{
	uint64_t slack = (to - from) / 50, most = to < UINT64_MAX - slack ? to + slack : UINT64_MAX;

	assert_inside(at, from, to);
	assert_in_range(at->start, from - slack, from + slack);
	assert_in_range(at->end, to - slack, most);
}

const struct victim *victim_of(const struct report *r, const struct stall *s, int32_t pid)
{
	const struct victim *list, *found = NULL;
	size_t nr = report_victims(r, (size_t)(s - r->stalls), &list);

	for (size_t i = 0; i < nr; i++)
		if (list[i].pid == pid) {
			assert_null(found); /* once a stall */
			found = &list[i];
		}
	return found;
}

const struct victim *assert_victim(const struct report *r, const struct stall *s, int32_t pid, enum victim_kind kind)
{
	const struct victim *v = victim_of(r, s, pid);

	if (!v || v->kind != kind) {
		say_stalls(r);
		fail_msg("pid %d should be a victim of stall %u, %s, and is %s", pid, s->id, victim_kind_name(kind),
			v ? victim_kind_name(v->kind) : "none");
	}
	assert_true(v->from < v->to);
	return v;
}

void assert_unnamed(const struct report *r, int32_t pid)
{
	for (size_t i = 0; i < r->nr_victims; i++)
		if (r->victims[i].pid == pid) {
			say_stalls(r);
			fail_msg("pid %d is named, and was not frozen", pid);
		}
}

bool has_note(const struct report *r, const char *text)
{
	for (size_t i = 0; i < r->nr_notes; i++)
		if (strstr(r->notes[i].text, text))
			return true;
	return false;
}

bool has_reason(const struct stall *s, const char *text)
{
	for (size_t i = 0; i < s->why.nr; i++)
		if (strstr(s->why.s[i], text))
			return true;
	return false;
}

void assert_diagnosis(const struct report *r, const struct stall *s, enum diagnosis diagnosis)
{
	const struct advice *advice = stall_advice(&r->facts, s);

	assert_string_equal(diagnosis_name(s->diagnosis), diagnosis_name(diagnosis));
	assert_true(strlen(advice->why) > 20 && strlen(advice->remedy) > 20 && strlen(advice->source) > 5);
}

char *written(const struct report *r, int (*write)(const struct report *, const struct writer_options *, FILE *))
{
	const struct writer_options opts = { .width = 120 };
	char *text = NULL;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	assert_non_null(f);
	assert_int_equal(write(r, &opts, f), 0);
	fclose(f);
	return text;
}

void assert_says(const char *text, const char *what)
{
	if (!strstr(text, what)) {
		print_error("%s\n", text);
		fail_msg("does not say '%s'", what);
	}
}
