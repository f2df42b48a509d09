// SPDX-License-Identifier: LGPL-2.1-or-later
/* reclaim_actors.c - turn the sums of each task into the account */
#include "passes/reclaim/reclaim_actors.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "passes/common/pass.h"

static size_t slot_of(const struct actors *a, int32_t pid)
{
	size_t at = ((uint32_t)pid * UINT32_C(2654435769)) & (a->cap - 1);

	while (a->slots[at] && a->slots[at]->pid != pid)
		at = (at + 1) & (a->cap - 1);
	return at;
}

static int actors_grow(struct actors *a)
{
	struct actors bigger = { .nr = a->nr, .cap = a->cap ? a->cap * 2 : 64 };

	bigger.slots = calloc(bigger.cap, sizeof(*bigger.slots));
	if (!bigger.slots)
		return -ENOMEM;
	for (size_t i = 0; i < a->cap; i++)
		if (a->slots[i])
			bigger.slots[slot_of(&bigger, a->slots[i]->pid)] = a->slots[i];
	free(a->slots);
	*a = bigger;
	return 0;
}

struct actor *actors_find(const struct actors *a, int32_t pid)
{
	return a->cap ? a->slots[slot_of(a, pid)] : NULL;
}

struct actor *actors_get(struct actors *a, int32_t pid)
{
	size_t at;

	if (2 * (a->nr + 1) > a->cap && actors_grow(a))
		return NULL;
	at = slot_of(a, pid);
	if (a->slots[at])
		return a->slots[at];
	a->slots[at] = calloc(1, sizeof(*a->slots[at]));
	if (!a->slots[at])
		return NULL;
	a->slots[at]->pid = pid;
	a->slots[at]->open = NR_OWN;
	a->nr++;
	return a->slots[at];
}

void actors_free(struct actors *a)
{
	for (size_t i = 0; i < a->cap; i++) {
		for (size_t k = 0; a->slots[i] && k < NR_OWN; k++) {
			latencies_free(&a->slots[i]->own[k].spans);
			free(a->slots[i]->own[k].pairs);
		}
		free(a->slots[i]);
	}
	free(a->slots);
	*a = (struct actors){ 0 };
}

static void pages_add(struct reclaim_pages *to, const struct reclaim_pages *from)
{
	to->scans += from->scans;
	to->scanned += from->scanned;
	to->scanned_active += from->scanned_active;
	to->skipped += from->skipped;
	to->taken += from->taken;
	to->reclaimed += from->reclaimed;
	to->freed += from->freed;
	to->written += from->written;
}

/* Only the time outside of what is hidden is sure: an end and another begin may lie there. */
static int times_settle(struct own_reclaim *own, const struct hidden *hidden)
{
	int err = 0;

	for (size_t i = 0; !err && i < own->times.nr; i++) {
		const struct own_pair *p = &own->pairs[i];
		struct stretch unseen = stay_hidden(&p->stay, hidden);
		uint64_t span = p->stay.to - p->stay.from - stretch_ns(unseen);

		own->times.doubtful += !stretch_empty(unseen);
		if (span >= own->spans.max)
			own->times.worst = (struct event_ref){
				.ts = p->stay.to, .offset = p->offset, .cpu = p->stay.last, .id = p->id, .is = true
			};
		err = latencies_add(&own->spans, span);
	}
	return err;
}

static void times_sum_up(struct own_reclaim *own)
{
	own->times.total_ns = own->spans.total;
	own->times.max_ns = own->spans.max;
	own->times.median_ns = latencies_percentile(&own->spans, 50);
	own->times.p99_ns = latencies_percentile(&own->spans, 99);
}

/* Add one task's reclaims to the sums of all tasks, and keep the longest. */
static int times_merge(struct own_reclaim *all, const struct own_reclaim *own)
{
	struct reclaim_times *t = &all->times;

	if (own->times.worst.is && (!t->worst.is || own->spans.max > all->spans.max))
		t->worst = own->times.worst;
	t->nr += own->times.nr;
	t->unfinished += own->times.unfinished;
	t->unbegun += own->times.unbegun;
	t->doubtful += own->times.doubtful;
	return latencies_merge(&all->spans, &own->spans);
}

/* A kswapd that neither woke nor slept in the recording is recognized by its name only. */
static void name_actor(struct actor *t, const struct pass_ctx *ctx)
{
	task_comm(ctx, t->pid, t->comm);
	t->is_kswapd |= !strncmp(t->comm, "kswapd", 6);
	if (t->open < NR_OWN)
		t->own[t->open].times.unfinished++;
}

/* A kswapd awake at an edge of the recording was awake from the first record on, or to the last. */
static void edges(struct actor *t, const struct recording_facts *f, bool *ret_cut)
{
	*ret_cut = t->slept_first || t->awake;
	if (t->slept_first > f->first_ns)
		t->awake_ns += t->slept_first - f->first_ns;
	if (t->awake && f->last_ns > t->woke_at)
		t->awake_ns += f->last_ns - t->woke_at;
}

static void report_kswapd(struct actor *t, const struct pass_ctx *ctx, struct reclaim_account *acc)
{
	struct reclaim_kswapd *k = &acc->kswapds[acc->nr_kswapds++];
	bool seen = t->wakes || t->sleeps;
	struct stretch unseen = NO_STRETCH;

	hidden_widen(&ctx->trackers->hidden, ANY_CPU, (struct stretch){ 0, UINT64_MAX }, &unseen);
	*k = (struct reclaim_kswapd){
		.pid = t->pid, .nid = t->nid, .wakes = t->wakes, .rewakes = t->rewakes, .sleeps = t->sleeps,
		.doubtful = !stretch_empty(unseen), .pages = t->pages[RECLAIM_BY_KSWAPD]
	};
	memcpy(k->comm, t->comm, sizeof(k->comm));
	edges(t, &ctx->report->facts, &k->cut);
	if (seen)
		k->awake_ns = KNOWN(t->awake_ns);
	if (t->ran_known && !k->cut)
		k->ran_ns = KNOWN(t->ran_ns);
}

static void report_task(const struct actor *t, struct reclaim_account *acc)
{
	struct reclaim_task *to = &acc->tasks[acc->nr_tasks++];

	*to = (struct reclaim_task){
		.pid = t->pid, .direct = t->own[RECLAIM_BY_DIRECT].times, .memcg = t->own[RECLAIM_BY_MEMCG].times,
		.node = t->own[RECLAIM_BY_NODE].times, .softlimit = t->softlimit, .woke_kswapd = t->woke_kswapd
	};
	memcpy(to->comm, t->comm, sizeof(to->comm));
	for (size_t c = 0; c < NR_RECLAIM_CLASSES; c++)
		if (c != RECLAIM_BY_KSWAPD || !t->is_kswapd)
			pages_add(&to->pages, &t->pages[c]);
}

static bool is_task(const struct actor *t)
{
	bool any = t->softlimit || t->woke_kswapd || (!t->is_kswapd && t->pages[RECLAIM_BY_KSWAPD].scans);

	for (size_t i = 0; i < NR_OWN; i++)
		any |= t->own[i].times.nr || t->own[i].times.unbegun || t->own[i].times.unfinished;
	return any;
}

static uint64_t paid(const struct reclaim_task *t)
{
	return t->direct.total_ns + t->memcg.total_ns + t->node.total_ns;
}

static int longest_first(const void *a, const void *b)
{
	const struct reclaim_task *x = a, *y = b;

	if (paid(x) != paid(y))
		return paid(x) < paid(y) ? 1 : -1;
	if (x->pages.scanned != y->pages.scanned)
		return x->pages.scanned < y->pages.scanned ? 1 : -1;
	if (x->woke_kswapd != y->woke_kswapd)
		return x->woke_kswapd < y->woke_kswapd ? 1 : -1;
	return (x->pid > y->pid) - (x->pid < y->pid);
}

static int by_pid(const void *a, const void *b)
{
	const struct reclaim_kswapd *x = a, *y = b;

	return (x->pid > y->pid) - (x->pid < y->pid);
}

static int sum_up(struct actor *t, const struct pass_ctx *ctx, struct own_reclaim all[NR_OWN],
		  struct reclaim_account *acc)
{
	int err = 0;

	name_actor(t, ctx);
	for (size_t i = 0; !err && i < NR_OWN; i++) {
		err = times_settle(&t->own[i], &ctx->trackers->hidden);
		if (!err)
			err = times_merge(&all[i], &t->own[i]);
		times_sum_up(&t->own[i]);
	}
	for (size_t c = 0; c < NR_RECLAIM_CLASSES; c++) {
		pages_add(&acc->by[c == RECLAIM_BY_KSWAPD && !t->is_kswapd ? RECLAIM_BY_OTHER : c], &t->pages[c]);
		pages_add(&acc->all, &t->pages[c]);
	}
	acc->softlimit += t->softlimit;
	if (t->is_kswapd)
		report_kswapd(t, ctx, acc);
	if (is_task(t))
		report_task(t, acc);
	return err;
}

/* The multi-generation LRU of 6.1 to 6.7 frees pages but writes no isolate event: then scans are unknown, not 0. */
static void mark_known(struct reclaim_account *acc, uint64_t recorded)
{
	bool freed = acc->all.freed || acc->all.reclaimed;

	acc->has_scans = recorded & KIND(EVENT_LRU_ISOLATE) && (acc->all.scans || !freed);
	acc->has_reclaimed = recorded & KIND(EVENT_LRU_SHRINK_INACTIVE) && (acc->all.reclaimed || !acc->all.freed);
}

int actors_report(struct actors *a, const struct pass_ctx *ctx, struct reclaim_account *acc)
{
	struct own_reclaim all[NR_OWN] = { 0 };
	int err = 0;

	acc->tasks = calloc(a->nr + 1, sizeof(*acc->tasks));
	acc->kswapds = calloc(a->nr + 1, sizeof(*acc->kswapds));
	if (!acc->tasks || !acc->kswapds)
		return -ENOMEM;
	for (size_t i = 0; !err && i < a->cap; i++)
		if (a->slots[i])
			err = sum_up(a->slots[i], ctx, all, acc);
	for (size_t i = 0; i < NR_OWN; i++) {
		times_sum_up(&all[i]);
		latencies_free(&all[i].spans);
	}
	acc->direct = all[RECLAIM_BY_DIRECT].times;
	acc->memcg = all[RECLAIM_BY_MEMCG].times;
	acc->node = all[RECLAIM_BY_NODE].times;
	qsort(acc->tasks, acc->nr_tasks, sizeof(*acc->tasks), longest_first);
	qsort(acc->kswapds, acc->nr_kswapds, sizeof(*acc->kswapds), by_pid);
	mark_known(acc, ctx->recorded);
	return err;
}
