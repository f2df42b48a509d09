/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * reclaim_account.h - how long every task reclaimed, and what kswapd did: sums over the whole recording
 *
 * Pages are base pages since 5.3, list entries before. Scanned pages include the skipped ones, as in the kernel's
 * pgscan. Pages of active lists, which reclaim only turns over (pgrefill), also have a count of their own. Reclaimed
 * pages come from the lists; only @freed includes what shrinkers freed.
 */
#ifndef VMSTALL_RECLAIM_ACCOUNT_H
#define VMSTALL_RECLAIM_ACCOUNT_H

#include "model/report.h"

/* On whose behalf pages were scanned. */
enum reclaim_class {
	RECLAIM_BY_DIRECT,
	RECLAIM_BY_MEMCG,
	RECLAIM_BY_NODE,
	RECLAIM_BY_KSWAPD,
	RECLAIM_BY_OTHER,	/* outside any recorded reclaim: MADV_PAGEOUT, compaction, or the begin was lost */
	NR_RECLAIM_CLASSES
};

#define RECLAIM_ORDERS 12	/* the last counts its order and all higher ones */

/**
 * struct reclaim_times - the reclaims of one kind, begin to end
 * @nr:         reclaims that have a begin and an end; only these have a time
 * @unfinished: begun but not ended in the recording; @unbegun: ended but not begun
 * @doubtful:   how many of @nr may be several in one: records are missing in them. Only the time before and after counts
 * @worst:      the end event of the longest
 */
struct reclaim_times {
	uint64_t nr, unfinished, unbegun, doubtful;
	uint64_t total_ns, median_ns, p99_ns, max_ns;
	struct event_ref worst;
};

struct reclaim_pages {
	uint64_t scans, scanned, scanned_active, skipped, taken;	/* isolate events */
	uint64_t reclaimed;		/* shrink_inactive events */
	uint64_t freed;			/* by the end events: includes what shrinkers freed */
	uint64_t written;
};

/* A task that reclaimed, or that asked kswapd to. */
struct reclaim_task {
	int32_t pid;
	char comm[TASK_COMM_LEN];
	struct reclaim_times direct, memcg, node;
	uint64_t softlimit;		/* reclaims over a soft limit, inside the others */
	struct reclaim_pages pages;
	uint64_t woke_kswapd;
};

/**
 * struct reclaim_kswapd - one kswapd
 * @rewakes:  wakes while it was awake: a task asked for more before kswapd slept
 * @awake_ns: from wake to sleep; @cut: the recording's edge cuts one of these times, so the sum is a floor
 * @ran_ns:   the part of @awake_ns that it ran on a CPU
 */
struct reclaim_kswapd {
	int32_t pid;
	char comm[TASK_COMM_LEN];
	struct known nid;
	uint64_t wakes, rewakes, sleeps;
	struct known awake_ns, ran_ns;
	bool cut, doubtful;
	struct reclaim_pages pages;
};

/**
 * struct reclaim_account - the account of one recording
 * @has_scans:   scanned and skipped pages are known; false: no isolate events, or the multi-generation LRU emits none
 * @by_interrupt: wakes of kswapd from interrupts, which no task asked for
 * @orders:      direct reclaims begun, and wake events of kswapd, by order
 */
struct reclaim_account {
	struct reclaim_task *tasks;	/* longest in reclaim first */
	size_t nr_tasks;
	struct reclaim_kswapd *kswapds;
	size_t nr_kswapds;
	struct reclaim_pages by[NR_RECLAIM_CLASSES], all;
	struct reclaim_times direct, memcg, node;
	uint64_t softlimit, woke_kswapd, by_interrupt;
	uint64_t direct_orders[RECLAIM_ORDERS], wake_orders[RECLAIM_ORDERS];
	bool has_scans, has_reclaimed;
	uint64_t lost_marks;
};

/* reclaim_account.c. NULL is fine; returns NULL. */
struct reclaim_account *reclaim_account_free(struct reclaim_account *a);
const char *reclaim_class_name(enum reclaim_class c);
/* The reclaimed share of the pages scanned on inactive lists, as sar's %vmeff. False: none were, or it is not known. */
bool reclaim_efficiency(const struct reclaim_account *a, const struct reclaim_pages *p, double *ret);
bool reclaim_skip_ratio(const struct reclaim_account *a, const struct reclaim_pages *p, double *ret);

#endif
