// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * about.c - what can be trusted, what is never recorded, and which use of memory grew?
 *
 * A lost record of a free makes the freed object look like a leak. So every count has two figures: all that is left,
 * and the part of it that was allocated after the last loss.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "passes/leaks/rows.h"

/* How often a tracepoint was recorded. The facts count the whole file, not only what this pass read. */
static uint64_t recorded(const struct report *r, const char *name)
{
	for (size_t i = 0; i < r->facts.nr_counts; i++)
		if (!strcmp(r->facts.counts[i].name, name))
			return r->facts.counts[i].count;
	return 0;
}

static int blind_spots(const struct leaks *l, struct leak_report *report)
{
	int err = 0;

	if (report->analysed[LEAK_SLAB])
		err = strings_add(&report->blind, "kmem_cache_alloc_bulk, kmem_cache_free_bulk and kfree_bulk leave no record; kfree_rcu and "
				    "kvfree_rcu free through them, so what they free shows as left until its address is "
				    "allocated again");
	if (!err && report->analysed[LEAK_PAGE])
		err = strings_add(&report->blind, "contiguous ranges (alloc_contig_range, CMA, gigantic huge pages) and memory added at boot or "
				    "by hotplug leave no record");
	if (!err && report->analysed[LEAK_PAGE])
		err = strings_add(&report->blind, l->named_frees ? "alloc_pages_bulk leaves no record: of vmalloc, page_pool and sunrpc only the "
						     "frees are seen" :
						     "kernels from 5.13 on: alloc_pages_bulk leaves no record, only the frees do");
	if (!err && report->analysed[LEAK_SLAB] && !l->named_frees)
		err = strings_add(&report->blind, "before 5.15 or so kmem_cache_free is recorded after the object was given back: a free's record "
				    "may come up to 1 ms after the next allocation of its address. The matching allows for that");
	return err;
}

static int note_half(struct report *r, const char *alloc, const char *freed)
{
	if (!recorded(r, alloc) || recorded(r, freed))
		return 0;
	return report_note(r, QUALITY_LOSS, "%s was recorded and %s was not: what it allocates looks as if it were never freed",
			   alloc, freed);
}

static int what_is_seen(const struct leaks *l, const struct pass_ctx *ctx, struct leak_report *report)
{
	int err = 0;

	for (int i = 0; i < NR_LEAK_LAYERS; i++) {
		report->analysed[i] = l->allocs[i] && l->frees[i];
		report->unknown_frees[i] = l->unknown_frees[i];
	}
	for (size_t i = 0; i < l->sites.nr; i++)
		report->unseen[l->sites.all[i]->key.layer] += l->sites.all[i]->unseen;
	report->unknown_page_bytes = l->unknown_pages * (ctx->report->facts.page_size ? ctx->report->facts.page_size : 4096);
	report->has_stacks = l->stacks.nr > 0;
	report->reclaimed = l->reclaimed;
	report->begin_ns = l->sites.begin;
	report->end_ns = l->now;
	if (report->analysed[LEAK_SLAB])
		err = note_half(ctx->report, "kmalloc", "kfree");
	if (!err && report->analysed[LEAK_SLAB])
		err = note_half(ctx->report, "kmem_cache_alloc", "kmem_cache_free");
	return err;
}

/* Flight recorders overwrite the oldest records; full buffers refuse new ones. Each CPU does so for itself. */
static void losses(const struct leaks *l, const struct pass_ctx *ctx, struct rows *rows, struct leak_report *report)
{
	const struct recording_facts *f = &ctx->report->facts;

	report->any_loss = l->gaps.nr > 0;
	report->lost = l->lost;
	report->last_loss_ns = l->last_loss;
	rows->sure_from = l->last_loss;
	for (uint32_t i = 0; f->cpus && i < f->nr_cpus; i++) {
		const struct cpu_quality *c = &f->cpus[i];

		if (!c->has_events)
			continue;
		if (c->overrun.is && c->overrun.v && c->first_ns > rows->from)
			rows->from = c->first_ns;
		if (c->dropped.is && c->dropped.v) {
			report->any_loss = true;
			report->lost = UINT64_MAX;
			rows->sure_from = UINT64_MAX;
			rows->lost_anywhere = true;
		}
	}
	rows->from = rows->from > l->sites.begin ? rows->from : 0;
	rows->sure_from = rows->from > rows->sure_from ? rows->from : rows->sure_from;
	if (report->any_loss)
		rows->lost_share = report->lost == UINT64_MAX ? 1 :
				   (double)report->lost / ((double)report->lost + (double)f->events + 1);
}

int leak_about(struct leaks *l, const struct pass_ctx *ctx, struct rows *rows, struct leak_report *report)
{
	int err = what_is_seen(l, ctx, report);

	gaps_merge(&l->gaps);
	losses(l, ctx, rows, report);
	if (ctx->opts && ctx->opts->meminfo[0])
		report->before = *ctx->opts->meminfo[0];
	if (ctx->opts && ctx->opts->meminfo[1])
		report->after = *ctx->opts->meminfo[1];
	return err ? err : blind_spots(l, report);
}

/* The uses of memory. Objects and the pages behind them stay separate: a sum would count that memory twice. */
int leak_uses(const struct leaks *l, const struct pass_ctx *ctx, const struct rows *rows, struct leak_report *report)
{
	struct site *sums = calloc(NR_LEAK_USES, sizeof(*sums));
	uint64_t warm = (uint64_t)(rule(ctx->rules, RULE_WARM_UP) * (double)(l->now - l->sites.begin));

	if (!sums)
		return -ENOMEM;
	for (size_t i = 0; i < rows->nr; i++) {
		const struct row *r = &rows->all[i];
		struct leak_use_sum *u = &report->uses[r->use];
		uint64_t unit = leak_unit(ctx, r);

		site_merge(&sums[r->use], &r->sum);
		u->allocs += r->sum.allocs;
		u->alloc_bytes += r->sum.alloc_bytes * unit;
		u->balance_bytes += (int64_t)(r->live_units * unit);
		u->growth = leak_growth(l, &sums[r->use], warm, unit);
	}
	for (int i = 0; i < NR_LEAK_USES; i++) {
		struct leak_use_sum *u = &report->uses[i];

		u->seen = report->analysed[i == USE_SLAB_OBJECTS ? LEAK_SLAB : LEAK_PAGE];
		u->freed_bytes = u->alloc_bytes - (uint64_t)u->balance_bytes;
	}
	free(sums);
	return 0;
}
