// SPDX-License-Identifier: LGPL-2.1-or-later
/* quality.c - which questions stay open, what would answer them, and what is wrong with the recording? */
#include "export/text/text.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "util/text.h"

enum { CPUS_SHOWN = 16 };

static void say_missing(struct pen *p, const struct coverage *c)
{
	pen_say(p, PEN_INDENT, PEN_INDENT + 2, S_YELLOW "not analysed" S_END ": %s%s%s%s%s", c->analysis,
		c->missing ? "; missing: " : "", c->missing ? pen_clean(p, c->missing) : "",
		c->unknown ? "; not known whether recorded: " : "", c->unknown ? pen_clean(p, c->unknown) : "");
}

/* Does the command already have "-e EVENT", by itself or by its whole system? */
static bool has_event(const char *command, const char *event, size_t n)
{
	for (const char *e = strstr(command, " -e "); e; e = strstr(e + 1, " -e ")) {
		size_t len = strcspn(e + 4, " ");

		if (!strncmp(e + 4, event, len) && (len == n || (len < n && event[len] == ':')))
			return true;
	}
	return false;
}

static void add_events(struct text *command, const char *hint)
{
	for (const char *e = strstr(hint, " -e "); e; e = strstr(e + 1, " -e ")) {
		size_t n = strcspn(e + 4, " ");

		if (command->s && !has_event(command->s, e + 4, n))
			text_add(command, " -e %.*s", (int)n, e + 4);
	}
}

/*
 * Each hint lists the events that its analysis lacks. The command merges them, because one recording should have them
 * all.
 */
static void say_remedy(struct pen *p, const struct report *r)
{
	struct text command = { 0 };
	char *s;

	text_add(&command, r->leaks ? "trace-cmd record -C mono -T -e kmem" : "trace-cmd record -C mono -e sched -e vmscan");
	for (size_t i = 0; i < r->nr_coverage; i++)
		if (!r->coverage[i].possible && r->coverage[i].hint)
			add_events(&command, r->coverage[i].hint);
	s = text_take(&command);
	p->failed |= !s;
	pen_say(p, PEN_INDENT, PEN_INDENT + 2, "a recording that allows all of it:");
	pen_command(p, PEN_INDENT + 2, s ? s : "");
	free(s);
}

void text_coverage(struct pen *p, const struct report *r)
{
	const char *checked = "";
	bool missing = false;

	if (r->time_refused || !r->nr_coverage)
		return;
	pen_line(p);
	pen_say(p, 0, 0, S_BOLD "Coverage" S_END);
	for (size_t i = 0; i < r->nr_coverage; i++)
		if (r->coverage[i].possible)
			checked = pen_slot(p, "%s%s%s", checked, *checked ? "; " : "", r->coverage[i].analysis);
	if (*checked)
		pen_say(p, PEN_INDENT, PEN_INDENT + 2, "analysed: %s", checked);
	for (size_t i = 0; i < r->nr_coverage; i++) {
		if (r->coverage[i].possible)
			continue;
		say_missing(p, &r->coverage[i]);
		missing = true;
	}
	if (missing)
		say_remedy(p, r);
}

static bool has_losses(const struct cpu_quality *q)
{
	return q->lost || q->lost_marks || (q->overrun.is && q->overrun.v) ||
	       (q->commit_overrun.is && q->commit_overrun.v) || (q->dropped.is && q->dropped.v);
}

static const char *cpustat(struct pen *p, const char *name, struct known v)
{
	return v.is && v.v ? pen_slot(p, ", %s %s", name, pen_known(p, v)) : "";
}

static void say_cpu(struct pen *p, uint32_t cpu, const struct cpu_quality *q)
{
	const char *lost =
		q->lost ? pen_slot(p, "%s lost", pen_many(p, q->lost, "event")) : "no loss counted in the stream";

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
		pen_say(p, PEN_INDENT, PEN_INDENT + 2,
			S_RED "partial" S_END ": the file is cut or damaged; what follows the damage "
			      "is not in this report");
	if (!f->clock_is_time && !r->time_refused)
		pen_say(p, PEN_INDENT, PEN_INDENT + 2, "the clock is not in seconds");
	if (f->clock_is_time && !f->clock_is_global)
		pen_say(p, PEN_INDENT, PEN_INDENT + 2,
			"the clock is each CPU's own: times of different CPUs may be skewed");
	for (size_t i = 0; i < r->nr_notes; i++)
		say_note(p, &r->notes[i]);
}
