// SPDX-License-Identifier: LGPL-2.1-or-later
/* stalls.c - the stalls of a recording, a row each, by start */
#include "export/csv/csv.h"
#include "model/writer.h"

static const char columns[] =
	"recording, stall_id, start_ns, end_ns, duration_ns, start_earliest_ns, start_latest_ns, end_earliest_ns, "
	"end_latest_ns, cause, cause_comm, cause_pid, cause_cpu, event_ns, lru, classzone, order, nr_requested, "
	"nr_scanned, "
	"nr_skipped, nr_taken, skip_ratio, scanned_bytes, ns_per_page, cpus_frozen, cpus_total, tasks_frozen, "
	"frozen_task_ns, trigger_comm, trigger_pid, trigger_gfp, diagnosis, evidence, confidence, lost_in_window, "
	"window_from_ns, window_to_ns";

static void put_when(struct csv *c, const struct bounds *at)
{
	csv_unsigned(c, at->start);
	csv_unsigned(c, at->end);
	csv_unsigned(c, at->end > at->start ? at->end - at->start : 0);
	csv_unsigned(c, at->start_earliest);
	csv_unsigned(c, at->start_latest);
	csv_unsigned(c, at->end_earliest);
	csv_unsigned(c, at->end_latest);
}

static void put_cause(struct csv *c, const struct stall *s)
{
	csv_text(c, cause_name(s->cause));
	csv_text(c, s->cause_comm);
	csv_known(c, s->cause_pid);
	csv_known(c, s->cause_cpu);
	csv_event(c, &s->event);
}

/* Nine digits, so that 156,946,360 skipped of 156,946,361 does not look like all of them. */
static void put_skip_ratio(struct csv *c, const struct stall *s)
{
	if (s->nr_skipped.is && s->nr_scanned.is && s->nr_scanned.v > 0)
		csv_real(c, (double)s->nr_skipped.v / (double)s->nr_scanned.v, 9);
	else
		csv_empty(c);
}

static void put_scan(struct csv *c, const struct stall *s)
{
	csv_scan(c, s->lru, s->classzone, s->order, (const struct known[]){ s->nr_requested, s->nr_scanned, s->nr_skipped, s->nr_taken });
	put_skip_ratio(c, s);
	csv_known(c, s->scanned_bytes);
	if (s->has_ns_per_page)
		csv_real(c, s->ns_per_page, 2);
	else
		csv_empty(c);
}

static void put_frozen(struct csv *c, const struct stall *s)
{
	csv_known(c, s->cpus_frozen);
	csv_known(c, s->cpus_total);
	csv_known(c, stall_tasks(s));
	csv_known(c, stall_task_ns(s));
}

static void put_trigger(struct csv *c, const struct stall *s)
{
	const struct trigger_step *first = s->nr_trigger ? &s->trigger[0] : NULL;

	csv_text(c, first ? first->comm : NULL);
	csv_known(c, first ? KNOWN(first->pid) : UNKNOWN);
	csv_text(c, first ? first->gfp : NULL);
}

static void put_verdict(struct csv *c, const struct stall *s)
{
	csv_text(c, diagnosis_name(s->diagnosis));
	csv_text(c, evidence_name(s->evidence));
	csv_text(c, confidence_name(s->confidence));
	csv_lost(c, s->lost_in_window);
}

static int write_stalls(const struct report *r, const struct writer_options *opts, FILE *out)
{
	struct csv c = csv_begin(out, opts);

	csv_header(&c, columns);
	for (size_t i = 0; i < r->nr_stalls; i++) {
		csv_text(&c, r->facts.path);
		csv_unsigned(&c, r->stalls[i].id);
		put_when(&c, &r->stalls[i].at);
		put_cause(&c, &r->stalls[i]);
		put_scan(&c, &r->stalls[i]);
		put_frozen(&c, &r->stalls[i]);
		put_trigger(&c, &r->stalls[i]);
		put_verdict(&c, &r->stalls[i]);
		csv_known(&c, r->from_ns);
		csv_known(&c, r->to_ns);
		csv_end(&c);
	}
	return csv_status(&c);
}

const struct writer stalls_csv_writer = {
	.name	= "csv",
	.about	= "the stalls as CSV, a row each",
	.write	= write_stalls,
};
