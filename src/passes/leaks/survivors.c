// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * survivors.c - what is left, how old is it, and should it be gone by now?
 *
 * The usual lifetime of a site is that of the objects it freed. An object that has lived many times longer will not be
 * freed soon. The share of such old objects that was never freed tells a leak from a busy site.
 */
#include <errno.h>

#include "passes/leaks/rows.h"

static uint64_t usual_or_half(double ns)
{
	return ns < (double)(UINT64_MAX / 2) ? (uint64_t)ns : UINT64_MAX / 2;
}

static void usual_lifetime(const struct rules *rules, struct row *r)
{
	uint64_t medians;

	if (r->sum.frees < rule_ns(rules, RULE_FREES_TO_KNOW))
		return;
	r->median = site_lifetime(&r->sum, 1, 2);
	r->usual = site_lifetime(&r->sum, 99, 100);
	r->old_age = usual_or_half(rule(rules, RULE_OLD_USUALS) * (double)r->usual);
	medians = usual_or_half(rule(rules, RULE_OLD_MEDIANS) * (double)r->median);
	r->old_age = medians > r->old_age ? medians : r->old_age;
}

/*
 * The time whose allocations are old by now. It is cut to whole windows: allocations are counted by window and survivors
 * one by one, and both counts must cover the same time.
 */
struct span { uint64_t from, to; };
static struct span old_span(const struct leaks *l, const struct rows *rows, const struct row *r)
{
	uint64_t all = l->now - l->sites.begin, width = UINT64_C(1) << l->sites.shift;
	struct span s = { .from = l->sites.begin };

	if (!r->old_age || r->old_age >= all)
		return s;
	s.to = l->sites.begin + ((all - r->old_age) & ~(width - 1));
	if (rows->from > s.from)
		s.from += (rows->from - s.from + width - 1) & ~(width - 1);
	return s;
}

static uint64_t count_old(const struct leaks *l, const struct rows *rows, const struct row *r)
{
	struct span s = old_span(l, rows, r);
	uint64_t nr = 0;

	for (uint64_t at = s.from; at < s.to; at += UINT64_C(1) << l->sites.shift)
		nr += r->sum.windows[(at - l->sites.begin) >> l->sites.shift].allocs;
	return nr;
}

/* Time in gaps is left out, because nothing is known about it. */
static void take_clear(const struct leaks *l, struct row *r, const struct span *s, uint64_t ts, uint64_t units, bool whole)
{
	uint64_t from = gaps_clear(&l->gaps, s->from);

	r->clear_ns = gaps_clear(&l->gaps, s->to) - from;
	r->clear_units += units;
	r->clear += whole;
	r->parts[(gaps_clear(&l->gaps, ts) - from) / (r->clear_ns / LEAK_PARTS + 1)] += whole;
}

static void take_old(const struct leaks *l, const struct rows *rows, struct row *r, const struct object *o, uint64_t units,
		     bool whole)
{
	struct span s = old_span(l, rows, r);

	if (o->ts < s.from || o->ts >= s.to)
		return;
	r->old_units += units;
	r->old_live += whole;
	if (!rows->lost_anywhere && !gaps_shade(&l->gaps, o->ts, r->old_age))
		take_clear(l, r, &s, o->ts, units, whole);
}

static int count_task(struct rows *rows, size_t row, int32_t pid)
{
	uint64_t key = (uint64_t)row << 32 | (uint32_t)pid;
	struct object *o = objects_find(&rows->tasks, key);

	if (!o)
		o = objects_add(&rows->tasks, key);
	if (!o)
		return -ENOMEM;
	o->ts++;
	return 0;
}

/* Count one entry of the table. A family is one allocation, so only its first entry counts as an allocation. */
static int take(struct leaks *l, struct rows *rows, const struct object *o, enum leak_layer layer)
{
	struct row *r = &rows->all[rows->of_site[o->site]];
	uint32_t family = layer == LEAK_PAGE ? o->size >> 5 : 0;
	uint64_t units = leak_units(o, layer);
	bool whole = !family || !l->families.all[family - 1].seen;

	if (family)
		l->families.all[family - 1].seen = true;
	r->live += whole;
	r->live_units += units;
	if (o->ts >= rows->sure_from) {
		r->sure += whole;
		r->sure_units += units;
	}
	if (!r->oldest || o->ts < r->oldest)
		r->oldest = o->ts;
	r->retry_live += whole && o->retry;
	take_old(l, rows, r, o, units, whole);
	return whole ? count_task(rows, rows->of_site[o->site], o->pid) : 0;
}

/*
 * An orphan is a task_struct whose task is gone. It counts when its address still holds the same object, when it has stayed
 * far longer than orphans that were freed in the end, and when no lost record explains it.
 */
static void count_orphans(struct leaks *l, struct rows *rows)
{
	uint64_t seen = (uint64_t)(rule(l->rules, RULE_ORPHAN_ROOM) * (double)l->longest_orphan);
	uint64_t prior = rule_ns(l->rules, RULE_ORPHAN), least = seen > prior ? seen : prior;

	for (size_t i = 0; i < objects_end(&l->orphans); i++) {
		const struct object *orphan = objects_at(&l->orphans, i);
		const struct object *o = orphan ? objects_find(&l->slab, orphan->key) : NULL;

		if (o && o->ts < orphan->ts && l->now - orphan->ts >= least && !rows->lost_anywhere &&
		    !gaps_shade(&l->gaps, orphan->ts, least))
			rows->all[rows->of_site[o->site]].outlived++;
	}
}

int leak_survivors(struct leaks *l, struct rows *rows)
{
	int err = 0;

	for (size_t i = 0; i < rows->nr; i++) {
		usual_lifetime(l->rules, &rows->all[i]);
		rows->all[i].old = count_old(l, rows, &rows->all[i]);
	}
	for (size_t i = 0; !err && i < objects_end(&l->slab); i++)
		if (objects_at(&l->slab, i))
			err = take(l, rows, objects_at(&l->slab, i), LEAK_SLAB);
	for (size_t i = 0; !err && i < objects_end(&l->pages); i++)
		if (objects_at(&l->pages, i))
			err = take(l, rows, objects_at(&l->pages, i), LEAK_PAGE);
	count_orphans(l, rows);
	return err;
}
