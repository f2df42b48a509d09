// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * reclaim.c - what did reclaim cost, which tasks paid, and how much memory did it free?
 *
 * First come the tasks that reclaimed, and the pages that they freed. Then comes the cost for each task.
 */
#include <inttypes.h>

#include "export/text/text.h"
#include "model/answer.h"
#include "model/reclaim_account.h"

enum { TASKS_SHOWN = 20, ROW = 2, ROW_REST = 6, WIDE = 112 };

static const char *count(struct pen *p, bool known, uint64_t v)
{
	return known ? pen_count(p, v) : "-";
}

static const char *ratio(struct pen *p, bool known, double v)
{
	return known ? pen_slot(p, "%.1f %%", 100 * v) : "-";
}

static const char *span(struct pen *p, uint64_t nr, uint64_t ns)
{
	return nr ? pen_span(p, ns) : "-";
}

static const char *task_of(struct pen *p, const struct reclaim_account *a, const struct reclaim_times *all)
{
	for (size_t i = 0; i < a->nr_tasks; i++) {
		const struct reclaim_task *t = &a->tasks[i];

		if ((t->direct.worst.is && t->direct.worst.offset == all->worst.offset) ||
		    (t->memcg.worst.is && t->memcg.worst.offset == all->worst.offset) ||
		    (t->node.worst.is && t->node.worst.offset == all->worst.offset))
			return pen_task(p, t->comm, t->pid);
	}
	return "a task";
}

static size_t tasks_with(const struct reclaim_account *a, size_t offset)
{
	size_t nr = 0;

	for (size_t i = 0; i < a->nr_tasks; i++)
		nr += ((const struct reclaim_times *)((const char *)&a->tasks[i] + offset))->nr > 0;
	return nr;
}

static void say_broken(struct pen *p, const struct reclaim_times *t)
{
	if (t->unfinished || t->unbegun)
		pen_field(p, "", S_YELLOW "%s" S_END " began and did not end in the recording, %s ended and did not begin: "
			"no time of these is counted", pen_count(p, t->unfinished), pen_count(p, t->unbegun));
	if (t->doubtful)
		pen_field(p, "", S_YELLOW "%s" S_END " may be several reclaims in one, for records are missing inside: only "
			"the time before and after that is counted", pen_count(p, t->doubtful));
}

static void say_kind(struct pen *p, const struct reclaim_account *a, const char *label, const struct reclaim_times *t,
		     size_t nr_tasks)
{
	if (!t->nr) {
		if (t->unfinished || t->unbegun)
			pen_field(p, label, "none complete");
		say_broken(p, t);
		return;
	}
	pen_field(p, label, "%s by %s, %s of task time; median %s, 99 %% within %s", pen_count(p, t->nr),
		pen_many(p, nr_tasks, "task"), pen_span(p, t->total_ns), pen_span(p, t->median_ns),
		pen_span(p, t->p99_ns));
	pen_field(p, "", "the longest " S_BOLD "%s" S_END ", by %s, until %s on CPU %u", pen_span(p, t->max_ns),
		task_of(p, a, t), pen_time(p, t->worst.ts), t->worst.cpu);
	say_broken(p, t);
}

static const char *by_order(struct pen *p, const uint64_t *nr)
{
	bool other = false;
	const char *s = "";

	for (size_t i = 0; i < RECLAIM_ORDERS; i++) {
		if (!nr[i])
			continue;
		other |= i > 0;
		s = pen_slot(p, "%s%s%s of order %zu%s", s, *s ? ", " : "", pen_count(p, nr[i]), i,
			i == RECLAIM_ORDERS - 1 ? " or more" : "");
	}
	return other ? s : "";
}

static void say_kswapd(struct pen *p, const struct reclaim_kswapd *k)
{
	const char *ran = k->ran_ns.is ? pen_slot(p, ", %s of it on a CPU", pen_span(p, (uint64_t)k->ran_ns.v)) : "";

	if (!k->awake_ns.is) {
		pen_field(p, *k->comm ? pen_clean(p, k->comm) : "kswapd", "neither woke nor slept in the recording");
		return;
	}
	pen_field(p, *k->comm ? pen_clean(p, k->comm) : "kswapd", "woke %s, asked for more %s before it slept; awake %s%s%s",
		pen_many(p, k->wakes, "time"), pen_many(p, k->rewakes, "time"), k->cut ? "at least " : "",
		pen_span(p, (uint64_t)k->awake_ns.v), ran);
}

static void say_sums(struct pen *p, const struct reclaim_account *a)
{
	say_kind(p, a, "Direct", &a->direct, tasks_with(a, offsetof(struct reclaim_task, direct)));
	if (*by_order(p, a->direct_orders))
		pen_field(p, "", "begun: %s", by_order(p, a->direct_orders));
	say_kind(p, a, "Memcg", &a->memcg, tasks_with(a, offsetof(struct reclaim_task, memcg)));
	say_kind(p, a, "Node", &a->node, tasks_with(a, offsetof(struct reclaim_task, node)));
	for (size_t i = 0; i < a->nr_kswapds; i++)
		say_kswapd(p, &a->kswapds[i]);
	if (a->woke_kswapd)
		pen_field(p, "Asked", "kswapd was woken %s%s", pen_many(p, a->woke_kswapd, "time"),
			a->by_interrupt ? pen_slot(p, ", %s from interrupts", pen_count(p, a->by_interrupt)) : "");
}

static void say_pages_row(struct pen *p, const struct reclaim_account *a, const char *name, const struct reclaim_pages *g)
{
	double skip = 0, efficiency = 0;
	bool has_skip = reclaim_skip_ratio(a, g, &skip), has_efficiency = reclaim_efficiency(a, g, &efficiency);

	pen_row(p, ROW, ROW_REST, "%s %13s %13s %13s %9s %12s %10s %9s", pen_cell(p, name, 8), count(p, a->has_scans, g->scanned),
		count(p, a->has_scans, g->scanned_active), count(p, a->has_scans, g->skipped), ratio(p, has_skip, skip),
		count(p, a->has_reclaimed, g->reclaimed), ratio(p, has_efficiency, efficiency),
		count(p, g->freed, g->freed));
}

static void say_pages(struct pen *p, const struct reclaim_account *a)
{
	pen_line(p);
	pen_row(p, ROW, ROW_REST, S_BOLD "%-8s %13s %13s %13s %9s %12s %10s %9s" S_END, "pages", "scanned", "of active", "skipped",
		"", "reclaimed", "efficiency", "freed");
	for (int c = 0; c < NR_RECLAIM_CLASSES; c++)
		if (a->by[c].scanned || a->by[c].reclaimed || a->by[c].freed)
			say_pages_row(p, a, reclaim_class_name((enum reclaim_class)c), &a->by[c]);
	say_pages_row(p, a, "all", &a->all);
	pen_say(p, ROW, ROW, S_DIM "scanned: includes skipped pages; efficiency: reclaimed pages as a share of those "
		"scanned on inactive lists; freed: by the end events of the reclaims, includes what shrinkers freed" S_END);
	if (!a->has_scans)
		pen_say(p, ROW, ROW, S_YELLOW "pages were freed, but there is no isolate event: the multi-generation "
			"LRU before 6.8 writes none, or it was not recorded. How many pages were scanned is not known" S_END);
}

/* A width of 100 has no room for these columns. */
static bool has_wide(const struct pen *p)
{
	return p->width >= WIDE;
}

static void say_task(struct pen *p, const struct reclaim_account *a, const struct reclaim_task *t)
{
	uint64_t nr = t->direct.nr + t->memcg.nr + t->node.nr;
	uint64_t max = t->direct.max_ns > t->memcg.max_ns ? t->direct.max_ns : t->memcg.max_ns;
	const struct reclaim_times *most = t->direct.total_ns >= t->memcg.total_ns ? &t->direct : &t->memcg;
	double skip = 0;
	bool has_skip = reclaim_skip_ratio(a, &t->pages, &skip);

	pen_row(p, ROW, ROW_REST, "%s %6" PRId32 " %8s%s %8s %8s%s %8s %11s %7s %9s %5s", pen_cell(p, t->comm, 15), t->pid,
		pen_count(p, nr), has_wide(p) ? pen_slot(p, " %6s", pen_count(p, t->memcg.nr)) : "",
		span(p, nr, t->direct.total_ns + t->memcg.total_ns + t->node.total_ns),
		span(p, most->nr, most->median_ns),
		has_wide(p) ? pen_slot(p, " %8s", span(p, most->nr, most->p99_ns)) : "", span(p, nr, max),
		count(p, a->has_scans, t->pages.scanned), ratio(p, has_skip, skip),
		count(p, a->has_reclaimed, t->pages.reclaimed), pen_count(p, t->woke_kswapd));
}

static void say_tasks(struct pen *p, const struct reclaim_account *a)
{
	size_t most = p->verbose > 0 || a->nr_tasks < TASKS_SHOWN ? a->nr_tasks : TASKS_SHOWN;

	if (!a->nr_tasks)
		return;
	pen_line(p);
	pen_row(p, ROW, ROW_REST, S_BOLD "%-15s %6s %8s%s %8s %8s%s %8s %11s %7s %9s %5s" S_END, "task", "pid", "reclaims",
		has_wide(p) ? "  memcg" : "", "total", "median", has_wide(p) ? "     99 %" : "", "max", "scanned",
		"skipped", "reclaimed", "woke");
	for (size_t i = 0; i < most; i++)
		say_task(p, a, &a->tasks[i]);
	if (most < a->nr_tasks)
		pen_say(p, ROW, ROW, S_DIM "and %zu more: -v, or --csv FILE" S_END, a->nr_tasks - most);
	pen_say(p, ROW, ROW, S_DIM "woke: how often the task woke kswapd from sleep" S_END);
}

static void say_account(struct pen *p, const struct reclaim_account *a)
{
	say_sums(p, a);
	if (a->all.scans || a->all.freed || a->all.reclaimed)
		say_pages(p, a);
	if (p->verbose >= 0)
		say_tasks(p, a);
}

/* "Nothing found" would be wrong if nothing was recorded. */
static void say_verdict(struct pen *p, const struct report *r)
{
	const struct reclaim_account *a = r->reclaim;
	uint64_t nr = a->direct.nr + a->memcg.nr + a->node.nr;

	if (nr || a->nr_kswapds || a->nr_tasks)
		pen_say(p, 0, 2, S_BOLD "%s by tasks, %s of their time" S_END ", in %s", pen_many(p, nr, "reclaim"),
			pen_span(p, a->direct.total_ns + a->memcg.total_ns + a->node.total_ns), text_recording_name(p));
	else if (report_answered(r))
		pen_say(p, 0, 2, S_GREEN "No reclaim" S_END " in %s", text_recording_name(p));
	else
		text_unanswered(p, r);
	text_input(p);
	pen_line(p);
}

int write_reclaim_text(const struct report *r, const struct writer_options *opts, FILE *out)
{
	struct pen p;

	pen_begin(&p, r, opts, out);
	if (r->time_refused) {
		text_refused(&p, r);
	} else if (r->reclaim) {
		say_verdict(&p, r);
		say_account(&p, r->reclaim);
	}
	if (p.verbose >= 0) {
		text_coverage(&p, r);
		text_quality(&p, r);
	}
	return pen_end(&p);
}
