// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * leaks.c - is there a leak, where, how fast, and how sure is it?
 *
 * First come the leaks and likely leaks, each with its evidence. Then come, in short, the places that grew and those
 * that did not. Last come the uses of memory.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "export/text/text.h"
#include "model/answer.h"
#include "model/leaks.h"

enum { OTHERS_SHOWN = 12, FRAMES_SHOWN = 8, ROW = 2, ROW_WRAP = 30 };

static const char *place(struct pen *p, const struct leak_site *s)
{
	char *made = leak_place(s);
	const char *clean = pen_clean(p, made);

	p->failed |= !made;
	free(made);
	return s->function ? pen_slot(p, "%s+0x%" PRIx64, clean, s->offset) : clean;
}

static const char *tasks(struct pen *p, const struct leak_site *s)
{
	const char *list = "";

	for (size_t i = 0; i < s->nr_tasks && i < 3; i++) {
		const struct leak_task *t = &s->tasks[i];

		list = pen_slot(p, "%s%s%s", list, *list ? ", " : "",
			t->pid < 0 ? pen_clean(p, t->comm) : pen_task(p, t->comm, t->pid));
	}
	return *list ? list : "unknown";
}

static const char *signed_bytes(struct pen *p, double v)
{
	return pen_slot(p, "%s%s", v < 0 ? "-" : "", pen_bytes(p, (uint64_t)(v < 0 ? -v : v)));
}

static const char *noun(const struct leak_site *s)
{
	return s->layer == LEAK_SLAB ? "object" : "block";
}

static void say_head(struct pen *p, const struct leak_site *s, size_t rank)
{
	const char *pattern = leak_pattern_name(s->pattern);

	pen_say(p, 2, 6, "%s#%-3zu%s" S_END " of %s in " S_BOLD "%s" S_END "%s%s%s: %s%s left, %s" S_DIM " [%s confidence]" S_END,
		s->verdict == LEAK_LEAK ? S_RED : S_YELLOW, rank, s->verdict == LEAK_LEAK ? "leak" : "suspected leak",
		s->layer == LEAK_SLAB ? "slab objects" : "pages", place(p, s), *pattern ? ", pattern " S_BOLD : "", pattern,
		*pattern ? S_END : "", pen_many(p, s->live, noun(s)),
		s->live_sure < s->live ? pen_slot(p, " (%s for sure)", pen_count(p, s->live_sure)) : "",
		pen_bytes(p, s->live_bytes), confidence_name(s->confidence));
}

static void say_rates(struct pen *p, const struct leak_site *s)
{
	if (s->has_projection && s->bytes_per_day > 0)
		pen_field(p, "Projected", S_BOLD "%s a day" S_END " (%s to %s)%s", pen_bytes(p, (uint64_t)s->bytes_per_day),
			signed_bytes(p, s->day_low), signed_bytes(p, s->day_high),
			s->growth.is ? pen_slot(p, "; measured growth %s an hour (%s to %s)", signed_bytes(p, s->growth.mean),
					       signed_bytes(p, s->growth.low), signed_bytes(p, s->growth.high)) :
				       "");
}

static void say_stack(struct pen *p, const struct leak_site *s)
{
	size_t most = p->verbose > 0 || s->frames.nr < FRAMES_SHOWN ? s->frames.nr : FRAMES_SHOWN;
	const char *list = "";

	for (size_t i = 0; i < most; i++)
		list = pen_slot(p, "%s%s%s", list, i ? " < " : "", pen_clean(p, s->frames.s[i]));
	if (*list)
		pen_field(p, "Stack", "%s%s", list, most < s->frames.nr ? " < ..." : "");
	if (s->nr_stacks > 1)
		pen_field(p, "", "this is the one of %zu stacks with most left", s->nr_stacks);
}

static void say_suspect(struct pen *p, const struct leak_site *s, size_t rank)
{
	say_head(p, s, rank);
	pen_field(p, "Tasks", "%s", tasks(p, s));
	if (s->gfp)
		pen_field(p, "Request", "order %" PRId64 ", %s", s->order.v, pen_clean(p, s->gfp));
	if (s->cache[0])
		pen_field(p, "Cache", "%s", pen_clean(p, s->cache));
	pen_field(p, "Account", "%s allocated, %s freed%s; the oldest %s old%s", pen_count(p, s->allocs), pen_count(p, s->frees),
		s->unseen ? pen_slot(p, ", %s freed unseen", pen_count(p, s->unseen)) : "",
		s->oldest_ns.is ? pen_span(p, (uint64_t)s->oldest_ns.v) : "-",
		s->median_lifetime_ns.is ? pen_slot(p, ", where half are freed within %s",
						   pen_span(p, (uint64_t)s->median_lifetime_ns.v)) :
					   "");
	say_rates(p, s);
	say_stack(p, s);
	for (size_t i = 0; i < s->why.nr; i++)
		pen_field(p, i ? "" : "Because", "%s", pen_clean(p, s->why.s[i]));
	pen_line(p);
}

static size_t say_suspects(struct pen *p, const struct leak_report *l)
{
	size_t nr = 0;

	while (nr < l->nr_sites && l->sites[nr].verdict >= LEAK_SUSPECT) {
		if (p->verbose >= 0 || l->sites[nr].verdict == LEAK_LEAK)
			say_suspect(p, &l->sites[nr], nr + 1);
		nr++;
	}
	return nr;
}

static void say_row(struct pen *p, const struct leak_site *s)
{
	pen_say(p, ROW, ROW_WRAP, "%-7s %9s %9s %9s %10s %11s  %s", leak_verdict_name(s->verdict), pen_count(p, s->allocs),
		pen_count(p, s->frees), pen_count(p, s->live), pen_bytes(p, s->live_bytes),
		s->median_lifetime_ns.is ? pen_span(p, (uint64_t)s->median_lifetime_ns.v) : "-", place(p, s));
}

static void say_others(struct pen *p, const struct leak_report *l, size_t from)
{
	size_t rest = l->nr_sites - from, most = p->verbose > 0 || rest < OTHERS_SHOWN ? rest : OTHERS_SHOWN;

	if (!rest)
		return;
	pen_say(p, ROW, ROW_WRAP, S_BOLD "%-7s %9s %9s %9s %10s %11s  %s" S_END, "verdict", "allocated", "freed", "left", "bytes",
		"half within", "other sites");
	for (size_t i = from; i < from + most; i++)
		say_row(p, &l->sites[i]);
	if (most < rest)
		pen_say(p, ROW, ROW, S_DIM "and %zu more: -v, or --csv FILE" S_END, rest - most);
	pen_line(p);
}

static size_t count(const struct leak_report *l, enum leak_verdict verdict)
{
	size_t nr = 0;

	for (size_t i = 0; i < l->nr_sites; i++)
		nr += l->sites[i].verdict == verdict;
	return nr;
}

/* "Nothing found" would be wrong if nothing was recorded. */
static void say_verdict(struct pen *p, const struct report *r)
{
	const struct leak_report *l = r->leaks;
	size_t leaks = count(l, LEAK_LEAK), suspects = count(l, LEAK_SUSPECT);
	const char *more = suspects ? pen_slot(p, ", %s", pen_many(p, suspects, "suspect")) : "";

	if (!report_answered(r))
		text_unanswered(p, r);
	else if (leaks)
		pen_say(p, 0, 2, S_RED "%s%s" S_END " in %s", pen_many(p, leaks, "leak"), more, text_recording_name(p));
	else
		pen_say(p, 0, 2, "%sNo leak%s" S_END " in %s, as far as %s can show", suspects ? S_YELLOW : S_GREEN, more,
			text_recording_name(p), pen_span(p, span_of(l->begin_ns, l->end_ns)));
	text_input(p);
	pen_line(p);
}

int write_leaks_text(const struct report *r, const struct writer_options *opts, FILE *out)
{
	struct pen p;

	pen_begin(&p, r, opts, out);
	if (r->time_refused) {
		text_refused(&p, r);
	} else if (r->leaks) {
		size_t nr;

		say_verdict(&p, r);
		nr = say_suspects(&p, r->leaks);
		if (p.verbose >= 0)
			say_others(&p, r->leaks, nr);
		text_layers(&p, r->leaks);
	}
	if (p.verbose >= 0) {
		text_coverage(&p, r);
		text_quality(&p, r);
	}
	return pen_end(&p);
}
