// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * alone.c - CPUs of which nothing is recorded but one task that computes and now and then takes a page
 *
 * Some come to need the lock while it is held and spin: their CPU is silent from then until just after the release. The
 * others have silences of their own, again and again: of some ms, of up to 130 ms or of 0.6 s, and one of those may end
 * just after the release, too.
 */
#include "lot.h"

enum { SOLVER = 900, MAX_HOLDS = 6, ORDINARY = 2 };

struct window { uint64_t from, to; };

static uint64_t pages_in(struct lot *l, uint64_t ns)
{
	return ns / (l->page_ns + draw(l, l->page_ns / 4));
}

static void take_page(struct lot *l, unsigned int cpu, struct task who, uint64_t ts)
{
	scene_event(l->s, ((struct scene_at){ .ts = ts, .cpu = cpu, .pid = who.pid }), "kmem:mm_page_alloc",
		    INT("pfn", 100000 + draw(l, 100000)), INT("order", 0), INT("gfp_flags", 0xcc0), INT("migratetype", 0));
}

/* How long a task of this kind is silent between two pages. */
static uint64_t own_silence(struct lot *l, unsigned int kind)
{
	switch (kind) {
	case 0:
		return 200 * US + draw(l, 3 * MS);
	case 1:
		return chance(l, 20) ? (60 + draw(l, 70)) * MS : 500 * US + draw(l, 10 * MS);
	default:
		return chance(l, 30) ? (400 + draw(l, 200)) * MS : 500 * US + draw(l, 10 * MS);
	}
}

static const struct window *frozen_at(const struct window *w, unsigned int nr, uint64_t ts)
{
	for (unsigned int i = 0; i < nr; i++)
		if (ts >= w[i].from && ts < w[i].to)
			return &w[i];
	return NULL;
}

/* Pages until the end; frozen for @nr windows. One that it would take in a window, it takes at its end. */
static void compute(struct lot *l, unsigned int cpu, struct task who, unsigned int kind, const struct window *w, unsigned int nr)
{
	uint64_t ts = BEGIN + draw(l, 10 * MS);

	while (ts < l->end) {
		const struct window *in = frozen_at(w, nr, ts);

		take_page(l, cpu, who, in ? in->to : ts);
		ts = (in ? in->to : ts) + own_silence(l, kind);
	}
	for (unsigned int i = 0; i < nr; i++) {
		take_page(l, cpu, who, w[i].from - (2 + draw(l, 50)) * US);
		machine_pause(l->m, cpu, w[i].from, w[i].to);
		wait_for_it(l, cpu, who, w[i].from, w[i].to);
	}
}

static void add_solver(struct lot *l, unsigned int cpu, const struct window *holds, unsigned int nr)
{
	struct task who = named(l, "solver", SOLVER + (int32_t)cpu);
	unsigned int kind = (unsigned int)draw(l, 3), frozen = 0;
	struct window mine[MAX_HOLDS];

	machine_hog(l->m, cpu, who);
	for (unsigned int i = 0; i < nr; i++) {
		uint64_t length = holds[i].to - holds[i].from, from = holds[i].from + MS + draw(l, length / 3);

		if (kind != 0 || chance(l, 30))
			continue;
		mine[frozen++] = (struct window){ from, holds[i].to + (1 + draw(l, l->slowest_resume)) * US };
	}
	compute(l, cpu, who, kind, mine, frozen);
}

void add_silent_solvers(struct lot *l, unsigned int first)
{
	for (unsigned int cpu = first; cpu < l->nr_cpus; cpu++)
		add_solver(l, cpu, NULL, 0);
}

void make_alone(struct lot *l)
{
	static const char *const kernels[] = { "5.4", "5.10", "5.15", "6.1", "6.8", "6.12" };
	const char *kernel = kernels[draw(l, sizeof(kernels) / sizeof(kernels[0]))];
	unsigned int nr_cpus = 4 + (unsigned int)draw(l, MAX_CPUS - 3), nr = 1 + (unsigned int)draw(l, 4);
	struct window holds[MAX_HOLDS];
	uint64_t at = BEGIN + 6 * SEC;

	l->page_ns = 40 + draw(l, 80);
	l->pages_in = pages_in;
	l->slowest_resume = 19;
	lot_begin(l, (struct scene_options){ .kernel = kernel, .nr_cpus = nr_cpus }, 10 + nr * 4);
	l->nr_cpus = ORDINARY;
	add_tasks(l);
	l->nr_cpus = nr_cpus;
	for (unsigned int i = 0; i < nr; i++) {
		holds[i] = (struct window){ at, at + draw_length(l, 100 * MS, 4) };
		hold(l, (unsigned int)draw(l, ORDINARY), TASK("kswapd0", 68), at, at + draw_length(l, US, 8), holds[i].to);
		at = holds[i].to + SEC + draw(l, 2 * SEC);
	}
	for (unsigned int cpu = ORDINARY; cpu < nr_cpus; cpu++)
		add_solver(l, cpu, holds, nr);
}
