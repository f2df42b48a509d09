// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * leak_retry.c - did a task ask for the same pages again, from a lower zone?
 *
 * As dma_alloc_coherent() did where a page lay beyond what the device reaches: it asked for one below, and
 * forgot the first. User memory comes from above and the next page for the kernel from below: no retry. A driver that frees the first does no harm, and its first block is gone in the end.
 */
#include "passes/leak_state.h"

#define BACK_TO_BACK_NS 2000000

static void note_first(struct leaks *l, const struct last_pages *first)
{
	struct object *o = objects_find(&l->pages, first->pfn);

	if (!o || o->ts != first->ts || o->retry)
		return;
	o->retry = 1;
	l->sites.all[o->site]->retries++;
}

void leak_retry(struct leaks *l, const struct event *ev)
{
	struct last_pages *last = &l->last_pages[(uint32_t)ev->pid % TASK_SLOTS];
	enum zone_reach reach;

	if (!l->zones.known || !event_has(ev, HAS_GFP) || leak_context(ev) != IN_TASK || ev->pid <= 0)
		return;
	reach = zone_reach(&l->zones, ev->page.gfp_flags);
	if (last->pid == ev->pid && last->order == ev->page.order && reach < last->reach &&
	    last->reach <= REACH_NORMAL && ev->ts - last->ts < BACK_TO_BACK_NS)
		note_first(l, last);
	*last = (struct last_pages){ .pfn = ev->page.pfn, .ts = ev->ts, .pid = ev->pid, .order = ev->page.order,
		.reach = (uint8_t)reach };
}
