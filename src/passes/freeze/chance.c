// SPDX-License-Identifier: LGPL-2.1-or-later
/* chance.c - chances from the habits of tasks */
#include "passes/freeze/chance.h"

enum { CLOCK_STEP_NS = 1000 };	/* nothing coincides more closely than stamps in trace-cmd's reports */

static const struct habit *habit(const struct snapshot_task *s, enum habit_kind kind)
{
	return s && s->habits ? &s->habits->of[kind] : NULL;
}

/*
 * Of @nr cases @longer were as long, one of which may be the very case in question: that of a task which was freed before the
 * holder wrote its event. Half a case more is assumed than was seen; with few cases, at least RULE_CHANCE_UNKNOWN.
 */
double usual_share(const struct rules *rules, const struct snapshot_task *s, enum habit_kind kind, uint64_t ns)
{
	const struct habit *h = habit(s, kind);
	uint64_t nr = h ? h->nr : 0, longer = habit_longer(h, ns);
	double share = ((longer > 1 ? (double)(longer - 1) : 0) + 0.5) / (double)(nr + 1), unknown = rule(rules, RULE_CHANCE_UNKNOWN);

	if (nr >= rule_ns(rules, RULE_CASES_TELL))
		return share;
	return longer > 1 && share > unknown ? share : unknown;
}

double chance_of(const struct rules *rules, const struct snapshot_task *s, enum habit_kind kind, uint64_t ns)
{
	const struct habit *h = habit(s, kind);
	uint64_t nr = h ? h->nr : 0;
	double chance = (double)(habit_longer(h, ns) + 1) / (double)(nr + 1), unknown = rule(rules, RULE_CHANCE_SIGN);

	if (nr >= rule_ns(rules, RULE_CASES_TELL))
		return chance;
	return habit_longer(h, ns) && chance > unknown ? chance : unknown;
}

double chance_of_going_on(const struct snapshot *snap, const struct snapshot_cpu *c, uint64_t lag)
{
	const struct snapshot_task *s = snapshot_find(snap, c->current);
	double window = lag > CLOCK_STEP_NS ? (double)lag : CLOCK_STEP_NS, chance;

	if (!c->by_itself || !s || !s->habits || !s->habits->ran_ns)
		return 1;
	chance = (double)(habit_longer(habit(s, HABIT_SILENT), c->silent_to - c->silent_from) + 1) * window /
		 (double)s->habits->ran_ns;
	return chance < 1 ? chance : 1;
}

enum confidence confidence_within(const struct rules *rules, double chance, enum confidence confidence)
{
	enum confidence most = chance <= rule(rules, RULE_CHANCE_HIGH) ? CONFIDENCE_HIGH
			     : chance <= rule(rules, RULE_CHANCE_NAMED) ? CONFIDENCE_MEDIUM : CONFIDENCE_LOW;

	return confidence < most ? confidence : most;
}
