// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * calm.c - machines on which nothing stalls, though CPUs are silent and tasks wait
 *
 * Asleep for minutes, with workers whose deferrable timers come late; one task computing alone; a SCHED_FIFO task behind
 * which others wait until it is throttled; the whole machine taken away by its hypervisor; suspended; a CPU taken out;
 * tasks that compute, with silences of their own; tasks of a light cgroup that wait for their turn.
 */
#include "lot.h"

enum { WORKER = 20, FIFO_PRIO = 9, ALONE = 700, WAITER = 710, SUSPENDER = 990 };

/* A CPU whose idle task gives way to a worker at about every other second, later now and then. */
static void sleep_with_workers(struct lot *l, unsigned int cpu, uint64_t from, uint64_t to)
{
	struct task worker = TASK("", WORKER + (int32_t)cpu), idle = idle_task(cpu);
	const uint8_t hardirq = EVENT_FL_IRQS_OFF | EVENT_FL_HARDIRQ;

	snprintf(worker.comm, sizeof(worker.comm), "kworker/%u:1", cpu);
	for (uint64_t ts = from + draw(l, 2 * SEC); ts + MS < to; ts += 2 * SEC + (chance(l, 40) ? draw(l, 4 * SEC) : draw(l, 4 * MS))) {
		story_wake(l->s, (struct scene_at){ .ts = ts, .cpu = cpu, .flags = hardirq }, cpu, worker);
		story_switch(l->s, cpu, ts + 3 * US, idle, worker, TASK_ST_RUNNABLE);
		story_switch(l->s, cpu, ts + (20 + draw(l, 200)) * US, worker, idle, 0x80);
	}
}

static void make_asleep(struct lot *l)
{
	for (unsigned int cpu = 0; cpu < l->nr_cpus; cpu++)
		sleep_with_workers(l, cpu, BEGIN, l->end);
}

static void make_computing(struct lot *l)
{
	machine_hog(l->m, 0, named(l, "alone", ALONE));
	for (unsigned int cpu = 1; cpu < l->nr_cpus; cpu++)
		sleep_with_workers(l, cpu, BEGIN, l->end);
}

/* Throttled for 50 ms of each second; then those come who were woken meanwhile. */
static void make_fifo(struct lot *l)
{
	const uint64_t at = draw(l, SEC);
	struct task fifo = named(l, "fifo", ALONE);

	fifo.prio = FIFO_PRIO;
	machine_hog(l->m, 0, fifo);
	for (int i = 0; i < 3; i++) {
		uint64_t period = (30 + draw(l, 400)) * MS;
		struct machine_task *t = machine_periodic(l->m, 0, named(l, "waiter", WAITER + i), period, draw(l, period), MS);

		machine_takes_turns(t, (struct turn){ .every = SEC, .at = at });
	}
	for (unsigned int cpu = 1; cpu < l->nr_cpus; cpu++)
		machine_periodic(l->m, cpu, named(l, "pub", PUBLISHER + (int32_t)cpu), (10 + draw(l, 40)) * MS, 0, MS);
}

static void make_stolen(struct lot *l)
{
	add_tasks(l);
	for (uint64_t at = BEGIN + 3 * SEC; at + 3 * SEC < l->end; at += (1 + draw(l, 10)) * SEC)
		at = add_pause(l, at);
}

static void suspend_event(struct lot *l, uint64_t ts, struct task who, bool start)
{
	scene_event(l->s, ((struct scene_at){ .ts = ts, .pid = who.pid }), "power:suspend_resume", INT("val", 3),
		    INT("start", start));
}

/* CPU 0 sleeps last and wakes first. The clock goes on. */
static void make_suspended(struct lot *l)
{
	struct task who = named(l, "suspender", SUSPENDER);
	const uint64_t at = BEGIN + 5 * SEC, length = (20 + draw(l, 60)) * SEC;

	machine_periodic(l->m, 0, who, 10000 * SEC, at - 10 * MS - BEGIN, 100 * MS);
	for (unsigned int cpu = 1; cpu < l->nr_cpus; cpu++)
		machine_periodic(l->m, cpu, named(l, "pub", PUBLISHER + (int32_t)cpu), (20 + draw(l, 60)) * MS, 0, MS);
	if (chance(l, 50)) {
		suspend_event(l, at - 5 * MS, who, true);
		suspend_event(l, at + length + 5 * MS, who, false);
	}
	machine_pause(l->m, 0, at, at + length);
	for (unsigned int cpu = 1; cpu < l->nr_cpus; cpu++)
		machine_pause(l->m, cpu, at - cpu * 300 * US, at + length + cpu * 400 * US);
}

/* The last CPU is taken out for some seconds: its stopper thread runs there last, and its cpuhp thread first. */
static void make_unplugged(struct lot *l)
{
	unsigned int cpu = --l->nr_cpus;
	struct task stopper = TASK("", 15), back = TASK("", 16), idle = idle_task(cpu);
	uint64_t out = BEGIN + 5 * SEC, in = out + (5 + draw(l, 20)) * SEC;

	add_tasks(l);
	l->nr_cpus++;
	snprintf(stopper.comm, sizeof(stopper.comm), "migration/%u", cpu);
	snprintf(back.comm, sizeof(back.comm), "cpuhp/%u", cpu);
	stopper.prio = 0;
	sleep_with_workers(l, cpu, BEGIN, out - 100 * MS);
	story_switch(l->s, cpu, out, idle, stopper, TASK_ST_RUNNABLE);
	story_switch(l->s, cpu, out + 50 * US, stopper, idle, TASK_ST_INTERRUPTIBLE);
	story_switch(l->s, cpu, in, idle, back, TASK_ST_RUNNABLE);
	story_switch(l->s, cpu, in + 80 * US, back, idle, TASK_ST_INTERRUPTIBLE);
	sleep_with_workers(l, cpu, in + 100 * MS, l->end);
}

static void make_solving(struct lot *l)
{
	sleep_with_workers(l, 0, BEGIN, l->end);
	add_silent_solvers(l, 1);
}

static void make_weighed(struct lot *l)
{
	for (unsigned int cpu = 0; cpu < l->nr_cpus; cpu++)
		if (cpu % 4 == 1)
			add_groups(l, cpu);
		else
			sleep_with_workers(l, cpu, BEGIN, l->end);
}

void make_calm(struct lot *l)
{
	static void (*const kinds[])(struct lot *l) = { make_asleep, make_computing, make_fifo, make_stolen, make_suspended,
		make_unplugged, make_solving, make_weighed };
	static const char *const kernels[] = { "5.4", "5.10", "5.15", "6.1", "6.8", "6.12" };
	enum { NR_KINDS = sizeof(kinds) / sizeof(kinds[0]) };
	const char *kernel = kernels[draw(l, sizeof(kernels) / sizeof(kernels[0]))];
	uint64_t kind = draw(l, NR_KINDS);

	lot_begin(l, (struct scene_options){ .kernel = kernel, .clock = kinds[kind] == make_suspended ? "boot" : "mono",
			     .nr_cpus = 2 + (unsigned int)draw(l, MAX_CPUS - 1) }, kind ? 60 : 300);
	scene_enable(l->s, "vmscan");
	kinds[kind](l);
}
