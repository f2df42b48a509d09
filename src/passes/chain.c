// SPDX-License-Identifier: LGPL-2.1-or-later
/* chain.c - follow the holds that began where another ended */
#include "passes/chain.h"

/* The hold that waited for the one whose scan ended at @release. */
static const struct hold *next_hold(const struct report *r, uint64_t release)
{
	for (size_t i = 0; i < r->nr_holds; i++)
		if (r->holds[i].after_ns == release)
			return &r->holds[i];
	return NULL;
}

struct chain chain_after(const struct report *r, const struct stall *s)
{
	const struct hold *h = s->cause == CAUSE_LRU_LOCK_HOLD ? next_hold(r, s->event.ts) : NULL;
	struct chain chain = { .nr = 0 };

	for (; h && chain.nr < MAX_CHAIN; h = next_hold(r, h->event.ts)) {
		chain.link[chain.nr].release = h->event.ts;
		chain.link[chain.nr].likely = h->at.start_rule == RULE_SCAN_COST;
		chain.link[chain.nr++].cpu = h->cpu;
	}
	return chain;
}
