// SPDX-License-Identifier: LGPL-2.1-or-later
/* hidden.c - keep the stretches of each CPU in order, and look into them */
#include "state/hidden.h"

#include <errno.h>
#include <stdlib.h>

#include "util/array.h"
#include "util/search.h"

/* Losses come in the order of their ends. So a new one can only touch the last ones. */
static void append(struct hidden_cpu *c, struct stretch s)
{
	while (c->nr && c->list[c->nr - 1].to >= s.from) {
		s.from = c->list[c->nr - 1].from < s.from ? c->list[c->nr - 1].from : s.from;
		s.to = c->list[c->nr - 1].to > s.to ? c->list[c->nr - 1].to : s.to;
		c->nr--;
	}
	c->list[c->nr++] = s;
}

int hidden_add_unmarked(struct hidden *h, unsigned int cpu, struct stretch s)
{
	struct hidden_cpu *cpus = grow_to(h->cpus, &h->nr, cpu, sizeof(*cpus));
	struct stretch *bigger;

	if (!cpus)
		return -ENOMEM;
	h->cpus = cpus;
	bigger = grow(cpus[cpu].list, &cpus[cpu].cap, cpus[cpu].nr, sizeof(*bigger));
	if (!bigger)
		return -ENOMEM;
	cpus[cpu].list = bigger;
	append(&cpus[cpu], s);
	return 0;
}

int hidden_add(struct hidden *h, const struct event *ev)
{
	return hidden_add_unmarked(h, ev->cpu, (struct stretch){ ev->lost.since < ev->ts ? ev->lost.since : ev->ts, ev->ts });
}

static bool over_before(const void *list, size_t i, uint64_t ts)
{
	return ((const struct stretch *)list)[i].to <= ts;
}

/* A loss that ends with the record at in.from, or begins behind that at in.to, hides nothing between the two. */
static void widen(const struct hidden_cpu *c, struct stretch in, struct stretch *hull)
{
	for (size_t i = count_before(c->list, c->nr, over_before, in.from); i < c->nr && c->list[i].from < in.to; i++) {
		uint64_t from = c->list[i].from > in.from ? c->list[i].from : in.from;
		uint64_t to = c->list[i].to < in.to ? c->list[i].to : in.to;

		hull->from = from < hull->from ? from : hull->from;
		hull->to = to > hull->to ? to : hull->to;
	}
}

void hidden_widen(const struct hidden *h, uint32_t cpu, struct stretch in, struct stretch *hull)
{
	if (in.from >= in.to)
		return;
	if (cpu != ANY_CPU && cpu < h->nr)
		widen(&h->cpus[cpu], in, hull);
	for (size_t i = 0; cpu == ANY_CPU && i < h->nr; i++)
		widen(&h->cpus[i], in, hull);
}

void hidden_forget(struct hidden *h)
{
	for (size_t i = 0; i < h->nr; i++)
		h->cpus[i].nr = 0;
}

void hidden_clear(struct hidden *h)
{
	for (size_t i = 0; i < h->nr; i++)
		free(h->cpus[i].list);
	free(h->cpus);
	*h = (struct hidden){ 0 };
}
