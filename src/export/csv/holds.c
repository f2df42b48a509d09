// SPDX-License-Identifier: LGPL-2.1-or-later
/* holds.c - every hold of lru_lock, with or without a stall */
#include "export/csv/csv.h"
#include "model/writer.h"

static const char columns[] =
	"recording, cpu, comm, pid, start_ns, start_earliest_ns, start_latest_ns, end_ns, end_earliest_ns, "
	"end_latest_ns, "
	"event_ns, lru, classzone, order, nr_requested, nr_scanned, nr_skipped, nr_taken, evidence";

static void put_when(struct csv *c, const struct hold *h)
{
	csv_unsigned(c, h->at.start);
	csv_unsigned(c, h->at.start_earliest);
	csv_unsigned(c, h->at.start_latest);
	csv_unsigned(c, h->at.end);
	csv_unsigned(c, h->at.end_earliest);
	csv_unsigned(c, h->at.end_latest);
	csv_event(c, &h->event);
}

static void put_hold(struct csv *c, const struct report *r, const struct hold *h)
{
	csv_text(c, r->facts.path);
	csv_unsigned(c, h->cpu);
	csv_text(c, h->comm);
	csv_int(c, h->pid);
	put_when(c, h);
	csv_scan(c, h->lru, h->classzone, h->order, (const struct known[]){ h->nr_requested, h->nr_scanned, h->nr_skipped, h->nr_taken });
	csv_text(c, evidence_name(h->at.evidence));
	csv_end(c);
}

static int write_holds(const struct report *r, const struct writer_options *opts, FILE *out)
{
	struct csv c = csv_begin(out, opts);

	csv_header(&c, columns);
	for (size_t i = 0; i < r->nr_holds; i++)
		put_hold(&c, r, &r->holds[i]);
	return csv_status(&c);
}

const struct writer holds_csv_writer = {
	.name		= "holds",
	.about		= "every hold of lru_lock as CSV, however short",
	.write		= write_holds,
	.all_holds	= true,
};
