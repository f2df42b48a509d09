/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * tasks.h - what every task is doing, and the rhythm it used to have, as sched events tell it
 *
 * Keyed by pid; pid 0, the idle task, is not a task here. A task that no event has named yet does not
 * exist; one whose state no event has told is TASK_UNKNOWN.
 */
#ifndef VMSTALL_TASKS_H
#define VMSTALL_TASKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/rules.h"
#include "vmstall/event.h"

enum task_state { TASK_UNKNOWN, TASK_RUNNING, TASK_RUNNABLE, TASK_SLEEPING, TASK_BLOCKED, TASK_DEAD, NR_TASK_STATES };

#define WAKE_HISTORY	 16
#define WAKER_INTERRUPT	 (-1)	/* woken from hardirq or softirq context: a timer, a device */
#define WAKER_UNKNOWN	 (-2)	/* it ran again and nobody recorded why */

struct wake { uint64_t ts; uint64_t slept; int32_t waker; };

/**
 * struct task - one thread
 * @since:   when @state began, ns; @state_lost: a loss on a CPU since makes it doubtful
 * @cpu:     where it runs, is queued, or last ran; valid when @has_cpu
 * @queued_cpu: where its present wait for a CPU began; another may have pulled it since
 * @prio:    the kernel's (lower is more urgent; 120 is nice 0); valid when @has_prio
 * @parent:  who forked it, 0: not seen
 * @left_free: it left its CPU without a sleeping spinlock, and has not run since
 * @free_ns: when it last showed that it held no sleeping spinlock (tasks_show_free()); 0: it has not
 * @spent:   ns in each state before the present one; tasks_spent()
 * @wakes:   its last wake-ups, a ring; @nr_wakes counts all
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
};

struct tasks {
	struct task **slots;	/* open addressing by pid */
	size_t nr, cap;
	bool states_shifted;	/* 4.15 writes prev_state one bit too high (KERNEL-FACTS 1.4) */
	bool has_wakes;		/* wake-ups are recorded */
	struct rule_samples *samples;	/* how late timers are here, by @rules; NULL: nobody wants to know */
	const struct rules *rules;
	bool has_pinned;	/* the recording's preempt count tells who may not migrate */
};

/* NULL: not seen. */
struct task *tasks_find(const struct tasks *t, int32_t pid);
/*
 * Find or make. NULL: pid 0 or negative, or out of memory (then t->nr did not grow). Making room frees tasks that
 * have exited: a pointer to one of those is good until the next call only.
 */
struct task *tasks_get(struct tasks *t, int32_t pid);
/* The state that a switch left its task in, enum task_state_bits, with 4.15's shift undone as far as that was seen. */
int64_t tasks_prev_state(const struct tasks *t, const struct ev_switch *sw);
/*
 * On PREEMPT_RT a spinlock sleeps, and who holds one may not migrate (rt_spin_lock()). Does @ev, before it is followed,
 * show its task with none? Where migration is not on record: does the task do what nobody does with lru_lock held?
 * Interrupts in its name and its preemption show nothing.
 */
bool tasks_show_free(const struct tasks *t, const struct event *ev);
/* Does the wake-up @ev, before it is followed, end an uninterruptible sleep? */
bool tasks_wakes_blocked(const struct tasks *t, const struct event *ev);
/* Follow one event. Returns 0 or -ENOMEM. */
int tasks_event(struct tasks *t, const struct event *ev);
/* Forget states and rhythms, keep names: there is a gap in what is replayed. */
void tasks_forget(struct tasks *t);
void tasks_clear(struct tasks *t);

/* ns that @task was in @state until @now. The difference of two readings is what counts. */
static inline uint64_t tasks_spent(const struct task *task, enum task_state state, uint64_t now)
{
	return task->spent[state] + (task->state == state && now > task->since ? now - task->since : 0);
}

/* Visit: i from 0 while i < t->cap; NULL slots are empty. */
static inline struct task *tasks_at(const struct tasks *t, size_t i)
{
	return t->slots[i];
}

#endif
