/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * sites.h - places that allocate: what each took and gave back, when, and how long it usually keeps it
 *
 * A site is a call site with a stack, where stacks were recorded; pages carry no call site, so without stacks a
 * kind of request stands in for it. Time is kept in windows of one width for all sites; when the recording
 * outgrows them the width doubles and neighbours are added up.
 */
#ifndef VMSTALL_LEAK_SITES_H
#define VMSTALL_LEAK_SITES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/table.h"

#define LEAK_WINDOWS   64
#define LIFETIMES      128	/* two to each doubling, from 1 ns */

/* Zeroed before it is filled: compared as bytes. */
struct place_key {
	uint64_t call_site;	/* slab: who called the allocator. Pages: 0 */
	uint64_t gfp;		/* pages: the request. Slab: 0 */
	uint32_t stack;		/* stacks.h; 0: none */
	uint8_t layer;		/* enum leak_layer */
	uint8_t order;		/* pages */
	uint8_t interrupt;	/* pages: taken in an interrupt, where the task is chance */
	uint8_t behind_slab;	/* pages: seen to become slab objects, which are counted as such */
};

enum owns { OWNS_NOTHING, OWNS_TASK, OWNS_PID };	/* task_structs, struct pids */

/* In one window. net: allocated - freed. */
struct site_window { uint32_t allocs; int32_t net; int64_t net_bytes; };

/**
 * struct site - one place
 * @unseen: freed without a record of it: the address was allocated again
 * @retries: allocations that are the first of a retry; leak_retry.c
 * @bytes, @pid: of the last allocation, and whose it was
 * @lifetimes: of what was seen to be freed, in logarithmic classes
 */
struct site {
	struct place_key key;
	uint64_t allocs, frees, unseen, retries, alloc_bytes;
	uint64_t gfp;		/* slab: flags of all its allocations, or-ed */
	uint32_t bytes;
	int32_t pid;
	uint8_t owns;		/* enum owns: what it allocates stands for a task */
	char cache[24];		/* "": not recorded */
	uint32_t lifetimes[LIFETIMES];
	struct site_window windows[LEAK_WINDOWS];
};

struct site_table {
	struct site **all;	/* each stays where it is */
	size_t nr, cap;
	struct table by_key;
	uint64_t begin;		/* ns, of window 0; valid when @begun */
	unsigned int shift;	/* a window is 2^shift ns */
	bool begun;
};

/* Find or make; with very many sites, one without the stack. Returns the index, or UINT32_MAX: out of memory. */
uint32_t leak_sites_get(struct site_table *s, const struct place_key *key);
/* Windows reach to @now from here on. Call before what follows, with times that don't go back. */
void leak_sites_advance(struct site_table *s, uint64_t now);

/* Bytes are pages where the site takes pages. */
void site_took(const struct site_table *s, struct site *site, uint64_t ts, uint64_t bytes);
/* @bytes allocated at @since are gone; @whole: and with them all of what was allocated then. */
void site_gave(const struct site_table *s, struct site *site, uint64_t ts, uint64_t since, uint64_t bytes, bool whole);
/* The same, where nobody saw when. */
void site_lost_sight(const struct site_table *s, struct site *site, uint64_t ts, uint64_t bytes, bool whole);
/* It was @to that took it at @ts. */
void site_moved(const struct site_table *s, struct site *from, struct site *to, uint64_t ts, uint64_t bytes);
/* Add @other's figures to @site. */
void site_merge(struct site *site, const struct site *other);

/* What was taken for unseen was only late: it was freed at @ts. */
void site_found(struct site *site, uint64_t ts, uint64_t since);

/* Of the lifetimes, the one that @part of @whole stay below; 0: none known. */
uint64_t site_lifetime(const struct site *site, uint64_t part, uint64_t whole);
void leak_sites_clear(struct site_table *s);

#endif
