// SPDX-License-Identifier: LGPL-2.1-or-later
/* machine_cpu.c - who has a CPU of the test machine, and who waits for it? A CPU's events are at least 1 us apart. */
#include "machine_private.h"

#include "vmstall/event.h"

/* A time for an event on @cpu, at @ts or later. */
static uint64_t stamp(struct machine *m, unsigned int cpu, uint64_t ts)
{
	struct machine_cpu *c = &m->cpus[cpu];

	c->clock = ts > c->clock + US ? ts : c->clock + US;
	return c->clock;
}

static struct scene_at here(struct machine *m, unsigned int cpu, uint64_t ts, uint8_t flags)
{
	const struct machine_task *current = m->cpus[cpu].current;

	return (struct scene_at){
		.ts = stamp(m, cpu, ts), .cpu = cpu, .pid = current ? current->who.pid : 0, .flags = flags
	};
}

static struct task who_runs(const struct machine *m, unsigned int cpu)
{
	return m->cpus[cpu].current ? m->cpus[cpu].current->who : idle_task(cpu);
}

void switch_to(struct machine *m, unsigned int cpu, uint64_t ts, struct machine_task *next, int64_t state)
{
	struct task prev = who_runs(m, cpu);

	ts = stamp(m, cpu, ts);
	if (m->cpus[cpu].current && m->cpus[cpu].current->hog)
		is_due(m->cpus[cpu].current, ts);
	m->cpus[cpu].current = next;
	story_switch(m->s, cpu, ts, prev, who_runs(m, cpu), state);
	if (next && next->due && m->watch)
		m->watch(m->watch_data, next->who, next->due, ts);
	if (next)
		next->due = 0;
	if (next && !next->hog)
		plan(m, (struct todo){ .ts = ts + next->left, .kind = DO_SLEEP, .cpu = cpu, .task = next });
}

static void enqueue(struct machine *m, struct machine_task *task)
{
	struct machine_task **end = &m->cpus[task->cpu].queue;

	while (*end)
		end = &(*end)->next;
	task->next = NULL;
	*end = task;
}

/* The next to run there; a hog last. */
static struct machine_task *pick(struct machine_cpu *c)
{
	struct machine_task *task = c->queue;

	if (!task)
		return c->hog;
	c->queue = task->next;
	return task;
}

void schedule(struct machine *m, unsigned int cpu, uint64_t ts)
{
	struct machine_cpu *c = &m->cpus[cpu];

	if (c->frozen || !c->queue || (c->current && !c->current->hog))
		return;
	switch_to(m, cpu, ts, pick(c), c->current ? TASK_ST_PREEMPTED : TASK_ST_RUNNABLE);
}

static bool takes_turns(const struct machine_task *task)
{
	return task->turn.least || task->turn.spread || task->turn.every;
}

/* Differs from wake-up to wake-up, and is the same each time that the machine is played. */
static uint64_t turn_after(const struct turn *turn, uint64_t ts)
{
	if (turn->every)
		return ts + turn->every - (ts + turn->every - turn->at % turn->every) % turn->every;
	return ts + turn->least + (turn->spread ? ts / US * UINT64_C(2654435761) % turn->spread : 0);
}

static void make_runnable(struct machine *m, struct machine_task *task, uint64_t ts)
{
	task->awake = true;
	task->late = false;
	task->left = task->run;
	if (takes_turns(task))
		plan(m, (struct todo){ .ts = turn_after(&task->turn, ts), .kind = DO_TURN, .cpu = task->cpu, .task = task });
	else
		enqueue(m, task);
}

void do_turn(struct machine *m, struct machine_task *task, uint64_t ts)
{
	if (m->cpus[task->cpu].frozen) {
		task->turn_late = true;
		is_due(task, ts);
		return;
	}
	enqueue(m, task);
	schedule(m, task->cpu, ts);
}

void settle_turn(struct machine *m, struct machine_task *task, uint64_t ts)
{
	if (!takes_turns(task))
		return;
	if (task->due && m->watch)
		m->watch(m->watch_data, task->who, task->due, ts);
	task->due = 0;
	if (task->turn_late)
		enqueue(m, task);
	task->turn_late = false;
}

void wake_by_interrupt(struct machine *m, struct machine_task *task, uint64_t ts)
{
	const uint8_t flags = EVENT_FL_IRQS_OFF | EVENT_FL_HARDIRQ;

	if (!task->waking_told)
		story_waking(m->s, here(m, task->cpu, ts, flags), task->cpu, task->who);
	story_wakeup(m->s, here(m, task->cpu, ts, flags), task->cpu, task->who);
	task->waking_told = false;
	make_runnable(m, task, ts);
}

/* By the task that runs on @cpu. */
static void wake_by_task(struct machine *m, unsigned int cpu, struct machine_task *task, uint64_t ts)
{
	if (task->awake || task->late)
		return;
	story_waking(m->s, here(m, cpu, ts, EVENT_FL_IRQS_OFF), task->cpu, task->who);
	if (m->cpus[task->cpu].frozen) {
		task->late = task->waking_told = true;
		return;
	}
	story_wakeup(m->s, here(m, cpu, ts, EVENT_FL_IRQS_OFF), task->cpu, task->who);
	make_runnable(m, task, ts);
	if (task->cpu != cpu)
		schedule(m, task->cpu, m->cpus[cpu].clock + US);
}

void do_timer(struct machine *m, struct machine_task *task, uint64_t ts)
{
	task->timer = ts;
	if (!takes_turns(task) || m->cpus[task->cpu].frozen)
		is_due(task, ts);
	if (m->cpus[task->cpu].frozen) {
		task->late = true;
		return;
	}
	wake_by_interrupt(m, task, ts);
	schedule(m, task->cpu, ts);
}

void do_sleep(struct machine *m, struct machine_task *task, uint64_t ts)
{
	for (struct machine_task *sub = task->subscriber; sub; sub = sub->sibling) {
		is_due(sub, task->timer + task->run);	/* when the message should have come */
		wake_by_task(m, task->cpu, sub, ts);
	}
	task->awake = false;
	arm(m, task, ts);
	switch_to(m, task->cpu, ts, pick(&m->cpus[task->cpu]), TASK_ST_INTERRUPTIBLE);
}
