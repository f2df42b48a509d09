// SPDX-License-Identifier: LGPL-2.1-or-later
/* habits.c - lengths in half octaves, and the spans that do not count */
#include "state/habits.h"

#define LEAST_SHIFT 20
_Static_assert(HABIT_LEAST_NS == 1 << LEAST_SHIFT, "the first half octave begins there");

/* The half octave of @ns, from 1 on; 0: below all. */
static unsigned int step_of(uint64_t ns)
{
	unsigned int octave, step;

	if (ns >> LEAST_SHIFT == 0)
		return 0;
	octave = 63 - (unsigned int)__builtin_clzll(ns);
	step = 1 + 2 * (octave - LEAST_SHIFT) + (ns >> (octave - 1) & 1);
	return step <= HABIT_STEPS ? step : HABIT_STEPS;
}

void habit_add(struct habit *h, uint64_t ns)
{
	unsigned int step = step_of(ns);

	h->nr++;
	if (step)
		h->longer[step - 1]++;
}

uint64_t habit_longer(const struct habit *h, uint64_t ns)
{
	unsigned int step = step_of(ns);
	uint64_t nr = 0;

	if (!h)
		return 0;
	if (!step)
		return h->nr;
	for (unsigned int i = step - 1; i < HABIT_STEPS; i++)
		nr += h->longer[i];
	return nr;
}

void held_add(struct held *h, uint64_t from, uint64_t to)
{
	h->span[h->nr % HELD_KEPT].from = from;
	h->span[h->nr++ % HELD_KEPT].to = to;
}

bool held_mostly(const struct held *h, uint64_t from, uint64_t to)
{
	size_t kept = h->nr < HELD_KEPT ? h->nr : HELD_KEPT;
	uint64_t sum = 0, until = to;

	/* From the last span back: where spans overlap, the earlier one counts up to the later one's begin. */
	for (size_t i = 0; i < kept; i++) {
		uint64_t a = h->span[(h->nr - 1 - i) % HELD_KEPT].from, b = h->span[(h->nr - 1 - i) % HELD_KEPT].to;

		a = a > from ? a : from;
		b = b < until ? b : until;
		if (b <= a)
			continue;
		sum += b - a;
		until = a;
	}
	return 2 * sum >= to - from;
}
