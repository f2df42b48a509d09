// SPDX-License-Identifier: LGPL-2.1-or-later
/* rows.c - a report's findings as plain values, worded as in the CSV files */
#include "library/library.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

static struct vmstall_value value(struct known k)
{
	return (struct vmstall_value){ .known = k.is, .v = k.is ? k.v : 0 };
}

static struct vmstall_value when(const struct event_ref *e)
{
	return (struct vmstall_value){ .known = e->is, .v = e->is ? (int64_t)e->ts : 0 };
}

static struct vmstall_value losses(uint64_t lost)
{
	return lost == UINT64_MAX ? (struct vmstall_value){ 0 } : (struct vmstall_value){ true, (int64_t)lost };
}

static const char *text(const char *s)
{
	return s ? s : "";
}

static const char *lru(struct known k)
{
	return k.is ? lru_name(k.v) : "";
}

static struct vmstall_bounds bounds(const struct bounds *b)
{
	return (struct vmstall_bounds){
		.start_ns = b->start, .start_earliest_ns = b->start_earliest, .start_latest_ns = b->start_latest,
		.end_ns = b->end, .end_earliest_ns = b->end_earliest, .end_latest_ns = b->end_latest,
	};
}

static void put_facts(struct vmstall_facts *to, const struct report *r)
{
	const struct recording_facts *f = &r->facts;

	*to = (struct vmstall_facts){
		.path = text(f->path), .kernel = text(f->kernel), .machine = text(f->machine), .clock = text(f->clock),
		.cpus = f->nr_cpus, .bytes = f->bytes, .events = f->events, .first_ns = f->first_ns,
		.last_ns = f->last_ns, .partial = f->partial, .clock_is_time = f->clock_is_time,
	};
	for (uint32_t i = 0; f->cpus && i < f->nr_cpus; i++) {
		to->lost += f->cpus[i].lost;
		to->lost_marks += f->cpus[i].lost_marks;
	}
}

static void put_trigger(struct vmstall_stall *to, const struct stall *s)
{
	const struct trigger_step *first = s->nr_trigger ? &s->trigger[0] : NULL;

	to->trigger_comm = first ? first->comm : "";
	to->trigger_pid = value(first ? KNOWN(first->pid) : UNKNOWN);
	to->trigger_gfp = text(first ? first->gfp : NULL);
}

static void put_verdict(struct vmstall_stall *to, const struct report *r, const struct stall *s)
{
	const struct advice *advice = stall_advice(&r->facts, s);

	to->diagnosis = diagnosis_name(s->diagnosis);
	to->evidence = evidence_name(s->evidence);
	to->confidence = confidence_name(s->confidence);
	to->lost_in_window = losses(s->lost_in_window);
	to->why = text(advice ? advice->why : NULL);
	to->remedy = text(advice ? advice->remedy : NULL);
	to->source = text(advice ? advice->source : NULL);
	to->because = (const char *const *)s->why.s;
	to->nr_because = s->why.nr;
}

static void put_stall(struct vmstall_stall *to, const struct report *r, const struct stall *s)
{
	*to = (struct vmstall_stall){
		.id = s->id, .at = bounds(&s->at), .cause = cause_name(s->cause), .cause_comm = s->cause_comm,
		.cause_pid = value(s->cause_pid), .cause_cpu = value(s->cause_cpu), .event_ns = when(&s->event),
		.lru = lru(s->lru), .classzone = value(s->classzone), .order = value(s->order),
		.nr_requested = value(s->nr_requested), .nr_scanned = value(s->nr_scanned),
		.nr_skipped = value(s->nr_skipped), .nr_taken = value(s->nr_taken),
		.scanned_bytes = value(s->scanned_bytes),
		.ns_per_page = s->has_ns_per_page ? s->ns_per_page : (double)NAN,
		.cpus_frozen = value(s->cpus_frozen), .cpus_total = value(s->cpus_total),
		.tasks_frozen = s->tasks_frozen, .frozen_task_ns = s->frozen_task_ns, .tasks_unknown = s->tasks_unknown,
	};
	put_trigger(to, s);
	put_verdict(to, r, s);
}

static void put_victim(struct vmstall_victim *to, const struct report *r, const struct victim *v)
{
	*to = (struct vmstall_victim){
		.stall_id = r->stalls[v->stall].id, .comm = v->comm, .pid = v->pid, .cpu = value(v->cpu),
		.kind = victim_kind_name(v->kind), .frozen_from_ns = v->from, .frozen_to_ns = v->to,
		.resume_lag_ns = value(v->resume_lag_ns), .missed_periods = value(v->missed_periods),
		.period_ns = value(v->period_ns), .waits_for_pid = value(v->waits_for_pid),
		.evidence = evidence_name(v->evidence), .confidence = confidence_name(v->confidence),
		.chance = v->has_chance ? v->chance : (double)NAN,
	};
}

static void put_hold(struct vmstall_hold *to, const struct hold *h)
{
	*to = (struct vmstall_hold){
		.cpu = h->cpu, .comm = h->comm, .pid = h->pid, .at = bounds(&h->at), .event_ns = when(&h->event),
		.lru = lru(h->lru), .classzone = value(h->classzone), .order = value(h->order),
		.nr_requested = value(h->nr_requested), .nr_scanned = value(h->nr_scanned),
		.nr_skipped = value(h->nr_skipped), .nr_taken = value(h->nr_taken),
		.evidence = evidence_name(h->at.evidence),
	};
}

static const char *level_name(enum quality_level level)
{
	return level == QUALITY_INFO ? "info" : level == QUALITY_LOSS ? "loss" : "error";
}

static void fill(struct vmstall_report *report)
{
	const struct report *r = &report->inner;

	put_facts(&report->facts, r);
	for (size_t i = 0; i < r->nr_stalls; i++)
		put_stall(&report->stalls[i], r, &r->stalls[i]);
	for (size_t i = 0; i < r->nr_victims; i++)
		put_victim(&report->victims[i], r, &r->victims[i]);
	for (size_t i = 0; i < r->nr_holds; i++)
		put_hold(&report->holds[i], &r->holds[i]);
	for (size_t i = 0; i < r->nr_notes; i++)
		report->notes[i] = (struct vmstall_note){ level_name(r->notes[i].level), text(r->notes[i].text) };
	for (size_t i = 0; i < r->nr_coverage; i++)
		report->coverage[i] = (struct vmstall_coverage){ text(r->coverage[i].analysis), r->coverage[i].possible,
			text(r->coverage[i].missing), text(r->coverage[i].hint), text(r->coverage[i].unknown) };
}

/* Allocate one more than needed, because calloc(0) may return NULL and that would look like out of memory. */
int rows_make(struct vmstall_report *report)
{
	const struct report *r = &report->inner;

	report->stalls = calloc(r->nr_stalls + 1, sizeof(*report->stalls));
	report->victims = calloc(r->nr_victims + 1, sizeof(*report->victims));
	report->holds = calloc(r->nr_holds + 1, sizeof(*report->holds));
	report->notes = calloc(r->nr_notes + 1, sizeof(*report->notes));
	report->coverage = calloc(r->nr_coverage + 1, sizeof(*report->coverage));
	if (!report->stalls || !report->victims || !report->holds || !report->notes || !report->coverage)
		return -ENOMEM;
	fill(report);
	return 0;
}

void rows_clear(struct vmstall_report *report)
{
	free(report->stalls);
	free(report->victims);
	free(report->holds);
	free(report->notes);
	free(report->coverage);
}
