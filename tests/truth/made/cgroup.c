// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * cgroup.c - tasks of a light cgroup, which wait for their turn behind a computing one
 *
 * Woken, they wait 20 to 600 ms each time, whether a lock is held or not: cpu.weight says so, and no freeze. Only where
 * their own CPU has interrupts off they lose something.
 */
#include "lot.h"

enum { HEAVY = 850, LIGHT = 860, BESIDE = 950 };

static uint64_t pages_in(struct lot *l, uint64_t ns)
{
	return ns / (l->page_ns + draw(l, l->page_ns / 4));
}

void add_groups(struct lot *l, unsigned int cpu)
{
	uint64_t nr = 1 + draw(l, 3);

	machine_hog(l->m, cpu, named(l, "heavy", HEAVY + (int32_t)cpu));
	for (uint64_t i = 0; i < nr; i++) {
		uint64_t period = (40 + draw(l, 300)) * MS;
		struct task who = named(l, "light", LIGHT + (int32_t)(cpu * 4 + i));
		struct machine_task *light = machine_periodic(l->m, cpu, who, period, draw(l, period), MS + draw(l, 2 * MS));

		machine_takes_turns(light, (struct turn){ .least = 20 * MS, .spread = (20 + draw(l, 580)) * MS });
	}
	if (chance(l, 50))
		machine_periodic(l->m, cpu, named(l, "beside", BESIDE + (int32_t)cpu), (20 + draw(l, 60)) * MS, 0, 200 * US);
}

void make_cgroup(struct lot *l)
{
	static const char *const kernels[] = { "5.4", "5.10", "5.15", "6.1", "6.8", "6.12" };
	const char *kernel = kernels[draw(l, sizeof(kernels) / sizeof(kernels[0]))];
	uint64_t at = BEGIN + 6 * SEC, incidents = draw(l, 4);
	unsigned int nr_cpus = 4 + (unsigned int)draw(l, MAX_CPUS - 3), groups = 1 + (unsigned int)draw(l, 3);

	l->page_ns = 40 + draw(l, 80);
	l->pages_in = pages_in;
	l->slowest_resume = 19;
	lot_begin(l, (struct scene_options){ .kernel = kernel, .nr_cpus = nr_cpus }, 10 + incidents * 6);
	scene_enable(l->s, "vmscan");
	l->nr_cpus = nr_cpus - groups;
	add_tasks(l);
	for (unsigned int cpu = l->nr_cpus; cpu < nr_cpus; cpu++)
		add_groups(l, cpu);
	for (uint64_t i = 0; i < incidents; i++) {
		l->nr_cpus = chance(l, 50) ? nr_cpus - groups : nr_cpus;	/* the groups' CPUs freeze, too, or do not */
		at = add_hold(l, at) + (600 + draw(l, 2000)) * MS;
	}
	l->nr_cpus = nr_cpus;
}
