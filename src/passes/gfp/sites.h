/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * sites.h - allocations that may turn out to be in the wrong context, by place, context and flags
 *
 * The preempt count of plain task context is only known at the end. Until then, each count is kept apart.
 */
#ifndef VMSTALL_GFP_SITES_H
#define VMSTALL_GFP_SITES_H

#include "model/gfp_audit.h"
#include "passes/common/stacks.h"
#include "util/table.h"

#define MAX_SITES 65536
#define SITE_PIDS 4
#define PREEMPT_DEPTHS 16	/* the nesting is the low nibble of the count, on every kernel (KERNEL-FACTS 1.1) */

enum site_place { PLACE_NMI, PLACE_HARDIRQ, PLACE_SOFTIRQ, PLACE_IRQS_OFF, PLACE_TASK, NR_PLACES };
enum site_flag { SITE_MAY_SLEEP = 1, SITE_BH_OFF = 2, SITE_IDLE = 4, SITE_SUSPENDED = 8 };

#define CALL_PAGE (SLAB_CACHE_ALLOC_NODE + 1)	/* beside enum slab_call */

struct site_key {
	uint64_t call_site, gfp;
	uint32_t stack;			/* number in struct stacks; 0: none */
	uint8_t call, place, nibble, flags;
};

/* One allocation. */
struct sighting {
	struct site_key key;
	struct event_ref at;
	int32_t pid;
	uint32_t order;
};

struct site {
	struct site_key key;
	struct event_ref first;
	uint64_t count, last_ns;
	uint32_t max_order;
	int32_t pids[SITE_PIDS];
	uint8_t nr_pids;
	bool more_pids;
};

/**
 * struct sites - what was seen
 * @sample: allocations that may sleep, in plain task context, by preempt count: most of these are no bugs
 * @seen:   allocations that may sleep, by place; @bh_off: those of them with softirqs off
 * @deepest: the highest preempt count of any event
 */
struct sites {
	struct site *all;
	size_t nr, cap;
	struct table by_key;
	uint64_t sample[PREEMPT_DEPTHS], seen[NR_PLACES], bh_off;
	uint64_t checked, atomic, atomic_high_order;
	uint8_t deepest;
	bool cut;
};

/* Returns 0 or -ENOMEM. */
int sites_add(struct sites *s, const struct sighting *sighting);
void sites_clear(struct sites *s);

/* verdict.c: judge each site, and put the findings into the report. Returns 0 or -ENOMEM. */
int gfp_verdicts(const struct pass_ctx *ctx, const struct sites *s, const struct stacks *stacks,
		 struct gfp_report *ret);

#endif
