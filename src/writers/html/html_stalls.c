// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * html_stalls.c - the page of vmstall analyze: the stalls, who was frozen, what the CPUs did
 *
 * Its JSON is that of --json with the lists that grow with the machine in a short form: a page must open at once, with a
 * thousand stalls too. What is cut is counted, and said by the page.
 */
#include <errno.h>
#include <stdlib.h>

#include "vmstall/activity.h"

#include "writers/html/html.h"
#include "writers/text.h"
#include "writers/writers.h"

enum {
	DETAILED = 1000,	/* stalls with all that is known of them: the longest */
	VICTIMS	 = 25000,	/* rows, of all stalls together */
	FEWEST	 = 8,		/* of one stall, however many there are */
	HOLDS	 = 1000,	/* that are no stall, the longest */
};

static uint64_t length_of(const struct bounds *at)
{
	return span_of(at->start, at->end);
}

static int longest_first(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (y > x) - (y < x);
}

/* The length of the @n-th longest of @nr, 0 where there are no more than that; UINT64_MAX: out of memory. */
static uint64_t nth_longest(uint64_t (*length)(const struct report *r, size_t i), const struct report *r, size_t nr, size_t n)
{
	uint64_t *all = nr > n ? calloc(nr, sizeof(*all)) : NULL, least = 0;

	if (nr <= n)
		return 0;
	for (size_t i = 0; all && i < nr; i++)
		all[i] = length(r, i);
	if (all)
		qsort(all, nr, sizeof(*all), longest_first);
	least = all ? all[n - 1] : UINT64_MAX;
	free(all);
	return least;
}

static uint64_t stall_length(const struct report *r, size_t i)
{
	return length_of(&r->stalls[i].at);
}

static uint64_t hold_length(const struct report *r, size_t i)
{
	return length_of(&r->holds[i].at);
}

/* Short, and by its place in the page's own code: comm, pid, CPU, kind, from the stall's start, for how long, ... */
static json_t *victim(const struct stall *s, const struct victim *v)
{
	return json_pack("[o, i, o, i, I, o, o, o, o, o, i, i]", json_text(v->comm), (int)v->pid, json_known(v->cpu),
		(int)v->kind, (json_int_t)(v->from - s->at.start), json_unsigned(span_of(v->from, v->to)),
		json_known(v->missed_periods), json_known(v->period_ns), json_known(v->resume_lag_ns),
		json_known(v->waits_for_pid), (int)v->evidence, (int)v->confidence);
}

/* The longest of each kind, each kind its share. */
static json_t *victims(const struct report *r, size_t stall, size_t detailed)
{
	size_t most = VICTIMS / detailed < FEWEST ? FEWEST : VICTIMS / detailed, of_kind[NR_VICTIM_KINDS] = { 0 };
	json_t *all = json_array();
	const struct victim *v;
	size_t n = report_victims(r, stall, &v);

	for (size_t i = 0; i < n; i++)
		if (n <= most || of_kind[v[i].kind]++ < most / NR_VICTIM_KINDS + 1)
			json_array_append_new(all, victim(&r->stalls[stall], &v[i]));
	return all;
}

static json_t *victim_counts(const struct report *r, size_t stall)
{
	size_t of_kind[NR_VICTIM_KINDS] = { 0 };
	json_t *all = json_array();
	const struct victim *v;
	size_t n = report_victims(r, stall, &v);

	for (size_t i = 0; i < n; i++)
		of_kind[v[i].kind]++;
	for (size_t i = 0; i < NR_VICTIM_KINDS; i++)
		json_array_append_new(all, json_integer((json_int_t)of_kind[i]));
	return all;
}

/* Running and idle are in the close-ups and cells: here is what only the analysis knows. */
static json_t *silences(const struct stall *s)
{
	json_t *all = json_array();

	for (size_t i = 0; i < s->nr_lanes; i++) {
		const struct lane_span *l = &s->lanes[i];

		if (l->state >= LANE_HOLDING)
			json_array_append_new(all, json_pack("[i, i, I, o, i, o]", (int)l->cpu, (int)l->state,
				(json_int_t)(l->from - s->at.start), json_unsigned(span_of(l->from, l->to)),
				(int)l->pid, json_text(l->comm)));
	}
	return all;
}

/* Which of the report's advices, each counted once, in the order of the stalls, is this stall's? */
struct advices { const struct advice *of[PEN_ADVICES]; enum diagnosis diagnosis[PEN_ADVICES]; size_t nr; };

static size_t advice_of(struct advices *all, const struct report *r, const struct stall *s)
{
	const struct advice *a = stall_advice(&r->facts, s);
	size_t i = 0;

	while (i < all->nr && all->of[i] != a)
		i++;
	if (i == all->nr && i < PEN_ADVICES - 1) {
		all->of[i] = a;
		all->diagnosis[i] = s->diagnosis;
		all->nr++;
	}
	return i;
}

static json_t *advices(const struct report *r, size_t i)
{
	json_t *list = json_array();
	struct advices all = { .nr = 0 };

	(void)i;
	for (size_t k = 0; k < r->nr_stalls; k++)
		advice_of(&all, r, &r->stalls[k]);
	for (size_t k = 0; k < all.nr; k++)
		json_array_append_new(list, json_advice(all.of[k], all.diagnosis[k]));
	return list;
}

static json_t *detailed_stall(const struct report *r, size_t i, struct pen *p, size_t detailed)
{
	const struct stall *s = &r->stalls[i];
	json_t *all = json_stall_core(r, i);

	json_object_set_new(all, "says", json_text(text_who_froze_whom(p, s)));
	json_object_set_new(all, "victims", victims(r, i, detailed));
	json_object_set_new(all, "victims_by_kind", victim_counts(r, i));
	json_object_set_new(all, "silences", silences(s));
	json_object_set_new(all, "close_ups", html_close_ups(s, r->facts.nr_cpus));
	return all;
}

/* Enough for its row in the table, and its mark in the overview. */
static json_t *plain_stall(const struct stall *s)
{
	return json_pack("{s:I, s:o, s:{s:s, s:o, s:o, s:o}, s:o, s:o, s:I, s:{s:o}}",
		"stall_id", (json_int_t)s->id,
		"bounds", json_bounds(&s->at),
		"cause", "kind", cause_name(s->cause), "comm", json_text(s->cause_comm), "pid", json_known(s->cause_pid),
			"cpu", json_known(s->cause_cpu),
		"cpus_frozen", json_known(s->cpus_frozen),
		"cpus_total", json_known(s->cpus_total),
		"tasks_frozen", (json_int_t)s->tasks_frozen,
		"evidence", "confidence", json_text(confidence_name(s->confidence)));
}

static int put_stalls(const struct report *r, FILE *out)
{
	uint64_t least = nth_longest(stall_length, r, r->nr_stalls, DETAILED);
	size_t room = r->nr_stalls < DETAILED ? r->nr_stalls : DETAILED, detailed = room;
	struct advices all = { .nr = 0 };
	struct pen p;
	int err = 0;

	pen_begin(&p, r, &(struct writer_options){ .unicode = true }, out);
	for (size_t i = 0; !err && i < r->nr_stalls; i++) {
		const struct stall *s = &r->stalls[i];
		size_t advice = advice_of(&all, r, s);
		bool full = room && length_of(&s->at) >= least;
		json_t *stall = full ? detailed_stall(r, i, &p, detailed) : plain_stall(s);

		room -= full;
		if (stall)
			json_object_set_new(stall, "advice", json_integer((json_int_t)advice));
		fputs(i ? ",\n" : "\n", out);
		err = json_put(out, stall);
	}
	return pen_end(&p) && !err ? -EIO : err;
}

/* Holds that were no stall: the cpu, from, to, bounds, pid, comm, pages scanned and skipped. */
static int put_holds(const struct report *r, FILE *out)
{
	uint64_t least = nth_longest(hold_length, r, r->nr_holds, HOLDS);
	size_t room = r->nr_holds < HOLDS ? r->nr_holds : HOLDS;
	const char *comma = "";
	int err = 0;

	for (size_t i = 0; !err && room && i < r->nr_holds; i++) {
		const struct hold *h = &r->holds[i];

		if (length_of(&h->at) < least)
			continue;
		room--;
		fprintf(out, "%s\n", comma);
		comma = ",";
		err = json_put(out, json_pack("[i, o, o, i, o, o, o]", (int)h->cpu, json_unsigned(h->at.start),
			json_unsigned(length_of(&h->at)), (int)h->pid, json_text(h->comm), json_known(h->nr_scanned),
			json_known(h->nr_skipped)));
	}
	return err;
}

static json_t *words(const struct report *r, size_t i)
{
	json_t *kinds = json_array(), *rules = json_object();

	(void)r, (void)i;
	for (int k = 0; k < NR_VICTIM_KINDS; k++)
		json_array_append_new(kinds, json_pack("[s, s]", victim_kind_name((enum victim_kind)k),
			victim_kind_text((enum victim_kind)k)));
	for (uint32_t k = RULE_NONE + 1; k < NR_RULES; k++)
		json_object_set_new(rules, bound_rule_name((enum bound_rule)k), json_string(bound_rule_text(k)));
	return json_pack("{s:o, s:o}", "kinds", kinds, "rules", rules);
}

static json_t *detail(const struct report *r, size_t i)
{
	(void)i;
	return json_pack("{s:i, s:i, s:o}", "stalls", (int)DETAILED, "holds", (int)HOLDS, "all_holds",
		json_integer((json_int_t)r->nr_holds));
}

static size_t count_pauses(const struct report *r)
{
	return r->nr_pauses;
}

static json_t *pause_at(const struct report *r, size_t i)
{
	return json_pack("[o, o]", json_unsigned(r->pauses[i].from), json_unsigned(r->pauses[i].to));
}

static const struct json_list lists[] = {
	{ "words", NULL, words },
	{ "detail", NULL, detail },
	{ "advice", NULL, advices },
	{ "pauses", count_pauses, pause_at },
	{ "activity", NULL, html_activity },
	{ 0 },
};

static int put_long_lists(const struct report *r, FILE *out)
{
	int err;

	fputs(",\n\"stalls\": [", out);
	err = put_stalls(r, out);
	fputs("],\n\"holds\": [", out);
	if (!err)
		err = put_holds(r, out);
	fputs("],\n\"cpus\": [", out);
	html_cpus(r, out);
	fputs("]", out);
	return err;
}

static const struct html_page page = { .name = "analyze", .lists = lists, .more = put_long_lists, .text = write_text };

static int write_html(const struct report *r, const struct writer_options *opts, FILE *out)
{
	return html_write(&page, r, opts, out);
}

const struct writer html_writer = {
	.name	  = "html",
	.about	  = "a page to look at and to mail: timeline, who froze whom",
	.write	  = write_html,
	.activity = true,
};
