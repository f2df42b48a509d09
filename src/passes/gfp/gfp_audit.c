// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * gfp_audit.c - who allocates with a gfp that may sleep where it must not?
 *
 * Slab events carry the flags of their caller. A page event beside a slab event is a request of slab itself, and the slab
 * event stands for it. Only page events that stand alone are requests of their own. A stacktrace follows its event on the
 * same CPU in the same context, but other contexts may come between. So the allocations that wait for their stack are kept
 * by CPU and context.
 */
#include <errno.h>
#include <stdlib.h>

#include "decode/gfp.h"
#include "passes/common/pass.h"
#include "passes/gfp/sites.h"
#include "util/array.h"

#define MAX_ORDER 20
#define NR_LEVELS (PLACE_SOFTIRQ + 2)	/* nmi, hardirq, softirq, task */

/* @waiting: an allocation that waits for its stack. @page: a page that the next slab event may explain. */
struct level { struct sighting waiting, page; bool is_waiting, is_page; };
struct cpu_levels { struct level level[NR_LEVELS]; };

struct gfp_audit {
	uint64_t sleep_bit, high_bit;	/* 0: not in the gfp table */
	unsigned int suspended;		/* how deep suspend and resume are nested */
	bool has_stacks, has_slab;
	struct cpu_levels *cpus;
	size_t nr_cpus;
	struct sites sites;
	struct stacks stacks;
};

static uint64_t sleep_bit(const struct gfp_table *gfp)
{
	bool known;

	for (unsigned int bit = 0; bit < 64; bit++)
		if (gfp_may_sleep(gfp, UINT64_C(1) << bit, &known))
			return UINT64_C(1) << bit;
	return 0;
}

static int audit_begin(void *state, const struct pass_ctx *ctx)
{
	struct gfp_audit *a = state;

	a->sleep_bit = sleep_bit(ctx->gfp);
	if (!gfp_value(ctx->gfp, "__GFP_HIGH", &a->high_bit) && !gfp_value(ctx->gfp, "GFP_HIGH", &a->high_bit))
		a->high_bit = 0;
	a->has_stacks = ctx->recorded & KIND(EVENT_KERNEL_STACK);
	a->has_slab = ctx->recorded & KIND(EVENT_SLAB_ALLOC);
	return 0;
}

static enum site_place place_of(const struct event *ev)
{
	if (ev->flags & EVENT_FL_NMI)
		return PLACE_NMI;
	if (ev->flags & EVENT_FL_HARDIRQ)
		return PLACE_HARDIRQ;
	if (ev->flags & EVENT_FL_SOFTIRQ)
		return PLACE_SOFTIRQ;
	return ev->flags & EVENT_FL_IRQS_OFF ? PLACE_IRQS_OFF : PLACE_TASK;
}

static struct level *level_of(struct gfp_audit *a, const struct event *ev)
{
	struct cpu_levels *cpus = grow_to(a->cpus, &a->nr_cpus, ev->cpu, sizeof(*cpus));
	enum site_place place = place_of(ev);

	if (!cpus)
		return NULL;
	a->cpus = cpus;
	return &cpus[ev->cpu].level[place > PLACE_SOFTIRQ ? NR_LEVELS - 1 : (size_t)place];
}

static int flush_page(struct gfp_audit *a, struct level *l)
{
	bool is = l->is_page;

	l->is_page = false;
	return is ? sites_add(&a->sites, &l->page) : 0;
}

/* The waiting allocation has its stack, or will not get one. */
static int judge_pending(struct gfp_audit *a, struct level *l)
{
	int err = 0;

	if (!l->is_waiting)
		return 0;
	l->is_waiting = false;
	if (l->waiting.key.call != CALL_PAGE || !a->has_slab)
		return sites_add(&a->sites, &l->waiting);
	err = flush_page(a, l);
	l->page = l->waiting;
	l->is_page = true;
	return err;
}

static int judge_all_pending(struct gfp_audit *a, size_t cpu)
{
	int err = 0;

	for (size_t i = 0; !err && cpu < a->nr_cpus && i < NR_LEVELS; i++) {
		struct level *l = &a->cpus[cpu].level[i];

		err = judge_pending(a, l);
		if (!err)
			err = flush_page(a, l);
	}
	return err;
}

static struct sighting sighting_of(const struct gfp_audit *a, const struct event *ev, uint64_t gfp)
{
	bool page = ev->kind == EVENT_PAGE_ALLOC;
	enum site_place place = place_of(ev);
	struct sighting x = {
		.key = { .call_site = page ? 0 : ev->slab.call_site, .gfp = gfp,
			.call = page ? CALL_PAGE : ev->slab.call <= SLAB_CACHE_ALLOC_NODE ? ev->slab.call : SLAB_KMALLOC,
			.place = (uint8_t)place },
		.at = ref_to(ev),
		.pid = ev->pid, .order = page && ev->page.order <= MAX_ORDER ? ev->page.order : 0,
	};

	x.key.flags = gfp & a->sleep_bit ? SITE_MAY_SLEEP : 0;
	if (place < PLACE_IRQS_OFF)
		return x;
	x.key.nibble = place == PLACE_TASK ? ev->preempt & (PREEMPT_DEPTHS - 1) : 0;
	if (place == PLACE_TASK && ev->flags & EVENT_FL_BH_OFF)
		x.key.flags |= SITE_BH_OFF;
	x.key.flags |= ev->pid ? 0 : SITE_IDLE;
	x.key.flags |= a->suspended ? SITE_SUSPENDED : 0;
	return x;
}

static void count(struct sites *s, const struct sighting *x)
{
	if (x->key.flags & SITE_MAY_SLEEP) {
		s->checked++;
		s->seen[x->key.place]++;
		s->bh_off += x->key.flags & SITE_BH_OFF ? 1 : 0;
		if (x->key.place == PLACE_TASK && !(x->key.flags & (SITE_IDLE | SITE_BH_OFF)))
			s->sample[x->key.nibble]++;
	} else {
		s->atomic++;
		s->atomic_high_order += x->order > 0;
	}
}

/* The common case: the allocation may sleep, and nothing forbids that. */
static bool is_common(const struct sighting *x)
{
	return x->key.place == PLACE_TASK && !x->key.nibble && x->key.flags == SITE_MAY_SLEEP;
}

/* Was @page allocated for @object? Then only @object counts, because it has the flags of the caller. */
static bool explains(const struct pass_ctx *ctx, const struct sighting *object, const struct sighting *page)
{
	return object->pid == page->pid && object->at.ts - page->at.ts <= rule_ns(ctx->rules, RULE_REFILL);
}

static int on_alloc(struct gfp_audit *a, const struct pass_ctx *ctx, const struct event *ev, uint64_t gfp)
{
	struct level *l = level_of(a, ev);
	struct sighting x;
	int err = l ? judge_pending(a, l) : -ENOMEM;

	if (err)
		return err;
	x = sighting_of(a, ev, gfp);
	if (x.key.call != CALL_PAGE && l->is_page && explains(ctx, &x, &l->page))
		l->is_page = false;
	if (!(x.key.flags & SITE_MAY_SLEEP) && (!a->high_bit || !(gfp & a->high_bit)))
		return 0;	/* GFP_NOWAIT: the caller does not want to sleep */
	count(&a->sites, &x);
	if (is_common(&x) || (!(x.key.flags & SITE_MAY_SLEEP) && x.key.place != PLACE_TASK))
		return 0;
	l->waiting = x;
	l->is_waiting = true;
	return a->has_stacks ? 0 : judge_pending(a, l);
}

static int on_stack(struct gfp_audit *a, const struct event *ev)
{
	struct level *l = level_of(a, ev);
	int err;

	if (!l)
		return -ENOMEM;
	if (!l->is_waiting || l->waiting.pid != ev->pid)
		return 0;
	err = stacks_intern(&a->stacks, &ev->stack, &l->waiting.key.stack);
	return err ? err : judge_pending(a, l);
}

static int audit_event(void *state, const struct pass_ctx *ctx, const struct event *ev)
{
	struct gfp_audit *a = state;

	(void)ctx;
	if ((ev->preempt & (PREEMPT_DEPTHS - 1)) > a->sites.deepest)
		a->sites.deepest = ev->preempt & (PREEMPT_DEPTHS - 1);
	switch (ev->kind) {
	case EVENT_SLAB_ALLOC:
		return event_has(ev, HAS_GFP) && a->sleep_bit ? on_alloc(a, ctx, ev, ev->slab.gfp_flags) : 0;
	case EVENT_PAGE_ALLOC:
		return event_has(ev, HAS_GFP) && a->sleep_bit ? on_alloc(a, ctx, ev, ev->page.gfp_flags) : 0;
	case EVENT_KERNEL_STACK:
		return on_stack(a, ev);
	case EVENT_LOST:
		return judge_all_pending(a, ev->cpu);
	case EVENT_SUSPEND_RESUME:
		a->suspended = ev->power.start ? a->suspended + 1 : a->suspended ? a->suspended - 1 : 0;
		break;
	default:
		break;
	}
	return 0;
}

static int audit_finish(void *state, const struct pass_ctx *ctx)
{
	struct gfp_report *g = calloc(1, sizeof(*g));
	struct gfp_audit *a = state;
	int err = 0;

	if (!g)
		return -ENOMEM;
	ctx->report->gfp = g;
	g->flags_known = a->sleep_bit;
	for (size_t cpu = 0; !err && cpu < a->nr_cpus; cpu++)
		err = judge_all_pending(a, cpu);
	if (!err)
		err = stacks_note(&a->stacks, ctx->report);
	return err ? err : gfp_verdicts(ctx, &a->sites, &a->stacks, g);
}

static void audit_destroy(void *state)
{
	struct gfp_audit *a = state;

	free(a->cpus);
	sites_clear(&a->sites);
	stacks_clear(&a->stacks);
}

const struct pass_ops gfp_audit_pass = {
	.name = "gfp_audit",
	.summary = "allocations that may sleep where they must not",
	.stage = PASS_SCAN,
	.wants = KIND(EVENT_SLAB_ALLOC) | KIND(EVENT_PAGE_ALLOC) | KIND(EVENT_KERNEL_STACK) | KIND(EVENT_LOST) |
		 KIND(EVENT_SUSPEND_RESUME),
	.state_size = sizeof(struct gfp_audit),
	.begin = audit_begin,
	.event = audit_event,
	.finish = audit_finish,
	.destroy = audit_destroy,
};
