/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * gfp_audit.h - allocations in the wrong context, and the users of the low zones
 *
 * One gfp bit, direct reclaim, says whether an allocation may sleep; GFP_NOIO and GFP_NOFS have it. The flags and
 * the preempt count of the record say in which context the allocation was made. Two contexts leave no trace there:
 * RCU read sections, and, on kernels without a preempt count, spinlocks that leave interrupts on.
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
	GFP_ATOMIC_NOT_NEEDED,	/* the reverse: as far as the recording shows, it could have slept */
	NR_GFP_CONTEXTS
};

/* Why a finding is less than certain. */
enum gfp_doubt {
	GFP_NO_DOUBT,
	GFP_DOUBT_PAGE,		/* it is a page event: the allocator may have changed the flags before */
	GFP_DOUBT_BH,		/* only softirqs were off */
	GFP_DOUBT_IDLE,		/* it is the idle task, which may do so while the kernel boots */
	GFP_DOUBT_SUSPEND,	/* the machine was suspending or resuming */
	GFP_DOUBT_BASE,		/* too few allocations show the preempt count of plain task context */
	GFP_DOUBT_SHARE,	/* half of all allocations look so: the flag must mean something else here */
	GFP_DOUBT_UNSEEN,	/* a context that forbids sleep may leave no trace */
	NR_GFP_DOUBTS
};

/**
 * struct gfp_finding - one place, context, flags and stack
 * @event:    static: "kmalloc", "mm_page_alloc"
 * @site:     the caller's address; @function, @offset: where that is; NULL: not known
 * @stack:    functions, innermost first, separated by ';'; NULL: not recorded
 * @comms:    the tasks; NULL in interrupts, which run on behalf of no task
 * @depth:    preempt_off: the highest depth; 0: only softirqs were off
 * @max_order: the highest order of a page allocation
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
 * struct low_zone - the pages taken from a zone to which some requests are restricted
 * @end_pfn: the highest page that such a request got, + 1: the zone reaches at least there
 * @asked:   how many of @pages went to requests for this zone or a lower one; the rest could have come from elsewhere
 * @spans:   pages taken in pieces of @span_ns from @from_ns on
 * @cut:     there were too many allocations to keep: the figures are floors
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
 * @checked: allocations that may sleep, in all contexts
 * @atomic:  allocations that may not sleep and may use reserves (GFP_ATOMIC)
 * @atomic_high_order: how many of @atomic are of more than one page: they fail first
 * @preempt_base: the preempt count of plain task context; 1 where it includes the tracepoint's own; absent: not known
 * @preempt_kept: higher counts than @preempt_base were seen: the kernel keeps a preempt count
 * @flags_known:  the recording's own flag table says which allocations may sleep
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
/* What @doubt means, as half a sentence; "" for none. */
const char *gfp_doubt_text(enum gfp_doubt doubt);

#endif
