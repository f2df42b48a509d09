// SPDX-License-Identifier: LGPL-2.1-or-later
/* chain.c - follow the holds that began where another ended */
#include "passes/chain.h"

/* The hold that is known to have waited for the one whose scan ended at @release (holds.c: RULE_OTHER_HOLD). */
static const struct hold *next_hold(const struct report *r, uint64_t release)
{
	for (size_t i = 0; i < r->nr_holds; i++)
		if (r->holds[i].at.start_rule == RULE_OTHER_HOLD && r->holds[i].at.start_earliest == release)
			return &r->holds[i];
	return NULL;
}

struct chain chain_after(const struct report *r, const struct stall *s)
{
	const struct hold *h = s->cause == CAUSE_LRU_LOCK_HOLD ? next_hold(r, s->event.ts) : NULL;
	struct chain chain = { .nr = 0 };

	for (; h && chain.nr < MAX_CHAIN; h = next_hold(r, h->event.ts)) {
		chain.link[chain.nr].release = h->event.ts;
		chain.link[chain.nr++].cpu = h->cpu;
	}
	return chain;
}
