// SPDX-License-Identifier: LGPL-2.1-or-later
/* csv.c - the summary of a fleet as one table: a row for each group, duration, cause (with its task) and failed file */
#include "batch/fleet/fleet.h"

#include "export/csv/csv.h"

static const char columns[] =
	"section, name, recordings, failed, covering, covered_hours, stalls, stalls_per_hour, low_per_hour, high_per_hour, "
	"median_ns, worst_ns, total_ns, new, cause, cause_comm, diagnosis, status, error";

static void put_empty(struct csv *c, int n)
{
	while (n--)
		csv_empty(c);
}

static void put_group(struct csv *c, const char *section, const struct fleet_group *g)
{
	struct interval i;
	double rate;
	bool known = fleet_rate(g, &rate, &i);

	csv_text(c, section);
	csv_text(c, g->name);
	csv_unsigned(c, g->recordings);
	csv_unsigned(c, g->failed);
	csv_unsigned(c, g->covering);
	csv_real(c, g->covering ? g->hours : 0, 6);
	csv_known(c, g->covering || g->stalls ? KNOWN(g->stalls) : UNKNOWN);
	if (known) {
		csv_real(c, rate, 6);
		csv_real(c, i.low, 6);
		csv_real(c, i.high, 6);
	} else {
		put_empty(c, 3);
	}
	csv_known(c, g->median_ns);
	csv_known(c, g->worst_ns);
	put_empty(c, 7);
	csv_end(c);
}

static void put_bucket(struct csv *c, const struct fleet_bucket *b)
{
	csv_text(c, "duration_from_ns");
	csv_unsigned(c, b->from_ns);
	put_empty(c, 4);
	csv_unsigned(c, b->stalls);
	put_empty(c, 12);
	csv_end(c);
}

static void put_culprit(struct csv *c, const struct fleet *f, const struct fleet_culprit *x)
{
	csv_text(c, "culprit");
	csv_empty(c);
	csv_unsigned(c, x->recordings);
	put_empty(c, 3);
	csv_unsigned(c, x->stalls);
	put_empty(c, 4);
	csv_known(c, x->worst_ns);
	csv_known(c, x->total_ns);
	csv_known(c, f->since_date ? KNOWN(x->fresh) : UNKNOWN);
	csv_text(c, x->cause);
	csv_text(c, x->comm);
	csv_text(c, x->diagnosis);
	put_empty(c, 2);
	csv_end(c);
}

static void put_failure(struct csv *c, const struct fleet_failure *x)
{
	csv_text(c, "failed");
	csv_text(c, x->path);
	put_empty(c, 15);
	csv_text(c, x->status);
	csv_text(c, x->error);
	csv_end(c);
}

int fleet_csv(const struct fleet *f, FILE *out)
{
	struct csv c = { .out = out };

	csv_header(&c, columns);
	put_group(&c, "all", &f->total);
	if (f->since_date) {
		put_group(&c, "before", &f->before);
		put_group(&c, "since", &f->since);
	}
	for (size_t by = 0; by < NR_FLEET_BY; by++)
		for (size_t i = 0; i < f->by[by].nr; i++)
			put_group(&c, fleet_by_names[by], &f->by[by].all[i]);
	for (size_t i = 0; i < FLEET_BUCKETS; i++)
		put_bucket(&c, &f->buckets[i]);
	for (size_t i = 0; i < f->nr_culprits; i++)
		put_culprit(&c, f, &f->culprits[i]);
	for (size_t i = 0; i < f->nr_failures; i++)
		put_failure(&c, &f->failures[i]);
	return csv_status(&c);
}
