// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * stalls.c - the page of vmstall analyze: the stalls, the frozen tasks, the activity of each CPU
 *
 * Its JSON is that of --json, but lists that grow with the machine have a short form: the page must open at once, even
 * with a thousand stalls. The page says how many elements were cut.
 */
#include <errno.h>

#include "model/activity.h"

#include "export/html/choice.h"
#include "export/html/html.h"
#include "export/text/text.h"
#include "model/writer.h"

enum { HOLDS = 1000, EACH_KIND = 3 };	/* the longest holds; the fewest victims shown of each kind */

/* A task as its index in activity.tasks. If it is not listed there, pid and name. */
static json_t *task_of(const struct report *r, int32_t pid, const char *comm)
{
	uint32_t task = r->activity ? activity_find(r->activity, pid, comm) : ACTIVITY_UNKNOWN;

	return task ? json_integer(task) : json_pack("[i, o]", (int)pid, json_text(comm));
}

static json_t *us_of(uint64_t ns)
{
	return json_integer((json_int_t)(ns / 1000));
}

/*
 * The short form has a fixed order, which the page's script knows: task, CPU, kind, us from the stall's start, us,
 * confidence. Only if they are known, these follow: missed periods, us of a period, pid waited for.
 */
static json_t *victim(const struct report *r, const struct stall *s, const struct victim *v)
{
	json_t *all = json_pack("[o, o, i, I, o, i]", task_of(r, v->pid, v->comm), json_known(v->cpu), (int)v->kind,
		(json_int_t)(v->from - s->at.start) / 1000, us_of(span_of(v->from, v->to)), (int)v->confidence);

	if (!v->missed_periods.is && !v->waits_for_pid.is)
		return all;
	json_append(&all, json_known(v->missed_periods));
	json_append(&all, v->period_ns.is ? us_of((uint64_t)v->period_ns.v) : json_null());
	if (v->waits_for_pid.is)
		json_append(&all, json_known(v->waits_for_pid));
	return all;
}

/* The longest freezes come first. */
static json_t *victims(const struct report *r, size_t stall, size_t most)
{
	size_t of_kind[NR_VICTIM_KINDS] = { 0 }, n, told = 0;
	json_t *all = json_array();
	const struct victim *v;

	n = report_victims(r, stall, &v);
	for (size_t i = 0; i < n; i++) {
		bool of_few = of_kind[v[i].kind]++ < EACH_KIND;

		if (told >= most && !of_few)
			continue;
		json_append(&all, victim(r, &r->stalls[stall], &v[i]));
		told++;
	}
	return all;
}

/* The cells and close-ups already show running and idle. So write only the spans that come from the analysis. */
static json_t *silences(const struct report *r, const struct stall *s)
{
	json_t *all = json_array();

	for (size_t i = 0; i < s->nr_spans; i++) {
		const struct cpu_span *l = &s->spans[i];

		if (l->state >= CPU_HOLDING)
			json_append(&all, json_pack("[i, i, I, o, o]", (int)l->cpu, (int)l->state,
				(json_int_t)(l->from - s->at.start) / 1000, us_of(span_of(l->from, l->to)),
				task_of(r, l->pid, l->comm)));
	}
	return all;
}

/*
 * Which advices belong to this stall? As indices into the report's advices: each counted once, in the order of the
 * stalls.
 */
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
		json_append(&list, json_advice(all.of[k], all.diagnosis[k]));
	return list;
}

static json_t *whole_stall(const struct report *r, size_t i, struct pen *p, size_t most_victims)
{
	const struct stall *s = &r->stalls[i];
	json_t *all = json_stall_core(r, i);

	json_set(&all, "says", json_text(text_who_froze_whom(p, s)));
	json_set(&all, "victims", victims(r, i, most_victims));
	json_set(&all, "silences", silences(r, s));
	json_set(&all, "close_ups", html_close_ups(s, r->facts.nr_cpus));
	return all;
}

/* The short form: enough for the row in the table and the mark in the overview. */
static json_t *plain_stall(const struct stall *s)
{
	return json_pack("{s:I, s:o, s:{s:s, s:o, s:o, s:o}, s:o, s:o, s:o, s:{s:o}}",
		"stall_id", (json_int_t)s->id,
		"bounds", json_bounds(&s->at),
		"cause", "kind", cause_name(s->cause), "comm", json_text(s->cause_comm), "pid", json_known(s->cause_pid),
			"cpu", json_known(s->cause_cpu),
		"cpus_frozen", json_known(s->cpus_frozen),
		"cpus_total", json_known(s->cpus_total),
		"tasks_frozen", json_known(stall_tasks(s)),
		"evidence", "confidence", json_text(confidence_name(s->confidence)));
}

static int put_chosen(const struct report *r, const struct choice *c, struct pen *p, FILE *out)
{
	struct advices all = { .nr = 0 };
	const char *comma = "\n";
	int err = 0;

	for (size_t i = 0; !err && i < r->nr_stalls; i++) {
		size_t advice = advice_of(&all, r, &r->stalls[i]);
		json_t *stall;

		if (c->how[i] == TOLD_NOT)
			continue;
		stall = c->how[i] == TOLD_FULL ? whole_stall(r, i, p, c->victims) : plain_stall(&r->stalls[i]);
		if (stall)
			json_set(&stall, "advice", json_integer((json_int_t)advice));
		fputs(comma, out);
		comma = ",\n";
		err = json_put(out, stall);
	}
	return err;
}

static int put_stalls(const struct report *r, FILE *out)
{
	struct choice c;
	struct pen p;
	int err = choose_stalls(r, &c), failed;

	if (err)
		return err;
	pen_begin(&p, r, &(struct writer_options){ .unicode = true }, out);
	fprintf(out, ",\n\"all_stalls\": %zu,\n\"stalls\": [", r->nr_stalls);
	err = put_chosen(r, &c, &p, out);
	fputs("]", out);
	choice_clear(&c);
	failed = pen_end(&p);
	return err ? err : failed;
}

/* CPU, from, ns, pid, comm, pages scanned and skipped. */
static int put_holds(const struct report *r, FILE *out)
{
	size_t room = r->nr_holds < HOLDS ? r->nr_holds : HOLDS;
	const char *comma = "";
	uint64_t least;
	int err = nth_longest_hold(r, HOLDS, &least);

	for (size_t i = 0; !err && room && i < r->nr_holds; i++) {
		const struct hold *h = &r->holds[i];

		if (span_of(h->at.start, h->at.end) < least)
			continue;
		room--;
		fprintf(out, "%s\n", comma);
		comma = ",";
		err = json_put(out, json_pack("[i, o, o, i, o, o, o]", (int)h->cpu, json_unsigned(h->at.start),
			json_unsigned(span_of(h->at.start, h->at.end)), (int)h->pid, json_text(h->comm), json_known(h->nr_scanned),
			json_known(h->nr_skipped)));
	}
	return err;
}

static json_t *words(const struct report *r, size_t i)
{
	json_t *kinds = json_array(), *rules = json_object();

	(void)r, (void)i;
	for (int k = 0; k < NR_VICTIM_KINDS; k++)
		json_append(&kinds, json_pack("[s, s]", victim_kind_name((enum victim_kind)k),
			victim_kind_text((enum victim_kind)k)));
	for (uint32_t k = BOUND_NONE + 1; k < NR_BOUND_RULES; k++)
		json_set(&rules, bound_rule_name((enum bound_rule)k), json_string(bound_rule_text(k)));
	return json_pack("{s:o, s:o}", "kinds", kinds, "rules", rules);
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
	{ "advice", NULL, advices },
	{ "pauses", count_pauses, pause_at },
	{ "activity", NULL, html_activity },
	{ 0 },
};

static int put_long_lists(const struct report *r, FILE *out)
{
	int err = put_stalls(r, out);

	fputs(",\n\"holds\": [", out);
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
	.explains = true,
};
