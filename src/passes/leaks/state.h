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

#define LEAK_MAX_ORDER 13	/* highest order of a block of pages: MAX_ORDER is 13 at most */

/* The allocation that the next stack belongs to. One for each context: an interrupt may come before the stack. */
enum context { IN_TASK, IN_SOFTIRQ, IN_HARDIRQ, IN_NMI, NR_CONTEXTS };
struct pending { uint64_t key, ts, first, first_ts; uint8_t layer; bool is; };	/* @first: block of a retry; 0: none */
struct block { uint64_t pfn, ts; int32_t pid; uint32_t order; bool is; };
struct leak_cpu {
	struct pending pending[NR_CONTEXTS];
	struct block page;	/* the last block allocated, perhaps for the object that comes next */
};

/* Which page is an object in? The kernel's map of all memory is linear: (address >> shift) - pfn is one number. */
struct linear_map { uint64_t delta; unsigned int shift, votes; };

/* An address was allocated while in use: the record of its free may only be late (KERNEL-FACTS 1.3, order hazard). */
#define RECENT 256
struct takeover { uint64_t ptr, ts; struct object old; uint16_t cpu; uint8_t context; };

/* What is left of a block that was freed in pieces. @next: the next unused family, index + 1. */
struct family { uint64_t left; uint32_t next; bool seen; };
struct families { struct family *all; size_t cap, nr; uint32_t free_list; };

/* The last request of a task for pages, and its fork in progress. There are few slots, so tasks may share one. */
#define TASK_SLOTS 256
struct last_pages { uint64_t pfn, ts; int32_t pid; uint32_t order; uint8_t reach; };
struct last_fork { uint64_t ptr; int32_t pid; bool numbered; };

struct leaks {
	const struct rules *rules;
	struct site_table sites;
	struct stacks stacks;
	struct objects slab, pages;
	uint32_t blocks[LEAK_MAX_ORDER + 1];	/* how many of each order are in use */
	struct families families;
	struct leak_cpu *cpus;
	size_t nr_cpus;
	struct takeover recent[RECENT];
	struct linear_map map;
	struct zone_bits zones;
	struct last_pages last_pages[TASK_SLOTS];
	struct last_fork last_forks[TASK_SLOTS];
	struct objects owners;		/* key: pid or address of a struct pid; ts: the address of its task_struct */
	struct objects orphans;		/* task_structs without a task. key: the address; ts: when the task was gone */
	uint64_t longest_orphan;	/* ns: the longest time until an orphan was freed */
	uint64_t unknown_pages, unknown_frees[NR_LEAK_LAYERS], allocs[NR_LEAK_LAYERS], frees[NR_LEAK_LAYERS];
	struct gaps gaps;		/* when records were lost */
	uint64_t lost, last_loss, now;	/* @lost: how many; UINT64_MAX: not known */
	bool single_frees;		/* mm_page_free is recorded: the batched event repeats it */
	bool named_frees;		/* kmem_cache_free names its cache: 5.15 or later */
	bool reclaimed;
};

enum context leak_context(const struct event *ev);
int32_t leak_pid(const struct event *ev);

/* slab.c, pages.c: each returns 0 or -ENOMEM. */
int leak_slab_alloc(struct leaks *l, const struct pass_ctx *ctx, const struct event *ev);
int leak_slab_free(struct leaks *l, const struct event *ev);
int leak_pages_alloc(struct leaks *l, const struct event *ev);
int leak_pages_free(struct leaks *l, const struct event *ev);
/* Move the object or block @key, if it was allocated at @ts, to the site with this @stack (0: its own) and @behind_slab. */
int leak_move(struct leaks *l, enum leak_layer layer, uint64_t key, uint64_t ts, uint32_t stack, bool behind_slab);
/* A stack came: it belongs to the allocation just before it on that CPU, in the same context. */
int leak_stack(struct leaks *l, const struct pass_ctx *ctx, const struct event *ev);
/* How many bytes (slab) or pages @o stands for. */
uint64_t leak_units(const struct object *o, enum leak_layer layer);

/* behind.c: does this object lie in the block allocated just before it on this CPU? Returns 0 or -ENOMEM. */
int leak_behind(struct leaks *l, const struct event *ev);

/*
 * retry.c: does a task ask for the same pages again, from a lower zone? Call leak_retry() before the new block is entered.
 * The new block's struct pending then keeps the first block, until the stack comes. leak_retry_check() takes the retry back
 * where the two stacks are of different functions.
 */
void leak_retry(struct leaks *l, const struct event *ev);
void leak_retry_check(struct leaks *l, const struct pass_ctx *ctx, const struct pending *second, uint32_t stack);

/* owner.c: which task does a task_struct belong to, and is that task gone? Each int is 0 or -ENOMEM. */
enum owns owns_of(const char *function, const char *cache);
int leak_owner_alloc(struct leaks *l, const struct event *ev, enum owns owns);
int leak_owner_fork(struct leaks *l, const struct event *ev);
/* The task is gone. @key: its pid, or the address of its struct pid. */
int leak_owner_gone(struct leaks *l, uint64_t key, uint64_t ts);
/* The object at @ptr, perhaps a task_struct, was freed. */
void leak_owner_freed(struct leaks *l, uint64_t ptr, uint64_t ts);

/* rows.c: make ctx->report->leaks. */
int leak_rows(struct leaks *l, const struct pass_ctx *ctx);

#endif
