// SPDX-License-Identifier: LGPL-2.1-or-later
/* gaps.c - may a record that was lost explain this? */
#include "passes/leaks/gaps.h"

#include <errno.h>
#include <stdlib.h>

#include "util/array.h"
#include "util/order.h"
#include "util/search.h"

enum { MOST_GAPS = 65536 };

static int by_begin(const void *a, const void *b)
{
	const struct gap *x = a, *y = b;

	return order(x->from, y->from);
}

static void take_in(struct gap *to, const struct gap *other)
{
	to->to = other->to > to->to ? other->to : to->to;
}

/* Sort the gaps, and join those that touch. */
static void join(struct gaps *g)
{
	size_t kept = 0;

	if (g->nr)
		qsort(g->all, g->nr, sizeof(*g->all), by_begin);
	for (size_t i = 0; i < g->nr; i++) {
		if (kept && g->all[i].from <= g->all[kept - 1].to)
			take_in(&g->all[kept - 1], &g->all[i]);
		else
			g->all[kept++] = g->all[i];
	}
	g->nr = kept;
}

static void join_pairs(struct gaps *g)
{
	size_t kept = 0;

	for (size_t i = 0; i < g->nr; i += 2) {
		g->all[kept] = g->all[i];
		if (i + 1 < g->nr)
			take_in(&g->all[kept], &g->all[i + 1]);
		kept++;
	}
	g->nr = kept;
}

int gaps_add(struct gaps *g, uint64_t from, uint64_t to)
{
	struct gap *bigger;

	if (g->nr == MOST_GAPS) {
		join(g);
		while (g->nr > MOST_GAPS / 2)
			join_pairs(g);
	}
	bigger = grow(g->all, &g->cap, g->nr, sizeof(*bigger));
	if (!bigger)
		return -ENOMEM;
	g->all = bigger;
	g->all[g->nr++] = (struct gap){ .from = from < to ? from : to, .to = to };
	return 0;
}

void gaps_merge(struct gaps *g)
{
	uint64_t before = 0;

	join(g);
	for (size_t i = 0; i < g->nr; i++) {
		g->all[i].before = before;
		before += g->all[i].to - g->all[i].from;
	}
}

static bool over_before(const void *gaps, size_t i, uint64_t ts)
{
	return ((const struct gap *)gaps)[i].to < ts;
}

/* The first gap that ends at @ts or later; g->nr: none. */
static size_t first_to(const struct gaps *g, uint64_t ts)
{
	return count_before(g->all, g->nr, over_before, ts);
}

bool gaps_shade(const struct gaps *g, uint64_t ts, uint64_t age)
{
	size_t i = first_to(g, ts);

	return i < g->nr && (g->all[i].from <= ts || g->all[i].from - ts <= age);
}

uint64_t gaps_clear(const struct gaps *g, uint64_t ts)
{
	size_t i = first_to(g, ts);
	const struct gap *last = i ? &g->all[i - 1] : NULL;
	uint64_t in_gaps = last ? last->before + (last->to - last->from) : 0;

	if (i < g->nr && g->all[i].from < ts)
		in_gaps += ts - g->all[i].from;
	return ts - in_gaps;
}

void gaps_free(struct gaps *g)
{
	free(g->all);
	*g = (struct gaps){ 0 };
}
