// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * activity.c - how does a recording of any length fit into a bounded number of cells?
 *
 * When the time or the number of CPUs outgrows the cells, pairs of cells become one. What a merged cell says about its
 * busiest task stays true, as a floor.
 */
#include "model/activity.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "util/array.h"

#define FIRST_WIDTH 100000	/* ns; doubled as the recording goes on */

static struct activity_task task_of(int32_t pid, const char *comm)
{
	struct activity_task task = { .pid = pid };

	memcpy(task.comm, comm, strnlen(comm, TASK_COMM_LEN - 1));
	return task;
}

static uint64_t hash_of(const struct activity_task *task)
{
	uint64_t comm[2];

	memcpy(comm, task->comm, sizeof(comm));
	return hash_add(hash_add(hash_add(0, (uint32_t)task->pid), comm[0]), comm[1]);
}

/* The table never has ACTIVITY_UNKNOWN, which is 0. */
static bool is_task(const void *tasks, uint32_t number, const void *key)
{
	return !memcmp((const struct activity_task *)tasks + number, key, sizeof(struct activity_task));
}

static uint32_t add_task(struct activity *a, const struct activity_task *task)
{
	struct activity_task *bigger;

	if (a->nr_tasks == ACTIVITY_TASKS)
		return ACTIVITY_OTHER;
	bigger = grow(a->tasks, &a->cap_tasks, a->nr_tasks, sizeof(*bigger));
	if (!bigger)
		return ACTIVITY_OTHER;
	a->tasks = bigger;
	if (a->nr_tasks >= ACTIVITY_NAMED && table_add(&a->by_name, hash_of(task), (uint32_t)a->nr_tasks))
		return ACTIVITY_OTHER;
	a->tasks[a->nr_tasks] = *task;
	return (uint32_t)a->nr_tasks++;
}

static uint32_t find_task(const struct activity *a, const struct activity_task *task)
{
	return task->pid ? table_find(&a->by_name, hash_of(task), is_task, a->tasks, task) : ACTIVITY_IDLE;
}

uint32_t activity_find(const struct activity *a, int32_t pid, const char *comm)
{
	struct activity_task task = task_of(pid, comm);

	return find_task(a, &task);
}

uint32_t activity_task(struct activity *a, int32_t pid, const char *comm)
{
	struct activity_task task = task_of(pid, comm);
	uint32_t found = find_task(a, &task);

	return found != ACTIVITY_UNKNOWN ? found : add_task(a, &task);
}

struct activity *activity_new(uint64_t from)
{
	struct activity *a = calloc(1, sizeof(*a));

	if (!a)
		return NULL;
	a->from = from;
	a->width = FIRST_WIDTH;
	a->cap_slots = ACTIVITY_SLOTS;
	a->switches_left = ACTIVITY_SWITCHES;
	a->scans = calloc(a->cap_slots, sizeof(*a->scans));
	for (int i = 0; i < ACTIVITY_NAMED; i++)
		add_task(a, &(struct activity_task){ .pid = i == ACTIVITY_IDLE ? 0 : -1 });
	if (!a->scans || a->nr_tasks < ACTIVITY_NAMED)
		return activity_free(a);
	return a;
}

struct activity *activity_free(struct activity *a)
{
	for (size_t i = 0; a && i < ACTIVITY_CPUS; i++)
		free(a->rows[i].cells);
	if (a) {
		free(a->scans);
		free(a->tasks);
		table_clear(&a->by_name);
	}
	free(a);
	return NULL;
}

static struct activity_cell merged(const struct activity_cell *x, const struct activity_cell *y)
{
	const struct activity_cell *top = x->top_ns >= y->top_ns ? x : y;

	return (struct activity_cell){ .busy = x->busy + y->busy, .idle = x->idle + y->idle, .top = top->top,
		.top_ns = x->top == y->top ? x->top_ns + y->top_ns : top->top_ns };
}

static void coarsen_row(struct activity_row *row, size_t nr)
{
	for (size_t i = 0; i < nr / 2; i++)
		row->cells[i] = merged(&row->cells[2 * i], &row->cells[2 * i + 1]);
	memset(row->cells + nr / 2, 0, (nr - nr / 2) * sizeof(*row->cells));
	row->tally.slot /= 2;
}

static void coarsen(struct activity *a)
{
	for (size_t i = 0; i < ACTIVITY_CPUS; i++)
		if (a->rows[i].cells)
			coarsen_row(&a->rows[i], a->cap_slots);
	for (size_t i = 0; i < a->cap_slots / 2; i++) {
		const struct scan_cell *x = &a->scans[2 * i], *y = &a->scans[2 * i + 1];

		a->scans[i] = (struct scan_cell){ x->scans + y->scans, x->scanned + y->scanned, x->skipped + y->skipped,
			x->unsaid + y->unsaid };
	}
	memset(a->scans + a->cap_slots / 2, 0, a->cap_slots / 2 * sizeof(*a->scans));
	a->width *= 2;
	a->nr_slots = (a->nr_slots + 1) / 2;
}

/* The cell that @ts is in, made if necessary. */
static size_t slot_at(struct activity *a, uint64_t ts)
{
	uint64_t since = ts > a->from ? ts - a->from : 0;

	while (since / a->width >= a->cap_slots)
		coarsen(a);
	if (since / a->width >= a->nr_slots)
		a->nr_slots = since / a->width + 1;
	return since / a->width;
}

static struct activity_row *row_of(struct activity *a, unsigned int cpu)
{
	struct activity_row *row = &a->rows[cpu];

	if (row->cells)
		return row;
	while (a->cap_slots > 2 && (a->nr_rows + 1) * a->cap_slots > ACTIVITY_CELLS) {
		if (a->nr_slots > a->cap_slots / 2)
			coarsen(a);
		a->cap_slots /= 2;
	}
	row->cells = calloc(a->cap_slots, sizeof(*row->cells));
	a->nr_rows += row->cells != NULL;
	return row->cells ? row : NULL;
}

/* Add to the time of @task in the current cell, and return it. If too many tasks share the cell, drop the least one. */
static uint64_t tally_add(struct activity_tally *t, size_t slot, uint32_t task, uint64_t ns)
{
	size_t at = 0, least = 0;

	if (t->slot != slot)
		*t = (struct activity_tally){ .slot = slot };
	for (; at < t->nr && t->of[at].task != task; at++)
		least = t->of[at].ns < t->of[least].ns ? at : least;
	if (at == t->nr && t->nr == sizeof(t->of) / sizeof(t->of[0]))
		at = least;
	else if (at == t->nr)
		t->nr++;
	if (t->of[at].task != task) {
		t->of[at].task = task;
		t->of[at].ns = 0;
	}
	return t->of[at].ns += ns;
}

static void add_to_cell(struct activity_row *row, size_t slot, uint32_t task, uint64_t ns)
{
	struct activity_cell *c = &row->cells[slot];
	uint64_t had;

	if (task == ACTIVITY_IDLE) {
		c->idle += ns;
		return;
	}
	c->busy += ns;
	had = tally_add(&row->tally, slot, task, ns);
	if (had > c->top_ns) {
		c->top_ns = had;
		c->top = task;
	}
}

int activity_ran(struct activity *a, unsigned int cpu, uint64_t from, uint64_t to, uint32_t task)
{
	struct activity_row *row;
	size_t last;

	a->cpus_left_out |= cpu >= ACTIVITY_CPUS;
	if (cpu >= ACTIVITY_CPUS || from < a->from || to <= from)
		return 0;
	row = row_of(a, cpu);
	if (!row)
		return -ENOMEM;
	last = slot_at(a, to - 1);
	for (size_t i = (from - a->from) / a->width; i <= last; i++) {
		uint64_t begin = a->from + i * a->width, end = begin + a->width;

		add_to_cell(row, i, task, (to < end ? to : end) - (from > begin ? from : begin));
	}
	return 0;
}

void activity_scanned(struct activity *a, uint64_t ts, uint64_t scanned, struct known skipped)
{
	struct scan_cell *c = &a->scans[slot_at(a, ts)];

	c->scans++;
	if (scanned > INT64_MAX - c->scanned)	/* a damaged count */
		return;
	c->scanned += scanned;
	if (skipped.is && (uint64_t)skipped.v <= scanned)
		c->skipped += (uint64_t)skipped.v;
	else
		c->unsaid++;
}
