// SPDX-License-Identifier: LGPL-2.1-or-later
/* incidents.c - what happens on the machines: who lives there, holds, pauses */
#include "lot.h"

void add_tasks(struct lot *l)
{
	struct machine_task *pub[MAX_CPUS];

	for (unsigned int cpu = 0; cpu < l->nr_cpus; cpu++) {
		uint64_t period = (5 + draw(l, 60)) * MS;

		pub[cpu] = machine_periodic(l->m, cpu, named(l, "pub", PUBLISHER + (int32_t)cpu), period,
					    draw(l, period), 100 * US + draw(l, MS));
		if (chance(l, 40))
			machine_hog(l->m, cpu, named(l, "burner", BURNER + (int32_t)cpu));
		if (chance(l, 30))	/* sleeps through most of it, unharmed more often than not */
			machine_periodic(l->m, cpu, named(l, "rare", RARE + (int32_t)cpu), (2000 + draw(l, 4000)) * MS,
					 draw(l, 2 * SEC), MS);
	}
	for (unsigned int cpu = 0; cpu < l->nr_cpus; cpu++)
		if (chance(l, 60))
			machine_subscriber(l->m, cpu, named(l, "sub", FOLLOWER + (int32_t)cpu), pub[draw(l, l->nr_cpus)],
					   50 * US + draw(l, 300 * US));
}

uint64_t add_hold(struct lot *l, uint64_t at)
{
	uint64_t length = draw_length(l, 20 * MS, 6), release = at + length, last = release;
	unsigned int holder = (unsigned int)draw(l, l->nr_cpus), next = l->nr_cpus, share = (unsigned int)draw(l, 5) * 25;
	bool chain = chance(l, 25);

	hold(l, holder, chance(l, 70) ? TASK("kswapd0", 68) : reclaimer(l, "reclaimer"), at, at + draw_length(l, US, 10), release);
	for (unsigned int cpu = 0; cpu < l->nr_cpus; cpu++) {
		uint64_t from = at + 5 * US + draw(l, chance(l, 80) ? length / 8 : length - length / 10);
		struct task who;

		if (cpu == holder || !chance(l, share))
			continue;
		who = reclaimer(l, "worker");
		if (chain && next == l->nr_cpus) {	/* the first in the queue scans for long, too */
			next = cpu;
			last = release + draw_length(l, 40 * MS, 4);
			hold(l, cpu, who, from, release + 2 * US, last);
			wait_for_it(l, cpu, who, from, release + 2 * US);
			continue;
		}
		machine_freeze(l->m, cpu, who, from, last + (2 + draw(l, l->slowest_resume)) * US);
		wait_for_it(l, cpu, who, from, last + 2 * US);
	}
	return last;
}

uint64_t add_two_holds(struct lot *l, uint64_t at)
{
	uint64_t from[2], to[2];

	for (unsigned int i = 0; i < 2; i++) {
		from[i] = at + i * draw(l, 100 * MS);
		to[i] = from[i] + draw_length(l, 100 * MS, 4);
		hold(l, i, reclaimer(l, "reclaimer"), from[i], from[i] + draw_length(l, US, 10), to[i]);
	}
	for (unsigned int cpu = 2; cpu < l->nr_cpus; cpu++) {
		unsigned int which = (unsigned int)draw(l, 3);
		struct task who;
		uint64_t since;

		if (which == 2)
			continue;
		who = reclaimer(l, "worker");
		since = from[which] + 5 * US + draw(l, (to[which] - from[which]) / 4);
		machine_freeze(l->m, cpu, who, since, to[which] + (2 + draw(l, l->slowest_resume)) * US);
		wait_for_it(l, cpu, who, since, to[which] + 2 * US);
	}
	return to[0] > to[1] ? to[0] : to[1];
}

void steal(struct lot *l, uint64_t from, uint64_t to)
{
	unsigned int cpu = (unsigned int)draw(l, l->nr_cpus);
	uint64_t at = from + draw(l, to - from - 80 * MS);

	machine_pause(l->m, cpu, at, at + draw_length(l, 2 * MS, 5));
}

uint64_t add_pause(struct lot *l, uint64_t at)
{
	uint64_t length = draw_length(l, 50 * MS, 4);

	for (unsigned int cpu = 0; cpu < l->nr_cpus; cpu++)
		machine_pause(l->m, cpu, at + draw(l, 2 * US), at + length + draw(l, 20 * US));
	return at + length;
}
