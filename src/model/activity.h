/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * activity.h - which task ran where, and how much reclaim scanned and skipped, in cells of time over the whole recording
 *
 * The cells are for pictures. Their number is bounded whatever the recording's length: when there are too many, the
 * length of a cell doubles. They are collected only if analysis_options.activity asks for them. Then report.activity
 * owns them, and the stalls have their close-ups. Times are ns on the recording's clock. The tasks come from
 * sched_switch, the pages from mm_vmscan_lru_isolate (KERNEL-FACTS 1.2, 1.4).
 */
#ifndef VMSTALL_ACTIVITY_H
#define VMSTALL_ACTIVITY_H

#include "model/report.h"
#include "util/table.h"

enum {
	ACTIVITY_SLOTS = 2048,		/* most cells of one CPU; fewer where there are many CPUs */
	ACTIVITY_CELLS = 131072,	/* most cells of all CPUs together */
	ACTIVITY_CPUS  = 1024,		/* CPUs with a higher number are left out */
	ACTIVITY_TASKS = 16384,		/* names kept; a task beyond them is ACTIVITY_OTHER */
	ACTIVITY_SWITCHES = 160000,	/* most switches in the close-ups of all stalls together */
};

/* The first entries of activity.tasks; the tasks themselves follow. */
enum { ACTIVITY_UNKNOWN, ACTIVITY_IDLE, ACTIVITY_OTHER, ACTIVITY_NAMED };

struct activity_task { int32_t pid; char comm[TASK_COMM_LEN]; };

/**
 * struct activity_cell - one CPU in one cell of time
 * @busy, @idle: ns; the rest of the cell's width was not recorded
 * @top: index of the task that ran longest, for at least @top_ns; ACTIVITY_UNKNOWN: none ran
 */
struct activity_cell { uint64_t busy, idle, top_ns; uint32_t top; };

/* The tasks that ran longest in the cell being filled. */
struct activity_tally { size_t slot, nr; struct { uint32_t task; uint64_t ns; } of[8]; };

/* @cells: cap_slots of them; NULL: the CPU wrote nothing. */
struct activity_row { struct activity_cell *cells; struct activity_tally tally; };

/* The isolate events of all CPUs and their pages. @unsaid: how many events do not give the number of skipped pages. */
struct scan_cell { uint64_t scans, scanned, skipped, unsaid; };

/**
 * struct activity - see above
 * @from: when cell 0 begins; @width: of a cell, ns; @nr_slots: cells in use, of @cap_slots
 * @has_switches: sched_switch is recorded; without it nothing is known about CPUs
 * @cpus_left_out: some CPUs have a number of ACTIVITY_CPUS or more
 * @switches_left: what the close-ups so far have left of ACTIVITY_SWITCHES
 */
struct activity {
	uint64_t from, width;
	size_t nr_slots, cap_slots;
	struct activity_row rows[ACTIVITY_CPUS];
	size_t nr_rows;			/* rows that have cells */
	struct scan_cell *scans;
	bool has_switches, cpus_left_out;
	struct activity_task *tasks;
	size_t nr_tasks, cap_tasks, switches_left;
	struct table by_name;		/* of tasks from ACTIVITY_NAMED on */
};

/* activity.c. @from: time of the recording's first record. NULL: out of memory. */
struct activity *activity_new(uint64_t from);
struct activity *activity_free(struct activity *a);	/* NULL is fine; returns NULL */
/* The index of a task, the same for the same pid and name. ACTIVITY_OTHER: there are too many. Pid 0 is idle. */
uint32_t activity_task(struct activity *a, int32_t pid, const char *comm);
/* The same without adding the task. ACTIVITY_UNKNOWN: it has no index. */
uint32_t activity_find(const struct activity *a, int32_t pid, const char *comm);
/* @task was on @cpu in [@from, @to]. Calls for one CPU must be in time order, without overlap. Returns 0 or -ENOMEM. */
int activity_ran(struct activity *a, unsigned int cpu, uint64_t from, uint64_t to, uint32_t task);
/* Add the pages of an isolate event. */
void activity_scanned(struct activity *a, uint64_t ts, uint64_t scanned, struct known skipped);

#endif
