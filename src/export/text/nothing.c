// SPDX-License-Identifier: LGPL-2.1-or-later
/* nothing.c - no stall was found: is that an answer, and what lay below the limits? */
#include "export/text/text.h"

#include <inttypes.h>
#include <stdlib.h>

#include "model/answer.h"

/* The recording cannot tell, and why: the headline of every verb that finds nothing because nothing could be found. */
void text_unanswered(struct pen *p, const struct report *r)
{
	char *why = report_why_unanswered(r);

	pen_say(p, 0, 2, S_YELLOW "Cannot tell" S_END " %s in %s: %s.", report_question(r), text_recording_name(p),
		why ? pen_clean(p, why) : "out of memory");
	free(why);
}

static bool is_doubtful(const struct report *r)
{
	for (size_t i = 0; i < r->nr_coverage; i++)
		if (!r->coverage[i].possible)
			return true;
	for (size_t i = 0; i < r->nr_notes; i++)
		if (r->notes[i].level != QUALITY_INFO)
			return true;
	return r->facts.partial;
}

/* A stop of one task alone has a limit of its own. */
static const char *limit_of_one(struct pen *p, const struct short_reclaim *b)
{
	return b->is ? pen_slot(p, " (of one task alone: %s or more)", pen_span(p, b->limit_ns)) : "";
}

/* What the headline does not count must not seem denied by it. */
static void say_below(struct pen *p, const struct short_reclaim *b)
{
	if (!b->is)
		return;
	pen_say(p, 2, 4, "Below that limit: %s spent %s of the %s from %s on in %s%s.", pen_task(p, b->comm, b->pid),
		pen_ms(p, b->reclaim_ns + b->compaction_ns), pen_span(p, span_of(b->from, b->to)), pen_time(p, b->from),
		b->compactions ? pen_slot(p, "memory compaction (%s in %s)", pen_ms(p, b->compaction_ns),
			pen_many(p, b->compactions, "part")) : pen_slot(p, "reclaim (%s)", pen_many(p, b->reclaims, "part")),
		b->compactions && b->reclaims ? pen_slot(p, " and reclaim (%s in %s)", pen_ms(p, b->reclaim_ns),
			pen_many(p, b->reclaims, "part")) : "");
}

void text_no_stall(struct pen *p, const struct report *r, uint64_t min_stall_ns)
{
	const char *holds = r->isolate_events ?
		pen_slot(p, "%s, the longest lru_lock hold %s", pen_many(p, r->isolate_events, "isolate event"),
			pen_span(p, r->longest_hold_ns)) :
		"no isolate event";

	pen_say(p, 0, 2, "%sNo stall%s" S_END "%s in %s: %s, %s, %s.%s", is_doubtful(r) ? S_YELLOW : S_GREEN,
		text_least(p, min_stall_ns), limit_of_one(p, &r->below), text_recording_name(p), text_covered(p),
		pen_many(p, r->facts.events, "event"), holds,
		is_doubtful(r) ? " Not everything could be checked: see below." : "");
	say_below(p, &r->below);
}

/* Only a part of the recording was asked about. */
void text_window(struct pen *p, const struct report *r)
{
	if (!r->from_ns.is && !r->to_ns.is)
		return;
	pen_say(p, 0, 2, "Only stalls that touch %s .. %s were asked for (--from, --to).",
		r->from_ns.is ? pen_time(p, (uint64_t)r->from_ns.v) : "the start",
		r->to_ns.is ? pen_time(p, (uint64_t)r->to_ns.v) : "the end");
}
