// SPDX-License-Identifier: LGPL-2.1-or-later
/* verdict.c - when, how long, which event, how many tasks and CPUs, why, and what to do: readable in five seconds */
#include "export/text/text.h"

#include <inttypes.h>
#include <string.h>

#include "model/answer.h"

enum { TABLE_FROM = 7, IDS = 8 };

const char *text_recording_name(struct pen *p)
{
	return pen_clean(p, p->facts->path ? p->facts->path : "the recording");
}

const char *text_covered(struct pen *p)
{
	const struct recording_facts *f = p->facts;

	return pen_slot(p, "%s on %s", pen_span(p, span_of(f->first_ns, f->last_ns)), pen_many(p, f->nr_cpus, "CPU"));
}

void text_input(struct pen *p)
{
	const struct recording_facts *f = p->facts;

	pen_say(p, 0, 0, S_DIM "%s .. %s (%s), %s%s%s, clock %s, %s" S_END, pen_time(p, f->first_ns),
		pen_time(p, f->last_ns), text_covered(p),
		f->kernel ? pen_slot(p, "Linux %s", pen_clean(p, f->kernel)) : "kernel release not in the file",
		f->machine ? " " : "", f->machine ? pen_clean(p, f->machine) : "",
		f->clock ? pen_clean(p, f->clock) : "unknown", pen_many(p, f->events, "event"));
}

/* What the holder did, with its figures: "held lru_lock on CPU 0 in one ...". */
static const char *scan_figures(struct pen *p, const struct stall *s)
{
	const char *zone = s->classzone.is ? pen_slot(p, " for classzone %s", pen_zone(p, s->classzone)) : "";

	if (!s->nr_scanned.is)
		return "";
	if (!s->nr_skipped.is || !s->nr_skipped.v)
		return pen_slot(p, " that scanned %s pages%s", pen_known(p, s->nr_scanned), zone);
	return pen_slot(p, " that walked %s pages%s and %s %s of them", pen_known(p, s->nr_scanned), zone,
		s->diagnosis == DIAGNOSIS_GENERATIONS ? "could not isolate" : "skipped", pen_known(p, s->nr_skipped));
}

static const char *deed(struct pen *p, const struct stall *s)
{
	switch (s->cause) {
	case CAUSE_LRU_LOCK_HOLD:
		return s->parts > 1 ? pen_slot(p, "held lru_lock in %" PRIu32 " scans in a row, the worst an "
						  "mm_vmscan_lru_isolate%s", s->parts, scan_figures(p, s)) :
				      pen_slot(p, "held lru_lock in one mm_vmscan_lru_isolate%s", scan_figures(p, s));
	case CAUSE_DIRECT_RECLAIM:
		return "had to reclaim memory itself (direct reclaim)";
	case CAUSE_MEMCG_RECLAIM:
		return "had to reclaim memory of its own cgroup, which was at its limit";
	case CAUSE_SHRINK_SLAB:
		return "was in a slab shrinker, called by reclaim";
	case CAUSE_COMPACTION:
		return "had to wait for memory compaction";
	case CAUSE_THROTTLE:
		return "was put to sleep by reclaim (throttled)";
	case CAUSE_WRITEBACK:
		return "waited in reclaim for pages under writeback";
	default:
		return "";
	}
}

static const char *culprit(struct pen *p, const struct stall *s)
{
	const char *where = s->cause_cpu.is ? pen_slot(p, " on CPU %" PRId64, s->cause_cpu.v) : "";

	if (s->cause == CAUSE_UNEXPLAINED)
		return "silence that no recorded reclaim event accounts for";
	if (!s->cause_pid.is)
		return pen_slot(p, "a task%s %s", where, deed(p, s));
	return pen_slot(p, "%s%s %s", pen_task(p, s->cause_comm, s->cause_pid.v), where, deed(p, s));
}

static const char *repeated(struct pen *p, const struct stall *s)
{
	if (s->parts < 2 || s->cause == CAUSE_LRU_LOCK_HOLD)
		return "";
	return pen_slot(p, ", %" PRIu32 " times back to back", s->parts);
}

static const char *cpus(struct pen *p, const struct stall *s)
{
	if (!s->cpus_frozen.is || s->cpus_frozen.v <= 0)
		return "";
	if (s->cpus_total.is && s->cpus_total.v == s->cpus_frozen.v && s->cpus_total.v > 1)
		return pen_slot(p, " and all %" PRId64 " CPUs", s->cpus_total.v);
	if (s->cpus_total.is)
		return pen_slot(p, " and %" PRId64 " of %" PRId64 " CPUs", s->cpus_frozen.v, s->cpus_total.v);
	return pen_slot(p, " and %s", pen_many(p, (uint64_t)s->cpus_frozen.v, "CPU"));
}

static const char *who_froze(struct pen *p, const struct stall *s)
{
	if (s->tasks_unknown)
		return "It is unknown which tasks froze: no switch was recorded.";
	return pen_slot(p, "%s%s froze.", pen_many(p, s->tasks_frozen, "task"), cpus(p, s));
}

static const char *certainty(struct pen *p, const struct stall *s)
{
	const char *confidence = confidence_name(s->confidence), *evidence = evidence_name(s->evidence);

	if (!*confidence)
		return "";
	return pen_slot(p, " " S_DIM "[%s confidence%s%s]" S_END, confidence, *evidence ? ", " : "", evidence);
}

const char *text_who_froze_whom(struct pen *p, const struct stall *s)
{
	return pen_slot(p, "%s%s%s. %s", s->confidence == CONFIDENCE_LOW ? "perhaps " : "", culprit(p, s), repeated(p, s),
		who_froze(p, s));
}

static void say_stall(struct pen *p, const struct stall *s)
{
	pen_say(p, 2, 6, S_RED "#%-3" PRIu32 "%s%s at %s" S_END ": %s%s", s->id,
		s->at.evidence == EVIDENCE_BOUNDED ? "about " : "", pen_span(p, span_of(s->at.start, s->at.end)),
		pen_time(p, s->at.start), text_who_froze_whom(p, s), certainty(p, s));
}

static void say_row(struct pen *p, const struct stall *s)
{
	const char *of = s->cpus_frozen.is && s->cpus_total.is ?
		pen_slot(p, "%" PRId64 "/%" PRId64, s->cpus_frozen.v, s->cpus_total.v) : "";

	pen_row(p, 2, 6, "%3" PRIu32 "  %12s  %9s  %-14s %s %5s  %6s  %s", s->id, pen_time(p, s->at.start),
		pen_span(p, span_of(s->at.start, s->at.end)), cause_name(s->cause),
		pen_cell(p, s->cause == CAUSE_UNEXPLAINED ? "" : s->cause_comm, 15),
		s->tasks_unknown ? "?" : pen_slot(p, "%" PRIu32, s->tasks_frozen), of, confidence_name(s->confidence));
}

static void say_table(struct pen *p, const struct report *r)
{
	struct longest longest = longest_of(r, LONGEST_MAX);
	size_t said = 0;

	pen_row(p, 2, 6, S_BOLD "%3s  %12s  %9s  %-14s %-15s %5s  %6s  %s" S_END, "#", "start", "length", "cause", "by",
		"tasks", "CPUs", "confidence");
	for (size_t i = 0; i < r->nr_stalls; i++) {
		if (p->verbose <= 0 && !is_longest(&longest, &r->stalls[i]))
			continue;
		say_row(p, &r->stalls[i]);
		said++;
	}
	if (said < r->nr_stalls)
		pen_say(p, 2, 2, S_DIM "These are the longest %zu; %zu more: -v, or --csv FILE." S_END, said,
			r->nr_stalls - said);
}

/* "#1, #4" if only some stalls have this advice. */
static const char *which(struct pen *p, const struct report *r, const struct advice *a)
{
	const char *list = "";
	size_t n = 0;

	for (size_t i = 0; i < r->nr_stalls; i++)
		if (stall_advice(&r->facts, &r->stalls[i]) == a && n++ < IDS)
			list = pen_slot(p, "%s%s#%" PRIu32, list, *list ? ", " : "", r->stalls[i].id);
	if (n == r->nr_stalls)
		return "";
	return pen_slot(p, "%s%s", list, n > IDS ? pen_slot(p, " and %zu more", n - IDS) : "");
}

/* The advices of the report, each once, in the order of the stalls. */
static size_t advices(const struct report *r, const struct advice *ret[PEN_ADVICES])
{
	size_t n = 0, k;

	for (size_t i = 0; i < r->nr_stalls && n < PEN_ADVICES; i++) {
		ret[n] = stall_advice(&r->facts, &r->stalls[i]);
		for (k = 0; ret[k] != ret[n];)
			k++;
		n += k == n;
	}
	return n;
}

/* Print the first line of a remedy, which is the most direct one. The stall's own section has the others. */
static void say_advice(struct pen *p, const struct report *r)
{
	const struct advice *all[PEN_ADVICES];
	size_t n = advices(r, all), k;

	for (size_t i = 0; i < n; i++) {
		size_t length = strcspn(all[i]->remedy, "\n");
		const char *ids = which(p, r, all[i]);

		pen_field(p, "Why", "%s%s%s", ids, *ids ? ": " : "", all[i]->why);
		for (k = 0; k < i && strncmp(all[k]->remedy, all[i]->remedy, length + 1); k++)
			;
		if (length && k == i)
			pen_field(p, "What to do", S_GREEN "%.*s" S_END, (int)length, all[i]->remedy);
		else if (length)
			pen_field(p, "What to do", "as for %s", which(p, r, all[k]));
	}
}

const char *text_least(struct pen *p, uint64_t min_stall_ns)
{
	return min_stall_ns ? pen_slot(p, " of %s or more", pen_span(p, min_stall_ns)) : "";
}

void text_verdict(struct pen *p, const struct report *r, uint64_t min_stall_ns)
{
	if (!r->nr_stalls) {
		if (stalls_answered(r))
			text_no_stall(p, r, min_stall_ns);
		else
			text_unanswered(p, r);
		text_window(p, r);
		return;
	}
	pen_say(p, 0, 2, S_RED "%s%s" S_END " in %s", pen_many(p, r->nr_stalls, "stall"), text_least(p, min_stall_ns),
		text_recording_name(p));
	text_input(p);
	text_window(p, r);
	pen_line(p);
	if (r->nr_stalls >= TABLE_FROM)
		say_table(p, r);
	for (size_t i = 0; i < r->nr_stalls && r->nr_stalls < TABLE_FROM; i++)
		say_stall(p, &r->stalls[i]);
	pen_line(p);
	say_advice(p, r);
}

void text_refused(struct pen *p, const struct report *r)
{
	pen_say(p, 0, 2,
		S_RED "Not analysed" S_END ": %s was recorded with the clock \"%s\", which is not in seconds: no "
		      "duration can be taken from it. Record with one that is:",
		text_recording_name(p), r->facts.clock ? pen_clean(p, r->facts.clock) : "unknown");
	pen_command(p, 2, "trace-cmd record -C mono -e vmscan -e sched");
}
