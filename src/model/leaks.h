/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * leaks.h - kernel memory that was taken and not given back: by whom, since when, and is that a leak?
 *
 * Slab objects and pages are two views of the same memory: a page behind slab holds many objects. They are
 * told side by side and never added up.
 */
#ifndef VMSTALL_LEAKS_H
#define VMSTALL_LEAKS_H

#include "model/report.h"

enum leak_layer { LEAK_SLAB, LEAK_PAGE, NR_LEAK_LAYERS };

/* In rising order of suspicion. */
enum leak_verdict {
	LEAK_OK,	/* frees what it takes, as far as this recording can show */
	LEAK_CACHE,	/* keeps it on purpose, and gives it back when memory is short or in batches */
	LEAK_GROWTH,	/* takes more than it gives, and nothing tells a leak from a program that starts */
	LEAK_SUSPECT,	/* looks like a leak; too few, or losses may account for it */
	LEAK_LEAK,	/* some are kept far beyond the usual time, again and again */
	NR_LEAK_VERDICTS
};

enum leak_pattern {
	LEAK_NO_PATTERN,
	LEAK_RETRY,		/* allocated again for a lower zone, the first never freed */
	LEAK_HIDDEN,		/* behind a busy site of the same size class that frees everything */
	LEAK_OUTLIVED_OWNER,	/* task_structs of tasks that are gone */
	LEAK_SOFTIRQ_PAGES,	/* pages taken in interrupts, as for a driver's receive ring */
	NR_LEAK_PATTERNS
};

/* What memory is used for. The first is in objects, the others in pages. */
enum leak_use {
	USE_SLAB_OBJECTS,
	USE_SLAB_PAGES,		/* behind slab: the memory of the objects above, and what is free in it */
	USE_PAGE_CACHE,
	USE_ANONYMOUS,
	USE_PAGE_TABLES,
	USE_KERNEL_STACKS,
	USE_DIRECT,		/* anything else taken from the page allocator */
	NR_LEAK_USES
};

/* Bytes an hour, with the interval that holds the true figure 19 times in 20. !@is: too short to say.
   @steady: it grew in every eighth of the time, and in the end no slower. */
struct leak_rate { bool is, steady; double mean, low, high; };

/* @pid: negative: in interrupts, whose task is chance. @live: objects or blocks it took that are left. */
struct leak_task { int32_t pid; char comm[TASK_COMM_LEN]; uint64_t live; };

/**
 * struct leak_site - a place that allocates
 * @function: NULL: not known by name; @address then says where. Pages without a stack have neither
 * @frames:   functions, from the site outwards; of the stack with most left
 * @gfp:      of pages, by the recording's own names. NULL: slab
 * @unseen:   freed without a record: the address was allocated again
 * @live:     left at the end; @live_sure: of these, what no loss of records can have hidden the free of
 * @old, @old_live: allocated long enough ago to have been freed by now, if they lived as long as others do;
 *            of these, left. Valid when median_lifetime_ns is known and @old isn't 0. @old_live_sure: of those, what no
 *            lost record explains: it had outlived its kind when the next loss began
 * @bytes_per_day: with @day_low, @day_high, the interval as of struct leak_rate
 */
struct leak_site {
	enum leak_layer layer;
	enum leak_use use;
	uint64_t address, offset;
	char *function;
	struct strings frames;
	size_t nr_stacks;
	char cache[24];
	char *gfp;
	struct known order;
	bool interrupt;
	struct leak_task *tasks;	/* those with most left first */
	size_t nr_tasks;
	uint64_t allocs, frees, unseen;
	uint64_t live, live_bytes, live_sure, live_sure_bytes;
	uint64_t old, old_live, old_live_bytes, old_live_sure;
	struct known oldest_ns, median_lifetime_ns, usual_ns;	/* usual: hardly any that is freed lives longer */
	double allocs_per_s;
	struct leak_rate growth;
	bool has_projection;
	double bytes_per_day, day_low, day_high;
	uint64_t retries, outlived;	/* left of those that are the first of a retry; owners that are gone */
	enum leak_pattern pattern;
	enum leak_verdict verdict;
	enum confidence confidence;
	double score;			/* orders sites of one verdict and confidence */
	struct strings why;
	uint64_t lost_in_window;	/* events lost since its oldest; UINT64_MAX: some, the number is not known */
};

/* @seen: what it needs was recorded. @balance_bytes: taken and not given back since the recording began. */
struct leak_use_sum {
	bool seen;
	uint64_t allocs, alloc_bytes, freed_bytes;
	int64_t balance_bytes;
	struct leak_rate growth;
};

/* /proc/meminfo, in bytes; which are known is a bit each, by enum meminfo_field. */
enum meminfo_field {
	MEM_TOTAL, MEM_FREE, MEM_BUFFERS, MEM_CACHED, MEM_SWAP_CACHED, MEM_ANON, MEM_SHMEM, MEM_SLAB, MEM_SRECLAIMABLE,
	MEM_SUNRECLAIM, MEM_KERNEL_STACK, MEM_PAGE_TABLES, MEM_SEC_PAGE_TABLES, MEM_PERCPU, MEM_HUGETLB,
	NR_MEMINFO_FIELDS
};
struct meminfo { uint64_t v[NR_MEMINFO_FIELDS]; uint32_t has; };

/* T = U + K + S + C + F: all, user, kernel, shared, cache, free. K is what remains. */
struct meminfo_split { uint64_t total, user, kernel, shared, cache, free, accounted, unexplained; };

struct leak_report {
	struct leak_site *sites;	/* most suspect first */
	size_t nr_sites;
	struct leak_use_sum uses[NR_LEAK_USES];
	uint64_t begin_ns, end_ns;
	uint64_t unknown_frees[NR_LEAK_LAYERS];	/* of what was allocated before, or unseen */
	uint64_t unknown_page_bytes;
	uint64_t unseen[NR_LEAK_LAYERS];
	bool analysed[NR_LEAK_LAYERS], has_stacks, has_pages_of_objects, reclaimed;
	uint64_t lost, last_loss_ns;	/* UINT64_MAX: unknown number */
	bool any_loss;
	struct strings blind;		/* what this kernel frees and allocates without a record */
	struct meminfo before, after;	/* as given by the user */
};

/* leaks.c. NULL is fine; returns NULL. */
struct leak_report *leak_report_free(struct leak_report *l);
/* Function, address, or kind of request: a new string, NULL: out of memory. */
char *leak_place(const struct leak_site *s);
#define leak_because(site, ...) strings_add(&(site)->why, __VA_ARGS__)
/* The words of columns and reports. Static strings. */
const char *leak_layer_name(enum leak_layer layer);
const char *leak_verdict_name(enum leak_verdict verdict);
const char *leak_pattern_name(enum leak_pattern pattern);	/* "" for none */
const char *leak_use_name(enum leak_use use);

/**
 * meminfo_read - a copy of /proc/meminfo
 * @reterr_why: on failure one sentence; free() it
 *
 * Returns 0 or a negative errno: that of opening it, -EBADMSG (no MemTotal in it).
 */
int meminfo_read(const char *path, struct meminfo *ret, char **reterr_why);
struct meminfo_split meminfo_split(const struct meminfo *m);
/* Bytes that the kernel itself counts for @use; of direct pages, what nothing explains. False: it does not count these. */
bool meminfo_of_use(const struct meminfo *m, enum leak_use use, uint64_t *ret);

#endif
