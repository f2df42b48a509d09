// SPDX-License-Identifier: LGPL-2.1-or-later
/* leaks.c - a row for each place that allocates, the most likely leak first */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "export/csv/csv.h"
#include "model/leaks.h"
#include "model/writer.h"
#include "util/text.h"

static const char columns[] =
	"recording, rank, layer, site_function, site_offset, stack, comms, allocs, frees, live, live_bytes, "
	"bytes_per_day, oldest_ns, median_lifetime_ns, never_freed_share, pattern, verdict, confidence, lost_in_window, "
	"use, cache, order, gfp_flags, interrupt, freed_unseen, live_sure, live_sure_bytes, p99_lifetime_ns, old, old_never_freed, "
	"old_never_freed_sure, retries_never_freed, outlived_owner, allocs_per_s, bytes_per_hour, bytes_per_hour_low, "
	"bytes_per_hour_high, bytes_per_day_low, bytes_per_day_high, because";

static char *stack_of(const struct leak_site *s)
{
	struct text t = { 0 };

	for (size_t i = 0; i < s->frames.nr; i++)
		text_add(&t, "%s%s", i ? ";" : "", s->frames.s[i]);
	return text_take(&t);
}

/* If several tasks have the same name, write it once. */
static bool is_new_name(const struct leak_site *s, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (!strcmp(s->tasks[k].comm, s->tasks[i].comm))
			return false;
	return s->tasks[i].comm[0];
}

static char *tasks_of(const struct leak_site *s)
{
	struct text t = { 0 };

	for (size_t i = 0; i < s->nr_tasks; i++)
		if (is_new_name(s, i))
			text_add(&t, "%s%s", t.len ? ";" : "", s->tasks[i].comm);
	return text_take(&t);
}

/* Takes ownership of the text. NULL: memory ran out. */
static void put_made(struct csv *c, char *made)
{
	c->failed |= !made;
	csv_text(c, made);
	free(made);
}

static void put_place(struct csv *c, const struct leak_site *s)
{
	csv_text(c, leak_layer_name(s->layer));
	put_made(c, leak_place(s));
	if (s->function)
		csv_unsigned(c, s->offset);
	else
		csv_empty(c);
	put_made(c, stack_of(s));
	put_made(c, tasks_of(s));
}

static char *reasons_of(const struct leak_site *s)
{
	struct text t = { 0 };

	for (size_t i = 0; i < s->why.nr; i++)
		text_add(&t, "%s%s", i ? "; " : "", s->why.s[i]);
	return text_take(&t);
}

static void put_real(struct csv *c, bool is, double v, int digits)
{
	csv_real(c, is ? v : (double)NAN, digits);
}

/* The certainty of a verdict: the bounds of the figures, and the evidence. */
static void put_evidence(struct csv *c, const struct leak_site *s)
{
	csv_unsigned(c, s->unseen);
	csv_unsigned(c, s->live_sure);
	csv_unsigned(c, s->live_sure_bytes);
	csv_known(c, s->usual_ns);
	csv_unsigned(c, s->old);
	csv_unsigned(c, s->old_live);
	csv_unsigned(c, s->old_live_sure);
	csv_unsigned(c, s->retries);
	csv_unsigned(c, s->outlived);
	put_real(c, true, s->allocs_per_s, 3);
	put_real(c, s->growth.is, s->growth.mean, 0);
	put_real(c, s->growth.is, s->growth.low, 0);
	put_real(c, s->growth.is, s->growth.high, 0);
	put_real(c, s->has_projection, s->day_low, 0);
	put_real(c, s->has_projection, s->day_high, 0);
	put_made(c, reasons_of(s));
}

static void put_site(struct csv *c, const struct report *r, size_t i)
{
	const struct leak_site *s = &r->leaks->sites[i];

	csv_text(c, r->facts.path);
	csv_unsigned(c, i + 1);
	put_place(c, s);
	csv_unsigned(c, s->allocs);
	csv_unsigned(c, s->frees);
	csv_unsigned(c, s->live);
	csv_unsigned(c, s->live_bytes);
	put_real(c, s->has_projection, s->bytes_per_day, 0);
	csv_known(c, s->oldest_ns);
	csv_known(c, s->median_lifetime_ns);
	put_real(c, s->old, s->old ? (double)s->old_live / (double)s->old : 0, 6);
	csv_text(c, leak_pattern_name(s->pattern));
	csv_text(c, leak_verdict_name(s->verdict));
	csv_text(c, confidence_name(s->confidence));
	csv_lost(c, s->lost_in_window);
	csv_text(c, leak_use_name(s->use));
	csv_text(c, s->cache);
	csv_known(c, s->order);
	csv_text(c, s->gfp);
	csv_unsigned(c, s->interrupt);
	put_evidence(c, s);
	csv_end(c);
}

static int write_leaks(const struct report *r, const struct writer_options *opts, FILE *out)
{
	struct csv c = csv_begin(out, opts);

	csv_header(&c, columns);
	for (size_t i = 0; r->leaks && i < r->leaks->nr_sites; i++)
		put_site(&c, r, i);
	return csv_status(&c);
}

const struct writer leaks_csv_writer = {
	.name	= "csv",
	.about	= "every place that allocates as CSV, most suspect first",
	.write	= write_leaks,
};
