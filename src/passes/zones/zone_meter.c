// SPDX-License-Identifier: LGPL-2.1-or-later
/* zone_meter.c - which of these allocations took pages of the low zone? */
#include "passes/zones/zone_meter.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "decode/gfp.h"
#include "passes/common/pass.h"
#include "util/array.h"
#include "util/order.h"

#define MAX_TAKERS  4096	/* pairs of task and flags; a run-up of some seconds has a few hundred */
#define MAX_PENDING (1 << 19)	/* a bound on memory */
#define MAX_ORDER   20		/* of a page block; the kernel's own limit is lower */
#define FIRST_SPAN  UINT64_C(1000000)

void zone_meter_begin(struct zone_meter *m, const struct zone_bits *bits, enum zone_reach reach)
{
	*m = (struct zone_meter){ .bits = *bits, .reach = reach, .span_ns = FIRST_SPAN };
}

static bool is_taker(const void *takers, uint32_t number, const void *key)
{
	const struct zone_taker *a = (const struct zone_taker *)takers + number - 1, *b = key;

	return a->shown.pid == b->shown.pid && a->gfp == b->gfp;
}

static int add_taker(struct zone_meter *m, uint64_t hash, const struct zone_taker *taker)
{
	struct zone_taker *bigger = grow(m->takers, &m->cap, m->nr, sizeof(*bigger));

	if (!bigger)
		return -ENOMEM;
	m->takers = bigger;
	if (table_add(&m->by_key, hash, (uint32_t)m->nr + 1))
		return -ENOMEM;
	m->takers[m->nr++] = *taker;
	return 0;
}

/* *ret: the number of the taker, from 1 on; 0: there are too many takers. */
static int taker_of(struct zone_meter *m, int32_t pid, uint64_t gfp, uint32_t *ret)
{
	uint64_t hash = hash_add(hash_add(0, (uint32_t)pid), gfp);
	struct zone_taker taker = { .shown.pid = pid, .gfp = gfp };

	*ret = table_find(&m->by_key, hash, is_taker, m->takers, &taker);
	if (*ret || m->nr == MAX_TAKERS)
		return 0;
	*ret = (uint32_t)m->nr + 1;
	return add_taker(m, hash, &taker);
}

/* Double the length of the pieces of time until @ts lies in one of them. */
static size_t span_at(struct zone_meter *m, uint64_t ts)
{
	while ((ts - m->from) / m->span_ns >= ZONE_SPANS) {
		for (size_t i = 0; i < ZONE_SPANS; i++)
			m->spans[i] = 2 * i < ZONE_SPANS ? m->spans[2 * i] + m->spans[2 * i + 1] : 0;
		m->span_ns *= 2;
	}
	return (size_t)((ts - m->from) / m->span_ns);
}

static void count(struct zone_meter *m, const struct zone_pending *p)
{
	struct zone_taker *taker = &m->takers[p->taker - 1];
	struct zone_user *u = &taker->shown;
	uint64_t pages = UINT64_C(1) << p->order;

	m->allocs++;
	m->pages += pages;
	if (zone_reach(&m->bits, taker->gfp) <= m->reach)
		m->asked += pages;
	m->spans[span_at(m, p->ts)] += pages;
	u->first_ns = !u->allocs || p->ts < u->first_ns ? p->ts : u->first_ns;
	u->last_ns = p->ts > u->last_ns ? p->ts : u->last_ns;
	u->allocs++;
	u->pages += pages;
}

static void count_pending(struct zone_meter *m)
{
	size_t kept = 0;

	for (size_t i = 0; i < m->nr_pending; i++) {
		if (m->pending[i].pfn < m->top)
			count(m, &m->pending[i]);
		else
			m->pending[kept++] = m->pending[i];
	}
	m->nr_pending = kept;
	m->counted_top = m->top;
}

static int keep(struct zone_meter *m, const struct zone_pending *p)
{
	struct zone_pending *bigger;

	if (m->nr_pending == MAX_PENDING && m->counted_top < m->top)
		count_pending(m);
	if (m->nr_pending == MAX_PENDING) {
		m->cut = true;
		return 0;
	}
	bigger = grow(m->pending, &m->cap_pending, m->nr_pending, sizeof(*bigger));
	if (!bigger)
		return -ENOMEM;
	m->pending = bigger;
	m->pending[m->nr_pending++] = *p;
	return 0;
}

int zone_meter_alloc(struct zone_meter *m, const struct event *ev)
{
	struct zone_pending p = { .pfn = ev->page.pfn, .ts = ev->ts, .order = (uint8_t)ev->page.order };
	uint32_t taker;

	if (!event_has(ev, HAS_GFP) || ev->page.order > MAX_ORDER || p.pfn > UINT64_MAX / 2)	/* all ones: failed */
		return 0;
	m->from = m->from ? m->from : ev->ts;
	if (zone_reach(&m->bits, ev->page.gfp_flags) <= m->reach && p.pfn >= m->top)
		m->top = p.pfn + 1;
	if (taker_of(m, event_in_interrupt(ev) ? ZONE_USER_INTERRUPT : ev->pid, ev->page.gfp_flags, &taker))
		return -ENOMEM;
	if (!taker) {
		m->cut = true;
		return 0;
	}
	p.taker = (uint16_t)taker;
	if (p.pfn >= m->top)
		return keep(m, &p);
	count(m, &p);
	return 0;
}

static int most_pages_first(const void *a, const void *b)
{
	const struct zone_taker *x = a, *y = b;

	if (x->shown.pages != y->shown.pages)
		return x->shown.pages < y->shown.pages ? 1 : -1;
	if (x->shown.pid != y->shown.pid)
		return x->shown.pid > y->shown.pid ? 1 : -1;
	return order(x->gfp, y->gfp);
}

void zone_meter_rank(struct zone_meter *m)
{
	count_pending(m);
	m->nr_pending = 0;
	if (m->nr)
		qsort(m->takers, m->nr, sizeof(*m->takers), most_pages_first);
}

int zone_meter_users(const struct zone_meter *m, const struct pass_ctx *ctx, size_t most, struct zone_user **ret,
		     size_t *ret_nr)
{
	struct zone_user *users;
	size_t nr = 0;

	while (nr < most && nr < m->nr && m->takers[nr].shown.pages)
		nr++;
	users = calloc(nr + 1, sizeof(*users));
	if (!users)
		return -ENOMEM;
	*ret = users;
	*ret_nr = nr;
	for (size_t i = 0; i < nr; i++) {
		users[i] = m->takers[i].shown;
		task_comm(ctx, users[i].pid, users[i].comm);
		users[i].gfp = gfp_string(ctx->gfp, m->takers[i].gfp);
		if (!users[i].gfp)
			return -ENOMEM;
	}
	return 0;
}

void zone_meter_clear(struct zone_meter *m)
{
	if (!m)
		return;
	free(m->takers);
	table_clear(&m->by_key);
	free(m->pending);
	*m = (struct zone_meter){ 0 };
}
