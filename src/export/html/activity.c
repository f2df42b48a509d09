// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * activity.c - which task ran on which CPU, as numbers for the page
 *
 * A CPU's cells are one flat list. A cell is -1 if nothing is known and 0 if the CPU was idle. Else it has three
 * numbers: the hundredths that the CPU was busy, the task that ran longest, and the hundredths that this task ran at
 * least. A close-up is a list for each CPU: us since the switch before, and the task.
 */
#include "model/activity.h"

#include "export/html/html.h"

static json_t *whole(uint64_t v)
{
	return json_integer((json_int_t)v);
}

static json_t *tasks_of(const struct report *r)
{
	json_t *all = json_array();

	for (size_t i = 0; r->activity && i < r->activity->nr_tasks; i++)
		json_append(&all, json_pack("[i, o]", (int)r->activity->tasks[i].pid,
			json_text(r->activity->tasks[i].comm)));
	return all;
}

/* The cells with scans: cell, isolate events, pages, pages skipped; null where the kernel does not report skipped pages. */
static json_t *scans(const struct activity *a)
{
	json_t *all = json_array();

	for (size_t i = 0; i < a->nr_slots; i++) {
		const struct scan_cell *c = &a->scans[i];

		if (c->scans)
			json_append(&all, json_pack("[o, o, o, o]", whole(i), whole(c->scans),
				whole(c->scanned), c->unsaid ? json_null() : whole(c->skipped)));
	}
	return all;
}

json_t *html_activity(const struct report *r, size_t i)
{
	const struct activity *a = r->activity;

	(void)i;
	if (!a)
		return json_null();
	return json_pack("{s:o, s:o, s:o, s:b, s:b, s:o, s:o}",
		"from_ns", json_unsigned(a->from),
		"width_ns", json_unsigned(a->width),
		"slots", whole(a->nr_slots),
		"has_switches", (int)a->has_switches,
		"cpus_left_out", (int)a->cpus_left_out,
		"tasks", tasks_of(r),
		"scans", scans(a));
}

static uint64_t percent(uint64_t part, uint64_t of)
{
	return part >= of ? 100 : part * 100 / of;
}

/* Round a little busy time up to 1, because 0 means idle. */
static void put_cell(FILE *out, const struct activity *a, const struct activity_cell *c)
{
	uint64_t busy = percent(c->busy, a->width);

	if (!c->busy && !c->idle)
		fputs("-1", out);
	else if (!c->busy)
		fputs("0", out);
	else
		fprintf(out, "%d,%u,%d", (int)(busy ? busy : 1), c->top, (int)percent(c->top_ns, a->width));
}

void html_cpus(const struct report *r, FILE *out)
{
	const struct activity *a = r->activity;
	bool any = false;

	for (int cpu = 0; a && cpu < ACTIVITY_CPUS; cpu++) {
		if (!a->rows[cpu].cells)
			continue;
		fprintf(out, "%s\n{\"cpu\":%d,\"cells\":[", any ? "," : "", cpu);
		for (size_t i = 0; i < a->nr_slots; i++) {
			if (i)
				putc(',', out);
			put_cell(out, a, &a->rows[cpu].cells[i]);
		}
		fputs("]}", out);
		any = true;
	}
}

static json_t *switches_of(const struct close_up *c, uint16_t cpu)
{
	json_t *all = json_array();
	uint64_t last = 0;

	for (size_t i = 0; i < c->nr; i++) {
		const struct task_switch *sw = &c->switches[i];
		uint64_t us = sw->ts > c->from ? (sw->ts - c->from) / 1000 : 0;

		if (sw->cpu != cpu)
			continue;
		us = us > last ? us : last;
		json_append(&all, whole(us - last));
		json_append(&all, whole(sw->task));
		last = us;
	}
	return all;
}

static json_t *close_up(const struct close_up *c, size_t nr_cpus)
{
	json_t *cpus = json_array();

	for (size_t i = 0; i < nr_cpus; i++)
		json_append(&cpus, switches_of(c, (uint16_t)i));
	return json_pack("{s:o, s:o, s:o}", "from_ns", json_unsigned(c->from), "to_ns", json_unsigned(c->to), "cpus", cpus);
}

json_t *html_close_ups(const struct stall *s, size_t nr_cpus)
{
	json_t *all = json_array();

	for (int i = 0; i < 2; i++)
		if (s->close_up[i].nr)
			json_append(&all, close_up(&s->close_up[i], nr_cpus));
	return all;
}
