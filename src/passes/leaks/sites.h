/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * sites.h - places that allocate: what each took and gave back, when, and how long it usually keeps it
 *
 * A site is a call site, with its stack where stacks were recorded. Pages carry no call site: without stacks, the kind of
 * request stands in for it. Time is kept in windows of one width for all sites. When the recording outgrows the windows,
 * the width doubles and neighbours are added up.
 */
#ifndef VMSTALL_LEAK_SITES_H
#define VMSTALL_LEAK_SITES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/table.h"

#define LEAK_WINDOWS   64
#define LIFETIMES      128	/* two to each doubling, from 1 ns */

/* Zero it before you fill it: keys are compared as bytes. */
struct place_key {
	uint64_t call_site;	/* slab: the caller of the allocator. Pages: 0 */
	uint64_t gfp;		/* pages: the request. Slab: 0 */
	uint32_t stack;		/* stacks.h; 0: none */
	uint8_t layer;		/* enum leak_layer */
	uint8_t order;		/* pages */
	uint8_t interrupt;	/* pages: allocated in an interrupt, which runs in any task */
	uint8_t behind_slab;	/* pages: they became slab objects, which are counted themselves */
};

enum owns { OWNS_NOTHING, OWNS_TASK, OWNS_PID };	/* task_structs, struct pids */

/* The figures of one window. net: allocated - freed. */
struct site_window { uint32_t allocs; int32_t net; int64_t net_bytes; };

/**
 * struct site - one place
 * @unseen: allocations freed without a record: their address was allocated again
 * @retries: allocations that are the first of a retry; retry.c
 * @bytes, @pid: size of the last allocation, and the task that made it
 * @lifetimes: of the allocations whose free was recorded, in logarithmic classes
 */
struct site {
	struct place_key key;
	uint64_t allocs, frees, unseen, retries, alloc_bytes;
	uint64_t gfp;		/* slab: flags of all its allocations, or-ed together */
	uint32_t bytes;
	int32_t pid;
	uint8_t owns;		/* enum owns: do its objects stand for tasks? */
	char cache[24];		/* "": not recorded */
	uint32_t lifetimes[LIFETIMES];
	struct site_window windows[LEAK_WINDOWS];
};

struct site_table {
	struct site **all;	/* a site never moves */
	size_t nr, cap;
	struct table by_key;
	uint64_t begin;		/* ns, start of window 0; valid when @begun */
	unsigned int shift;	/* a window is 2^shift ns */
	bool begun;
};

/* Find or make a site; when there are very many, one without the stack. Returns its index; UINT32_MAX: out of memory. */
uint32_t leak_sites_get(struct site_table *s, const struct place_key *key);
/* Make the windows reach to @now. Call it before the functions below, with times that don't go back. */
void leak_sites_advance(struct site_table *s, uint64_t now);

/* @bytes were allocated. For a site of pages, @bytes counts pages, here and below. */
void site_took(const struct site_table *s, struct site *site, uint64_t ts, uint64_t bytes);
/* @bytes allocated at @since were freed; @whole: nothing is left of that allocation. */
void site_gave(const struct site_table *s, struct site *site, uint64_t ts, uint64_t since, uint64_t bytes, bool whole);
/* The same, where no record says when it was freed. */
void site_lost_sight(const struct site_table *s, struct site *site, uint64_t ts, uint64_t bytes, bool whole);
/* The allocation at @ts was counted at @from, but belongs to @to. */
void site_moved(const struct site_table *s, struct site *from, struct site *to, uint64_t ts, uint64_t bytes);
/* Add @other's figures to @site. */
void site_merge(struct site *site, const struct site *other);

/* A free that was counted as unseen was only recorded late: it happened at @ts. */
void site_found(struct site *site, uint64_t ts, uint64_t since);

/* The lifetime that @part in @whole of all lifetimes stay below; 0: none is known. */
uint64_t site_lifetime(const struct site *site, uint64_t part, uint64_t whole);
void leak_sites_clear(struct site_table *s);

#endif
