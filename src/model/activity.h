/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * activity.h - who ran where, and how much reclaim scanned and skipped, in cells of time over the whole recording
 *
 * For pictures, and bounded whatever the recording's length: a cell is as long as it has to be, and doubles when
 * there are too many. Collected only where analysis_options.activity asks for it; report.activity then owns it,
 * and the stalls have their close-ups. Times are ns on the recording's clock. Source: sched_switch for who ran,
 * mm_vmscan_lru_isolate for the pages (KERNEL-FACTS 1.2, 1.4).
 */
#ifndef VMSTALL_ACTIVITY_H
#define VMSTALL_ACTIVITY_H

#include "model/report.h"
#include "util/table.h"

enum {
	ACTIVITY_SLOTS = 2048,		/* cells of one CPU, at most: fewer where there are many CPUs */
	ACTIVITY_CELLS = 131072,	/* of all CPUs together */
	ACTIVITY_CPUS  = 1024,		/* those above are left out */
	ACTIVITY_TASKS = 16384,		/* names kept; a task beyond them is ACTIVITY_OTHER */
	ACTIVITY_SWITCHES = 160000,	/* in the close-ups of all stalls together */
};

/* What stands in activity.tasks before the tasks themselves. */
enum { ACTIVITY_UNKNOWN, ACTIVITY_IDLE, ACTIVITY_OTHER, ACTIVITY_NAMED };

struct activity_task { int32_t pid; char comm[TASK_COMM_LEN]; };

/**
 * struct activity_cell - one CPU in one cell of time
 * @busy, @idle: ns; what they lack of the cell's width was not recorded
 * @top: index of the task that ran longest, for at least @top_ns; ACTIVITY_UNKNOWN: none ran
 */
struct activity_cell { uint64_t busy, idle, top_ns; uint32_t top; };

/* The tasks that ran longest in the cell that is being filled. */
struct activity_tally { size_t slot, nr; struct { uint32_t task; uint64_t ns; } of[8]; };

/* @cells: cap_slots of them; NULL: the CPU wrote nothing. */
struct activity_row { struct activity_cell *cells; struct activity_tally tally; };

/* Isolate events of all CPUs, and the pages in them; those without a number of skipped pages are @unsaid. */
struct scan_cell { uint64_t scans, scanned, skipped, unsaid; };

/**
 * struct activity - see above
 * @from: where cell 0 begins; @width: of a cell; @nr_slots: cells in use, of @cap_slots
 * @has_switches: sched_switch is recorded; else nothing is known about CPUs
 * @cpus_left_out: some had a number of ACTIVITY_CPUS or more
 * @switches_left: of ACTIVITY_SWITCHES, for the close-ups to come
 */
struct activity {
	uint64_t from, width;
	size_t nr_slots, cap_slots;
	struct activity_row rows[ACTIVITY_CPUS];
	size_t nr_rows;			/* that have cells */
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
/* The same without adding it: ACTIVITY_UNKNOWN where it has none. */
uint32_t activity_find(const struct activity *a, int32_t pid, const char *comm);
/* @task was on @cpu in [@from, @to], which begins where what was told of this CPU ends, or later. 0 or -ENOMEM. */
int activity_ran(struct activity *a, unsigned int cpu, uint64_t from, uint64_t to, uint32_t task);
/* An isolate event. */
void activity_scanned(struct activity *a, uint64_t ts, uint64_t scanned, struct known skipped);

#endif
