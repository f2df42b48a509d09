// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * retry.c - did a task ask for the same pages again, from a lower zone?
 *
 * dma_alloc_coherent() did so when a page was beyond the reach of the device: it asked for a lower page, and forgot the
 * first. A request for user memory (from above) and then one for the kernel (from below) are no retry. A driver that frees
 * the first block does no harm: that block is gone in the end. Where stacks are recorded, the function that made the one
 * request must be among the nearest functions in the stack of the other.
 */
#include <string.h>

#include "passes/leaks/state.h"

static void note_first(struct leaks *l, const struct last_pages *first, struct pending *second)
{
	struct object *o = objects_find(&l->pages, first->pfn);

	if (!o || o->ts != first->ts || o->retry)
		return;
	o->retry = 1;
	l->sites.all[o->site]->retries++;
	second->first = o->key;
	second->first_ts = o->ts;
}

static struct last_pages *last_of(struct leaks *l, int32_t pid, uint32_t order)
{
	return &l->last_pages[((uint32_t)pid * 31 + order) % TASK_SLOTS];
}

void leak_retry(struct leaks *l, const struct event *ev)
{
	struct last_pages *last = last_of(l, ev->pid, ev->page.order);
	enum zone_reach reach;

	if (!l->zones.known || !event_has(ev, HAS_GFP) || leak_context(ev) != IN_TASK || ev->pid <= 0)
		return;
	reach = zone_reach(&l->zones, ev->page.gfp_flags);
	if (last->pid == ev->pid && last->order == ev->page.order && reach < last->reach &&
	    last->reach <= REACH_NORMAL && ev->ts - last->ts < rule_ns(l->rules, RULE_RETRY))
		note_first(l, last, &l->cpus[ev->cpu].pending[IN_TASK]);
	*last = (struct last_pages){ .pfn = ev->page.pfn, .ts = ev->ts, .pid = ev->pid, .order = ev->page.order,
		.reach = (uint8_t)reach };
}

static bool same_function(const struct pass_ctx *ctx, uint64_t a, uint64_t b)
{
	uint64_t offset;
	const char *x = symbol_of(ctx, a, &offset), *y = symbol_of(ctx, b, &offset);

	if (x && y)
		return !strcmp(x, y);
	return !x && !y && (a > b ? a - b : b - a) < rule_ns(ctx->rules, RULE_RETRY_FUNCTION);
}

static bool is_near(const struct pass_ctx *ctx, const struct ev_stack *stack, uint64_t address)
{
	uint64_t caller = stack_caller(ctx, stack);
	uint64_t i = 0, end;

	while (i < stack->nr && stack->callers[i] != caller)
		i++;
	for (end = i + rule_ns(ctx->rules, RULE_RETRY_FRAMES); i < stack->nr && i < end; i++)
		if (same_function(ctx, stack->callers[i], address))
			return true;
	return false;
}

void leak_retry_check(struct leaks *l, const struct pass_ctx *ctx, const struct pending *second, uint32_t stack)
{
	struct object *o = objects_find(&l->pages, second->first);
	const struct ev_stack *a, *b = stacks_get(&l->stacks, stack);
	struct site *site;

	if (!o || o->ts != second->first_ts || !o->retry)
		return;
	site = l->sites.all[o->site];
	a = stacks_get(&l->stacks, site->key.stack);
	if (!a || is_near(ctx, a, stack_caller(ctx, b)) || is_near(ctx, b, stack_caller(ctx, a)))
		return;
	o->retry = 0;
	site->retries--;
}
