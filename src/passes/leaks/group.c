// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * group.c - which sites are one place, and what is it called?
 *
 * With a stack, a place is the first function that is not itself part of an allocator; without one, the call
 * site of a slab object, or the kind of request for pages.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "decode/gfp.h"
#include "passes/leaks/rows.h"
#include "util/array.h"

enum { FRAGMENT_ORDER = 3 };	/* SKB_FRAG_PAGE_ORDER, PAGE_FRAG_CACHE_MAX_ORDER: 32 KiB */

static uint64_t flag(const struct pass_ctx *ctx, const char *name)
{
	uint64_t value = 0;

	return gfp_value(ctx->gfp, name, &value) && value > 1 ? value : 0;
}

static bool has(uint64_t gfp, uint64_t bits)
{
	return bits && (gfp & bits) == bits;
}

/*
 * The network's fragments are asked for as slab is: give up early, don't warn. But allocate_slab() does not let reclaim be
 * woken when it may fall back on a smaller block, and mempool_alloc(), which does, takes __GFP_IO out.
 */
static bool is_fragment(const struct pass_ctx *ctx, const struct place_key *k)
{
	bool atomic = has(k->gfp, flag(ctx, "__GFP_HIGH")) && has(k->gfp, flag(ctx, "__GFP_NOMEMALLOC"));

	return k->order == FRAGMENT_ORDER && has(k->gfp, flag(ctx, "__GFP_KSWAPD_RECLAIM")) &&
	       !has(k->gfp, flag(ctx, "__GFP_DIRECT_RECLAIM")) && (atomic || has(k->gfp, flag(ctx, "__GFP_IO")));
}

/* As the kernels ask for them: KERNEL-FACTS 6. Movable: user memory, or a file's. Highmem alone: vmalloc. */
static enum leak_use use_by_request(const struct pass_ctx *ctx, const struct place_key *k)
{
	bool zero = has(k->gfp, flag(ctx, "__GFP_ZERO"));

	if (k->behind_slab)
		return USE_SLAB_PAGES;
	if (has(k->gfp, flag(ctx, "__GFP_MOVABLE")))
		return zero ? USE_ANONYMOUS : USE_PAGE_CACHE;
	if (has(k->gfp, flag(ctx, "__GFP_NOWARN")) && has(k->gfp, flag(ctx, "__GFP_NORETRY"))) {
		if (has(k->gfp, flag(ctx, "__GFP_HARDWALL")))	/* readahead of a disk */
			return USE_PAGE_CACHE;
		return is_fragment(ctx, k) ? USE_DIRECT : USE_SLAB_PAGES;
	}
	if (zero && has(k->gfp, flag(ctx, "__GFP_HIGHMEM")))
		return USE_KERNEL_STACKS;
	if (zero && has(k->gfp, flag(ctx, "__GFP_ACCOUNT")))
		return k->order <= 1 ? USE_PAGE_TABLES : USE_KERNEL_STACKS;
	return USE_DIRECT;
}

static enum leak_use use_of_site(const struct leaks *l, const struct pass_ctx *ctx, const struct place_key *k)
{
	const struct ev_stack *stack = stacks_get(&l->stacks, k->stack);
	enum leak_use use;
	uint64_t offset;

	if (k->layer == LEAK_SLAB)
		return USE_SLAB_OBJECTS;
	for (size_t i = 0; stack && i < stack->nr && !k->behind_slab; i++) {
		const char *name = symbol_of(ctx, stack->callers[i], &offset);

		if (name && use_of(name, &use))
			return use;
	}
	return use_by_request(ctx, k);
}

/* The address that stands for the site; 0: nothing but a kind of request. */
static uint64_t address_of(const struct leaks *l, const struct pass_ctx *ctx, const struct place_key *k)
{
	const struct ev_stack *stack = stacks_get(&l->stacks, k->stack);
	uint64_t caller = stack ? stack_caller(ctx, stack) : 0;

	return caller ? caller : k->call_site;
}

static bool is_same(const struct row *r, const struct place_key *k, uint64_t address, enum leak_use use)
{
	if (r->sum.key.layer != k->layer || r->address != address || r->use != use || r->sum.key.interrupt != k->interrupt)
		return false;
	return address || (r->sum.key.gfp == k->gfp && r->sum.key.order == k->order);
}

static struct row *row_new(struct rows *rows, const struct pass_ctx *ctx, const struct site *s, uint64_t address,
			   enum leak_use use)
{
	struct row *all = grow(rows->all, &rows->cap, rows->nr, sizeof(*all)), *r;

	if (!all)
		return NULL;
	rows->all = all;
	r = &all[rows->nr++];
	memset(r, 0, sizeof(*r));
	r->sum.key = s->key;
	r->address = address;
	r->use = use;
	r->function = address ? symbol_of(ctx, address, &r->offset) : NULL;
	r->holder = r->function ? holder_of(r->function) : HOLDER_UNKNOWN;
	r->stack_live = INT64_MIN;
	return r;
}

static void take_site(struct row *r, const struct site *s)
{
	int64_t live = (int64_t)(s->allocs - s->frees - s->unseen);

	site_merge(&r->sum, s);
	r->nr_stacks += s->key.stack != 0;
	r->gfps += r->sum.key.gfp != s->key.gfp;
	if (live < r->stack_live || (live == r->stack_live && (r->stack || !s->key.stack)))
		return;
	r->stack_live = live;
	r->stack = s->key.stack;
	r->sum.key.gfp = s->key.gfp;
	r->sum.key.order = s->key.order;
}

/* Rows by a hash of what makes them one. */
struct index { uint32_t *slots; size_t nr; };

static size_t slot_of(const struct index *x, const struct rows *rows, const struct place_key *k, uint64_t address,
		      enum leak_use use)
{
	uint64_t h = (address ? address : k->gfp << 8 ^ k->order) * UINT64_C(0x9e3779b97f4a7c15) + (uint64_t)use;
	size_t at = (h ^ h >> 32) & (x->nr - 1);

	while (x->slots[at] && !is_same(&rows->all[x->slots[at] - 1], k, address, use))
		at = (at + 1) & (x->nr - 1);
	return at;
}

static int group_site(struct leaks *l, const struct pass_ctx *ctx, struct rows *rows, struct index *x, size_t i)
{
	const struct site *s = l->sites.all[i];
	uint64_t address = address_of(l, ctx, &s->key);
	enum leak_use use = use_of_site(l, ctx, &s->key);
	size_t at = slot_of(x, rows, &s->key, address, use);

	if (!x->slots[at]) {
		if (!row_new(rows, ctx, s, address, use))
			return -ENOMEM;
		x->slots[at] = (uint32_t)rows->nr;
	}
	rows->of_site[i] = x->slots[at] - 1;
	take_site(&rows->all[x->slots[at] - 1], s);
	return 0;
}

int leak_group(struct leaks *l, const struct pass_ctx *ctx, struct rows *rows)
{
	struct index x = { .nr = 256 };
	uint64_t reclaimable = flag(ctx, "__GFP_RECLAIMABLE");
	int err = 0;

	while (x.nr < 2 * (l->sites.nr + 1))
		x.nr *= 2;
	x.slots = calloc(x.nr, sizeof(*x.slots));
	rows->of_site = calloc(l->sites.nr + 1, sizeof(*rows->of_site));
	if (!x.slots || !rows->of_site)
		err = -ENOMEM;
	for (size_t i = 0; !err && i < l->sites.nr; i++)
		err = group_site(l, ctx, rows, &x, i);
	for (size_t i = 0; i < rows->nr; i++)
		rows->all[i].reclaimable = reclaimable && rows->all[i].sum.gfp & reclaimable;
	free(x.slots);
	return err;
}
