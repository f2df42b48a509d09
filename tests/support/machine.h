/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * machine.h - a small machine with a scheduler, whose CPUs can freeze
 *
 * Say which tasks live on which CPU and when CPUs have interrupts off; machine_play() then adds the sched events that
 * follow: on a frozen CPU no timer fires and nothing is switched; what was due comes right after the thaw, in hardirq
 * context, one after the other. A task woken from another CPU has its sched_waking on time and its sched_wakeup after
 * the thaw. Events of one's own may be added to the scene besides.
 *
 *	struct machine *m = machine_new(s, FROM, TO);
 *	struct machine_task *cam = machine_periodic(m, 3, TASK("cam_front", 307), 33 * MS, 5 * MS, MS / 2);
 *
 *	machine_subscriber(m, 4, TASK("cam_front_sub", 308), cam, MS / 4);
 *	machine_hold(m, 5, TASK("kswapd0", 68), FROM + SEC, FROM + 2 * SEC, (struct isolate){ .scanned = ... });
 *	machine_freeze(m, 3, TASK("map_worker0", 325), FROM + SEC + 20 * MS, FROM + 2 * SEC + 3 * US);
 *	machine_play(m);
 */
#ifndef VMSTALL_TEST_MACHINE_H
#define VMSTALL_TEST_MACHINE_H

#include "story.h"

#define US  UINT64_C(1000)
#define MS  UINT64_C(1000000)
#define SEC UINT64_C(1000000000)

#define TASK(comm_, pid_) ((struct task){ .comm = comm_, .pid = pid_, .prio = 120 })

struct machine;
struct machine_task;

/* @from and @to: what is recorded. */
struct machine *machine_new(struct scene *s, uint64_t from, uint64_t to);

/* Sleeps until from + phase + n * period, on a timer of its CPU, then runs for @run ns. */
struct machine_task *machine_periodic(struct machine *m, unsigned int cpu, struct task task, uint64_t period,
	uint64_t phase, uint64_t run);
/* Sleeps until @publisher has run, which wakes it just before it sleeps itself. */
struct machine_task *machine_subscriber(struct machine *m, unsigned int cpu, struct task task,
	struct machine_task *publisher, uint64_t run);
/* Runs whenever no one else does: its CPU is never idle. One a CPU. */
struct machine_task *machine_hog(struct machine *m, unsigned int cpu, struct task task);

/*
 * When a task that was woken gets its CPU although somebody computes there: at once (all 0), after @least and up to
 * @spread more, or at the next of the times @at, @at + @every... of the clock. It is what a light cgroup, or who waits for
 * a SCHED_FIFO task to be throttled, gets of a scheduler at any time: nobody's stall.
 */
struct turn { uint64_t least, spread, every, at; };
void machine_takes_turns(struct machine_task *task, struct turn turn);

/*
 * The CPU has interrupts off from @from to @to and @task spins there: it is woken and switched to 10 us before, and
 * runs on for 50 us after. Nothing of the CPU's own is recorded in between.
 */
void machine_freeze(struct machine *m, unsigned int cpu, struct task task, uint64_t from, uint64_t to);
/* The same, and the task holds lru_lock: the isolate event comes 1 us before @to. */
void machine_hold(struct machine *m, unsigned int cpu, struct task task, uint64_t from, uint64_t to,
	struct isolate isolate);
/* The same without a newcomer: what runs there at @from, the idle task included, stops until @to. */
void machine_pause(struct machine *m, unsigned int cpu, uint64_t from, uint64_t to);

/* Is told of each stretch in which a task should have run and did not: the truth of it. */
typedef void machine_watch_fn(void *data, struct task who, uint64_t from, uint64_t to);
void machine_watch(struct machine *m, machine_watch_fn *fn, void *data);

/* Tell the scene all that happens, and free the machine. */
void machine_play(struct machine *m);

#endif
