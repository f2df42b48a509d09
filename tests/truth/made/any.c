// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * any.c - a machine like those that were measured, slow ones: the kernel, the CPUs, the tasks and up to four incidents
 *
 * A hold freezes all, some or none of the other CPUs, late or at once; a chain of two holds; a machine that was paused,
 * which is no stall.
 */
#include "lot.h"

/* On one machine a page costs up to twice as much as at other times. */
static uint64_t pages_in(struct lot *l, uint64_t ns)
{
	return ns / (l->page_ns + draw(l, l->page_ns));
}

void make_any(struct lot *l)
{
	static const char *const kernels[] = { "4.15", "5.4", "5.10", "5.15", "6.1", "6.8", "6.12" };
	size_t kernel = draw(l, sizeof(kernels) / sizeof(kernels[0]));
	uint64_t at = BEGIN + 3 * SEC, incidents = draw(l, 5), calm;
	unsigned int nr_cpus = 2 + (unsigned int)draw(l, MAX_CPUS - 1);

	l->page_ns = 60 + draw(l, 60);
	l->pages_in = pages_in;
	lot_begin(l, (struct scene_options){ .kernel = kernels[kernel], .nr_cpus = nr_cpus }, 4 + incidents * 6);
	add_tasks(l);
	story_kswapd_wake(l->s, (struct scene_at){ .ts = BEGIN + SEC, .pid = 68 }, 0, 0);	/* the one node */
	steal(l, BEGIN + SEC, at);
	for (uint64_t i = 0; i < incidents; i++) {
		if (kernel > 2 && chance(l, 20))
			at = add_two_holds(l, at);
		else
			at = chance(l, 85) ? add_hold(l, at) : add_pause(l, at);
		calm = (200 + draw(l, 2000)) * MS;
		steal(l, at + 10 * MS, at + calm - 10 * MS);
		at += calm;
	}
}
