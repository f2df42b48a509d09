/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * leaks.h - kernel memory that was taken and not given back: where, since when, and is that a leak?
 *
 * Slab objects and pages are two views of the same memory: a page behind slab holds many objects. They are
 * reported side by side and never added up.
 */
#ifndef VMSTALL_LEAKS_H
#define VMSTALL_LEAKS_H

#include "model/report.h"

enum leak_layer { LEAK_SLAB, LEAK_PAGE, NR_LEAK_LAYERS };

/* From the least to the most likely leak. */
enum leak_verdict {
	LEAK_OK,	/* the site frees what it takes, as far as this recording can show */
	LEAK_CACHE,	/* it keeps memory on purpose, and gives it back in batches or when memory is short */
	LEAK_GROWTH,	/* it takes more than it gives back; it may leak, or a program may only be starting */
	LEAK_SUSPECT,	/* it looks like a leak, but there are too few cases, or losses may account for it */
	LEAK_LEAK,	/* again and again it keeps memory far beyond the usual time */
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
	USE_SLAB_PAGES,		/* behind slab: the memory of the objects above, and its free parts */
	USE_PAGE_CACHE,
	USE_ANONYMOUS,
	USE_PAGE_TABLES,
	USE_KERNEL_STACKS,
	USE_DIRECT,		/* anything else taken from the page allocator */
	NR_LEAK_USES
};

/*
 * Bytes per hour, with the interval that holds the true figure 19 times in 20. !@is: the time is too short to say.
 * @steady: it grew in every eighth of the time, and no more slowly in the end.
 */
struct leak_rate { bool is, steady; double mean, low, high; };

/* @pid: negative: in interrupts, where the task is chance. @live: how many objects or blocks that it took are left. */
struct leak_task { int32_t pid; char comm[TASK_COMM_LEN]; uint64_t live; };

/**
 * struct leak_site - a place that allocates
 * @function: NULL: the name is not known; @address then says where. Pages without a stack have neither
 * @frames:   functions, from the site outwards, of the stack with most allocations left
 * @gfp:      flags of pages, by the recording's own names. NULL: slab
 * @unseen:   allocations freed without a record: the address was allocated again
 * @live:     allocations left at the end
 * @live_sure: how many of @live a loss of records cannot explain: no lost record can have been their free
 * @old:      allocations old enough to be freed by now, if they lived as long as others do
 * @old_live: how many of @old are left. Valid when median_lifetime_ns is known and @old isn't 0
 * @old_live_sure: how many of @old_live no lost record explains: they had outlived their kind when the next loss began
 * @bytes_per_day: with the interval @day_low, @day_high, as in struct leak_rate
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
	struct leak_task *tasks;	/* most left first */
	size_t nr_tasks;
	uint64_t allocs, frees, unseen;
	uint64_t live, live_bytes, live_sure, live_sure_bytes;
	uint64_t old, old_live, old_live_bytes, old_live_sure;
	struct known oldest_ns, median_lifetime_ns, usual_ns;	/* usual: hardly any freed one lived longer */
	double allocs_per_s;
	struct leak_rate growth;
	bool has_projection;
	double bytes_per_day, day_low, day_high;
	uint64_t retries, outlived;	/* how many left are the first of a retry; how many outlived their owner */
	enum leak_pattern pattern;
	enum leak_verdict verdict;
	enum confidence confidence;
	double score;			/* orders sites of one verdict and confidence */
	struct strings why;
	uint64_t lost_in_window;	/* events lost since its oldest; UINT64_MAX: some, in unknown number */
};

/* @seen: the needed events were recorded. @balance_bytes: taken and not given back since the recording began. */
struct leak_use_sum {
	bool seen;
	uint64_t allocs, alloc_bytes, freed_bytes;
	int64_t balance_bytes;
	struct leak_rate growth;
};

/* /proc/meminfo, in bytes. Bit n of @has: the field n of enum meminfo_field is known. */
enum meminfo_field {
	MEM_TOTAL, MEM_FREE, MEM_BUFFERS, MEM_CACHED, MEM_SWAP_CACHED, MEM_ANON, MEM_SHMEM, MEM_SLAB, MEM_SRECLAIMABLE,
	MEM_SUNRECLAIM, MEM_KERNEL_STACK, MEM_PAGE_TABLES, MEM_SEC_PAGE_TABLES, MEM_PERCPU, MEM_HUGETLB,
	NR_MEMINFO_FIELDS
};
struct meminfo { uint64_t v[NR_MEMINFO_FIELDS]; uint32_t has; };

/* T = U + K + S + C + F: total, user, kernel, shared, cache, free. K is the remainder. */
struct meminfo_split { uint64_t total, user, kernel, shared, cache, free, accounted, unexplained; };

struct leak_report {
	struct leak_site *sites;	/* most likely leak first */
	size_t nr_sites;
	struct leak_use_sum uses[NR_LEAK_USES];
	uint64_t begin_ns, end_ns;
	uint64_t unknown_frees[NR_LEAK_LAYERS];	/* the allocation was before the recording, or has no record */
	uint64_t unknown_page_bytes;
	uint64_t unseen[NR_LEAK_LAYERS];
	bool analysed[NR_LEAK_LAYERS], has_stacks, has_pages_of_objects, reclaimed;
	uint64_t lost, last_loss_ns;	/* UINT64_MAX: unknown number */
	bool any_loss;
	struct strings blind;		/* what this kernel allocates or frees without a record */
	struct meminfo before, after;	/* as given by the user */
};

/* leaks.c. NULL is fine; returns NULL. */
struct leak_report *leak_report_free(struct leak_report *l);
/* The function, address, or kind of request of @s, as a new string. NULL: out of memory. */
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
/*
 * Bytes that the kernel itself counts for @use; for direct pages, the unexplained rest of the kernel's memory. False: the
 * kernel has no count for @use.
 */
bool meminfo_of_use(const struct meminfo *m, enum leak_use use, uint64_t *ret);

#endif
