// SPDX-License-Identifier: LGPL-2.1-or-later
/* stall.c - everything about one stall: the event, its bounds, the requester, the frozen tasks, the evidence */
#include "export/text/text.h"

#include <inttypes.h>
#include <string.h>

enum { STEPS = 8, USERS = 5 };

static void say_title(struct pen *p, const struct stall *s)
{
	pen_rule(p,
		pen_slot(p, "Stall %" PRIu32 ": %s, %s .. %s, %s", s->id, pen_span(p, span_of(s->at.start, s->at.end)),
			pen_time(p, s->at.start), pen_time(p, s->at.end), cause_name(s->cause)));
}

/* The event that accounts for a stall of this cause. */
static const char *event_name(enum cause cause)
{
	static const char *const names[NR_CAUSES] = {
		[CAUSE_LRU_LOCK_HOLD]	= "mm_vmscan_lru_isolate",
		[CAUSE_DIRECT_RECLAIM]	= "mm_vmscan_direct_reclaim_end",
		[CAUSE_MEMCG_RECLAIM]	= "mm_vmscan_memcg_reclaim_end",
		[CAUSE_SHRINK_SLAB]	= "mm_shrink_slab_end",
		[CAUSE_COMPACTION]	= "mm_compaction_end",
	};

	return (size_t)cause < NR_CAUSES && names[cause] ? names[cause] : "record";
}

static void say_event(struct pen *p, const struct stall *s)
{
	if (s->event.is)
		pen_field(p, "Event", "%s at %s on CPU %u%s%s", event_name(s->cause), pen_time(p, s->event.ts),
			s->event.cpu, s->cause_pid.is ? " by " : "",
			s->cause_pid.is ? pen_task(p, s->cause_comm, s->cause_pid.v) : "");
	else
		pen_field(p, "Event", "none recorded");
}

static const char *skipped_share(struct pen *p, const struct stall *s)
{
	if (!s->nr_skipped.is || !s->nr_scanned.is || s->nr_scanned.v <= 0 || s->nr_skipped.v < 0)
		return "";
	return pen_slot(p, " (%s)", pen_percent(p, (uint64_t)s->nr_skipped.v, (uint64_t)s->nr_scanned.v));
}

static void say_scan(struct pen *p, const struct stall *s)
{
	if (!s->nr_scanned.is)
		return;
	pen_field(p, "", "list %s, classzone %s, order %s; requested %s, scanned %s, skipped %s%s, taken %s",
		s->lru.is ? lru_name(s->lru.v) : "unknown", pen_zone(p, s->classzone), pen_known(p, s->order),
		pen_known(p, s->nr_requested), pen_known(p, s->nr_scanned), pen_known(p, s->nr_skipped),
		skipped_share(p, s), pen_known(p, s->nr_taken));
	if (s->scanned_bytes.is && s->scanned_bytes.v >= 0)
		pen_field(p, "", "%s of memory walked%s", pen_bytes(p, (uint64_t)s->scanned_bytes.v),
			s->has_ns_per_page ? pen_slot(p, " at %.1f ns a page", s->ns_per_page) : "");
}

static void say_bound(
	struct pen *p, const char *label, uint64_t best, uint64_t earliest, uint64_t latest, uint32_t rule)
{
	const char *between = earliest == latest ? "" :
		pen_slot(p, " (%s .. %s)", pen_time(p, earliest), pen_time(p, latest));

	pen_field(p, label, "%s%s, by %s", pen_time(p, best), between, bound_rule_text(rule));
}

static void say_bounds(struct pen *p, const struct stall *s)
{
	const struct bounds *at = &s->at;
	uint64_t shortest = span_of(at->start_latest, at->end_earliest),
		 longest = span_of(at->start_earliest, at->end_latest);

	say_bound(p, "Start", at->start, at->start_earliest, at->start_latest, at->start_rule);
	say_bound(p, "End", at->end, at->end_earliest, at->end_latest, at->end_rule);
	pen_field(p, "Length", "%s (%s .. %s)%s%s", pen_ms(p, span_of(at->start, at->end)), pen_ms(p, shortest),
		pen_ms(p, longest), at->evidence ? ", " : "", evidence_name(at->evidence));
	if (s->has_split)
		pen_field(p, "", "of it %s running, %s runnable but not running, %s asleep",
			pen_span(p, s->running_ns), pen_span(p, s->runnable_ns), pen_span(p, s->blocked_ns));
}

static void say_step(struct pen *p, const char *label, const struct trigger_step *t)
{
	pen_field(p, label, "%s%s%s on CPU %u: %s%s%s%s%s%s%s", t->at.is ? pen_time(p, t->at.ts) : "",
		t->at.is ? "  " : "", pen_task(p, t->comm, t->pid), t->at.cpu, pen_clean(p, t->what),
		t->order.is ? ", order " : "", t->order.is ? pen_known(p, t->order) : "", t->zid.is ? ", zone " : "",
		t->zid.is ? pen_zone(p, t->zid) : "", t->gfp ? ", " : "", t->gfp ? pen_clean(p, t->gfp) : "");
}

static void say_trigger(struct pen *p, const struct stall *s)
{
	size_t most = p->verbose > 0 || s->nr_trigger < STEPS ? s->nr_trigger : STEPS;

	for (size_t i = 0; i < most; i++)
		say_step(p, i ? "" : "Asked by", &s->trigger[i]);
	if (most < s->nr_trigger)
		pen_field(p, "", S_DIM "and %zu more steps: -v" S_END, s->nr_trigger - most);
}

static void say_users(struct pen *p, const struct stall *s)
{
	size_t most = p->verbose > 0 || s->nr_users < USERS ? s->nr_users : USERS;

	for (size_t i = 0; i < most; i++) {
		const struct zone_user *u = &s->users[i];

		pen_field(p, i ? "" : "Run-up", "%s was given %s in %s%s%s", pen_task(p, u->comm, u->pid),
			pen_many(p, u->pages, "page"), pen_many(p, u->allocs, "allocation"), u->gfp ? ", " : "",
			u->gfp ? pen_clean(p, u->gfp) : "");
	}
	if (most < s->nr_users)
		pen_field(p, "", S_DIM "and %zu more: -v" S_END, s->nr_users - most);
}

static const char *ref(struct pen *p, const char *which, const struct event_ref *e)
{
	if (!e->is)
		return "";
	return pen_slot(p, "%s CPU %u at %s, file offset %" PRIu64 ". ", which, e->cpu, pen_time(p, e->ts), e->offset);
}

static void say_losses(struct pen *p, const struct stall *s)
{
	if (s->lost_in_window == UINT64_MAX)
		pen_field(p, "", S_YELLOW "Events were lost within the stall, an unknown number." S_END);
	else if (s->lost_in_window)
		pen_field(p, "", S_YELLOW "%s lost within the stall." S_END, pen_many(p, s->lost_in_window, "event"));
}

static void say_evidence(struct pen *p, const struct stall *s)
{
	const char *confidence = confidence_name(s->confidence), *evidence = evidence_name(s->evidence);

	pen_field(p, "Evidence", "%s%s%s",
		*confidence ? pen_slot(p, "%s confidence", confidence) : "confidence not stated", *evidence ? ", " : "",
		evidence);
	for (size_t i = 0; i < s->why.nr; i++)
		pen_say(p, PEN_FIELD, PEN_FIELD + 2, "- %s", pen_clean(p, s->why.s[i]));
	say_losses(p, s);
	if (s->first.is || s->worst.is || s->last.is)
		pen_field(p, "Records", "%s%s%s", ref(p, "First", &s->first), ref(p, "Worst", &s->worst),
			ref(p, "Last", &s->last));
}

static void say_remedies(struct pen *p, const struct advice *a)
{
	const char *line = a->remedy;

	for (int n = 1; *line; n++) {
		size_t length = strcspn(line, "\n");

		pen_say(p, PEN_FIELD, PEN_FIELD + 3, "%d. %.*s", n, (int)length, line);
		line += length + (line[length] == '\n');
	}
}

static void say_predicted(struct pen *p, const struct stall *s)
{
	static const char *const capped = "with a limit of 32768 skipped folios to a scan, this hold would have taken";

	if (!s->capped_least_ns.is || s->capped_least_ns.v < 0)
		return;
	if (s->capped_most_ns.v == s->capped_least_ns.v)
		pen_field(p, "Predicted", "%s about %s.", capped, pen_span(p, (uint64_t)s->capped_least_ns.v));
	else
		pen_field(p, "Predicted", "%s between %s and %s: the sizes of the folios are not recorded.", capped,
			pen_span(p, (uint64_t)s->capped_least_ns.v), pen_span(p, (uint64_t)s->capped_most_ns.v));
}

static void say_diagnosis(struct pen *p, const struct stall *s)
{
	const struct advice *a = stall_advice(p->facts, s);
	bool told;

	if (s->diagnosis == DIAGNOSIS_NONE)
		return;
	told = pen_told(p, a);
	pen_field(p, "Diagnosis", "%s. What can be done:%s", diagnosis_name(s->diagnosis), told ? " see above." : "");
	if (!told)
		say_remedies(p, a);
	say_predicted(p, s);
	if (!told)
		pen_field(p, "Source", S_DIM "%s" S_END, a->source);
}

void text_stall(struct pen *p, const struct report *r, size_t stall)
{
	const struct stall *s = &r->stalls[stall];

	pen_line(p);
	say_title(p, s);
	say_event(p, s);
	say_scan(p, s);
	say_bounds(p, s);
	text_cpu_rows(p, s);
	text_victims(p, r, stall);
	say_trigger(p, s);
	say_users(p, s);
	say_evidence(p, s);
	say_diagnosis(p, s);
}
