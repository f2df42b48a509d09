// SPDX-License-Identifier: LGPL-2.1-or-later
/* text.c - how often, which ones, where, and is it getting better? For people */
#include "batch/fleet/fleet.h"

#include <inttypes.h>
#include <string.h>

#include "export/text/pen.h"

enum { SHOWN = 10, NAME = 24, WHAT = 44, ROW = 2, REST = 6 };

static const char *hours(struct pen *p, double h)
{
	if (h >= 100)
		return pen_count(p, (uint64_t)(h + 0.5));
	if (h >= 1)
		return pen_slot(p, "%.1f", h);
	return pen_slot(p, "%.*f", h >= 0.01 || h <= 0 ? 3 : 5, h);
}

static const char *number(struct pen *p, double v)
{
	return v >= 1000 ? pen_count(p, (uint64_t)(v + 0.5)) : pen_slot(p, "%.*f", v >= 100 ? 0 : v >= 10 ? 1 : 2, v);
}

/* "2.33 (1.97 to 2.75)" */
static const char *rate(struct pen *p, const struct fleet_group *g)
{
	struct interval i;
	double r;

	if (!fleet_rate(g, &r, &i))
		return "-";
	return pen_slot(p, "%s (%s to %s)", number(p, r), number(p, i.low), number(p, i.high));
}

static const char *span(struct pen *p, struct known ns)
{
	return ns.is ? pen_span(p, (uint64_t)ns.v) : "-";
}

static void say_coverage(struct pen *p, const struct fleet *f)
{
	uint64_t read = f->total.recordings - f->total.failed, blind = read - f->total.covering;

	if (blind)
		pen_say(p, 0, 2, "%s not record what shows a stall: no time of theirs is counted.",
			blind == 1 ? "1 of them does" : pen_slot(p, "%s of them do", pen_count(p, blind)));
	if (f->total.stalls > f->total.rated)
		pen_say(p, 0, 2, "%s lie outside the time covered, and are in no rate.", pen_many(p, f->total.stalls - f->total.rated, "stall"));
	if (f->partial)
		pen_say(p, 0, 2, "%s cut or damaged; what could be read of them is counted.",
			f->partial == 1 ? "1 is" : pen_slot(p, "%s are", pen_count(p, f->partial)));
	if (f->mixed_analyses || !f->min_stall_ns.is)
		pen_say(p, 0, 2, S_YELLOW "Not all were analysed alike" S_END " (by several versions of vmstall, or with several "
			"--min-stall): run vmstall batch over them again to compare them.");
}

static void say_total(struct pen *p, const struct fleet *f)
{
	const struct fleet_group *t = &f->total;

	pen_say(p, 0, 0, S_BOLD "%s" S_END "%s in %s%s", pen_many(p, t->recordings, "recording"),
		f->vehicles ? pen_slot(p, " of %s", pen_many(p, f->vehicles, "vehicle")) : "", pen_clean(p, f->db),
		f->nr_failures ? pen_slot(p, "; %s failed", pen_many(p, f->nr_failures, "file")) : "");
	if (!t->covering)
		pen_say(p, 0, 2, S_YELLOW "No time is covered" S_END ": none of them could have shown a stall. That says nothing of how "
			"often they stall.");
	else
		pen_say(p, 0, 2, S_BOLD "%s" S_END " in %s hours: %s an hour, with 95 %% confidence", pen_many(p, t->rated, "stall"),
			hours(p, t->hours), rate(p, t));
	if (t->stalls)
		pen_say(p, 0, 2, "Half of them last up to %s, nine in ten %s, all but one in a hundred %s; the longest " S_BOLD "%s" S_END
			".", span(p, t->median_ns), span(p, f->p90_ns), span(p, f->p99_ns), span(p, t->worst_ns));
	say_coverage(p, f);
}

static void say_since(struct pen *p, const struct fleet *f)
{
	struct interval before, since;
	double r;
	bool both = fleet_rate(&f->before, &r, &before) && fleet_rate(&f->since, &r, &since);

	if (!f->since_date)
		return;
	pen_line(p);
	pen_rule(p, pen_slot(p, "since %s", pen_clean(p, f->since_date)));
	pen_field(p, "Before", "%s, %s hours, %s: %s an hour", pen_many(p, f->before.recordings, "recording"),
		hours(p, f->before.hours), pen_many(p, f->before.rated, "stall"), rate(p, &f->before));
	pen_field(p, "Since", "%s, %s hours, %s: %s an hour", pen_many(p, f->since.recordings, "recording"),
		hours(p, f->since.hours), pen_many(p, f->since.rated, "stall"), rate(p, &f->since));
	if (!both)
		pen_field(p, "", "not comparable: one of the two covers no time");
	else if (since.high < before.low)
		pen_field(p, "", S_GREEN "less often" S_END ": the two intervals are apart");
	else if (since.low > before.high)
		pen_field(p, "", S_RED "more often" S_END ": the two intervals are apart");
	else
		pen_field(p, "", "so many hours show no difference: the two intervals overlap");
}

static void say_buckets(struct pen *p, const struct fleet *f)
{
	uint64_t most = 1;

	if (!f->total.stalls)
		return;
	pen_line(p);
	pen_rule(p, "how long");
	for (size_t i = 0; i < FLEET_BUCKETS; i++)
		most = f->buckets[i].stalls > most ? f->buckets[i].stalls : most;
	for (size_t i = 0; i < FLEET_BUCKETS; i++) {
		const struct fleet_bucket *b = &f->buckets[i];
		int bar = (int)((b->stalls * 40 + most - 1) / most);

		if (b->stalls)
			pen_row(p, ROW, REST, "%s %8s  %.*s", pen_cell(p, pen_slot(p, "from %s", pen_span(p, b->from_ns)), 14),
				pen_count(p, b->stalls), bar, "########################################");
	}
}

static void say_group(struct pen *p, const struct fleet_group *g, const char *none)
{
	pen_row(p, ROW, REST, "%s %10s %9s %7s  %s %9s %9s", pen_cell(p, g->name ? g->name : none, NAME),
		pen_count(p, g->recordings), g->covering ? hours(p, g->hours) : "-", g->covering || g->stalls ? pen_count(p, g->stalls) : "-",
		pen_cell(p, rate(p, g), 22), span(p, g->median_ns), span(p, g->worst_ns));
}

static void say_groups(struct pen *p, const struct fleet *f, enum fleet_by by, const char *none)
{
	const struct fleet_list *l = &f->by[by];
	size_t shown = p->verbose > 0 || l->nr <= SHOWN ? l->nr : SHOWN;

	if (!l->nr || (l->nr == 1 && !l->all[0].name))
		return;
	pen_line(p);
	pen_rule(p, pen_slot(p, "by %s", fleet_by_names[by]));
	pen_row(p, ROW, REST, S_DIM "%s %10s %9s %7s  %s %9s %9s" S_END, pen_cell(p, "", NAME), "recordings", "hours", "stalls",
		pen_cell(p, "an hour (95 %)", 22), "median", "longest");
	/* If there are many days, print only the last ones. */
	for (size_t i = 0; i < shown; i++)
		say_group(p, &l->all[by == BY_DATE ? l->nr - shown + i : i], none);
	if (shown < l->nr)
		pen_say(p, ROW, REST, S_DIM "and %s more: -v, --csv, --json" S_END, pen_count(p, l->nr - shown));
}

static void say_culprit(struct pen *p, const struct fleet_culprit *c)
{
	const char *what = pen_slot(p, "%s %s%s%s", c->cause, c->comm ? pen_clean(p, c->comm) : "", c->diagnosis ? ": " : "",
		c->diagnosis ? c->diagnosis : "");

	pen_row(p, ROW, REST, "%s %7s %10s %10s %10s%s", pen_cell(p, what, WHAT), pen_count(p, c->stalls),
		pen_count(p, c->recordings), span(p, c->total_ns), span(p, c->worst_ns), c->fresh ? S_RED "  new" S_END : "");
}

static void say_culprits(struct pen *p, const struct fleet *f)
{
	if (!f->nr_culprits)
		return;
	pen_line(p);
	pen_rule(p, "by what");
	pen_row(p, ROW, REST, S_DIM "%s %7s %10s %10s %10s" S_END, pen_cell(p, "", WHAT), "stalls", "recordings", "in all", "longest");
	for (size_t i = 0; i < f->nr_culprits && (i < SHOWN || p->verbose > 0); i++)
		say_culprit(p, &f->culprits[i]);
	if (f->nr_culprits > SHOWN && p->verbose <= 0)
		pen_say(p, ROW, REST, S_DIM "and %s more: -v, --csv, --json" S_END, pen_count(p, f->nr_culprits - SHOWN));
}

static void say_worst(struct pen *p, const struct fleet *f)
{
	if (!f->nr_worst)
		return;
	pen_line(p);
	pen_rule(p, "the longest");
	for (size_t i = 0; i < f->nr_worst && (i < 5 || p->verbose > 0); i++) {
		const struct fleet_stall *s = &f->worst[i];

		pen_row(p, ROW, REST, "%9s at %s of %s: %s %s", pen_span(p, (uint64_t)s->duration_ns), pen_time(p, (uint64_t)s->start_ns),
			pen_clean(p, s->path), s->cause, s->comm ? pen_clean(p, s->comm) : "");
	}
}

static void say_failures(struct pen *p, const struct fleet *f)
{
	if (!f->nr_failures)
		return;
	pen_line(p);
	pen_rule(p, "failed");
	for (size_t i = 0; i < f->nr_failures && (i < SHOWN || p->verbose > 0); i++)
		pen_say(p, ROW, REST, "%s: %s%s%s", pen_clean(p, f->failures[i].path), f->failures[i].status,
			f->failures[i].error ? ": " : "", f->failures[i].error ? pen_clean(p, f->failures[i].error) : "");
	if (f->nr_failures > SHOWN && p->verbose <= 0)
		pen_say(p, ROW, REST, S_DIM "and %s more: -v, --csv, --json" S_END, pen_count(p, f->nr_failures - SHOWN));
}

int fleet_text(const struct fleet *f, const struct writer_options *opts, FILE *out)
{
	static const struct report none;
	struct pen p;

	pen_begin(&p, &none, opts, out);
	say_total(&p, f);
	say_since(&p, f);
	if (p.verbose >= 0) {
		say_buckets(&p, f);
		say_culprits(&p, f);
		say_groups(&p, f, BY_KERNEL, "kernel not in the file");
		say_groups(&p, f, BY_VEHICLE, "without this label");
		say_groups(&p, f, BY_RELEASE, "without this label");
		say_groups(&p, f, BY_DATE, "without a date");
		say_worst(&p, f);
		say_failures(&p, f);
	}
	return pen_end(&p);
}
