// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * machine.c - what would each CPU have recorded, given who wants to run and when it is frozen?
 *
 * A discrete simulation: the earliest thing to do is done next.
 */
#include "machine_private.h"

#include <stdlib.h>
#include <string.h>

#include "bytes.h"
#include "vmstall/event.h"

static void do_it(struct machine *m, const struct todo *todo)
{
	switch (todo->kind) {
	case DO_TIMER:
		do_timer(m, todo->task, todo->ts);
		break;
	case DO_SLEEP:
		do_sleep(m, todo->task, todo->ts);
		break;
	case DO_FREEZE:
		do_freeze(m, todo);
		break;
	case DO_THAW:
		do_thaw(m, todo->cpu, todo->ts);
		break;
	case DO_TURN:
		do_turn(m, todo->task, todo->ts);
		break;
	}
}

static struct machine_task *add_task(struct machine *m, struct machine_task task)
{
	struct machine_task *new = scene_alloc(NULL, 1, sizeof(*new));

	if (m->nr_tasks == MAX_TASKS || task.cpu >= scene_options(m->s)->nr_cpus)
		scene_oops("no room for %s on CPU %u", task.who.comm, task.cpu);
	*new = task;
	m->tasks[m->nr_tasks++] = new;
	scene_comm(m->s, task.who.pid, task.who.comm);
	return new;
}

struct machine *machine_new(struct scene *s, uint64_t from, uint64_t to)
{
	struct machine *m = scene_alloc(NULL, 1, sizeof(*m));
	unsigned int nr_cpus = scene_options(s)->nr_cpus;

	*m = (struct machine){ .s = s, .from = from, .to = to };
	m->cpus = scene_alloc(NULL, nr_cpus, sizeof(*m->cpus));
	memset(m->cpus, 0, nr_cpus * sizeof(*m->cpus));
	return m;
}

struct machine_task *machine_periodic(
	struct machine *m, unsigned int cpu, struct task task, uint64_t period, uint64_t phase, uint64_t run)
{
	struct machine_task *new = add_task(
		m, (struct machine_task){ .who = task, .cpu = cpu, .period = period, .phase = phase, .run = run });

	arm(m, new, 0);
	return new;
}

struct machine_task *machine_subscriber(
	struct machine *m, unsigned int cpu, struct task task, struct machine_task *publisher, uint64_t run)
{
	struct machine_task *new = add_task(
		m, (struct machine_task){ .who = task, .cpu = cpu, .run = run, .sibling = publisher->subscriber });

	publisher->subscriber = new;
	return new;
}

struct machine_task *machine_hog(struct machine *m, unsigned int cpu, struct task task)
{
	struct machine_task *new = add_task(m, (struct machine_task){ .who = task, .cpu = cpu, .hog = true });

	if (m->cpus[cpu].hog)
		scene_oops("CPU %u has a hog already", cpu);
	m->cpus[cpu].hog = new;
	return new;
}

void machine_takes_turns(struct machine_task *task, struct turn turn)
{
	task->turn = turn;
}

static struct todo freeze_by(struct machine *m, unsigned int cpu, struct task task, uint64_t from, uint64_t to)
{
	return (struct todo){
		.ts = from - BEFORE_FREEZE,
		.until = to,
		.kind = DO_FREEZE,
		.cpu = cpu,
		.task = add_task(m, (struct machine_task){ .who = task, .cpu = cpu, .run = AFTER_THAW }),
	};
}

void machine_freeze(struct machine *m, unsigned int cpu, struct task task, uint64_t from, uint64_t to)
{
	plan(m, freeze_by(m, cpu, task, from, to));
}

void machine_hold(
	struct machine *m, unsigned int cpu, struct task task, uint64_t from, uint64_t to, struct isolate isolate)
{
	struct todo hold = freeze_by(m, cpu, task, from, to);

	hold.holds = true;
	hold.isolate = isolate;
	plan(m, hold);
}

void machine_pause(struct machine *m, unsigned int cpu, uint64_t from, uint64_t to)
{
	plan(m, (struct todo){ .ts = from, .until = to, .kind = DO_FREEZE, .cpu = cpu });
}

void machine_watch(struct machine *m, machine_watch_fn *fn, void *data)
{
	m->watch = fn;
	m->watch_data = data;
}

void machine_play(struct machine *m)
{
	struct todo todo;

	for (unsigned int cpu = 0; cpu < scene_options(m->s)->nr_cpus; cpu++)
		if (m->cpus[cpu].hog)
			switch_to(m, cpu, m->from, m->cpus[cpu].hog, TASK_ST_RUNNABLE);
	while (take_next(m, &todo))
		do_it(m, &todo);
	for (size_t i = 0; i < m->nr_tasks; i++)
		free(m->tasks[i]);
	free(m->cpus);
	free(m->todo);
	free(m);
}
