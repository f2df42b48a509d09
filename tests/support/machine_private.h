/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* machine_private.h - the parts of the test machine, for its own files */
#ifndef VMSTALL_TEST_MACHINE_PRIVATE_H
#define VMSTALL_TEST_MACHINE_PRIVATE_H

#include "machine.h"

enum { MAX_TASKS = 256, AFTER_THAW = 50000, BEFORE_FREEZE = 10000 }; /* ns */

struct machine_task {
	struct task who;
	unsigned int cpu;
	bool hog, awake, late;       /* late: its timer, or the interrupt that wakes it, is pending on a frozen CPU */
	bool waking_told;            /* by another CPU, while its own was frozen */
	bool turn_late;              /* its turn came on a frozen CPU */
	struct turn turn;
	uint64_t period, phase, run; /* period 0: sleeps until someone wakes it */
	uint64_t left;               /* to run, when it is on no CPU */
	uint64_t due;                /* should run since then and does not; 0: nothing to do, or it runs */
	uint64_t timer;              /* when its timer was last to fire */
	struct machine_task *subscriber; /* woken when it has run; then that one's @sibling */
	struct machine_task *sibling;
	struct machine_task *next; /* in the run queue */
};

struct machine_cpu {
	struct machine_task *current, *hog, *queue; /* current NULL: idle */
	uint64_t clock;
	bool frozen;
};

enum todo_kind { DO_TIMER, DO_SLEEP, DO_FREEZE, DO_THAW, DO_TURN };
struct todo {
	uint64_t ts, until;
	enum todo_kind kind;
	unsigned int cpu;
	struct machine_task *task;
	struct isolate isolate;
	bool holds;
};

struct machine {
	struct scene *s;
	uint64_t from, to;
	struct machine_cpu *cpus;
	struct machine_task *tasks[MAX_TASKS];
	size_t nr_tasks, nr_todo, cap_todo;
	struct todo *todo;
	machine_watch_fn *watch;
	void *watch_data;
};

/* machine_plan.c: what is to be done when. */
void plan(struct machine *m, struct todo todo);
void forget(struct machine *m, struct todo *todo);
/* Take the earliest; of a time, what was planned first. False: nothing is left. */
bool take_next(struct machine *m, struct todo *ret);
/* When the task on a CPU is to stop running; NULL: not planned. */
struct todo *end_of_run(struct machine *m, const struct machine_task *task);
/* It should run from @ts on. */
static inline void is_due(struct machine_task *task, uint64_t ts)
{
	if (!task->due)
		task->due = ts;
}
/* Arm the task's timer for its next own time after @now; without a period it has none. */
void arm(struct machine *m, struct machine_task *task, uint64_t now);

/* machine_cpu.c: who has a CPU, who waits for it. */
void switch_to(struct machine *m, unsigned int cpu, uint64_t ts, struct machine_task *next, int64_t state);
/* Give the CPU to who waits for it, if it is idle or a hog has it. */
void schedule(struct machine *m, unsigned int cpu, uint64_t ts);
/* The interrupt on its own CPU that makes the task runnable. */
void wake_by_interrupt(struct machine *m, struct machine_task *task, uint64_t ts);
void do_timer(struct machine *m, struct machine_task *task, uint64_t ts);
void do_sleep(struct machine *m, struct machine_task *task, uint64_t ts);
void do_turn(struct machine *m, struct machine_task *task, uint64_t ts);
/* Of who takes turns, when its CPU thaws: so much the freeze cost it, and what comes is its own wait again. */
void settle_turn(struct machine *m, struct machine_task *task, uint64_t ts);

/* machine_freeze.c: a CPU with interrupts off. */
void do_freeze(struct machine *m, const struct todo *freeze);
void do_thaw(struct machine *m, unsigned int cpu, uint64_t ts);

#endif
