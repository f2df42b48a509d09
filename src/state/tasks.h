/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * tasks.h - what every task is doing, and its wake-ups so far, from the sched events
 *
 * Tasks are keyed by pid; pid 0, the idle task, is not a task here. A task exists from the first event
 * that names it. Its state is TASK_UNKNOWN until an event shows the state.
 */
#ifndef VMSTALL_TASKS_H
#define VMSTALL_TASKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/rules.h"
#include "state/habits.h"
#include "vmstall/event.h"

enum task_state { TASK_UNKNOWN, TASK_RUNNING, TASK_RUNNABLE, TASK_SLEEPING, TASK_BLOCKED, TASK_DEAD, NR_TASK_STATES };

#define WAKE_HISTORY	 16
#define WAKER_INTERRUPT	 (-1)	/* woken from hardirq or softirq context: a timer, a device */
#define WAKER_UNKNOWN	 (-2)	/* it ran again and no record says why */

struct wake { uint64_t ts; uint64_t slept; int32_t waker; };

/**
 * struct task - one thread
 * @since:   when @state began, ns
 * @cpu:     where it runs, is queued, or last ran; valid when @has_cpu
 * @queued_cpu: where its current wait for a CPU began; another CPU may have pulled it since
 * @prio:    the kernel's (lower is more urgent; 120 is nice 0); valid when @has_prio
 * @parent:  the task that forked it, 0: not seen
 * @left_free: it left its CPU without a sleeping spinlock, and has not run since
 * @free_ns: when a record last showed that it held no sleeping spinlock (tasks_show_free()); 0: never
 * @spent:   ns in each state before the present one; tasks_spent()
 * @wakes:   its last wake-ups, a ring; @nr_wakes counts all
 * @habits:  what it does when nothing holds it up, from the whole scan; NULL: nothing is known
 */
struct task {
	int32_t pid, prio, parent;
	char comm[TASK_COMM_LEN];
	uint8_t state;
	bool has_cpu, has_prio, left_free;
	uint16_t cpu, queued_cpu;
	uint64_t since, free_ns;
	uint64_t spent[NR_TASK_STATES];
	uint32_t nr_wakes;
	struct wake wakes[WAKE_HISTORY];
	struct habits *habits;
};

struct tasks {
	struct task **slots;	/* open addressing by pid */
	size_t nr, cap;
	bool states_shifted;	/* 4.15 writes prev_state one bit too high (KERNEL-FACTS 1.4) */
	bool has_wakes;		/* wake-ups are recorded */
	bool has_switches;	/* switches are recorded: without them nobody knows who ran when */
	struct rule_samples *samples;	/* takes how late timers are here, by @rules; NULL: not wanted */
	const struct rules *rules;
	bool has_pinned;	/* the recording's preempt count tells which tasks may not migrate */
	bool watches_habits;	/* during the scan */
	uint64_t now;		/* the last event's time */
	struct held held;	/* scans that may have held lru_lock; kept while habits are watched */
};

/* NULL: no event has named it. */
struct task *tasks_find(const struct tasks *t, int32_t pid);
/*
 * Find the task or make it. NULL: pid 0 or negative, or out of memory (then t->nr did not grow). Making room frees exited
 * tasks: a pointer to an exited task is valid only until the next call.
 */
struct task *tasks_get(struct tasks *t, int32_t pid);
/* The state in which a switch left its task, enum task_state_bits. Undoes the shift of 4.15 once the shift was seen. */
int64_t tasks_prev_state(const struct tasks *t, const struct ev_switch *sw);
/*
 * Does @ev show that its task holds no spinlock? Call it before @ev is followed. On PREEMPT_RT a spinlock sleeps, and a task
 * that holds one may not migrate (rt_spin_lock()). Where records do not say whether a task may migrate, look for something
 * that no task does with lru_lock held. An interrupt on top of the task shows nothing, and neither does its preemption.
 */
bool tasks_show_free(const struct tasks *t, const struct event *ev);
/* Does the wake-up @ev end an uninterruptible sleep? Call it before @ev is followed. */
bool tasks_wakes_blocked(const struct tasks *t, const struct event *ev);
/*
 * @ev is a record of its task, so the task runs on that CPU, even if no switch has shown it: one that computes all day is never
 * switched in. Returns 0 or -ENOMEM.
 */
int tasks_runs(struct tasks *t, const struct event *ev);
/* Follow one event. Returns 0 or -ENOMEM. */
int tasks_event(struct tasks *t, const struct event *ev);
/*
 * @task was SILENT, QUEUED or ASLEEP from @from to @to, in the scan: count it among its habits, unless scans that may have held
 * lru_lock cover most of it. Returns 0 or -ENOMEM.
 */
int tasks_habit(const struct tasks *t, struct task *task, enum habit_kind kind, uint64_t from, uint64_t to);
/* Forget states and rhythms, keep names and habits. Call it where the replay has a gap. */
void tasks_forget(struct tasks *t);
void tasks_clear(struct tasks *t);

/* ns that @task was in @state until @now. Only the difference of two readings means something. */
static inline uint64_t tasks_spent(const struct task *task, enum task_state state, uint64_t now)
{
	return task->spent[state] + (task->state == state && now > task->since ? now - task->since : 0);
}

/* To visit all tasks, let i run from 0 while i < t->cap. NULL: an empty slot. */
static inline struct task *tasks_at(const struct tasks *t, size_t i)
{
	return t->slots[i];
}

#endif
