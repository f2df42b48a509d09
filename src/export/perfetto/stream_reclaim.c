// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * stream_reclaim.c - reclaim of each task as slices; pages scanned and skipped so far as counters; losses
 *
 * A slice is closed early when its end was not recorded, and when the recording ends. Such a slice says so.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "decode/gfp.h"
#include "export/perfetto/stream.h"
#include "passes/common/pass.h"
#include "util/keyed.h"
#include "util/spool.h"

/* The kinds of span that a task may be in, one inside the other: enum reclaim_type, and kswapd's time awake. */
enum { SPAN_KSWAPD = RECLAIM_NODE + 1, NR_SPANS };
static const char *const span_names[NR_SPANS] = {
	[RECLAIM_DIRECT] = "direct reclaim", [RECLAIM_MEMCG] = "memcg reclaim", [RECLAIM_SOFTLIMIT] = "memcg soft limit reclaim",
	[RECLAIM_NODE] = "node reclaim", [SPAN_KSWAPD] = "kswapd awake",
};

struct place {
	int32_t pid;			/* 0: new */
	uint8_t depth, open[NR_SPANS];
	uint64_t began[NR_SPANS];
};

struct told {
	struct keyed places;		/* struct place by pid */
	uint64_t scanned, skipped, last_ns;
	uint64_t lost_ns;		/* time of the last loss, which may hide an end and a begin */
	uint64_t lost_until[PERFETTO_MAX_CPUS];	/* end of the CPU's last loss that was written; 0: none */
	bool any_reclaim, any_scan, any_skip, any_loss;
	struct protobuf b;
};

struct told *told_new(void)
{
	return calloc(1, sizeof(struct told));
}

struct told *told_free(struct told *t)
{
	if (t) {
		pb_free(&t->b);
		keyed_clear(&t->places);
	}
	free(t);
	return NULL;
}

static int write_out(struct told *t, const struct pass_ctx *ctx)
{
	if (t->b.failed)
		return -ENOMEM;
	spool_write(ctx->opts->stream, t->b.p, t->b.len);
	pb_reset(&t->b);
	return 0;
}

static struct packet begin(struct told *t, const struct place *p, uint64_t ts, enum slice what)
{
	return packet_slice(&t->b, SEQUENCE_STREAM, track_id(TRACK_RECLAIM, (uint32_t)p->pid), ts, what);
}

/* End the innermost span. @ev: the event of its end; NULL: the end was not recorded. */
static void pop(struct told *t, struct place *p, uint64_t ts, const struct event *ev)
{
	struct packet end = begin(t, p, ts, SLICE_END);

	p->depth--;
	if (!ev)
		note_text(&t->b, "end", "not recorded");
	else if (ev->kind == EVENT_RECLAIM_END && event_has(ev, HAS_RECLAIMED))
		note_uint(&t->b, "nr_reclaimed", ev->reclaim.nr_reclaimed);
	if (t->lost_ns >= p->began[p->depth])
		note_text(&t->b, "records", "lost meanwhile, on some CPU");
	packet_end(&t->b, end);
}

static void pop_all(struct told *t, struct place *p, uint64_t ts)
{
	while (p->depth)
		pop(t, p, ts, NULL);
}

static void describe(struct told *t, const struct pass_ctx *ctx, int32_t pid)
{
	char comm[TASK_COMM_LEN], name[TASK_COMM_LEN + 16];

	if (!t->any_reclaim)
		packet_group(&t->b, GROUP_RECLAIM, "Reclaim", "Every task while it reclaims memory for itself, and kswapd while awake");
	t->any_reclaim = true;
	task_comm(ctx, pid, comm);
	snprintf(name, sizeof(name), "%s %d", comm, pid);
	packet_track(&t->b, &(struct track){
		.id = track_id(TRACK_RECLAIM, (uint32_t)pid), .group = GROUP_RECLAIM, .name = name });
}

static int is_closed(void *data, void *place, bool *ret)
{
	(void)data;
	*ret = !((struct place *)place)->depth;
	return 0;
}

/* The task's place. Tasks in which nothing is open make room for new ones. NULL: out of memory. */
static struct place *place_of(struct told *t, const struct pass_ctx *ctx, const struct event *ev)
{
	struct place *p;

	if (keyed_is_full(&t->places))
		keyed_sweep(&t->places, sizeof(*p), is_closed, NULL);
	p = keyed_get(&t->places, (uint32_t)ev->pid, sizeof(*p));
	t->b.failed |= !p;
	if (p && !p->pid) {
		p->pid = ev->pid;
		describe(t, ctx, ev->pid);
	}
	return p;
}

static bool is_open(const struct place *p, uint8_t span)
{
	return memchr(p->open, span, p->depth);
}

static void note_request(struct told *t, const struct pass_ctx *ctx, const struct event *ev)
{
	bool kswapd = ev->kind == EVENT_KSWAPD_WAKE;
	char *gfp;

	note_uint(&t->b, "cpu", ev->cpu);
	if (event_has(ev, HAS_ORDER))
		note_int(&t->b, "order", kswapd ? ev->kswapd.order : ev->reclaim.order);
	if (kswapd)
		note_int(&t->b, "nid", ev->kswapd.nid);
	if (kswapd || !event_has(ev, HAS_GFP) || !ctx->gfp)
		return;
	gfp = gfp_string(ctx->gfp, ev->reclaim.gfp_flags);
	t->b.failed |= !gfp;
	note_text(&t->b, "gfp_flags", gfp);
	free(gfp);
}

static void on_begin(struct told *t, const struct pass_ctx *ctx, const struct event *ev, uint8_t span)
{
	struct place *p = place_of(t, ctx, ev);
	struct packet slice;

	while (p && is_open(p, span))
		pop(t, p, ev->ts, NULL);
	if (!p)
		return;
	slice = begin(t, p, ev->ts, SLICE_BEGIN);
	pb_text(&t->b, EVENT_NAME, span_names[span]);
	note_request(t, ctx, ev);
	packet_end(&t->b, slice);
	p->open[p->depth] = span;
	p->began[p->depth++] = ev->ts;
}

/* kswapd may get more work before it sleeps. That is no second begin. */
static void on_wake(struct told *t, const struct pass_ctx *ctx, const struct event *ev)
{
	struct place *p = place_of(t, ctx, ev);
	struct packet slice;

	if (!p || !is_open(p, SPAN_KSWAPD)) {
		on_begin(t, ctx, ev, SPAN_KSWAPD);
		return;
	}
	slice = begin(t, p, ev->ts, SLICE_INSTANT);
	pb_text(&t->b, EVENT_NAME, "woken again");
	note_request(t, ctx, ev);
	packet_end(&t->b, slice);
}

/* An end without a begin: the recording does not show when this reclaim began. */
static void on_end(struct told *t, const struct pass_ctx *ctx, const struct event *ev, uint8_t span)
{
	struct place *p = place_of(t, ctx, ev);
	struct packet slice;

	if (!p)
		return;
	if (!is_open(p, span)) {
		slice = begin(t, p, ev->ts, SLICE_INSTANT);
		pb_text(&t->b, EVENT_NAME, span_names[span]);
		note_text(&t->b, "begin", "not recorded");
		packet_end(&t->b, slice);
		return;
	}
	while (p->open[p->depth - 1] != span)
		pop(t, p, ev->ts, NULL);
	pop(t, p, ev->ts, ev);
}

static void count(struct told *t, const struct event *ev, uint32_t which, const char *name, bool *known, uint64_t *sum,
		  uint64_t pages)
{
	uint64_t track = track_id(TRACK_PAGES, which);

	if (!*known)
		packet_track(&t->b, &(struct track){ .id = track, .group = GROUP_ALL, .rank = NR_GROUPS + (int)which, .name = name,
			.unit = "pages", .about = "mm_vmscan_lru_isolate, all so far; the view may show the difference or the rate" });
	*known = true;
	if (__builtin_add_overflow(*sum, pages, sum) || *sum > INT64_MAX)
		*sum = INT64_MAX;
	packet_count(&t->b, SEQUENCE_STREAM, track, ev->ts, *sum);
}

static void on_isolate(struct told *t, const struct event *ev)
{
	count(t, ev, 0, "Pages scanned", &t->any_scan, &t->scanned, ev->isolate.nr_scanned);
	if (event_has(ev, HAS_SKIPPED))
		count(t, ev, 1, "Pages skipped", &t->any_skip, &t->skipped, ev->isolate.nr_skipped);
}

static void describe_loss(struct told *t, uint16_t cpu)
{
	char name[16];

	if (!t->any_loss)
		packet_group(&t->b, GROUP_LOST, "Records lost", "Nothing is known of a CPU while its records are lost");
	t->any_loss = true;
	snprintf(name, sizeof(name), "CPU %u", cpu);
	packet_track(&t->b, &(struct track){
		.id = track_id(TRACK_LOST, cpu), .group = GROUP_LOST, .rank = cpu, .name = name });
}

/* A loss begins at the CPU's last record. Two buffers may have losses at the same time. */
static void on_lost(struct told *t, const struct event *ev)
{
	uint64_t *until = &t->lost_until[ev->cpu], from = ev->prev_ns > *until ? ev->prev_ns : *until;
	struct packet slice;

	t->lost_ns = ev->ts;
	if (!*until)
		describe_loss(t, ev->cpu);
	from = from < ev->ts ? from : ev->ts;
	*until = ev->ts ? ev->ts : 1;
	slice = packet_slice(&t->b, SEQUENCE_LOST + ev->cpu, track_id(TRACK_LOST, ev->cpu), from, SLICE_BEGIN);
	pb_text(&t->b, EVENT_NAME, "lost");
	if (ev->lost.missed > 0)
		note_int(&t->b, "records", ev->lost.missed);
	packet_end(&t->b, slice);
	packet_end(&t->b, packet_slice(&t->b, SEQUENCE_LOST + ev->cpu, track_id(TRACK_LOST, ev->cpu), ev->ts, SLICE_END));
}

int told_event(struct told *t, const struct pass_ctx *ctx, const struct event *ev)
{
	t->last_ns = ev->ts;
	if (ev->kind == EVENT_LOST)
		on_lost(t, ev);
	else if (ev->kind == EVENT_LRU_ISOLATE)
		on_isolate(t, ev);
	else if (ev->pid <= 0)
		return 0;
	else if (ev->kind == EVENT_KSWAPD_WAKE)
		on_wake(t, ctx, ev);
	else if (ev->kind == EVENT_KSWAPD_SLEEP)
		on_end(t, ctx, ev, SPAN_KSWAPD);
	else if (ev->kind == EVENT_RECLAIM_BEGIN && ev->reclaim.type <= RECLAIM_NODE)
		on_begin(t, ctx, ev, ev->reclaim.type);
	else if (ev->kind == EVENT_RECLAIM_END && ev->reclaim.type <= RECLAIM_NODE)
		on_end(t, ctx, ev, ev->reclaim.type);
	return write_out(t, ctx);
}

int told_finish(struct told *t, const struct pass_ctx *ctx)
{
	for (size_t i = 0; i < t->places.nr; i++)
		pop_all(t, keyed_at(&t->places, i, sizeof(struct place)), t->last_ns);
	return write_out(t, ctx);
}
