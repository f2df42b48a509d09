// SPDX-License-Identifier: LGPL-2.1-or-later
/* reclaim.c - the reclaim account as JSON */
#include "export/json/values.h"
#include "model/reclaim_account.h"
#include "model/writer.h"

static json_t *count(bool known, uint64_t v)
{
	return known ? json_unsigned(v) : json_null();
}

static json_t *times(const struct reclaim_times *t)
{
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}",
		"count", json_unsigned(t->nr),
		"unfinished", json_unsigned(t->unfinished),
		"unbegun", json_unsigned(t->unbegun),
		"doubtful", json_unsigned(t->doubtful),
		"total_ns", count(t->nr, t->total_ns),
		"median_ns", count(t->nr, t->median_ns),
		"p99_ns", count(t->nr, t->p99_ns),
		"max_ns", count(t->nr, t->max_ns),
		"worst", json_ref(&t->worst));
}

static json_t *pages(const struct reclaim_account *a, const struct reclaim_pages *p)
{
	double skip = 0, efficiency = 0;
	bool has_skip = reclaim_skip_ratio(a, p, &skip), has_efficiency = reclaim_efficiency(a, p, &efficiency);

	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}",
		"scans", count(a->has_scans, p->scans),
		"scanned", count(a->has_scans, p->scanned),
		"scanned_active", count(a->has_scans, p->scanned_active),
		"skipped", count(a->has_scans, p->skipped),
		"taken", count(a->has_scans, p->taken),
		"reclaimed", count(a->has_reclaimed, p->reclaimed),
		"freed", json_unsigned(p->freed),
		"written", json_unsigned(p->written),
		"skip_ratio", has_skip ? json_real(skip) : json_null(),
		"efficiency", has_efficiency ? json_real(efficiency) : json_null());
}

static json_t *task(const struct reclaim_account *a, const struct reclaim_task *t)
{
	return json_pack("{s:o, s:i, s:o, s:o, s:o, s:o, s:o, s:o}",
		"comm", json_text(t->comm),
		"pid", (int)t->pid,
		"direct", times(&t->direct),
		"memcg", times(&t->memcg),
		"node", times(&t->node),
		"softlimit", json_unsigned(t->softlimit),
		"pages", pages(a, &t->pages),
		"woke_kswapd", json_unsigned(t->woke_kswapd));
}

static json_t *kswapd(const struct reclaim_account *a, const struct reclaim_kswapd *k)
{
	return json_pack("{s:o, s:i, s:o, s:o, s:o, s:o, s:o, s:o, s:b, s:b, s:o}",
		"comm", json_text(k->comm),
		"pid", (int)k->pid,
		"nid", json_known(k->nid),
		"wakes", count(k->awake_ns.is, k->wakes),
		"rewakes", count(k->awake_ns.is, k->rewakes),
		"sleeps", count(k->awake_ns.is, k->sleeps),
		"awake_ns", json_known(k->awake_ns),
		"ran_ns", json_known(k->ran_ns),
		"cut", (int)k->cut,
		"doubtful", (int)k->doubtful,
		"pages", pages(a, &k->pages));
}

static json_t *orders(const uint64_t *nr)
{
	json_t *all = json_array();

	for (size_t i = 0; i < RECLAIM_ORDERS; i++)
		json_append(&all, json_unsigned(nr[i]));
	return all;
}

static json_t *totals(const struct reclaim_account *a)
{
	json_t *by = json_object();

	for (int c = 0; c < NR_RECLAIM_CLASSES; c++)
		json_set(&by, reclaim_class_name((enum reclaim_class)c), pages(a, &a->by[c]));
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}",
		"direct", times(&a->direct),
		"memcg", times(&a->memcg),
		"node", times(&a->node),
		"softlimit", json_unsigned(a->softlimit),
		"direct_by_order", orders(a->direct_orders),
		"wakes_by_order", orders(a->wake_orders),
		"woke_kswapd", json_unsigned(a->woke_kswapd),
		"woke_kswapd_in_interrupt", json_unsigned(a->by_interrupt),
		"losses", json_unsigned(a->lost_marks),
		"pages", pages(a, &a->all),
		"pages_by", by);
}

static json_t *account(const struct report *r, size_t i)
{
	const struct reclaim_account *a = r->reclaim;
	json_t *tasks = json_array(), *kswapds = json_array();

	(void)i;
	for (size_t t = 0; a && t < a->nr_tasks; t++)
		json_append(&tasks, task(a, &a->tasks[t]));
	for (size_t k = 0; a && k < a->nr_kswapds; k++)
		json_append(&kswapds, kswapd(a, &a->kswapds[k]));
	return json_pack("{s:o, s:o, s:o}", "totals", a ? totals(a) : json_null(), "kswapd", kswapds, "tasks", tasks);
}

const struct json_list json_reclaim_lists[] = { { "reclaim", NULL, account }, { 0 } };

static int write_reclaim_json(const struct report *r, const struct writer_options *opts, FILE *out)
{
	return json_document(r, opts, json_reclaim_lists, out);
}

const struct writer reclaim_json_writer = {
	.name	= "json",
	.about	= "the whole account as JSON",
	.write	= write_reclaim_json,
	.explains = true,
};
