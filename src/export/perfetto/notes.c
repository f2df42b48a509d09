// SPDX-License-Identifier: LGPL-2.1-or-later
/* notes.c - the details that Perfetto shows for a selected slice, named like the columns of the CSV files */
#include "export/perfetto/perfetto.h"

static void note_known(struct protobuf *b, const char *name, struct known v)
{
	if (v.is)
		note_int(b, name, v.v);
}

static void note_bounds(struct protobuf *b, const struct bounds *at)
{
	note_uint(b, "duration_ns", at->end > at->start ? at->end - at->start : 0);
	note_uint(b, "start_earliest_ns", at->start_earliest);
	note_uint(b, "start_latest_ns", at->start_latest);
	note_text(b, "start_rule", bound_rule_name(at->start_rule));
	note_uint(b, "end_earliest_ns", at->end_earliest);
	note_uint(b, "end_latest_ns", at->end_latest);
	note_text(b, "end_rule", bound_rule_name(at->end_rule));
	note_text(b, "evidence", evidence_name(at->evidence));
}

/* The fields of an isolate event. Stalls and holds have the same members. */
#define NOTE_SCAN(b, facts, x)						\
	do {								\
		note_text(b, "lru", (x)->lru.is ? lru_name((x)->lru.v) : NULL); \
		note_zone(b, facts, (x)->classzone);			\
		note_known(b, "order", (x)->order);			\
		note_known(b, "nr_requested", (x)->nr_requested);	\
		note_known(b, "nr_scanned", (x)->nr_scanned);		\
		note_known(b, "nr_skipped", (x)->nr_skipped);		\
		note_known(b, "nr_taken", (x)->nr_taken);		\
	} while (0)

static void note_zone(struct protobuf *b, const struct recording_facts *facts, struct known zone)
{
	char buf[24];

	note_text(b, "classzone", zone.is ? zone_name(facts, zone.v, buf, sizeof(buf)) : NULL);
}

/* The task that asked for the reclaim: the first step. */
static void note_trigger(struct protobuf *b, const struct stall *s)
{
	if (!s->nr_trigger)
		return;
	note_text(b, "trigger", s->trigger[0].what);
	note_text(b, "trigger_comm", s->trigger[0].comm);
	note_int(b, "trigger_pid", s->trigger[0].pid);
	note_text(b, "trigger_gfp", s->trigger[0].gfp);
}

static void note_advice(struct protobuf *b, const struct report *r, const struct stall *s)
{
	const struct advice *a = stall_advice(&r->facts, s);

	if (s->diagnosis == DIAGNOSIS_NONE)
		return;
	note_text(b, "diagnosis", diagnosis_name(s->diagnosis));
	note_text(b, "why", a->why);
	note_text(b, "remedy", a->remedy);
}

void notes_of_stall(struct protobuf *b, const struct report *r, const struct stall *s)
{
	note_uint(b, "stall_id", s->id);
	note_text(b, "cause", cause_name(s->cause));
	note_text(b, "cause_comm", s->cause_comm);
	note_known(b, "cause_pid", s->cause_pid);
	note_known(b, "cause_cpu", s->cause_cpu);
	note_bounds(b, &s->at);
	note_text(b, "confidence", confidence_name(s->confidence));
	NOTE_SCAN(b, &r->facts, s);
	note_known(b, "cpus_frozen", s->cpus_frozen);
	note_known(b, "cpus_total", s->cpus_total);
	note_known(b, "tasks_frozen", stall_tasks(s));
	note_known(b, "frozen_task_ns", stall_task_ns(s));
	note_trigger(b, s);
	note_advice(b, r, s);
	note_known(b, "capped_least_ns", s->capped_least_ns);
	note_known(b, "capped_most_ns", s->capped_most_ns);
	for (size_t i = 0; i < s->why.nr; i++)
		note_text(b, "because", s->why.s[i]);
	if (s->lost_in_window != UINT64_MAX)
		note_uint(b, "lost_in_window", s->lost_in_window);
}

void notes_of_hold(struct protobuf *b, const struct report *r, const struct hold *h)
{
	note_int(b, "pid", h->pid);
	note_bounds(b, &h->at);
	if (h->event.is)
		note_uint(b, "event_ns", h->event.ts);
	NOTE_SCAN(b, &r->facts, h);
	note_known(b, "nid", h->nid);
	if (!h->plausible)
		note_text(b, "doubt", "the pages walked do not explain the time");
}

void notes_of_victim(struct protobuf *b, const struct victim *v)
{
	note_text(b, "kind", victim_kind_name(v->kind));
	note_uint(b, "frozen_ns", v->to > v->from ? v->to - v->from : 0);
	note_known(b, "cpu", v->cpu);
	note_known(b, "resume_lag_ns", v->resume_lag_ns);
	note_known(b, "missed_periods", v->missed_periods);
	note_known(b, "period_ns", v->period_ns);
	note_known(b, "waits_for_pid", v->waits_for_pid);
	note_text(b, "evidence", evidence_name(v->evidence));
	note_text(b, "confidence", confidence_name(v->confidence));
}
