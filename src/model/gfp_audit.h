/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * gfp_audit.h - allocations in the wrong context, and who takes the pages of the low zones
 *
 * Whether an allocation may sleep is one bit, direct reclaim; GFP_NOIO and GFP_NOFS have it. Which context it was
 * made in, the record's own flags say, and its preempt count. RCU read sections, and on kernels without a preempt
 * count spinlocks that leave interrupts on, leave no trace there.
 */
#ifndef VMSTALL_GFP_AUDIT_H
#define VMSTALL_GFP_AUDIT_H

#include "model/report.h"

enum gfp_severity { GFP_POSSIBLE, GFP_LIKELY, GFP_CERTAIN, NR_GFP_SEVERITIES };

enum gfp_context {
	GFP_IN_HARDIRQ,
	GFP_IN_SOFTIRQ,
	GFP_IN_NMI,
	GFP_IRQS_OFF,
	GFP_PREEMPT_OFF,	/* or softirqs off */
	GFP_ATOMIC_NOT_NEEDED,	/* the reverse: it could have slept, for all that is recorded */
	NR_GFP_CONTEXTS
};

/* Why a finding is less than certain. */
enum gfp_doubt {
	GFP_NO_DOUBT,
	GFP_DOUBT_PAGE,		/* a page event: the allocator may have changed flags on the way */
	GFP_DOUBT_BH,		/* only softirqs were off */
	GFP_DOUBT_IDLE,		/* the idle task: a booting kernel may */
	GFP_DOUBT_SUSPEND,	/* while the machine suspended or resumed */
	GFP_DOUBT_BASE,		/* too few allocations tell what the preempt count of plain task context is */
	GFP_DOUBT_SHARE,	/* half of all allocations look so: the flag does not mean that here */
	GFP_DOUBT_UNSEEN,	/* what forbids sleep may leave no trace */
	NR_GFP_DOUBTS
};

/**
 * struct gfp_finding - one place, context, flags and stack
 * @event:    static: "kmalloc", "mm_page_alloc"
 * @site:     the caller's address; @function, @offset: where that is; NULL: not known
 * @stack:    functions, innermost first, parted by ';'; NULL: not recorded
 * @comms:    the tasks; NULL in interrupts, which are no task's doing
 * @depth:    preempt_off: how deep, at most; 0: softirqs alone
 * @max_order: of a page allocation
 */
struct gfp_finding {
	enum gfp_severity severity;
	enum confidence confidence;
	enum gfp_context context;
	enum gfp_doubt doubt;
	const char *event;
	struct known site;
	char *function;
	uint64_t offset;
	char *stack, *comms, *gfp;
	uint64_t gfp_flags, count, first_ns, last_ns;
	struct event_ref first;
	uint32_t depth, max_order;
};

#define LOW_ZONE_SPANS 32

/**
 * struct low_zone - what was taken of a zone that some requests are restricted to
 * @end_pfn: the highest page that such a request was given, + 1: the zone reaches at least there
 * @asked:   of @pages, those of requests for this zone or a lower one; the rest could have come from elsewhere
 * @spans:   pages taken in pieces of @span_ns from @from_ns on
 * @cut:     too many allocations to hold: the figures are floors
 */
struct low_zone {
	const char *name;	/* static: "DMA" */
	uint64_t end_pfn, allocs, pages, asked;
	uint64_t from_ns, span_ns, spans[LOW_ZONE_SPANS];
	struct zone_user *users;	/* most pages first */
	size_t nr_users;
	bool cut;
};

/**
 * struct gfp_report - the audit of one recording
 * @checked: allocations that may sleep, of all contexts; @atomic: that may not and have reserves (GFP_ATOMIC)
 * @atomic_high_order: of these, of more than one page: first to fail
 * @preempt_base: the preempt count of plain task context: 1 where the tracepoint's own is counted; absent: not known
 * @preempt_kept: counts above that were seen: the kernel keeps them
 * @flags_known:  the recording's own flag table tells which may sleep
 */
struct gfp_report {
	struct gfp_finding *findings;	/* worst first */
	size_t nr_findings, cap_findings;
	struct low_zone zones[2];
	size_t nr_zones;
	uint64_t checked, atomic, atomic_high_order;
	struct known preempt_base;
	bool preempt_kept, flags_known, cut;
};

/* gfp_audit.c. NULL is fine; returns NULL. */
struct gfp_report *gfp_report_free(struct gfp_report *g);
const char *gfp_severity_name(enum gfp_severity severity);
const char *gfp_context_name(enum gfp_context context);
/* What that means, a half sentence; "" for none. */
const char *gfp_doubt_text(enum gfp_doubt doubt);

#endif
