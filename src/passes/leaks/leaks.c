// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * leaks.c - what does the kernel take and not give back?
 *
 * Every allocation is kept until it is freed, with its site and its time. Allocations that are left in the end are judged
 * by how long their site usually keeps memory, not by how many bytes they are.
 */
#include <errno.h>
#include <stdlib.h>

#include "passes/common/pass.h"
#include "passes/leaks/state.h"
#include "util/array.h"

static int leaks_begin(void *state, const struct pass_ctx *ctx)
{
	struct leaks *l = state;
	uint32_t page = ctx->report->facts.page_size;

	l->rules = ctx->rules;
	l->zones = zone_bits_of(ctx->gfp);
	l->map.shift = page ? (unsigned int)__builtin_ctz(page) : 12;
	return 0;
}

/* Forget which allocations of this CPU wait for their stack or object: the awaited record may be among the lost ones. */
static int on_lost(struct leaks *l, const struct event *ev)
{
	l->last_loss = ev->ts;
	if (ev->lost.missed < 0 || __builtin_add_overflow(l->lost, (uint64_t)ev->lost.missed, &l->lost))
		l->lost = UINT64_MAX;
	l->cpus[ev->cpu] = (struct leak_cpu){ 0 };
	return gaps_add(&l->gaps, ev->first ? 0 : ev->prev_ns, ev->ts);
}

static int cpu_room(struct leaks *l, uint16_t cpu)
{
	struct leak_cpu *cpus = grow_to(l->cpus, &l->nr_cpus, cpu, sizeof(*cpus));

	if (!cpus)
		return -ENOMEM;
	l->cpus = cpus;
	return 0;
}

static int dispatch(struct leaks *l, const struct pass_ctx *ctx, const struct event *ev)
{
	switch (ev->kind) {
	case EVENT_SLAB_ALLOC:
		return leak_slab_alloc(l, ctx, ev);
	case EVENT_SLAB_FREE:
		return leak_slab_free(l, ev);
	case EVENT_PAGE_ALLOC:
		return leak_pages_alloc(l, ev);
	case EVENT_PAGE_FREE:
		return leak_pages_free(l, ev);
	case EVENT_KERNEL_STACK:
		return leak_stack(l, ctx, ev);
	case EVENT_SCHED_FORK:
		return leak_owner_fork(l, ev);
	case EVENT_SCHED_FREE:
		return ev->exit.pid > 0 ? leak_owner_gone(l, (uint64_t)ev->exit.pid, ev->ts) : 0;
	case EVENT_SHRINK_SLAB_END:
		l->reclaimed = true;
		return 0;
	case EVENT_LOST:
		return on_lost(l, ev);
	default:
		return 0;
	}
}

static int leaks_event(void *state, const struct pass_ctx *ctx, const struct event *ev)
{
	struct leaks *l = state;
	int err = cpu_room(l, ev->cpu);

	if (err)
		return err;
	if (ev->kind != EVENT_LOST) {
		l->now = ev->ts > l->now ? ev->ts : l->now;
		leak_sites_advance(&l->sites, l->now);
	}
	return dispatch(l, ctx, ev);
}

static int leaks_finish(void *state, const struct pass_ctx *ctx)
{
	int err = stacks_note(&((struct leaks *)state)->stacks, ctx->report);

	return err ? err : leak_rows(state, ctx);
}

static void leaks_destroy(void *state)
{
	struct leaks *l = state;

	leak_sites_clear(&l->sites);
	gaps_free(&l->gaps);
	stacks_clear(&l->stacks);
	objects_clear(&l->slab);
	objects_clear(&l->pages);
	objects_clear(&l->owners);
	objects_clear(&l->orphans);
	free(l->families.all);
	free(l->cpus);
	*l = (struct leaks){ 0 };
}

const struct pass_ops leaks_pass = {
	.name = "leaks",
	.summary = "kernel memory that is not given back",
	.stage = PASS_SCAN,
	.wants = KIND(EVENT_SLAB_ALLOC) | KIND(EVENT_SLAB_FREE) | KIND(EVENT_PAGE_ALLOC) | KIND(EVENT_PAGE_FREE) |
		 KIND(EVENT_KERNEL_STACK) | KIND(EVENT_SCHED_FORK) | KIND(EVENT_SCHED_FREE) |
		 KIND(EVENT_SHRINK_SLAB_END) | KIND(EVENT_LOST),
	.state_size = sizeof(struct leaks),
	.begin = leaks_begin,
	.event = leaks_event,
	.finish = leaks_finish,
	.destroy = leaks_destroy,
};
