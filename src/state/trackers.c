// SPDX-License-Identifier: LGPL-2.1-or-later
/* trackers.c - what is every CPU doing at the moment? */
#include "state/trackers.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "util/array.h"

static struct cpu_state *cpu_get(struct trackers *t, unsigned int cpu)
{
	struct cpu_state *cpus = grow_to(t->cpus, &t->nr_cpus, cpu, sizeof(*cpus));

	if (!cpus)
		return NULL;
	t->cpus = cpus;
	return &cpus[cpu];
}

static void set_current(struct cpu_state *cpu, int32_t pid, uint64_t ts)
{
	if (cpu->has_current && cpu->current == pid)
		return;
	cpu->current = pid;
	cpu->since = ts;
	cpu->has_current = true;
}

/*
 * Sample how long this CPU takes from sched_waking to the sched_wakeup that follows in the same breath, with interrupts off.
 * Nothing but the speed of the CPU and its pauses decide that.
 */
static int sample_step(const struct trackers *t, const struct cpu_state *cpu, const struct event *ev)
{
	if (ev->kind != EVENT_SCHED_WAKEUP || !cpu->seen || cpu->last_kind != EVENT_SCHED_WAKING || cpu->last != ev->prev_ns ||
	    cpu->waking != ev->wakeup.pid)
		return 0;
	return rules_sample(t->tasks.samples, RULE_STEP, ev->ts - ev->prev_ns);
}

/*
 * An isolate event shows a scan that held lru_lock, if the pages it walked can have taken the time: since the CPU's record before
 * it or, on PREEMPT_RT, since its task was last seen without a lock.
 */
static void note_scan(struct trackers *t, const struct event *ev)
{
	const struct task *task = tasks_find(&t->tasks, ev->pid);
	uint64_t from = ev->flags & EVENT_FL_IRQS_OFF ? ev->prev_ns : task && task->free_ns ? task->free_ns : ev->ts;
	double most = (double)ev->isolate.nr_scanned * rule(t->tasks.rules, RULE_PAGE_SLOWEST);

	if (ev->ts > from && ev->ts - from >= HABIT_LEAST_NS && most >= (double)(ev->ts - from))
		held_add(&t->tasks.held, from, ev->ts);
}

/* The CPU was silent before @ev, with a task on it. */
static int note_silence(struct trackers *t, const struct cpu_state *cpu, const struct event *ev)
{
	struct task *task = cpu->has_current ? tasks_find(&t->tasks, cpu->current) : NULL;

	if (!t->tasks.watches_habits || ev->first)
		return 0;
	if (ev->kind == EVENT_LRU_ISOLATE)
		note_scan(t, ev);
	else if (task && ev->ts > ev->prev_ns && ev->ts - ev->prev_ns >= HABIT_LEAST_NS)
		return tasks_habit(&t->tasks, task, HABIT_SILENT, ev->prev_ns, ev->ts);
	return 0;
}

int trackers_event(struct trackers *t, const struct event *ev)
{
	struct cpu_state *cpu = cpu_get(t, ev->cpu);
	int err;

	if (!cpu)
		return -ENOMEM;
	if (ev->kind == EVENT_LOST) {
		cpu->lost_ns = ev->ts;
		cpu->has_current = false;	/* a switch may be among the lost records */
		return hidden_add(&t->hidden, ev);
	}
	err = sample_step(t, cpu, ev);
	if (!err)
		err = note_silence(t, cpu, ev);
	if (!err)
		err = tasks_event(&t->tasks, ev);
	if (ev->kind == EVENT_SCHED_SWITCH) {
		set_current(cpu, ev->sw.next_pid, ev->ts);
	} else if (ev->pid >= 0 && !(cpu->has_current && cpu->current == ev->pid)) {
		set_current(cpu, ev->pid, ev->ts);
		err = err ? err : tasks_runs(&t->tasks, ev);
	}
	cpu->last = ev->ts;
	cpu->last_kind = ev->kind;
	cpu->last_pid = ev->pid;
	cpu->waking = ev->kind == EVENT_SCHED_WAKING ? ev->wakeup.pid : 0;
	cpu->seen = true;
	return err;
}

void trackers_forget(struct trackers *t)
{
	tasks_forget(&t->tasks);
	hidden_forget(&t->hidden);
	if (t->cpus)
		memset(t->cpus, 0, t->nr_cpus * sizeof(*t->cpus));
}

void trackers_clear(struct trackers *t)
{
	tasks_clear(&t->tasks);
	hidden_clear(&t->hidden);
	free(t->cpus);
	*t = (struct trackers){ 0 };
}

const struct cpu_state *trackers_cpu(const struct trackers *t, unsigned int cpu)
{
	return cpu < t->nr_cpus && t->cpus[cpu].seen ? &t->cpus[cpu] : NULL;
}

const char *trackers_comm(const struct trackers *t, int32_t pid)
{
	const struct task *task = tasks_find(&t->tasks, pid);

	return pid ? (task ? task->comm : "") : "swapper";
}
