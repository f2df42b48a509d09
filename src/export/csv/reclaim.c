// SPDX-License-Identifier: LGPL-2.1-or-later
/* reclaim.c - the reclaim account: a row for each task that reclaimed or woke kswapd, and for each kswapd */
#include <math.h>

#include "export/csv/csv.h"
#include "model/reclaim_account.h"
#include "model/writer.h"

static const char columns[] =
	"recording, kind, comm, pid, nid, direct_reclaims, direct_total_ns, direct_median_ns, direct_p99_ns, "
	"direct_max_ns, memcg_reclaims, memcg_total_ns, memcg_median_ns, memcg_p99_ns, memcg_max_ns, node_reclaims, "
	"node_total_ns, unfinished, doubtful, scanned, scanned_active, skipped, taken, reclaimed, freed, skip_ratio, "
	"efficiency, woke_kswapd, wakes, rewakes, awake_ns, ran_ns, evidence";

static void put_empty(struct csv *c, int n)
{
	while (n--)
		csv_empty(c);
}

/* A time over no events is unknown, so the cell stays empty. */
static void put_times(struct csv *c, const struct reclaim_times *t)
{
	csv_unsigned(c, t->nr);
	if (!t->nr) {
		put_empty(c, 4);
		return;
	}
	csv_unsigned(c, t->total_ns);
	csv_unsigned(c, t->median_ns);
	csv_unsigned(c, t->p99_ns);
	csv_unsigned(c, t->max_ns);
}

static void put_count(struct csv *c, bool known, uint64_t v)
{
	if (known)
		csv_unsigned(c, v);
	else
		csv_empty(c);
}

static void put_pages(struct csv *c, const struct reclaim_account *a, const struct reclaim_pages *p, bool has_freed)
{
	double ratio;

	put_count(c, a->has_scans, p->scanned);
	put_count(c, a->has_scans, p->scanned_active);
	put_count(c, a->has_scans, p->skipped);
	put_count(c, a->has_scans, p->taken);
	put_count(c, a->has_reclaimed, p->reclaimed);
	put_count(c, has_freed, p->freed);
	csv_real(c, reclaim_skip_ratio(a, p, &ratio) ? ratio : (double)NAN, 6);
	csv_real(c, reclaim_efficiency(a, p, &ratio) ? ratio : (double)NAN, 6);
}

static void put_task(struct csv *c, const struct report *r, const struct reclaim_task *t)
{
	uint64_t doubtful = t->direct.doubtful + t->memcg.doubtful + t->node.doubtful;
	uint64_t unfinished = t->direct.unfinished + t->memcg.unfinished + t->node.unfinished +
			      t->direct.unbegun + t->memcg.unbegun + t->node.unbegun;

	csv_text(c, r->facts.path);
	csv_text(c, "task");
	csv_text(c, t->comm);
	csv_int(c, t->pid);
	csv_empty(c);
	put_times(c, &t->direct);
	put_times(c, &t->memcg);
	csv_unsigned(c, t->node.nr);
	put_count(c, t->node.nr, t->node.total_ns);
	csv_unsigned(c, unfinished);
	csv_unsigned(c, doubtful);
	put_pages(c, r->reclaim, &t->pages, true);
	csv_unsigned(c, t->woke_kswapd);
	put_empty(c, 4);
	csv_text(c, evidence_name(doubtful || unfinished ? EVIDENCE_BOUNDED : EVIDENCE_MEASURED));
	csv_end(c);
}

static void put_kswapd(struct csv *c, const struct report *r, const struct reclaim_kswapd *k)
{
	bool seen = k->awake_ns.is;

	csv_text(c, r->facts.path);
	csv_text(c, "kswapd");
	csv_text(c, k->comm);
	csv_int(c, k->pid);
	csv_known(c, k->nid);
	put_empty(c, 14);
	put_pages(c, r->reclaim, &k->pages, false);
	csv_empty(c);
	put_count(c, seen, k->wakes);
	put_count(c, seen, k->rewakes);
	csv_known(c, k->awake_ns);
	csv_known(c, k->ran_ns);
	csv_text(c, evidence_name(k->doubtful || k->cut ? EVIDENCE_BOUNDED : EVIDENCE_MEASURED));
	csv_end(c);
}

static int write_reclaim_csv(const struct report *r, const struct writer_options *opts, FILE *out)
{
	struct csv c = csv_begin(out, opts);

	csv_header(&c, columns);
	for (size_t i = 0; r->reclaim && i < r->reclaim->nr_kswapds; i++)
		put_kswapd(&c, r, &r->reclaim->kswapds[i]);
	for (size_t i = 0; r->reclaim && i < r->reclaim->nr_tasks; i++)
		put_task(&c, r, &r->reclaim->tasks[i]);
	return csv_status(&c);
}

const struct writer reclaim_csv_writer = {
	.name	= "csv",
	.about	= "a row for each kswapd and each task that reclaimed or asked it to, as CSV",
	.write	= write_reclaim_csv,
};
