// SPDX-License-Identifier: LGPL-2.1-or-later
/* answer.c - does the recording answer what a verb asks, and if not, why? */
#include "model/answer.h"

#include <inttypes.h>

#include "model/gfp_audit.h"
#include "model/leaks.h"
#include "util/text.h"

/* The report of a fleet's recording has all of them, and is about stalls. */
enum asked { ASKED_STALLS, ASKED_LEAKS, ASKED_GFP, ASKED_RECLAIM };

static enum asked asked(const struct report *r)
{
	if (!r->leaks + !r->gfp + !r->reclaim != 2)
		return ASKED_STALLS;
	return r->leaks ? ASKED_LEAKS : r->gfp ? ASKED_GFP : ASKED_RECLAIM;
}

static bool in_window(const struct report *r)
{
	return r->facts.events && (!r->from_ns.is || (uint64_t)r->from_ns.v <= r->facts.last_ns) &&
	       (!r->to_ns.is || (uint64_t)r->to_ns.v >= r->facts.first_ns);
}

bool question_decided(const struct report *r)
{
	for (size_t i = 0; i < r->nr_coverage; i++)
		if (r->coverage[i].decides && r->coverage[i].possible)
			return in_window(r);
	return false;
}

bool stalls_answered(const struct report *r)
{
	return r->nr_stalls || question_decided(r);
}

bool cause_answered(const struct report *r, enum cause cause)
{
	for (size_t i = 0; i < r->nr_coverage; i++)
		if (r->coverage[i].causes >> cause & 1 && r->coverage[i].possible)
			return in_window(r);
	return false;
}

static bool leaks_answered(const struct leak_report *l)
{
	return l->analysed[LEAK_SLAB] || l->analysed[LEAK_PAGE];
}

bool report_answered(const struct report *r)
{
	switch (asked(r)) {
	case ASKED_LEAKS:
		return leaks_answered(r->leaks);
	case ASKED_GFP:
		return question_decided(r) && r->gfp->flags_known;
	case ASKED_RECLAIM:
		return question_decided(r);
	default:
		return stalls_answered(r);
	}
}

const char *report_question(const struct report *r)
{
	static const char *const questions[] = {
		[ASKED_STALLS]	= "whether anything stalled",
		[ASKED_LEAKS]	= "whether kernel memory leaks",
		[ASKED_GFP]	= "whether an allocation may sleep where it must not",
		[ASKED_RECLAIM]	= "what reclaim cost",
	};

	return questions[asked(r)];
}

/* The first question that decides and has no answer; NULL: all have one. */
static const struct coverage *undecided(const struct report *r)
{
	for (size_t i = 0; i < r->nr_coverage; i++)
		if (r->coverage[i].decides && !r->coverage[i].possible)
			return &r->coverage[i];
	return NULL;
}

char *report_why_unanswered(const struct report *r)
{
	const struct coverage *c = undecided(r);
	struct text t = { 0 };

	if (!r->facts.events)
		text_add(&t, "no event is in it");
	else if (!in_window(r))
		text_add(&t, "it has no event of the window that was asked for");
	else if (c && c->unknown)
		text_add(&t, "not known whether recorded: %s. None occurs, and the file has formats of what was not recorded, too", c->unknown);
	else if (c)
		text_add(&t, "not recorded: %s", c->missing ? c->missing : "what it takes");
	else if (asked(r) == ASKED_GFP)
		text_add(&t, "no event has a table of gfp flags");
	else
		text_add(&t, "it holds no allocations with their frees");
	return text_take(&t);
}
