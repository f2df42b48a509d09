// SPDX-License-Identifier: LGPL-2.1-or-later
/* rows.c - what is said of each place that allocates, in which order? */
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "decode/gfp.h"
#include "passes/common/pass.h"
#include "passes/leaks/rows.h"
#include "util/order.h"
#include "util/text.h"

enum { FRAMES = EVENT_STACK_MAX, TASKS = 5 };
#define HOURS_PER_DAY 24.0
#define NS_PER_DAY	  86400e9
#define Z_95	  1.96

uint64_t leak_unit(const struct pass_ctx *ctx, const struct row *r)
{
	uint32_t page = ctx->report->facts.page_size;

	return r->sum.key.layer == LEAK_SLAB ? 1 : page ? page : 4096;
}

static int put_frame(const struct pass_ctx *ctx, uint64_t address, struct strings *ret)
{
	uint64_t offset = 0;
	const char *name = symbol_of(ctx, address, &offset);

	return name ? strings_add(ret, "%s", name) : strings_add(ret, "0x%" PRIx64, address);
}

/* The frames from the site outwards: frames inside the allocator say nothing. */
static int put_frames(const struct leaks *l, const struct pass_ctx *ctx, const struct row *r, struct leak_site *s)
{
	const struct ev_stack *stack = stacks_get(&l->stacks, r->stack);
	size_t nr = stack ? stack->nr : 0, first = 0;
	int err = 0;

	while (first < nr && stack->callers[first] != r->address)
		first++;
	for (size_t i = first; !err && i < nr; i++)
		err = put_frame(ctx, stack->callers[i], &s->frames);
	return err;
}

static int put_place(const struct leaks *l, const struct pass_ctx *ctx, const struct row *r, struct leak_site *s)
{
	s->layer = (enum leak_layer)r->sum.key.layer;
	s->use = r->use;
	s->address = r->address;
	s->offset = r->offset;
	s->nr_stacks = r->nr_stacks;
	s->interrupt = r->sum.key.interrupt;
	memcpy(s->cache, r->sum.cache, sizeof(s->cache));
	s->function = r->function ? strdup(r->function) : NULL;
	if (r->function && !s->function)
		return -ENOMEM;
	if (s->layer == LEAK_PAGE) {
		s->order = KNOWN(r->sum.key.order);
		s->gfp = gfp_string(ctx->gfp, r->sum.key.gfp);
		if (!s->gfp)
			return -ENOMEM;
	}
	return put_frames(l, ctx, r, s);
}

/* Keep the tasks with the most left; of equal ones, those with the lowest pids. */
static void put_task(const struct pass_ctx *ctx, struct leak_site *s, int32_t pid, uint64_t live)
{
	size_t at = s->nr_tasks < TASKS ? s->nr_tasks++ : TASKS;

	for (; at && (s->tasks[at - 1].live < live || (s->tasks[at - 1].live == live && s->tasks[at - 1].pid > pid)); at--)
		if (at < TASKS)
			s->tasks[at] = s->tasks[at - 1];
	if (at == TASKS)
		return;
	s->tasks[at] = (struct leak_task){ .pid = pid, .live = live };
	task_comm(ctx, pid, s->tasks[at].comm);
}

static int put_tasks(const struct pass_ctx *ctx, struct rows *rows, struct leak_site *const *by_row)
{
	char comm[TASK_COMM_LEN];

	for (size_t i = 0; i < objects_end(&rows->tasks); i++) {
		const struct object *o = objects_at(&rows->tasks, i);
		struct leak_site *s = o ? by_row[o->key >> 32] : NULL;

		if (!s)
			continue;
		put_task(ctx, s, (int32_t)(uint32_t)o->key, o->ts);
		task_comm(ctx, (int32_t)(uint32_t)o->key, comm);
		rows->all[o->key >> 32].by_recorder += strcmp(comm, "trace-cmd") ? 0 : o->ts;
	}
	for (size_t i = 0; i < rows->nr; i++)
		if (by_row[i] && !by_row[i]->nr_tasks)
			put_task(ctx, by_row[i], rows->all[i].sum.pid, 0);
	return 0;
}

static void put_figures(const struct leaks *l, const struct row *r, uint64_t unit, struct leak_site *s)
{
	double seconds = (double)(l->now - l->sites.begin) / 1e9;

	s->allocs = r->sum.allocs;
	s->frees = r->sum.frees;
	s->unseen = r->sum.unseen;
	s->live = r->live;
	s->live_bytes = r->live_units * unit;
	s->live_sure = r->sure;
	s->live_sure_bytes = r->sure_units * unit;
	s->old = r->old;
	s->old_live = r->old_live;
	s->old_live_bytes = r->old_units * unit;
	s->old_live_sure = r->clear;
	s->retries = r->retry_live;
	s->outlived = r->outlived;
	s->oldest_ns = r->live ? KNOWN(l->now - r->oldest) : UNKNOWN;
	s->median_lifetime_ns = r->sum.frees ? KNOWN(site_lifetime(&r->sum, 1, 2)) : UNKNOWN;
	s->usual_ns = r->usual ? KNOWN(r->usual) : UNKNOWN;
	s->allocs_per_s = seconds > 0 ? (double)r->sum.allocs / seconds : 0;
	s->growth = leak_growth(l, &r->sum, r->usual, unit);
	if (l->gaps.nr && r->live && l->last_loss >= r->oldest)
		s->lost_in_window = l->lost;
}

/* @nr allocations were left in @ns. The interval is that of a count of random events (Poisson; Byar's formula). */
static void project_count(struct leak_site *s, uint64_t nr, double bytes, uint64_t ns)
{
	double n = (double)nr, low = 1 - 1 / (9 * n) - Z_95 / (3 * sqrt(n)), high = 1 - 1 / (9 * (n + 1)) + Z_95 / (3 * sqrt(n + 1));

	s->has_projection = true;
	s->bytes_per_day = bytes * NS_PER_DAY / (double)ns;
	s->day_low = s->bytes_per_day * fmax(low * low * low, 0);
	s->day_high = s->bytes_per_day * (n + 1) / n * high * high * high;
}

/*
 * A leak and a growth are assumed to go on at their rate. Memory that goes up and down, and a cache, have no such future, so
 * they get no projection. Nor does what frees without a record explain: a rate of what is left would be made up.
 */
static void project(const struct leaks *l, const struct rows *rows, const struct row *r, uint64_t unit, struct leak_site *s)
{
	bool unseen = leak_unseen_explains(rows, r) || r->holder == HOLDER_BATCH;
	uint64_t all = l->now - l->sites.begin;

	if (s->verdict < LEAK_LEAK && s->pattern != LEAK_RETRY && unseen)
		return;
	if (s->pattern == LEAK_RETRY && r->retry_live && all) {
		project_count(s, r->retry_live, (double)r->retry_live * (double)(unit << r->sum.key.order), all);
	} else if (s->verdict >= LEAK_SUSPECT && r->clear && r->clear_ns) {
		project_count(s, r->clear, (double)(r->clear_units * unit), r->clear_ns);
	} else if (s->verdict >= LEAK_GROWTH && s->growth.is) {
		s->has_projection = true;
		s->bytes_per_day = s->growth.mean * HOURS_PER_DAY;
		s->day_low = s->growth.low * HOURS_PER_DAY;
		s->day_high = s->growth.high * HOURS_PER_DAY;
	}
}

static int compare(double a, double b)
{
	return (a < b) - (a > b);
}

/* The best evidence first. At equal evidence objects come before pages, because objects have names. */
static int most_suspect_first(const void *a, const void *b)
{
	const struct leak_site *x = a, *y = b;
	int o = compare(x->verdict, y->verdict);

	o = o || x->verdict < LEAK_SUSPECT ? o : compare(x->confidence, y->confidence);
	o = o || x->verdict < LEAK_SUSPECT ? o : -compare(x->layer, y->layer);
	o = o ? o : compare(x->score, y->score);
	o = o ? o : compare((double)x->live_bytes, (double)y->live_bytes);
	o = o ? o : compare((double)x->allocs, (double)y->allocs);
	o = o ? o : -compare(x->layer, y->layer);
	return o ? o : order(x->address, y->address);
}

static int put_row(const struct leaks *l, const struct pass_ctx *ctx, const struct row *r, struct leak_site *s)
{
	int err = put_place(l, ctx, r, s);

	s->tasks = calloc(TASKS, sizeof(*s->tasks));
	put_figures(l, r, leak_unit(ctx, r), s);
	return s->tasks ? err : -ENOMEM;
}

/* Every row gets its figures and tasks before the first verdict, because a verdict may look at all rows. */
static int put_rows(const struct leaks *l, const struct pass_ctx *ctx, struct rows *rows, struct leak_report *report)
{
	struct leak_site **by_row = calloc(rows->nr + 1, sizeof(*by_row));
	int err = 0;

	report->sites = calloc(rows->nr + 1, sizeof(*report->sites));
	if (!by_row || !report->sites)
		err = -ENOMEM;
	for (size_t i = 0; !err && i < rows->nr; i++) {
		if (!report->analysed[rows->all[i].sum.key.layer] || !rows->all[i].sum.allocs)
			continue;
		by_row[i] = &report->sites[report->nr_sites++];
		err = put_row(l, ctx, &rows->all[i], by_row[i]);
	}
	if (!err)
		err = put_tasks(ctx, rows, by_row);
	for (size_t i = 0; !err && i < rows->nr; i++)
		if (by_row[i]) {
			err = leak_judge(rows, &rows->all[i], by_row[i]);
			project(l, rows, &rows->all[i], leak_unit(ctx, &rows->all[i]), by_row[i]);
		}
	free(by_row);
	return err;
}

int leak_rows(struct leaks *l, const struct pass_ctx *ctx)
{
	struct leak_report *report = calloc(1, sizeof(*report));
	struct rows rows = { .rules = l->rules };
	int err = report ? 0 : -ENOMEM;

	ctx->report->leaks = report;
	if (!err)
		err = leak_group(l, ctx, &rows);
	if (!err)
		err = leak_about(l, ctx, &rows, report);
	if (!err)
		err = leak_survivors(l, &rows);
	if (!err)
		err = put_rows(l, ctx, &rows, report);
	if (!err)
		err = leak_uses(l, ctx, &rows, report);
	if (!err)
		qsort(report->sites, report->nr_sites, sizeof(*report->sites), most_suspect_first);
	objects_clear(&rows.tasks);
	free(rows.of_site);
	free(rows.all);
	return err;
}
