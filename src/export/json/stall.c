// SPDX-License-Identifier: LGPL-2.1-or-later
/* stall.c - a stall with its victims, steps, spans and diagnosis, and a hold, as JSON */
#include "export/json/values.h"

#include <math.h>

static json_t *zone(const struct recording_facts *f, struct known zone)
{
	char buf[24];

	return zone.is ? json_text(zone_name(f, zone.v, buf, sizeof(buf))) : json_null();
}

json_t *json_victim(const struct victim *v)
{
	return json_pack("{s:o, s:i, s:o, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}",
		"comm", json_text(v->comm),
		"pid", (int)v->pid,
		"cpu", json_known(v->cpu),
		"kind", victim_kind_name(v->kind),
		"frozen_from_ns", json_unsigned(v->from),
		"frozen_to_ns", json_unsigned(v->to),
		"resume_lag_ns", json_known(v->resume_lag_ns),
		"missed_periods", json_known(v->missed_periods),
		"period_ns", json_known(v->period_ns),
		"waits_for_pid", json_known(v->waits_for_pid),
		"evidence", json_text(evidence_name(v->evidence)),
		"confidence", json_text(confidence_name(v->confidence)),
		"chance", v->has_chance ? json_real(v->chance) : json_null());
}

static json_t *victims(const struct report *r, size_t stall)
{
	json_t *all = json_array();
	const struct victim *v;
	size_t n = report_victims(r, stall, &v);

	for (size_t i = 0; i < n; i++)
		json_append(&all, json_victim(&v[i]));
	return all;
}

static json_t *trigger(const struct report *r, const struct stall *s)
{
	json_t *all = json_array();

	for (size_t i = 0; i < s->nr_trigger; i++) {
		const struct trigger_step *t = &s->trigger[i];

		json_append(&all, json_pack("{s:o, s:o, s:i, s:o, s:o, s:o, s:o, s:o}",
			"at", json_ref(&t->at), "comm", json_text(t->comm), "pid", (int)t->pid,
			"what", json_text(t->what), "order", json_known(t->order), "zone", json_known(t->zid),
			"zone_name", zone(&r->facts, t->zid), "gfp", json_text(t->gfp)));
	}
	return all;
}

static json_t *users(const struct stall *s)
{
	json_t *all = json_array();

	for (size_t i = 0; i < s->nr_users; i++) {
		const struct zone_user *u = &s->users[i];

		json_append(&all, json_pack("{s:o, s:i, s:o, s:o, s:o}", "comm", json_text(u->comm), "pid",
			(int)u->pid, "gfp", json_text(u->gfp), "pages", json_unsigned(u->pages), "allocs",
			json_unsigned(u->allocs)));
	}
	return all;
}

static json_t *lanes(const struct stall *s)
{
	static const char *const states[] = { "unknown", "running", "idle", "holding", "spinning", "frozen", "silent" };
	json_t *all = json_array();

	for (size_t i = 0; i < s->nr_spans; i++) {
		const struct cpu_span *l = &s->spans[i];

		json_append(&all, json_pack("{s:i, s:o, s:o, s:s, s:i, s:o}", "cpu", (int)l->cpu, "from_ns",
			json_unsigned(l->from), "to_ns", json_unsigned(l->to), "state",
			states[l->state <= CPU_SILENT ? l->state : CPU_UNKNOWN], "pid", (int)l->pid, "comm",
			json_text(l->comm)));
	}
	return all;
}

static json_t *scan(const struct recording_facts *f, struct known lru, struct known classzone, struct known order,
		struct known requested, struct known scanned, struct known skipped, struct known taken)
{
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}",
		"lru", lru.is ? json_text(lru_name(lru.v)) : json_null(),
		"classzone", json_known(classzone),
		"zone_name", zone(f, classzone),
		"order", json_known(order),
		"nr_requested", json_known(requested),
		"nr_scanned", json_known(scanned),
		"nr_skipped", json_known(skipped),
		"nr_taken", json_known(taken));
}

static json_t *cause(const struct report *r, const struct stall *s)
{
	const struct known none = UNKNOWN;
	bool exact = s->capped_least_ns.v == s->capped_most_ns.v;

	return json_pack("{s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:I, s:o, s:o, s:o}",
		"kind", cause_name(s->cause),
		"comm", json_text(s->cause_comm),
		"pid", json_known(s->cause_pid),
		"cpu", json_known(s->cause_cpu),
		"event", json_ref(&s->event),
		"scan", scan(&r->facts, s->lru, s->classzone, s->order, s->nr_requested, s->nr_scanned, s->nr_skipped,
			s->nr_taken),
		"scanned_bytes", json_known(s->scanned_bytes),
		"ns_per_page", s->has_ns_per_page && isfinite(s->ns_per_page) ? json_real(s->ns_per_page) : json_null(),
		"parts", (json_int_t)s->parts,
		"capped_ns", json_known(exact ? s->capped_least_ns : none),
		"capped_least_ns", json_known(s->capped_least_ns), "capped_most_ns", json_known(s->capped_most_ns));
}

json_t *json_advice(const struct advice *a, enum diagnosis diagnosis)
{
	return json_pack("{s:o, s:o, s:o, s:o}", "name", json_text(diagnosis_name(diagnosis)), "why",
		json_text(a->why), "remedy", json_text(a->remedy), "source", json_text(a->source));
}

static json_t *evidence(const struct stall *s)
{
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o}",
		"grade", json_text(evidence_name(s->evidence)),
		"confidence", json_text(confidence_name(s->confidence)),
		"because", json_strings(&s->why),
		"first", json_ref(&s->first),
		"worst", json_ref(&s->worst),
		"last", json_ref(&s->last),
		"lost_in_window", s->lost_in_window == UINT64_MAX ? json_null() : json_unsigned(s->lost_in_window));
}

static json_t *split(const struct stall *s)
{
	if (!s->has_split)
		return json_null();
	return json_pack("{s:o, s:o, s:o}", "running_ns", json_unsigned(s->running_ns), "runnable_ns",
		json_unsigned(s->runnable_ns), "blocked_ns", json_unsigned(s->blocked_ns));
}

json_t *json_stall_core(const struct report *r, size_t i)
{
	const struct stall *s = &r->stalls[i];

	return json_pack("{s:I, s:o, s:o, s:o, s:b, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}",
		"stall_id", (json_int_t)s->id,
		"bounds", json_bounds(&s->at),
		"duration_ns", json_unsigned(s->at.end > s->at.start ? s->at.end - s->at.start : 0),
		"cause", cause(r, s),
		"lock_sleeps", (int)s->lock_sleeps,
		"cpus_frozen", json_known(s->cpus_frozen),
		"cpus_total", json_known(s->cpus_total),
		"tasks_frozen", json_known(stall_tasks(s)),
		"frozen_task_ns", json_known(stall_task_ns(s)),
		"time_split", split(s),
		"trigger", trigger(r, s),
		"zone_users", users(s),
		"evidence", evidence(s));
}

json_t *json_stall(const struct report *r, size_t i)
{
	const struct stall *s = &r->stalls[i];
	json_t *all = json_stall_core(r, i);

	json_set(&all, "diagnosis", json_advice(stall_advice(&r->facts, s), s->diagnosis));
	json_set(&all, "victims", victims(r, i));
	json_set(&all, "lanes", lanes(s));
	return all;
}

json_t *json_hold(const struct report *r, size_t i)
{
	const struct hold *h = &r->holds[i];

	return json_pack("{s:i, s:o, s:i, s:o, s:o, s:o, s:o, s:o, s:b, s:b, s:b}",
		"cpu", (int)h->cpu,
		"comm", json_text(h->comm),
		"pid", (int)h->pid,
		"bounds", json_bounds(&h->at),
		"event", json_ref(&h->event),
		"scan", scan(&r->facts, h->lru, h->classzone, h->order, h->nr_requested, h->nr_scanned, h->nr_skipped,
			h->nr_taken),
		"nid", json_known(h->nid),
		"lock_addr", h->lock_addr.is ? json_sprintf("0x%llx", (unsigned long long)h->lock_addr.v) : json_null(),
		"irqs_off", (int)h->irqs_off,
		"plausible", (int)h->plausible,
		"lost_in_window", (int)h->lost_in_window);
}
