// SPDX-License-Identifier: LGPL-2.1-or-later
/* tasks.c - which task runs, waits or sleeps, and since when? */
#include "state/tasks.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static size_t slot_of(const struct tasks *t, int32_t pid)
{
	size_t at = ((uint32_t)pid * UINT32_C(2654435769)) & (t->cap - 1);

	while (t->slots[at] && t->slots[at]->pid != pid)
		at = (at + 1) & (t->cap - 1);
	return at;
}

struct task *tasks_find(const struct tasks *t, int32_t pid)
{
	return t->cap ? t->slots[slot_of(t, pid)] : NULL;
}

static void task_free(struct task *task)
{
	if (task)
		free(task->habits);
	free(task);
}

/* Make room. Exited tasks are removed first: a machine that forks all day must not fill the memory. */
static int tasks_grow(struct tasks *t)
{
	struct tasks bigger = { .cap = 256 };
	size_t alive = 0;

	for (size_t i = 0; i < t->cap; i++)
		alive += t->slots[i] && t->slots[i]->state != TASK_DEAD;
	while (bigger.cap < 4 * (alive + 1))
		bigger.cap *= 2;
	bigger.slots = calloc(bigger.cap, sizeof(*bigger.slots));
	if (!bigger.slots)
		return -ENOMEM;
	for (size_t i = 0; i < t->cap; i++) {
		struct task *task = t->slots[i];

		if (task && task->state != TASK_DEAD)
			bigger.slots[slot_of(&bigger, task->pid)] = task;
		else
			task_free(task);
	}
	free(t->slots);
	t->slots = bigger.slots;
	t->cap = bigger.cap;
	t->nr = alive;
	return 0;
}

struct task *tasks_get(struct tasks *t, int32_t pid)
{
	struct task *task;

	if (pid <= 0)
		return NULL;
	if (2 * (t->nr + 1) > t->cap && tasks_grow(t))
		return NULL;
	task = t->slots[slot_of(t, pid)];
	if (task)
		return task;
	task = calloc(1, sizeof(*task));
	if (!task)
		return NULL;
	task->pid = pid;
	t->slots[slot_of(t, pid)] = task;
	t->nr++;
	return task;
}

static void enter(struct task *task, enum task_state state, uint64_t ts, uint16_t cpu)
{
	task->spent[task->state] += ts - task->since;
	task->state = (uint8_t)state;
	task->since = ts;
	task->cpu = task->queued_cpu = cpu;
	task->has_cpu = true;
}

static void named(struct task *task, const char *comm, int32_t prio)
{
	memcpy(task->comm, comm, sizeof(task->comm));
	task->prio = prio;
	task->has_prio = true;
}

int tasks_habit(const struct tasks *t, struct task *task, enum habit_kind kind, uint64_t from, uint64_t to)
{
	if (!t->watches_habits || to <= from || held_mostly(&t->held, from, to))
		return 0;
	if (!task->habits)
		task->habits = calloc(1, sizeof(*task->habits));
	if (!task->habits)
		return -ENOMEM;
	habit_add(&task->habits->of[kind], to - from);
	return 0;
}

static int woken(const struct tasks *t, struct task *task, uint64_t ts, int32_t waker)
{
	bool asleep = task->state == TASK_SLEEPING || task->state == TASK_BLOCKED;
	struct wake *w = &task->wakes[task->nr_wakes++ % WAKE_HISTORY];

	*w = (struct wake){ .ts = ts, .slept = asleep ? ts - task->since : 0, .waker = waker };
	return asleep ? tasks_habit(t, task, HABIT_ASLEEP, task->since, ts) : 0;
}

/* The idle task is always runnable. So an idle task that leaves its CPU in state 1 shows that states are shifted. */
static bool is_shifted(const struct tasks *t, const struct ev_switch *sw)
{
	return t->states_shifted || (!sw->prev_pid && sw->prev_state == 1);
}

int64_t tasks_prev_state(const struct tasks *t, const struct ev_switch *sw)
{
	return is_shifted(t, sw) && sw->prev_state != TASK_ST_PREEMPTED ? sw->prev_state >> 1 : sw->prev_state;
}

static enum task_state left_in(int64_t state)
{
	if (state & (TASK_ST_DEAD | TASK_ST_ZOMBIE))
		return TASK_DEAD;
	if (state & TASK_ST_UNINTERRUPTIBLE)
		return TASK_BLOCKED;
	return state && state != TASK_ST_PREEMPTED ? TASK_SLEEPING : TASK_RUNNABLE;
}

static int leaves(struct tasks *t, const struct event *ev)
{
	int64_t state = tasks_prev_state(t, &ev->sw);
	struct task *task = tasks_get(t, ev->sw.prev_pid);

	t->states_shifted = is_shifted(t, &ev->sw);
	if (!task)
		return ev->sw.prev_pid > 0 ? -ENOMEM : 0;
	named(task, ev->sw.prev_comm, ev->sw.prev_prio);
	task->left_free = tasks_show_free(t, ev);
	enter(task, left_in(state), ev->ts, ev->cpu);
	return 0;
}

static int comes(struct tasks *t, const struct event *ev)
{
	struct task *task = tasks_get(t, ev->sw.next_pid);
	int err = 0;

	if (!task)
		return ev->sw.next_pid > 0 ? -ENOMEM : 0;
	named(task, ev->sw.next_comm, ev->sw.next_prio);
	if (task->state == TASK_SLEEPING || task->state == TASK_BLOCKED)
		err = woken(t, task, ev->ts, WAKER_UNKNOWN);
	else if (task->state == TASK_RUNNABLE)
		err = tasks_habit(t, task, HABIT_QUEUED, task->since, ev->ts);
	if (task->left_free)
		task->free_ns = ev->ts;
	task->left_free = false;
	enter(task, TASK_RUNNING, ev->ts, ev->cpu);
	return err;
}

/* Handle one task after the other: making room for the next task may free the previous one, if it has exited. */
static int on_switch(struct tasks *t, const struct event *ev)
{
	int err = leaves(t, ev);

	return err ? err : comes(t, ev);
}

/*
 * Sample how late an interrupt woke a task of even intervals, compared with its last interval. An interval twice as long
 * is not counted: there the task missed a wake-up, which is not lateness.
 */
static int sample_lateness(const struct tasks *t, const struct task *task, const struct event *ev)
{
	const struct wake *w[3];
	uint64_t before, last, now, room;

	if (!t->samples || task->nr_wakes < 3 || !event_in_interrupt(ev))
		return 0;
	for (uint32_t i = 0; i < 3; i++)
		w[i] = &task->wakes[(task->nr_wakes - 3 + i) % WAKE_HISTORY];
	before = w[1]->ts - w[0]->ts;
	last = w[2]->ts - w[1]->ts;
	now = ev->ts - w[2]->ts;
	room = (uint64_t)(rule(t->rules, RULE_PERIOD_ROOM) * (double)last);
	if (before > last + room || before < last - room || now < last - room || now >= 2 * last)
		return 0;
	return rules_sample(t->samples, RULE_OVERDUE, now > last ? now - last : 0);
}

static int on_wake(struct tasks *t, const struct event *ev)
{
	struct task *task = tasks_get(t, ev->wakeup.pid);
	uint16_t target = ev->wakeup.target_cpu >= 0 && ev->wakeup.target_cpu <= UINT16_MAX
			? (uint16_t)ev->wakeup.target_cpu : ev->cpu;

	if (!task)
		return ev->wakeup.pid > 0 ? -ENOMEM : 0;
	named(task, ev->wakeup.comm, ev->wakeup.prio);
	if (task->state == TASK_RUNNABLE)
		task->cpu = task->queued_cpu = target;	/* sched_wakeup follows sched_waking and has the chosen CPU */
	if (task->state == TASK_RUNNABLE || task->state == TASK_RUNNING)
		return 0;
	if (sample_lateness(t, task, ev) || woken(t, task, ev->ts, event_in_interrupt(ev) ? WAKER_INTERRUPT : ev->pid))
		return -ENOMEM;
	enter(task, TASK_RUNNABLE, ev->ts, target);
	return 0;
}

static int on_migrate(struct tasks *t, const struct event *ev)
{
	struct task *task = tasks_get(t, ev->migrate.pid);

	if (!task)
		return ev->migrate.pid > 0 ? -ENOMEM : 0;
	named(task, ev->migrate.comm, ev->migrate.prio);
	if (ev->migrate.dest_cpu >= 0 && ev->migrate.dest_cpu <= UINT16_MAX) {
		task->cpu = (uint16_t)ev->migrate.dest_cpu;
		task->has_cpu = true;
	}
	return 0;
}

static int on_fork(struct tasks *t, const struct event *ev)
{
	struct task *child = tasks_get(t, ev->fork.child_pid);

	if (!child)
		return ev->fork.child_pid > 0 ? -ENOMEM : 0;
	free(child->habits);
	*child = (struct task){ .pid = child->pid, .parent = ev->fork.parent_pid };	/* a reused pid is a new task */
	memcpy(child->comm, ev->fork.child_comm, sizeof(child->comm));
	return 0;
}

static int on_exit_(struct tasks *t, const struct event *ev)
{
	struct task *task = tasks_get(t, ev->exit.pid);

	if (task && ev->exit.comm[0])
		memcpy(task->comm, ev->exit.comm, sizeof(task->comm));
	return 0;
}

bool tasks_wakes_blocked(const struct tasks *t, const struct event *ev)
{
	const struct task *task = tasks_find(t, ev->wakeup.pid);

	return task && task->state == TASK_BLOCKED;
}

bool tasks_show_free(const struct tasks *t, const struct event *ev)
{
	if (ev->kind == EVENT_SCHED_SWITCH && left_in(tasks_prev_state(t, &ev->sw)) != TASK_RUNNABLE)
		return true;	/* a task sleeps with an lru_lock held only while it waits for another lru_lock */
	if (event_pinned(ev) || ev->kind == EVENT_LOST)
		return false;
	if (t->has_pinned)
		return true;
	if (event_in_interrupt(ev) || ev->kind == EVENT_OTHER || ev->kind == EVENT_SCHED_MIGRATE || ev->kind == EVENT_SCHED_SWITCH)
		return false;
	/* An interrupt that returns wakes helper tasks, which sleep interruptibly; waiters of the lock are blocked. */
	return (ev->kind != EVENT_SCHED_WAKING && ev->kind != EVENT_SCHED_WAKEUP) || tasks_wakes_blocked(t, ev);
}

static void follow_free(struct tasks *t, const struct event *ev)
{
	struct task *task = ev->pid > 0 && tasks_show_free(t, ev) ? tasks_find(t, ev->pid) : NULL;

	t->has_pinned |= event_pinned(ev) > 0;
	if (task)
		task->free_ns = ev->ts;
}

int tasks_runs(struct tasks *t, const struct event *ev)
{
	struct task *task = t->has_switches ? tasks_get(t, ev->pid) : NULL;

	if (!task)
		return t->has_switches && ev->pid > 0 ? -ENOMEM : 0;
	if (task->state == TASK_UNKNOWN)
		enter(task, TASK_RUNNING, ev->ts, ev->cpu);
	return 0;
}

int tasks_event(struct tasks *t, const struct event *ev)
{
	int err = 0;

	t->now = ev->ts;
	follow_free(t, ev);
	switch (ev->kind) {
	case EVENT_SCHED_SWITCH:
		t->has_switches = true;
		err = on_switch(t, ev);
		break;
	case EVENT_SCHED_WAKING:
	case EVENT_SCHED_WAKEUP:
		t->has_wakes = true;
		err = on_wake(t, ev);
		break;
	case EVENT_SCHED_MIGRATE:
		err = on_migrate(t, ev);
		break;
	case EVENT_SCHED_FORK:
		err = on_fork(t, ev);
		break;
	case EVENT_SCHED_EXIT:
		err = on_exit_(t, ev);
		break;
	default:
		break;
	}
	return err;
}

void tasks_forget(struct tasks *t)
{
	for (size_t i = 0; i < t->cap; i++) {
		struct task *task = t->slots[i];

		if (!task)
			continue;
		if (t->watches_habits && task->habits)
			task->habits->ran_ns = tasks_spent(task, TASK_RUNNING, t->now);
		task->state = TASK_UNKNOWN;
		task->has_cpu = false;
		task->since = task->free_ns = 0;
		task->left_free = false;
		task->nr_wakes = 0;
	}
	t->watches_habits = false;
}

void tasks_clear(struct tasks *t)
{
	for (size_t i = 0; i < t->cap; i++)
		task_free(t->slots[i]);
	free(t->slots);
	*t = (struct tasks){ 0 };
}
