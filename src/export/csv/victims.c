// SPDX-License-Identifier: LGPL-2.1-or-later
/* victims.c - the frozen tasks, a row for each task of a stall */
#include <math.h>

#include "export/csv/csv.h"
#include "model/writer.h"

static const char columns[] =
	"recording, stall_id, comm, pid, cpu, kind, frozen_from_ns, frozen_to_ns, frozen_ns, resume_lag_ns, "
	"missed_periods, waits_for_pid, evidence, confidence, chance";

static void put_victim(struct csv *c, const struct report *r, const struct victim *v)
{
	csv_text(c, r->facts.path);
	csv_known(c, v->stall < r->nr_stalls ? KNOWN(r->stalls[v->stall].id) : UNKNOWN);
	csv_text(c, v->comm);
	csv_int(c, v->pid);
	csv_known(c, v->cpu);
	csv_text(c, victim_kind_name(v->kind));
	csv_unsigned(c, v->from);
	csv_unsigned(c, v->to);
	csv_unsigned(c, v->to > v->from ? v->to - v->from : 0);
	csv_known(c, v->resume_lag_ns);
	csv_known(c, v->missed_periods);
	csv_known(c, v->waits_for_pid);
	csv_text(c, evidence_name(v->evidence));
	csv_text(c, confidence_name(v->confidence));
	csv_real(c, v->has_chance ? v->chance : (double)NAN, 6);
	csv_end(c);
}

static int write_victims(const struct report *r, const struct writer_options *opts, FILE *out)
{
	struct csv c = csv_begin(out, opts);

	csv_header(&c, columns);
	for (size_t i = 0; i < r->nr_victims; i++)
		put_victim(&c, r, &r->victims[i]);
	return csv_status(&c);
}

const struct writer victims_csv_writer = {
	.name	= "victims",
	.about	= "the frozen tasks as CSV, a row for each task of a stall",
	.write	= write_victims,
};
