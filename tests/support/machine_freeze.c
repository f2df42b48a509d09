// SPDX-License-Identifier: LGPL-2.1-or-later
/* machine_freeze.c - what happens on a CPU before, while and after it has interrupts off? */
#include "machine_private.h"

#include "bytes.h"
#include "vmstall/event.h"

/* Who has the CPU waits, first in the queue, for the rest of its run. */
static void put_aside(struct machine *m, struct machine_cpu *c, uint64_t ts)
{
	struct todo *end = c->current ? end_of_run(m, c->current) : NULL;

	if (!end)
		return;
	is_due(c->current, ts);
	c->current->left = end->ts > ts ? end->ts - ts : US;
	c->current->next = c->queue;
	c->queue = c->current;
	forget(m, end);
}

/* Wake @task and put it on its CPU at once. */
static void preempt(struct machine *m, struct machine_task *task, uint64_t ts)
{
	struct machine_cpu *c = &m->cpus[task->cpu];
	struct machine_task **at = &c->queue;

	put_aside(m, c, ts);
	wake_by_interrupt(m, task, ts);
	while (*at != task)
		at = &(*at)->next;
	*at = task->next;
	switch_to(m, task->cpu, ts, task, c->current ? TASK_ST_PREEMPTED : TASK_ST_RUNNABLE);
}

void do_freeze(struct machine *m, const struct todo *freeze)
{
	struct machine_cpu *c = &m->cpus[freeze->cpu];
	struct scene_at at = { .ts = freeze->until - US, .cpu = freeze->cpu };
	struct todo *end;

	if (c->frozen)
		scene_oops("CPU %u is to freeze while it is frozen", freeze->cpu);
	if (freeze->task)
		preempt(m, freeze->task, freeze->ts);
	else if (c->current && m->watch)
		m->watch(m->watch_data, c->current->who, freeze->ts, freeze->until);
	c->frozen = true;
	end = c->current ? end_of_run(m, c->current) : NULL;
	if (end)
		end->ts += freeze->until - freeze->ts;
	if (freeze->holds) {
		at.pid = freeze->task->who.pid;
		story_isolate(m->s, at, freeze->isolate);
	}
	plan(m, (struct todo){ .ts = freeze->until, .kind = DO_THAW, .cpu = freeze->cpu });
}

void do_thaw(struct machine *m, unsigned int cpu, uint64_t ts)
{
	m->cpus[cpu].frozen = false;
	m->cpus[cpu].clock = ts > m->cpus[cpu].clock ? ts : m->cpus[cpu].clock;
	for (size_t i = 0; i < m->nr_tasks; i++)
		if (m->tasks[i]->cpu == cpu && m->tasks[i]->late)
			wake_by_interrupt(m, m->tasks[i], ts);
	for (size_t i = 0; i < m->nr_tasks; i++)
		if (m->tasks[i]->cpu == cpu)
			settle_turn(m, m->tasks[i], ts);
	schedule(m, cpu, ts);
}
