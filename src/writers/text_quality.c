// SPDX-License-Identifier: LGPL-2.1-or-later
/* text_quality.c - what could not be said, what would allow it, and what is wrong with the recording? */
#include "writers/text.h"

#include <inttypes.h>
#include <string.h>

enum { CPUS_SHOWN = 16 };

static bool hint_is_new(const struct report *r, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (r->coverage[k].hint && !strcmp(r->coverage[k].hint, r->coverage[i].hint))
			return false;
	return true;
}

static void say_missing(struct pen *p, const struct report *r, size_t i)
{
	const struct coverage *c = &r->coverage[i];

	pen_say(p, PEN_INDENT, PEN_INDENT + 2, S_YELLOW "not analysed" S_END ": %s; missing: %s", c->analysis,
		c->missing ? pen_clean(p, c->missing) : "not stated");
	if (!c->hint || !hint_is_new(r, i))
		return;
	pen_say(p, PEN_INDENT + 2, PEN_INDENT + 2, S_DIM "this would allow it:" S_END);
	pen_command(p, PEN_INDENT + 4, c->hint);
}

void text_coverage(struct pen *p, const struct report *r)
{
	const char *checked = "";

	if (r->time_refused || !r->nr_coverage)
		return;
	pen_line(p);
	pen_say(p, 0, 0, S_BOLD "Coverage" S_END);
	for (size_t i = 0; i < r->nr_coverage; i++)
		if (r->coverage[i].possible)
			checked = pen_slot(p, "%s%s%s", checked, *checked ? "; " : "", r->coverage[i].analysis);
	if (*checked)
		pen_say(p, PEN_INDENT, PEN_INDENT + 2, "analysed: %s", checked);
	for (size_t i = 0; i < r->nr_coverage; i++)
		if (!r->coverage[i].possible)
			say_missing(p, r, i);
}

static bool has_losses(const struct cpu_quality *q)
{
	return q->lost || q->lost_marks || (q->overrun.is && q->overrun.v) || (q->commit_overrun.is && q->commit_overrun.v) ||
	       (q->dropped.is && q->dropped.v);
}

static const char *cpustat(struct pen *p, const char *name, struct known v)
{
	return v.is && v.v ? pen_slot(p, ", %s %s", name, pen_known(p, v)) : "";
}

static void say_cpu(struct pen *p, uint32_t cpu, const struct cpu_quality *q)
{
	const char *lost = q->lost ? pen_slot(p, "%s lost", pen_many(p, q->lost, "event")) : "no loss counted in the stream";

	pen_say(p, PEN_INDENT, PEN_INDENT + 6, S_YELLOW "lost" S_END "  CPU %" PRIu32 ": %s%s%s%s%s", cpu, lost,
		q->lost_marks ? pen_slot(p, ", %s of unknown size", pen_many(p, q->lost_marks, "loss")) : "",
		cpustat(p, "overrun", q->overrun), cpustat(p, "commit overrun", q->commit_overrun),
		cpustat(p, "dropped", q->dropped));
}

static size_t say_cpus(struct pen *p, const struct recording_facts *f)
{
	size_t with = 0, most = p->verbose > 0 ? SIZE_MAX : CPUS_SHOWN;

	for (uint32_t i = 0; f->cpus && i < f->nr_cpus; i++)
		if (has_losses(&f->cpus[i]) && with++ < most)
			say_cpu(p, i, &f->cpus[i]);
	if (with > most)
		pen_say(p, PEN_INDENT, PEN_INDENT, S_DIM "and %zu more CPUs with losses: -v" S_END, with - most);
	return with;
}

static void say_note(struct pen *p, const struct quality_note *n)
{
	static const char *const labels[] = { "note", S_YELLOW "lost" S_END, S_RED "damage" S_END };

	pen_say(p, PEN_INDENT, PEN_INDENT + 6, "%s  %s", labels[n->level <= QUALITY_ERROR ? n->level : QUALITY_ERROR],
		pen_clean(p, n->text));
}

void text_quality(struct pen *p, const struct report *r)
{
	const struct recording_facts *f = &r->facts;

	pen_line(p);
	pen_say(p, 0, 0, S_BOLD "Quality of the recording" S_END);
	if (!say_cpus(p, f) && !r->nr_notes && !f->partial)
		pen_say(p, PEN_INDENT, PEN_INDENT, "no loss, no damage seen");
	if (f->partial)
		pen_say(p, PEN_INDENT, PEN_INDENT + 2, S_RED "partial" S_END ": the file is cut or damaged; what follows the damage "
			"is not in this report");
	if (!f->clock_is_time && !r->time_refused)
		pen_say(p, PEN_INDENT, PEN_INDENT + 2, "the clock tells no time");
	if (f->clock_is_time && !f->clock_is_global)
		pen_say(p, PEN_INDENT, PEN_INDENT + 2, "the clock is each CPU's own: times of different CPUs may be skewed");
	for (size_t i = 0; i < r->nr_notes; i++)
		say_note(p, &r->notes[i]);
}
