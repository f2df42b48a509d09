/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* stream.h - the parts of the pass that writes events as Perfetto's packets: raw events, and slices made of them */
#ifndef VMSTALL_PASSES_PERFETTO_H
#define VMSTALL_PASSES_PERFETTO_H

#include "export/perfetto/clock.h"
#include "export/perfetto/packet.h"
#include "passes/common/pass.h"

#define PERFETTO_MAX_CPUS 1024	/* Perfetto refuses a trace that names a CPU beyond */

/* stream_ftrace.c: events that Perfetto itself can draw, in bundles of one CPU each. */
struct bundle { struct protobuf events; bool lost; };
struct bundles {
	struct bundle *cpus;
	size_t nr_cpus;
	struct trace_clock clock;
	uint64_t clock_ns;		/* the same reading for all bundles; 0: none yet */
	bool kernel_known;		/* Perfetto will know the meaning of the bits of a task's state */
	struct protobuf packet;
};

#define BUNDLES_WANT (KIND(EVENT_SCHED_SWITCH) | KIND(EVENT_SCHED_WAKING) | KIND(EVENT_SCHED_WAKEUP) | KIND(EVENT_SCHED_FORK) | \
		      KIND(EVENT_SCHED_EXIT) | KIND(EVENT_SCHED_FREE) | KIND(EVENT_CPU_IDLE) | KIND(EVENT_SUSPEND_RESUME) | \
		      KIND(EVENT_KSWAPD_WAKE) | KIND(EVENT_KSWAPD_SLEEP) | KIND(EVENT_LRU_ISOLATE) | KIND(EVENT_LOST))

void bundles_init(struct bundles *b, const struct recording_facts *f);
/* EVENT_LOST marks the next bundle of the CPU. Returns 0 or -ENOMEM. */
int bundles_event(struct bundles *b, const struct pass_ctx *ctx, const struct event *ev);
int bundles_finish(struct bundles *b, struct spool *out);
void bundles_clear(struct bundles *b);

/*
 * stream_reclaim.c: reclaim by task, kswapd's time awake, pages scanned so far, and losses of records.
 */
struct told;

#define TOLD_WANT (KIND(EVENT_RECLAIM_BEGIN) | KIND(EVENT_RECLAIM_END) | KIND(EVENT_KSWAPD_WAKE) | KIND(EVENT_KSWAPD_SLEEP) | \
		   KIND(EVENT_LRU_ISOLATE) | KIND(EVENT_LOST))

struct told *told_new(void);
int told_event(struct told *t, const struct pass_ctx *ctx, const struct event *ev);
/* End the slices that are still open, at the time of the last event. */
int told_finish(struct told *t, const struct pass_ctx *ctx);
/* NULL is fine; returns NULL. */
struct told *told_free(struct told *t);

#endif
