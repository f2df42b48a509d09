// SPDX-License-Identifier: LGPL-2.1-or-later
/* latencies.c - what is the median of a million durations, without keeping a million? */
#include "util/latencies.h"

#include <errno.h>
#include <stdlib.h>

#include "util/array.h"
#include "util/order.h"

static void thin(struct latencies *l)
{
	size_t kept = 0;

	for (size_t i = 0; i < l->nr_kept; i += 2)
		l->kept[kept++] = l->kept[i];
	l->nr_kept = kept;
	l->stride *= 2;
}

int latencies_add(struct latencies *l, uint64_t ns)
{
	uint64_t *bigger;

	l->stride = l->stride ? l->stride : 1;
	if (l->nr_kept == LATENCIES_KEPT)
		thin(l);
	l->total += ns;
	l->max = ns > l->max ? ns : l->max;
	if (l->nr++ % l->stride)
		return 0;
	bigger = grow(l->kept, &l->cap, l->nr_kept, sizeof(*bigger));
	if (!bigger)
		return -ENOMEM;
	l->kept = bigger;
	l->kept[l->nr_kept++] = ns;
	return 0;
}

/* Each duration that @from kept stands for @from->stride durations. */
int latencies_merge(struct latencies *l, const struct latencies *from)
{
	uint64_t nr = l->nr + from->nr, total = l->total + from->total, max = from->max > l->max ? from->max : l->max;
	int err = 0;

	for (size_t i = 0; !err && i < from->nr_kept; i++)
		for (uint64_t k = 0; !err && k < from->stride; k++)
			err = latencies_add(l, from->kept[i]);
	l->nr = nr;
	l->total = total;
	l->max = max;
	return err;
}

uint64_t latencies_percentile(struct latencies *l, unsigned int percent)
{
	size_t at = (l->nr_kept * percent + 99) / 100;

	if (!l->nr_kept)
		return 0;
	qsort(l->kept, l->nr_kept, sizeof(*l->kept), ascending_u64);
	return l->kept[at ? at - 1 : 0];
}

double latencies_share(const struct latencies *l, uint64_t ns)
{
	size_t longer = 0;

	for (size_t i = 0; i < l->nr_kept; i++)
		longer += l->kept[i] >= ns;
	return l->nr_kept ? (double)longer / (double)l->nr_kept : 0;
}

void latencies_free(struct latencies *l)
{
	free(l->kept);
	*l = (struct latencies){ 0 };
}
