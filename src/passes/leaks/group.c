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
#include "util/table.h"

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
 * The network asks for its fragments as slab asks for pages: give up early, don't warn. Two flags tell them apart.
 * allocate_slab() forbids to wake reclaim when it may fall back on a smaller block. mempool_alloc() permits that, but
 * takes __GFP_IO out.
 */
static bool is_fragment(const struct pass_ctx *ctx, const struct place_key *k)
{
	bool atomic = has(k->gfp, flag(ctx, "__GFP_HIGH")) && has(k->gfp, flag(ctx, "__GFP_NOMEMALLOC"));

	return k->order == rule_ns(ctx->rules, RULE_FRAGMENT_ORDER) && has(k->gfp, flag(ctx, "__GFP_KSWAPD_RECLAIM")) &&
	       !has(k->gfp, flag(ctx, "__GFP_DIRECT_RECLAIM")) && (atomic || has(k->gfp, flag(ctx, "__GFP_IO")));
}

/* How kernels ask for each use: KERNEL-FACTS 6. Movable: user memory, or a file's. Highmem alone: vmalloc. */
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

/* The address that stands for the site; 0: only the kind of request is known. */
static uint64_t address_of(const struct leaks *l, const struct pass_ctx *ctx, const struct place_key *k)
{
	const struct ev_stack *stack = stacks_get(&l->stacks, k->stack);
	uint64_t caller = stack ? stack_caller(ctx, stack) : 0;

	return caller ? caller : k->call_site;
}

/* Sites that are equal in these members make one row. */
struct row_key { const struct place_key *of; uint64_t address; enum leak_use use; };

static uint64_t hash_of(const struct row_key *k)
{
	uint64_t what = k->address ? k->address : k->of->gfp << 8 ^ k->of->order;

	return hash_add(hash_add(0, what), (uint64_t)k->use);
}

static bool has_key(const void *all, uint32_t number, const void *key)
{
	const struct row *r = (const struct row *)all + number - 1;
	const struct row_key *k = key;

	if (r->sum.key.layer != k->of->layer || r->address != k->address || r->use != k->use ||
	    r->sum.key.interrupt != k->of->interrupt)
		return false;
	return k->address || (r->sum.key.gfp == k->of->gfp && r->sum.key.order == k->of->order);
}

static struct row *row_new(struct rows *rows, const struct pass_ctx *ctx, const struct row_key *k)
{
	struct row *all = grow(rows->all, &rows->cap, rows->nr, sizeof(*all)), *r;

	if (!all)
		return NULL;
	rows->all = all;
	r = &all[rows->nr++];
	memset(r, 0, sizeof(*r));
	r->sum.key = *k->of;
	r->address = k->address;
	r->use = k->use;
	r->function = k->address ? symbol_of(ctx, k->address, &r->offset) : NULL;
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

static int group_site(struct leaks *l, const struct pass_ctx *ctx, struct rows *rows, struct table *by_key, size_t i)
{
	const struct site *s = l->sites.all[i];
	struct row_key key = { &s->key, address_of(l, ctx, &s->key), use_of_site(l, ctx, &s->key) };
	uint32_t number = table_find(by_key, hash_of(&key), has_key, rows->all, &key);

	if (!number) {
		number = (uint32_t)rows->nr + 1;
		if (!row_new(rows, ctx, &key) || table_add(by_key, hash_of(&key), number))
			return -ENOMEM;
	}
	rows->of_site[i] = number - 1;
	take_site(&rows->all[number - 1], s);
	return 0;
}

int leak_group(struct leaks *l, const struct pass_ctx *ctx, struct rows *rows)
{
	uint64_t reclaimable = flag(ctx, "__GFP_RECLAIMABLE");
	struct table by_key = { 0 };
	int err;

	rows->of_site = calloc(l->sites.nr + 1, sizeof(*rows->of_site));
	err = rows->of_site ? 0 : -ENOMEM;
	for (size_t i = 0; !err && i < l->sites.nr; i++)
		err = group_site(l, ctx, rows, &by_key, i);
	for (size_t i = 0; i < rows->nr; i++) {
		struct row *r = &rows->all[i];

		r->reclaimable = reclaimable && r->sum.gfp & reclaimable;
		r->holder = r->holder ? r->holder : holder_in(r->sum.cache);
	}
	table_clear(&by_key);
	return err;
}
