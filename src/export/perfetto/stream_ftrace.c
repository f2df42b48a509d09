// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * stream_ftrace.c - events that Perfetto draws by itself: the task on each CPU, the state of each thread, idle CPUs
 *
 * A bundle holds events of one CPU. sched_switch is written in its full form. The compact form names only the next task:
 * after a loss of records, Perfetto would guess a wrong previous task.
 */
#include <errno.h>
#include <stdlib.h>

#include "export/perfetto/stream.h"
#include "state/trackers.h"
#include "util/array.h"
#include "util/release.h"
#include "util/spool.h"

#define BUNDLE_BYTES 4096	/* events in a full bundle, which is then written */

enum { BUNDLE_CPU = 1, BUNDLE_EVENT = 2, BUNDLE_LOST = 3 };	/* of FtraceEventBundle */
enum { FTRACE_NS = 1, FTRACE_PID = 2, FTRACE_FLAGS = 5 };	/* of FtraceEvent, besides its event */

/*
 * Perfetto interprets the bits of a task's state by the kernel's release. Without a release it assumes 4.4, where other
 * bits mean parked, idle and preempted than in 4.14 and later.
 */
static int64_t state_bits(const struct bundles *b, const struct tasks *tasks, const struct ev_switch *sw)
{
	int64_t state = tasks_prev_state(tasks, sw);

	if (b->kernel_known || state < 0 || state > 0x1ff)
		return state;
	return (state & 0x3f) | (state & 0x40 ? 0x200 : 0) | (state & 0x80 ? 0x402 : 0) | (state & 0x100 ? 0x800 : 0);
}

static void put_comm(struct protobuf *b, uint32_t field, const struct event *ev, const char *comm)
{
	if (event_has(ev, HAS_COMM))
		pb_text(b, field, comm);
}

static void put_prio(struct protobuf *b, uint32_t field, const struct event *ev, int32_t prio)
{
	if (event_has(ev, HAS_PRIO))
		pb_int(b, field, prio);
}

static void put_switch(struct protobuf *b, const struct event *ev, int64_t state)
{
	put_comm(b, 1, ev, ev->sw.prev_comm);
	pb_int(b, 2, ev->sw.prev_pid);
	put_prio(b, 3, ev, ev->sw.prev_prio);
	pb_int(b, 4, state);
	put_comm(b, 5, ev, ev->sw.next_comm);
	pb_int(b, 6, ev->sw.next_pid);
	put_prio(b, 7, ev, ev->sw.next_prio);
}

/* sched_waking, sched_wakeup and sched_wakeup_new. */
static void put_wake(struct protobuf *b, const struct event *ev, int64_t unused)
{
	(void)unused;
	put_comm(b, 1, ev, ev->wakeup.comm);
	pb_int(b, 2, ev->wakeup.pid);
	put_prio(b, 3, ev, ev->wakeup.prio);
	pb_int(b, 5, ev->wakeup.target_cpu);
}

static void put_fork(struct protobuf *b, const struct event *ev, int64_t unused)
{
	(void)unused;
	put_comm(b, 1, ev, ev->fork.parent_comm);
	pb_int(b, 2, ev->fork.parent_pid);
	put_comm(b, 3, ev, ev->fork.child_comm);
	pb_int(b, 4, ev->fork.child_pid);
}

static void put_exit(struct protobuf *b, const struct event *ev, int64_t unused)
{
	(void)unused;
	put_comm(b, 1, ev, ev->exit.comm);
	pb_int(b, 2, ev->exit.pid);
	put_prio(b, 4, ev, ev->exit.prio);
}

static void put_free(struct protobuf *b, const struct event *ev, int64_t unused)
{
	(void)unused;
	put_comm(b, 1, ev, ev->exit.comm);
	pb_int(b, 2, ev->exit.pid);
	put_prio(b, 3, ev, ev->exit.prio);
}

static void put_idle(struct protobuf *b, const struct event *ev, int64_t unused)
{
	(void)unused;
	pb_uint(b, 1, (uint32_t)ev->power.state);
	pb_uint(b, 2, (uint32_t)ev->power.cpu_id);
}

static void put_suspend(struct protobuf *b, const struct event *ev, int64_t unused)
{
	(void)unused;
	pb_text(b, 1, ev->power.action);
	pb_int(b, 2, (int32_t)ev->power.state);
	pb_uint(b, 3, ev->power.start);
}

static void put_kswapd_wake(struct protobuf *b, const struct event *ev, int64_t unused)
{
	(void)unused;
	pb_int(b, 1, ev->kswapd.nid);
	if (event_has(ev, HAS_ORDER))
		pb_int(b, 2, ev->kswapd.order);
	if (event_has(ev, HAS_ZID))
		pb_int(b, 3, ev->kswapd.zid);
}

static void put_kswapd_sleep(struct protobuf *b, const struct event *ev, int64_t unused)
{
	(void)unused;
	pb_int(b, 1, ev->kswapd.nid);
}

static void put_generic_field(struct protobuf *b, const char *name, uint64_t v)
{
	size_t field = pb_begin(b, 2);

	pb_text(b, 1, name);
	pb_uint(b, 5, v);
	pb_end(b, field);
}

/* Perfetto has no message for this event, so it is a GenericFtraceEvent. */
static void put_isolate(struct protobuf *b, const struct event *ev, int64_t unused)
{
	const struct ev_lru_isolate *e = &ev->isolate;
	const struct { const char *name; uint32_t has; uint64_t v; } fields[] = {
		{ "classzone", HAS_CLASSZONE, (uint64_t)e->classzone }, { "order", HAS_ORDER, (uint64_t)e->order },
		{ "nr_requested", HAS_REQUESTED, e->nr_requested }, { "nr_scanned", 0, e->nr_scanned },
		{ "nr_skipped", HAS_SKIPPED, e->nr_skipped }, { "nr_taken", HAS_TAKEN, e->nr_taken },
		{ "lru", HAS_LRU, (uint64_t)e->lru },
	};

	(void)unused;
	pb_text(b, 1, "mm_vmscan_lru_isolate");
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (event_has(ev, fields[i].has))
			put_generic_field(b, fields[i].name, fields[i].v);
}

/* The event's field number in FtraceEvent, and its content. */
struct message { uint32_t field; void (*put)(struct protobuf *b, const struct event *ev, int64_t state); };

static struct message message_of(const struct event *ev)
{
	static const struct message messages[EVENT_NR_KINDS] = {
		[EVENT_SCHED_SWITCH]	= { 4, put_switch },
		[EVENT_SCHED_WAKING]	= { 20, put_wake },
		[EVENT_SCHED_WAKEUP]	= { 17, put_wake },
		[EVENT_SCHED_FORK]	= { 239, put_fork },
		[EVENT_SCHED_EXIT]	= { 238, put_exit },
		[EVENT_SCHED_FREE]	= { 240, put_free },
		[EVENT_CPU_IDLE]	= { 13, put_idle },
		[EVENT_SUSPEND_RESUME]	= { 113, put_suspend },
		[EVENT_KSWAPD_WAKE]	= { 48, put_kswapd_wake },
		[EVENT_KSWAPD_SLEEP]	= { 49, put_kswapd_sleep },
		[EVENT_LRU_ISOLATE]	= { 327, put_isolate },
	};

	if (ev->kind == EVENT_SCHED_WAKEUP && ev->wakeup.is_new)
		return (struct message){ 114, put_wake };
	return ev->kind < EVENT_NR_KINDS ? messages[ev->kind] : (struct message){ 0 };
}

/* Time, pid, event in this order, because Perfetto has a fast path for it. */
static void put_event(const struct bundles *all, struct protobuf *b, const struct pass_ctx *ctx, const struct event *ev,
		      struct message m)
{
	int64_t state = ev->kind == EVENT_SCHED_SWITCH ? state_bits(all, &ctx->trackers->tasks, &ev->sw) : 0;
	size_t event = pb_begin(b, BUNDLE_EVENT), message;

	pb_uint(b, FTRACE_NS, ev->ts);
	pb_uint(b, FTRACE_PID, (uint32_t)ev->pid);
	message = pb_begin(b, m.field);
	m.put(b, ev, state);
	pb_end(b, message);
	if (ev->kind == EVENT_SCHED_WAKING)
		pb_uint(b, FTRACE_FLAGS, ev->flags);	/* was the waker an interrupt? */
	pb_end(b, event);
}

static int flush(struct bundles *all, size_t cpu, struct spool *out)
{
	struct bundle *c = &all->cpus[cpu];
	struct protobuf *b = &all->packet;
	size_t packet, bundle;

	if (!c->events.len && !c->lost)
		return 0;
	packet = pb_begin(b, TRACE_PACKET);
	bundle = pb_begin(b, PACKET_FTRACE_EVENTS);
	pb_uint(b, BUNDLE_CPU, cpu);
	pb_append(b, &c->events);
	if (c->lost)
		pb_uint(b, BUNDLE_LOST, 1);
	bundle_clock(b, &all->clock, all->clock_ns);
	pb_end(b, bundle);
	pb_uint(b, PACKET_SEQUENCE, SEQUENCE_FTRACE);
	pb_end(b, packet);
	if (b->failed || c->events.failed)
		return -ENOMEM;
	spool_write(out, b->p, b->len);
	pb_reset(b);
	pb_reset(&c->events);
	c->lost = false;
	return 0;
}

static struct bundle *cpu_get(struct bundles *b, size_t cpu)
{
	struct bundle *cpus = grow_to(b->cpus, &b->nr_cpus, cpu, sizeof(*cpus));

	if (!cpus)
		return NULL;
	b->cpus = cpus;
	return &cpus[cpu];
}

void bundles_init(struct bundles *b, const struct recording_facts *f)
{
	*b = (struct bundles){ .clock = trace_clock_of(f), .kernel_known = release_of(f->kernel) };
}

int bundles_event(struct bundles *b, const struct pass_ctx *ctx, const struct event *ev)
{
	struct bundle *c = cpu_get(b, ev->cpu);
	struct message m = message_of(ev);
	int err = 0;

	if (!c)
		return -ENOMEM;
	if (!b->clock_ns)
		b->clock_ns = ev->ts ? ev->ts : 1;
	if (ev->kind == EVENT_LOST)
		err = flush(b, ev->cpu, ctx->opts->stream);
	c->lost |= ev->kind == EVENT_LOST;
	if (m.put)
		put_event(b, &c->events, ctx, ev, m);
	if (!err && c->events.len >= BUNDLE_BYTES)
		err = flush(b, ev->cpu, ctx->opts->stream);
	return c->events.failed ? -ENOMEM : err;
}

int bundles_finish(struct bundles *b, struct spool *out)
{
	int err = 0;

	for (size_t i = 0; !err && i < b->nr_cpus; i++)
		err = flush(b, i, out);
	return err;
}

void bundles_clear(struct bundles *b)
{
	for (size_t i = 0; i < b->nr_cpus; i++)
		pb_free(&b->cpus[i].events);
	free(b->cpus);
	pb_free(&b->packet);
	*b = (struct bundles){ 0 };
}
