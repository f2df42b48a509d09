// SPDX-License-Identifier: LGPL-2.1-or-later
/* chain.c - follow the holds that began where another ended */
#include "passes/lru_lock/chain.h"

#include "passes/lru_lock/holds.h"

/* The hold that waited for @before, until its scan ended. */
static const struct hold *next_hold(const struct report *r, const struct hold *before)
{
	for (size_t i = 0; i < r->nr_holds; i++)
		if (r->holds[i].after_ns == before->event.ts && holds_may_share_lock(&r->holds[i], before))
			return &r->holds[i];
	return NULL;
}

/* The long scan that began within a moment of the end of @before. Holds are in the order of their events. */
static const struct hold *next_apart(const struct report *r, const struct hold *before)
{
	uint64_t release = before->event.ts;

	for (size_t i = holds_before(r, release + 1); i < r->nr_holds; i++) {
		const struct hold *h = &r->holds[i];

		if (h->event.ts - release > rule_ns(&r->rules, RULE_CHAIN_LOOK))
			return NULL;
		if (h->plausible && h->at.start >= release && h->at.start - release <= rule_ns(&r->rules, RULE_LOCK_QUEUE) &&
		    h->event.ts - h->at.start >= rule_ns(&r->rules, RULE_STALL) && holds_may_share_lock(h, before))
			return h;
	}
	return NULL;
}

static const struct hold *follower(const struct report *r, const struct hold *before, bool *ret_apart)
{
	const struct hold *h = next_hold(r, before);

	*ret_apart = !h;
	return h ? h : next_apart(r, before);
}

struct chain chain_after(const struct report *r, const struct stall *s)
{
	bool apart, any_apart = false;
	const struct hold *first = s->cause == CAUSE_LRU_LOCK_HOLD ? hold_of_stall(r, s) : NULL;
	const struct hold *h = first ? follower(r, first, &apart) : NULL;
	struct chain chain = { .nr = 0 };

	for (; h && chain.nr < MAX_CHAIN; h = follower(r, h, &apart)) {
		any_apart |= apart;
		chain.link[chain.nr++] = (struct chain_link){
			.release = h->event.ts, .cpu = h->cpu, .likely = h->at.start_rule == BOUND_SCAN_COST, .apart = any_apart
		};
	}
	return chain;
}
