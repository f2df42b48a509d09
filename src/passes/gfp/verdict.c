// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * verdict.c - which of these allocations were in the wrong context, and how sure is that?
 *
 * Some kernels count preemption but are not preemptible. There the count of each event is one too high, because the
 * tracepoint itself adds one. So the lowest count of allocations that may sleep is that of plain task context. A context
 * that half of the allocations have is no bug, or there would be no recording.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "decode/gfp.h"
#include "passes/common/pass.h"
#include "passes/gfp/sites.h"
#include "util/array.h"
#include "util/order.h"
#include "util/text.h"

struct judge {
	const struct pass_ctx *ctx;
	const struct sites *sites;
	const struct stacks *stacks;
	struct gfp_report *report;
	unsigned int base;
};

static uint64_t sampled(const struct sites *s, unsigned int from)
{
	uint64_t nr = 0;

	for (unsigned int i = from; i < PREEMPT_DEPTHS; i++)
		nr += s->sample[i];
	return nr;
}

/* A single allocation at 0 proves that plain task context is 0: no event's count is below that of its context. */
static void calibrate(struct judge *j)
{
	unsigned int least = 0;

	while (least < PREEMPT_DEPTHS - 1 && !j->sites->sample[least])
		least++;
	j->base = sampled(j->sites, 0) >= rule_ns(j->ctx->rules, RULE_USUAL_COUNT) && least == 1 ? 1 : 0;
	if (!least || j->base)
		j->report->preempt_base = KNOWN(j->base);
	j->report->preempt_kept = j->sites->deepest > j->base;
}

static bool is_usual(const struct judge *j, uint64_t part, uint64_t whole)
{
	return whole >= rule_ns(j->ctx->rules, RULE_USUAL_COUNT) && rule_exceeds(j->ctx->rules, RULE_USUAL_SHARE, part, whole);
}

static enum gfp_doubt doubt_of(const struct judge *j, const struct site *site, enum gfp_context context)
{
	const struct sites *s = j->sites;
	bool locked = context == GFP_IRQS_OFF || context == GFP_PREEMPT_OFF;
	bool bh_alone = context == GFP_PREEMPT_OFF && site->key.nibble <= j->base;

	if (context == GFP_ATOMIC_NOT_NEEDED)
		return GFP_DOUBT_UNSEEN;
	if (locked && site->key.flags & SITE_IDLE)
		return GFP_DOUBT_IDLE;
	if (locked && site->key.flags & SITE_SUSPENDED)
		return GFP_DOUBT_SUSPEND;
	if (is_usual(j, s->seen[site->key.place], s->checked) && site->key.place != PLACE_TASK)
		return GFP_DOUBT_SHARE;
	if (context == GFP_PREEMPT_OFF && !bh_alone && !j->report->preempt_base.is)
		return GFP_DOUBT_BASE;
	if (context == GFP_PREEMPT_OFF && is_usual(j, bh_alone ? s->bh_off : sampled(s, j->base + 1), s->checked))
		return GFP_DOUBT_SHARE;
	if (site->key.call == CALL_PAGE)
		return GFP_DOUBT_PAGE;
	return bh_alone ? GFP_DOUBT_BH : GFP_NO_DOUBT;
}

static void weigh(const struct judge *j, struct gfp_finding *f)
{
	f->severity = f->doubt == GFP_NO_DOUBT ? GFP_CERTAIN
		    : f->doubt == GFP_DOUBT_PAGE || f->doubt == GFP_DOUBT_BH ? GFP_LIKELY : GFP_POSSIBLE;
	f->confidence = f->severity == GFP_CERTAIN ? CONFIDENCE_HIGH
		      : f->severity == GFP_LIKELY ? CONFIDENCE_MEDIUM : CONFIDENCE_LOW;
	if (f->context == GFP_PREEMPT_OFF && j->base && f->confidence == CONFIDENCE_HIGH)
		f->confidence = CONFIDENCE_MEDIUM;
}

/* Returns false when nothing is wrong with the allocations of @site. */
static bool context_of(const struct judge *j, const struct site *site, enum gfp_context *ret)
{
	static const enum gfp_context of_place[NR_PLACES] = {
		[PLACE_NMI] = GFP_IN_NMI, [PLACE_HARDIRQ] = GFP_IN_HARDIRQ, [PLACE_SOFTIRQ] = GFP_IN_SOFTIRQ,
		[PLACE_IRQS_OFF] = GFP_IRQS_OFF, [PLACE_TASK] = GFP_PREEMPT_OFF,
	};
	bool free = site->key.nibble <= j->base && !(site->key.flags & SITE_BH_OFF);

	if (site->key.flags & SITE_MAY_SLEEP) {
		*ret = of_place[site->key.place];
		return site->key.place != PLACE_TASK || !free;
	}
	*ret = GFP_ATOMIC_NOT_NEEDED;
	return j->report->preempt_kept && j->report->preempt_base.is && free &&
	       !(site->key.flags & (SITE_IDLE | SITE_SUSPENDED));
}

static const char *event_name(uint8_t call)
{
	static const char *const names[] = {
		[SLAB_KMALLOC] = "kmalloc", [SLAB_KMALLOC_NODE] = "kmalloc_node",
		[SLAB_CACHE_ALLOC] = "kmem_cache_alloc", [SLAB_CACHE_ALLOC_NODE] = "kmem_cache_alloc_node",
		[CALL_PAGE] = "mm_page_alloc",
	};

	return names[call];
}

/* "cmaidad, cmaeventd": each name once. A task without a known name is shown by its pid. */
static char *comms_of(const struct judge *j, const struct site *site)
{
	char comm[SITE_PIDS][TASK_COMM_LEN];
	struct text t = { 0 };

	for (size_t i = 0; i < site->nr_pids; i++) {
		bool told = false;

		task_comm(j->ctx, site->pids[i], comm[i]);
		if (!*comm[i])
			snprintf(comm[i], sizeof(comm[i]), "%d", site->pids[i]);
		for (size_t k = 0; k < i; k++)
			told |= !strcmp(comm[i], comm[k]);
		if (!told)
			text_add(&t, "%s%s", t.len ? ", " : "", comm[i]);
	}
	if (site->more_pids)
		text_add(&t, ", ...");
	return text_take(&t);
}

static int put_place(const struct judge *j, const struct site *site, struct gfp_finding *f)
{
	const struct ev_stack *stack = stacks_get(j->stacks, site->key.stack);
	uint64_t caller = stack ? stack_caller(j->ctx, stack) : 0;
	const char *function;

	f->stack = stack ? stack_text(j->ctx, stack, caller) : NULL;
	caller = caller ? caller : site->key.call_site;
	if (caller)
		f->site = KNOWN(caller);
	function = caller ? symbol_of(j->ctx, caller, &f->offset) : NULL;
	f->function = function ? strdup(function) : NULL;
	return (function && !f->function) || (stack && !f->stack) ? -ENOMEM : 0;
}

static int put_finding(const struct judge *j, const struct site *site, enum gfp_context context)
{
	struct gfp_report *g = j->report;
	struct gfp_finding *f = grow(g->findings, &g->cap_findings, g->nr_findings, sizeof(*f));

	if (!f)
		return -ENOMEM;
	g->findings = f;
	f = &f[g->nr_findings++];
	*f = (struct gfp_finding){
		.context = context, .doubt = doubt_of(j, site, context), .event = event_name(site->key.call),
		.gfp_flags = site->key.gfp, .count = site->count, .first_ns = site->first.ts, .last_ns = site->last_ns,
		.first = site->first, .max_order = site->max_order,
		.depth = site->key.place == PLACE_TASK && site->key.nibble > j->base ? site->key.nibble - j->base : 0,
	};
	weigh(j, f);
	f->gfp = gfp_string(j->ctx->gfp, site->key.gfp);
	if (!f->gfp || put_place(j, site, f))
		return -ENOMEM;
	if (site->key.place < PLACE_IRQS_OFF)
		return 0;
	f->comms = comms_of(j, site);
	return f->comms ? 0 : -ENOMEM;
}

/* No two findings compare as equal, because the same recording must always give the same report. */
static int worst_first(const void *a, const void *b)
{
	const struct gfp_finding *x = a, *y = b;
	int o = order(y->severity, x->severity);

	o = o ? o : order(y->count, x->count);
	o = o ? o : order(x->first_ns, y->first_ns);
	return o ? o : order(x->first.offset, y->first.offset);
}

int gfp_verdicts(const struct pass_ctx *ctx, const struct sites *s, const struct stacks *stacks, struct gfp_report *ret)
{
	struct judge j = { .ctx = ctx, .sites = s, .stacks = stacks, .report = ret };
	enum gfp_context context;
	int err = 0;

	ret->checked = s->checked;
	ret->atomic = s->atomic;
	ret->atomic_high_order = s->atomic_high_order;
	ret->cut = s->cut;
	calibrate(&j);
	for (size_t i = 0; !err && i < s->nr; i++)
		if (context_of(&j, &s->all[i], &context))
			err = put_finding(&j, &s->all[i], context);
	if (ret->nr_findings)
		qsort(ret->findings, ret->nr_findings, sizeof(*ret->findings), worst_first);
	return err;
}
