// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * choice.c - a page of at most 5 MiB: how many bytes does each stall need, and which stalls fit?
 *
 * The costs are estimates in bytes. They come from pages that were measured, and are slightly higher than the measured
 * values.
 */
#include "export/html/choice.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "export/html/html.h"
#include "export/text/pen.h"
#include "model/activity.h"
#include "util/order.h"

enum {
	ALL		= 5 << 20,	/* 5 MiB */
	FRAME_COST	= 210000,	/* the page itself, the facts of the recording, its coverage, short holds */
	NAME_COST	= 12,		/* of a task, without its name */
	SHORT_COST	= 430,		/* of a stall: a row of the table, and its mark in the overview */
	FULL_COST	= 1300,		/* additional bytes of a stall that is told in full: */
	VICTIM_COST	= 32,
	MISSED_COST	= 14,
	WAITS_COST	= 9,
	SILENCE_COST	= 30,
	SWITCH_COST	= 8,
	STEP_COST	= 190,
	LISTED		= 2000,		/* this many stalls always have a row */
	ALL_VICTIMS	= 25000,
	FEWEST_VICTIMS	= 10,
};

struct candidate { size_t stall; uint64_t length; };

static int longest_first(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;

	if (x->length != y->length)
		return x->length < y->length ? 1 : -1;
	return order(x->stall, y->stall);
}

/* In JSON a quote or a character that is not ASCII needs at most six characters instead of one. */
static size_t text_cost(const char *s)
{
	size_t n = 3;

	for (; s && *s; s++)
		n += (unsigned char)*s < 0x80 && *s >= ' ' ? 1 : 6;
	return n;
}

/* A task that activity.tasks does not list is written by name wherever it appears. */
static size_t task_cost(const struct report *r, int32_t pid, const char *comm)
{
	return r->activity && activity_find(r->activity, pid, comm) ? 0 : NAME_COST + text_cost(comm);
}

static size_t victims_cost(const struct report *r, size_t stall, size_t most)
{
	const struct victim *v;
	size_t n = report_victims(r, stall, &v), cost = 0;

	for (size_t i = 0; i < n && i < most; i++)
		cost += VICTIM_COST + task_cost(r, v[i].pid, v[i].comm) + (v[i].missed_periods.is ? MISSED_COST : 0) +
			(v[i].waits_for_pid.is ? WAITS_COST : 0);
	return cost;
}

static size_t full_cost(const struct report *r, size_t i, size_t most_victims)
{
	const struct stall *s = &r->stalls[i];
	size_t cost = FULL_COST + victims_cost(r, i, most_victims) + STEP_COST * (s->nr_trigger + s->nr_users) +
		      SWITCH_COST * (s->close_up[0].nr + s->close_up[1].nr);

	for (size_t k = 0; k < s->nr_spans; k++)
		if (s->spans[k].state >= CPU_HOLDING)
			cost += SILENCE_COST + task_cost(r, s->spans[k].pid, s->spans[k].comm);
	for (size_t k = 0; k < s->why.nr; k++)
		cost += text_cost(s->why.s[k]);
	return cost;
}

/* The cell format is that of activity.c. */
static size_t cell_cost(const struct activity_cell *c)
{
	return !c->busy ? 3 : c->top < 100 ? 9 : c->top < 1000 ? 10 : 12;
}

static size_t activity_cost(const struct activity *a)
{
	size_t cost = 40 * (a->nr_slots + a->nr_rows);

	for (size_t i = 0; i < a->nr_tasks; i++)
		cost += NAME_COST + text_cost(a->tasks[i].comm);
	for (size_t cpu = 0; cpu < ACTIVITY_CPUS; cpu++)
		for (size_t i = 0; a->rows[cpu].cells && i < a->nr_slots; i++)
			cost += cell_cost(&a->rows[cpu].cells[i]);
	return cost;
}

/* The bytes left after the CPUs' cells and the tasks' names. Both are bounded, so this is never too little. */
static size_t budget_of(const struct report *r)
{
	const struct activity *a = r->activity;

	return ALL - FRAME_COST - (a ? activity_cost(a) : 0);
}

/*
 * First, as many stalls get a row as people may look through. Of these the longest are told in full, while there is
 * room. Then more rows are added.
 */
static void choose(const struct report *r, const struct candidate *list, struct choice *c)
{
	size_t budget = budget_of(r), listed = r->nr_stalls < LISTED ? r->nr_stalls : LISTED, spent = listed * SHORT_COST;

	for (size_t i = 0; i < r->nr_stalls; i++) {
		size_t cost = i < listed ? full_cost(r, list[i].stall, c->victims) - SHORT_COST : SHORT_COST;
		bool fits = spent + cost <= budget;

		c->how[list[i].stall] = i < listed ? (fits ? TOLD_FULL : TOLD_SHORT) : fits ? TOLD_SHORT : TOLD_NOT;
		spent += fits ? cost : 0;
	}
}

int choose_stalls(const struct report *r, struct choice *ret)
{
	struct candidate *list = calloc(r->nr_stalls + 1, sizeof(*list));
	size_t share = r->nr_stalls ? ALL_VICTIMS / r->nr_stalls : 0;

	*ret = (struct choice){ .how = calloc(r->nr_stalls + 1, 1),
		.victims = share < FEWEST_VICTIMS ? FEWEST_VICTIMS : share };
	if (!list || !ret->how) {
		free(list);
		choice_clear(ret);
		return -ENOMEM;
	}
	for (size_t i = 0; i < r->nr_stalls; i++)
		list[i] = (struct candidate){ i, span_of(r->stalls[i].at.start, r->stalls[i].at.end) };
	qsort(list, r->nr_stalls, sizeof(*list), longest_first);
	choose(r, list, ret);
	free(list);
	return 0;
}

void choice_clear(struct choice *c)
{
	free(c->how);
	*c = (struct choice){ 0 };
}

int nth_longest_hold(const struct report *r, size_t n, uint64_t *ret_ns)
{
	struct candidate *list;

	*ret_ns = 0;
	if (r->nr_holds <= n)
		return 0;
	list = calloc(r->nr_holds, sizeof(*list));
	if (!list)
		return -ENOMEM;
	for (size_t i = 0; i < r->nr_holds; i++)
		list[i] = (struct candidate){ i, span_of(r->holds[i].at.start, r->holds[i].at.end) };
	qsort(list, r->nr_holds, sizeof(*list), longest_first);
	*ret_ns = list[n - 1].length;
	free(list);
	return 0;
}
