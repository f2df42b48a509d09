// SPDX-License-Identifier: LGPL-2.1-or-later
/* input.c - the recording, what it covers and what is wrong with it, as JSON */
#include <stdlib.h>

#include "export/json/values.h"
#include "model/answer.h"

static json_t *cpu(const struct recording_facts *f, uint32_t i)
{
	const struct cpu_quality *q = &f->cpus[i];

	return json_pack("{s:i, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:b}",
		"cpu", (int)i,
		"events", json_unsigned(q->events),
		"first_ns", q->has_events ? json_unsigned(q->first_ns) : json_null(),
		"last_ns", q->has_events ? json_unsigned(q->last_ns) : json_null(),
		"lost", json_unsigned(q->lost),
		"lost_marks", json_unsigned(q->lost_marks),
		"overrun", json_known(q->overrun),
		"commit_overrun", json_known(q->commit_overrun),
		"dropped", json_known(q->dropped),
		"torn", (int)q->torn);
}

static json_t *cpus(const struct recording_facts *f)
{
	json_t *all = json_array();

	for (uint32_t i = 0; f->cpus && i < f->nr_cpus; i++)
		json_append(&all, cpu(f, i));
	return all;
}

static json_t *counts(const struct recording_facts *f)
{
	json_t *all = json_array();

	for (size_t i = 0; i < f->nr_counts; i++) {
		const struct event_count *c = &f->counts[i];

		json_append(&all, json_pack("{s:o, s:o, s:o, s:b}", "system", json_text(c->system), "name",
			json_text(c->name), "count", json_unsigned(c->count), "decoded", (int)c->decoded));
	}
	return all;
}

static json_t *file(const struct recording_facts *f)
{
	return json_pack("{s:o, s:I, s:o, s:b, s:I, s:I, s:b, s:o, s:b}",
		"bytes", json_unsigned(f->bytes),
		"version", (json_int_t)f->file_version,
		"compression", json_text(f->compression),
		"big_endian", (int)f->big_endian,
		"long_size", (json_int_t)f->long_size,
		"page_size", (json_int_t)f->page_size,
		"page_size_assumed", (int)f->page_size_assumed,
		"buffers", json_strings(&f->buffers),
		"partial", (int)f->partial);
}

/* The reports of reclaim and gfp do not look for holds. */
static bool sought_holds(const struct report *r)
{
	return !r->reclaim && !r->gfp;
}

/* What the recording cannot tell, and why; null: it can. */
static json_t *unanswered(const struct report *r)
{
	char *why = r->time_refused || report_answered(r) ? NULL : report_why_unanswered(r);
	json_t *all = why ? json_pack("{s:s, s:o}", "question", report_question(r), "why", json_text(why)) : json_null();

	free(why);
	return all;
}

static json_t *window(const struct report *r)
{
	if (!r->from_ns.is && !r->to_ns.is)
		return json_null();
	return json_pack("{s:o, s:o}", "from_ns", json_known(r->from_ns), "to_ns", json_known(r->to_ns));
}

static json_t *below(const struct short_reclaim *b)
{
	if (!b->is)
		return json_null();
	return json_pack("{s:o, s:i, s:o, s:o, s:o, s:I, s:o, s:I, s:o}", "comm", json_text(b->comm), "pid", (int)b->pid,
		"from_ns", json_unsigned(b->from), "to_ns", json_unsigned(b->to), "reclaim_ns", json_unsigned(b->reclaim_ns),
		"reclaims", (json_int_t)b->reclaims, "compaction_ns", json_unsigned(b->compaction_ns),
		"compactions", (json_int_t)b->compactions, "limit_ns", json_unsigned(b->limit_ns));
}

json_t *json_input(const struct report *r)
{
	const struct recording_facts *f = &r->facts;

	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:b, s:b, s:b, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:b, s:o, s:o}",
		"recording", json_text(f->path),
		"file", file(f),
		"kernel", json_text(f->kernel),
		"machine", json_text(f->machine),
		"clock", json_text(f->clock),
		"clock_is_time", (int)f->clock_is_time,
		"clock_is_global", (int)f->clock_is_global,
		"time_refused", (int)r->time_refused,
		"unanswered", unanswered(r),
		"window", window(r),
		"below_limit", below(&r->below),
		"first_ns", f->events ? json_unsigned(f->first_ns) : json_null(),
		"last_ns", f->events ? json_unsigned(f->last_ns) : json_null(),
		"events", json_unsigned(f->events),
		"isolate_events", sought_holds(r) ? json_unsigned(r->isolate_events) : json_null(),
		"longest_hold_ns", r->isolate_events ? json_unsigned(r->longest_hold_ns) : json_null(),
		"zones", json_strings(&(struct strings){ .s = f->zone_names, .nr = f->nr_zones }),
		"zones_inferred", (int)f->zones_inferred,
		"cpus", cpus(f),
		"event_counts", counts(f));
}

json_t *json_coverage(const struct report *r, size_t i)
{
	const struct coverage *c = &r->coverage[i];

	return json_pack("{s:o, s:b, s:o, s:o, s:o}", "analysis", json_text(c->analysis), "possible", (int)c->possible,
		"missing", json_text(c->missing), "unknown", json_text(c->unknown), "hint", json_text(c->hint));
}

json_t *json_note(const struct report *r, size_t i)
{
	static const char *const levels[] = { "info", "loss", "error" };
	const struct quality_note *n = &r->notes[i];

	return json_pack("{s:s, s:o}", "level", levels[n->level <= QUALITY_ERROR ? n->level : QUALITY_ERROR], "text",
		json_text(n->text));
}
