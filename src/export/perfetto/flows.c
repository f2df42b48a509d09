// SPDX-License-Identifier: LGPL-2.1-or-later
/* flows.c - match each stall with the hold of the same event. The stall's flows begin at this hold */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "export/perfetto/perfetto.h"
#include "util/order.h"

struct place { uint64_t ts; uint16_t cpu; size_t index; };

static int place_order(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	if (x->ts != y->ts)
		return x->ts < y->ts ? -1 : 1;
	return order(x->cpu, y->cpu);
}

static struct place *places_of_holds(const struct report *r)
{
	struct place *places = calloc(r->nr_holds + 1, sizeof(*places));

	for (size_t i = 0; places && i < r->nr_holds; i++)
		places[i] = (struct place){ r->holds[i].event.ts, r->holds[i].cpu, i };
	if (places && r->nr_holds)
		qsort(places, r->nr_holds, sizeof(*places), place_order);
	return places;
}

static void find_source(struct drawing *d, const struct place *places, size_t stall)
{
	const struct stall *s = &d->r->stalls[stall];
	struct place key = { s->event.ts, s->event.cpu, 0 };
	const struct place *found = NULL;

	if (s->cause == CAUSE_LRU_LOCK_HOLD && s->event.is && d->r->nr_holds)
		found = bsearch(&key, places, d->r->nr_holds, sizeof(*places), place_order);
	if (!found || d->stall_of[found->index] != SIZE_MAX || d->r->holds[found->index].at.end > PACKET_MAX_NS)
		return;
	d->source[stall] = found->index;
	d->stall_of[found->index] = stall;
}

int drawing_sources(struct drawing *d)
{
	struct place *places = places_of_holds(d->r);

	d->source = malloc((d->r->nr_stalls + 1) * sizeof(*d->source));
	d->stall_of = malloc((d->r->nr_holds + 1) * sizeof(*d->stall_of));
	if (!places || !d->source || !d->stall_of) {
		free(places);
		return -ENOMEM;
	}
	memset(d->source, 0xff, (d->r->nr_stalls + 1) * sizeof(*d->source));
	memset(d->stall_of, 0xff, (d->r->nr_holds + 1) * sizeof(*d->stall_of));
	for (size_t i = 0; i < d->r->nr_stalls; i++)
		find_source(d, places, i);
	free(places);
	return 0;
}
