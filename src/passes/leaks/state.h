/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* state.h - what the leak analysis knows while it runs, for its own files */
#ifndef VMSTALL_LEAK_STATE_H
#define VMSTALL_LEAK_STATE_H

#include "model/leaks.h"
#include "passes/common/pass.h"
#include "passes/common/stacks.h"
#include "passes/leaks/gaps.h"
#include "passes/leaks/objects.h"
#include "passes/leaks/sites.h"
#include "passes/zones/zone_reach.h"

#define LEAK_MAX_ORDER 13	/* of a block of pages: MAX_ORDER is 13 at most */

/* What a stack that follows may belong to, by context: an interrupt may come in between. */
enum context { IN_TASK, IN_SOFTIRQ, IN_HARDIRQ, IN_NMI, NR_CONTEXTS };
struct pending { uint64_t key, ts, first, first_ts; uint8_t layer; bool is; };	/* @first: block of a retry; 0: none */
struct block { uint64_t pfn, ts; int32_t pid; uint32_t order; bool is; };
struct leak_cpu {
	struct pending pending[NR_CONTEXTS];
	struct block page;	/* the last block taken: perhaps for an object that comes next */
};

/* Which page is an object in? The kernel's map of all memory is linear: (address >> shift) - pfn is one number. */
struct linear_map { uint64_t delta; unsigned int shift, votes; };

/* An address that was allocated while in use: its free may only be late (KERNEL-FACTS 1.3, order hazard). */
#define RECENT 256
struct takeover { uint64_t ptr, ts; struct object old; uint16_t cpu; uint8_t context; };

/* What is left of a block that was freed in pieces. @next: of the free ones, index + 1. */
struct family { uint64_t left; uint32_t next; bool seen; };
struct families { struct family *all; size_t cap, nr; uint32_t free_list; };

/* The last request of a task for pages, and its fork in progress; few slots, by pid. */
#define TASK_SLOTS 256
struct last_pages { uint64_t pfn, ts; int32_t pid; uint32_t order; uint8_t reach; };
struct last_fork { uint64_t ptr; int32_t pid; bool numbered; };

struct leaks {
	const struct rules *rules;
	struct site_table sites;
	struct stacks stacks;
	struct objects slab, pages;
	uint32_t blocks[LEAK_MAX_ORDER + 1];	/* of each order, that are taken */
	struct families families;
	struct leak_cpu *cpus;
	size_t nr_cpus;
	struct takeover recent[RECENT];
	struct linear_map map;
	struct zone_bits zones;
	struct last_pages last_pages[TASK_SLOTS];
	struct last_fork last_forks[TASK_SLOTS];
	struct objects owners;		/* key: pid or address of a struct pid; ts: the address of its task_struct */
	struct objects orphans;		/* key: address of a task_struct; ts: when its task was gone */
	uint64_t longest_orphan;	/* ns that one stayed and was freed then */
	uint64_t unknown_pages, unknown_frees[NR_LEAK_LAYERS], allocs[NR_LEAK_LAYERS], frees[NR_LEAK_LAYERS];
	struct gaps gaps;		/* when records were lost */
	uint64_t lost, last_loss, now;	/* @lost: how many; UINT64_MAX: not known */
	bool single_frees;		/* mm_page_free is recorded: the batched event says it again */
	bool named_frees;		/* kmem_cache_free names its cache: 5.15 or later */
	bool reclaimed;
};

enum context leak_context(const struct event *ev);
int32_t leak_pid(const struct event *ev);

/* leak_slab.c, leak_pages.c: each returns 0 or -ENOMEM. */
int leak_slab_alloc(struct leaks *l, const struct pass_ctx *ctx, const struct event *ev);
int leak_slab_free(struct leaks *l, const struct event *ev);
int leak_pages_alloc(struct leaks *l, const struct event *ev);
int leak_pages_free(struct leaks *l, const struct event *ev);
/* The block at @pfn, if it was taken at @ts, belongs to the site with @change applied to its key. */
int leak_move(struct leaks *l, enum leak_layer layer, uint64_t key, uint64_t ts, uint32_t stack, bool behind_slab);
/* A stack came: it belongs to what was allocated just before on that CPU. */
int leak_stack(struct leaks *l, const struct pass_ctx *ctx, const struct event *ev);
/* How many bytes, or pages, an entry stands for. */
uint64_t leak_units(const struct object *o, enum leak_layer layer);

/* leak_behind.c: is the block taken just before on this CPU what this object lies in? Returns 0 or -ENOMEM. */
int leak_behind(struct leaks *l, const struct event *ev);

/*
 * leak_retry.c: a task asks for pages again, lower down. Call before the new block is entered; it stays in what waits for
 * the block's stack. Then it takes that back where the stacks are of different functions.
 */
void leak_retry(struct leaks *l, const struct event *ev);
void leak_retry_check(struct leaks *l, const struct pass_ctx *ctx, const struct pending *second, uint32_t stack);

/* leak_owner.c: which task_struct is whose, and is that task gone? Each int is 0 or -ENOMEM. */
enum owns owns_of(const char *function, const char *cache);
int leak_owner_alloc(struct leaks *l, const struct event *ev, enum owns owns);
int leak_owner_fork(struct leaks *l, const struct event *ev);
/* @key: its pid, or the address of its struct pid. */
int leak_owner_gone(struct leaks *l, uint64_t key, uint64_t ts);
/* The object at @ptr is gone, which may be a task_struct. */
void leak_owner_freed(struct leaks *l, uint64_t ptr, uint64_t ts);

/* leak_rows.c: make ctx->report->leaks. */
int leak_rows(struct leaks *l, const struct pass_ctx *ctx);

#endif
