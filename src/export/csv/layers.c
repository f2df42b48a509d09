// SPDX-License-Identifier: LGPL-2.1-or-later
/* layers.c - a row for each use of memory beside what /proc/meminfo says of it, then the sum of meminfo itself */
#include <math.h>

#include "export/csv/csv.h"
#include "model/leaks.h"
#include "model/writer.h"

static const char columns[] =
	"recording, layer, allocs, alloc_bytes, freed_bytes, balance_bytes, bytes_per_hour, bytes_per_hour_low, bytes_per_hour_high, "
	"meminfo_before_bytes, meminfo_after_bytes, meminfo_change_bytes";

enum { FIGURES = 7 };	/* columns of a use, from allocs on */

static void put_figures(struct csv *c, const struct leak_use_sum *u)
{
	csv_unsigned(c, u->allocs);
	csv_unsigned(c, u->alloc_bytes);
	csv_unsigned(c, u->freed_bytes);
	csv_int(c, u->balance_bytes);
	csv_real(c, u->growth.is ? u->growth.mean : (double)NAN, 0);
	csv_real(c, u->growth.is ? u->growth.low : (double)NAN, 0);
	csv_real(c, u->growth.is ? u->growth.high : (double)NAN, 0);
}

/* @u: NULL: only meminfo has the figure. @before, @after: NULL: meminfo does not have it. */
static void put_layer(struct csv *c, const struct report *r, const char *name, const struct leak_use_sum *u,
		      const uint64_t *before, const uint64_t *after)
{
	csv_text(c, r->facts.path);
	csv_text(c, name);
	if (u && u->seen)
		put_figures(c, u);
	else
		for (int i = 0; i < FIGURES; i++)
			csv_empty(c);
	csv_known(c, before ? KNOWN((int64_t)*before) : UNKNOWN);
	csv_known(c, after ? KNOWN((int64_t)*after) : UNKNOWN);
	csv_known(c, before && after ? KNOWN((int64_t)(*after - *before)) : UNKNOWN);
	csv_end(c);
}

static void put_use(struct csv *c, const struct report *r, enum leak_use use)
{
	const struct leak_report *l = r->leaks;
	uint64_t before, after;
	bool then = meminfo_of_use(&l->before, use, &before), now = meminfo_of_use(&l->after, use, &after);

	put_layer(c, r, leak_use_name(use), &l->uses[use], then ? &before : NULL, now ? &after : NULL);
}

/* T = U + K + S + C + F. */
static void put_split(struct csv *c, const struct report *r)
{
	struct meminfo_split a = meminfo_split(&r->leaks->before), b = meminfo_split(&r->leaks->after);
	const struct { const char *name; uint64_t *before, *after; } rows[] = {
		{ "total", &a.total, &b.total }, { "user", &a.user, &b.user }, { "kernel", &a.kernel, &b.kernel },
		{ "shared", &a.shared, &b.shared }, { "cache", &a.cache, &b.cache }, { "free", &a.free, &b.free },
		{ "unexplained", &a.unexplained, &b.unexplained },
	};

	for (size_t i = 0; r->leaks->before.has && i < sizeof(rows) / sizeof(rows[0]); i++)
		put_layer(c, r, rows[i].name, NULL, rows[i].before, r->leaks->after.has ? rows[i].after : NULL);
}

static int write_layers(const struct report *r, const struct writer_options *opts, FILE *out)
{
	struct csv c = { .out = out };

	(void)opts;
	csv_header(&c, columns);
	for (int i = 0; r->leaks && i < NR_LEAK_USES; i++)
		put_use(&c, r, (enum leak_use)i);
	if (r->leaks)
		put_split(&c, r);
	return csv_status(&c);
}

const struct writer layers_csv_writer = {
	.name	= "layers",
	.about	= "what memory was used for, and what /proc/meminfo says of it, as CSV",
	.write	= write_layers,
};
