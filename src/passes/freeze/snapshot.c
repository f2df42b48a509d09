// SPDX-License-Identifier: LGPL-2.1-or-later
/* snapshot.c - take the state at the release, and note what happens next */
#include "passes/freeze/snapshot.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int take_cpus(struct snapshot *snap, const struct trackers *t, size_t nr_cpus)
{
	snap->cpus = calloc(nr_cpus ? nr_cpus : 1, sizeof(*snap->cpus));
	if (!snap->cpus)
		return -ENOMEM;
	snap->nr_cpus = nr_cpus;
	for (size_t i = 0; i < nr_cpus; i++) {
		const struct cpu_state *from = trackers_cpu(t, (unsigned int)i);
		struct snapshot_cpu *c = &snap->cpus[i];

		if (!from)
			continue;
		c->seen = true;
		c->silent_from = from->last;
		c->current = from->current;
		c->has_current = from->has_current;
		c->last_kind = from->last_kind;
	}
	return 0;
}

static bool has_pid(const void *tasks, uint32_t number, const void *pid)
{
	return ((const struct snapshot_task *)tasks)[number - 1].task.pid == *(const int32_t *)pid;
}

struct snapshot_task *snapshot_find(const struct snapshot *snap, int32_t pid)
{
	uint32_t number = table_find(&snap->by_pid, hash_add(0, (uint32_t)pid), has_pid, snap->tasks, &pid);

	return number ? &snap->tasks[number - 1] : NULL;
}

bool snapshot_runs_on_demand(const struct snapshot_task *s)
{
	static const char *const names[] = { "kworker/", "ksoftirqd/", "migration/", "kcompactd", "trace-cmd" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!strncmp(s->task.comm, names[i], strlen(names[i])))
			return true;
	return false;
}

/*
 * Are records of its CPU missing since @s fell asleep or was queued there? It may have run meanwhile. A thread that runs on demand may
 * have been woken on any CPU.
 */
static bool state_hidden(const struct trackers *t, const struct snapshot_task *s, uint64_t release)
{
	struct stretch hull = NO_STRETCH;

	if (s->task.has_cpu)
		hidden_widen(&t->hidden, snapshot_runs_on_demand(s) ? ANY_CPU : s->task.cpu, (struct stretch){ s->task.since, release },
			     &hull);
	return !stretch_empty(hull);
}

bool snapshot_doubtful(const struct snapshot *snap, const struct snapshot_task *s)
{
	if (!s->hidden)
		return false;
	if (s->task.state == TASK_RUNNABLE)
		return !(snap->has_wakes && s->ran_at && !s->woken_at);
	return s->task.state == TASK_SLEEPING && (!s->rhythm.regular || snapshot_runs_on_demand(s));
}

static int take_tasks(struct snapshot *snap, const struct trackers *t)
{
	snap->tasks = calloc(t->tasks.nr ? t->tasks.nr : 1, sizeof(*snap->tasks));
	if (!snap->tasks)
		return -ENOMEM;
	for (size_t i = 0; i < t->tasks.cap; i++) {
		const struct task *task = tasks_at(&t->tasks, i);
		struct snapshot_task *s = &snap->tasks[snap->nr_tasks];

		if (!task || task->state == TASK_UNKNOWN || task->state == TASK_DEAD)
			continue;
		s->task = *task;
		s->rhythm = rhythm_before(snap->rules, task, snap->release);
		s->waker = WAKER_UNKNOWN;
		s->hidden = state_hidden(t, s, snap->release);
		if (table_add(&snap->by_pid, hash_add(0, (uint32_t)task->pid), (uint32_t)++snap->nr_tasks))
			return -ENOMEM;
	}
	return 0;
}

int snapshot_take(struct snapshot *snap, const struct trackers *t, size_t nr_cpus)
{
	int err = take_cpus(snap, t, nr_cpus);

	snap->taken = true;
	snap->has_wakes = t->tasks.has_wakes;
	snap->has_switches = t->tasks.has_switches;
	return err ? err : take_tasks(snap, t);
}

/* Date the silence from the CPU's very last record, which need not be one that was delivered to the passes. */
static void date_silence(struct snapshot_cpu *c, uint64_t prev_ns, uint64_t release)
{
	if (prev_ns <= c->silent_from || prev_ns >= release)
		return;
	c->silent_from = prev_ns;
	c->last_kind = EVENT_OTHER;
}

/*
 * Did the CPU go on by itself? A wake-up by another CPU sends it an interrupt, which writes sched_wakeup there, or makes it switch
 * away from a task that would have run on.
 */
static bool went_on_by_itself(const struct snapshot_cpu *c, const struct event *ev)
{
	if (event_in_interrupt(ev))
		return ev->kind == EVENT_SCHED_WAKING;
	if (ev->kind == EVENT_SCHED_SWITCH && (ev->sw.prev_state == 0 || ev->sw.prev_state == TASK_ST_PREEMPTED))
		return false;
	return ev->kind != EVENT_LOST && ev->pid == c->current;
}

static void follow_cpu(const struct snapshot *snap, struct snapshot_cpu *c, const struct event *ev)
{
	if (!c->resumed) {
		date_silence(c, ev->prev_ns, snap->release);
		c->silent_to = ev->ts;
		c->resume = ref_to(ev);
		c->resumed = c->burst = true;
		c->by_itself = went_on_by_itself(c, ev);
		c->lost = ev->kind == EVENT_LOST;
	}
	if (ev->kind == EVENT_SCHED_SWITCH || ev->ts - c->silent_to > rule_ns(snap->rules, RULE_BURST))
		c->burst = false;
}

static void follow_wake(struct snapshot *snap, const struct event *ev, const struct snapshot_cpu *c)
{
	struct snapshot_task *s = snapshot_find(snap, ev->wakeup.pid);

	if (!s || s->woken_at || s->ran_at)
		return;
	s->woken_at = ev->ts;
	s->woken_cpu = ev->cpu;
	s->waker = event_in_interrupt(ev) ? WAKER_INTERRUPT : ev->pid;
	s->woken = !event_in_interrupt(ev) ? WOKEN_BY_TASK : c->burst ? WOKEN_BURST : WOKEN_INTERRUPT;
}

void snapshot_follow(struct snapshot *snap, const struct event *ev)
{
	struct snapshot_cpu *c = ev->cpu < snap->nr_cpus ? &snap->cpus[ev->cpu] : NULL;
	struct snapshot_task *s;

	if (!c)
		return;
	follow_cpu(snap, c, ev);
	if (ev->kind == EVENT_SCHED_WAKING || ev->kind == EVENT_SCHED_WAKEUP) {
		follow_wake(snap, ev, c);
	} else if (ev->kind == EVENT_SCHED_SWITCH) {
		s = snapshot_find(snap, ev->sw.next_pid);
		if (s && !s->ran_at)
			s->ran_at = ev->ts;
	}
}

void snapshot_take_habits(struct snapshot *snap, const struct trackers *t)
{
	for (size_t i = 0; i < snap->nr_tasks; i++) {
		const struct task *task = tasks_find(&t->tasks, snap->tasks[i].task.pid);

		snap->tasks[i].habits = task ? task->habits : NULL;
	}
}

static bool in_chain(const struct snapshot *snap, const struct hold *h)
{
	for (size_t i = 0; i < snap->chain.nr; i++)
		if (snap->chain.link[i].release == h->event.ts && snap->chain.link[i].cpu == h->cpu)
			return true;
	return false;
}

void snapshot_note_holders(struct snapshot *snap, const struct report *r)
{
	for (size_t i = 0; i < r->nr_holds; i++) {
		const struct hold *h = &r->holds[i];

		if (h->cpu < snap->nr_cpus && h->plausible && h->at.start < snap->release && h->event.ts > snap->release &&
		    h->event.ts - h->at.start >= snap->least_ns && !in_chain(snap, h))
			snap->cpus[h->cpu].own_hold = true;
	}
}

void snapshot_clear(struct snapshot *snap)
{
	free(snap->cpus);
	free(snap->tasks);
	table_clear(&snap->by_pid);
	*snap = (struct snapshot){ 0 };
}
