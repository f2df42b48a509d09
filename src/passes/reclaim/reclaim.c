// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * reclaim.c - which task reclaimed for itself for so long that it stood still?
 *
 * Between begin and end of a direct or memcg reclaim, or of a compaction, a task does nothing else. Several of
 * one task back to back make one stall. The pass sums up how the task spent the time (ran, waited for a CPU,
 * slept) and which part of reclaim took it (shrinker, compaction, throttling).
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "passes/common/stall_times.h"
#include "passes/reclaim/reclaim.h"
#include "state/trackers.h"
#include "util/array.h"

/* The pid leaves a task only WAYS places. So a look-up costs the same, whatever a damaged recording holds. */
#define PLACES 4096
#define WAYS   8

struct reclaim {
	struct episode going[PLACES];	/* of tasks that reclaim, or lately did; pid 0: free */
	uint64_t lost_ns;		/* time of the last loss on any CPU: it may hide an end */
	struct episode *done;		/* the ended ones that are long enough */
	size_t nr_done, cap_done;
};

static struct episode *place(struct reclaim *rc, int32_t pid, size_t way)
{
	return &rc->going[((uint32_t)pid + way) % PLACES];
}

static struct episode *find(struct reclaim *rc, int32_t pid)
{
	for (size_t way = 0; pid > 0 && way < WAYS; way++)
		if (place(rc, pid, way)->pid == pid)
			return place(rc, pid, way);
	return NULL;
}

/* Not long enough for a stall: the report says what the longest of these was. */
static void keep_longest_below(struct short_reclaim *longest, const struct pass_ctx *ctx, const struct episode *e)
{
	struct bounds at = { .start = e->begin, .end = e->end };

	if (!e->pid || e->in_reclaim < ctx->opts->min_stall_ns || e->in_reclaim <= longest->reclaim_ns + longest->compaction_ns ||
	    !in_asked_time(ctx->opts, &at))
		return;
	*longest = (struct short_reclaim){ .is = true, .pid = e->pid, .from = e->begin, .to = e->end,
		.reclaim_ns = e->in_reclaim - e->compaction_ns, .compaction_ns = e->compaction_ns,
		.reclaims = e->parts - e->compactions, .compactions = e->compactions, .limit_ns = one_task_stall_ns(ctx) };
	memcpy(longest->comm, e->comm, sizeof(longest->comm));
}

/* Move @e to the list of done episodes if it is long enough, and free its place. */
static int retire(struct reclaim *rc, const struct pass_ctx *ctx, struct episode *e)
{
	struct episode *bigger;

	if (e->in_reclaim < one_task_stall_ns(ctx)) {
		keep_longest_below(&ctx->report->below, ctx, e);
	} else if (e->pid) {
		bigger = grow(rc->done, &rc->cap_done, rc->nr_done, sizeof(*bigger));
		if (!bigger)
			return -ENOMEM;
		rc->done = bigger;
		rc->done[rc->nr_done++] = *e;
		pass_keep(ctx, e->begin, e->end);
	}
	e->pid = 0;
	return 0;
}

/* A free place, or the place of the task that began longest ago. */
static struct episode *free_place(struct reclaim *rc, int32_t pid)
{
	struct episode *best = place(rc, pid, 0);

	for (size_t way = 0; way < WAYS; way++) {
		struct episode *e = place(rc, pid, way);

		if (!e->pid)
			return e;
		best = e->began < best->began ? e : best;
	}
	return best;
}

static void start(struct episode *e, const struct event *ev)
{
	*e = (struct episode){ .pid = ev->pid, .type = RECLAIM_DIRECT, .begin = ev->ts, .first = ref_to(ev) };
	if (ev->kind != EVENT_RECLAIM_BEGIN)
		return;
	e->type = ev->reclaim.type;
	e->order = event_has(ev, HAS_ORDER) ? KNOWN(ev->reclaim.order) : UNKNOWN;
	e->gfp = event_has(ev, HAS_GFP) ? KNOWN(ev->reclaim.gfp_flags) : UNKNOWN;
}

/* Add (@sign +1, at an end) or subtract (-1, at a begin) what the task spent in each state so far. */
static void split(struct episode *e, const struct pass_ctx *ctx, uint64_t now, int sign)
{
	const struct task *task = tasks_find(&ctx->trackers->tasks, e->pid);
	uint64_t factor = sign > 0 ? 1 : UINT64_MAX;	/* unsigned -1 */

	if (!task)
		return;
	e->split_known = true;
	e->ran += factor * tasks_spent(task, TASK_RUNNING, now);
	e->queued += factor * tasks_spent(task, TASK_RUNNABLE, now);
	e->slept += factor * (tasks_spent(task, TASK_SLEEPING, now) + tasks_spent(task, TASK_BLOCKED, now));
}

/* The task's episode if @ev continues it, otherwise a new one. Returns 0 or -ENOMEM. */
static int resume(struct reclaim *rc, const struct pass_ctx *ctx, const struct event *ev, struct episode **ret)
{
	struct episode *e = find(rc, ev->pid);
	int err;

	*ret = e;
	if (e && (e->open || ev->ts - e->end <= ctx->opts->min_stall_ns))
		return 0;
	*ret = e ? e : free_place(rc, ev->pid);
	err = retire(rc, ctx, *ret);
	if (!err)
		start(*ret, ev);
	return err;
}

static int on_begin(struct reclaim *rc, const struct pass_ctx *ctx, const struct event *ev)
{
	struct episode *e;
	int err = ev->pid > 0 ? resume(rc, ctx, ev, &e) : 0;

	if (err || ev->pid <= 0 || e->open)	/* open: the end of the last reclaim was lost */
		return err;
	e->open = true;
	e->compacting = ev->kind == EVENT_COMPACTION_BEGIN;
	e->began = ev->ts;
	split(e, ctx, ev->ts, -1);
	return 0;
}

static void close_part(const struct reclaim *rc, struct episode *e, const struct pass_ctx *ctx, const struct event *ev)
{
	split(e, ctx, ev->ts, 1);
	task_comm(ctx, ev->pid, e->comm);
	e->cpu = ev->cpu;
	e->open = false;
	e->lost |= rc->lost_ns >= e->began;
	e->end = ev->ts;
	e->in_reclaim += ev->ts - e->began;
	e->parts++;
	if (e->compacting) {
		e->compaction_ns += ev->ts - e->began;
		e->compactions++;
	}
	e->last = ref_to(ev);
	if (ev->ts - e->began >= e->longest) {
		e->longest = ev->ts - e->began;
		e->worst = ref_to(ev);
	}
}

static void on_end(struct reclaim *rc, const struct pass_ctx *ctx, const struct event *ev)
{
	struct episode *e = find(rc, ev->pid);

	if (!e || !e->open)
		return;
	e->nr_reclaimed += ev->reclaim.nr_reclaimed;
	close_part(rc, e, ctx, ev);
}

static void on_part(struct reclaim *rc, const struct event *ev, enum reclaim_part part, bool begins)
{
	struct episode *e = find(rc, ev->pid);

	if (!e || !e->open)
		return;
	if (begins) {
		e->part_began[part] = ev->ts;
	} else if (e->part_began[part]) {
		e->part_ns[part] += ev->ts - e->part_began[part];
		e->part_began[part] = 0;
	}
}

/*
 * A task compacts between its reclaims, not inside them: __alloc_pages_slowpath(). Compaction is the work of kcompactd, so
 * it is no stall there.
 */
static int on_compaction(struct reclaim *rc, const struct pass_ctx *ctx, const struct event *ev)
{
	bool begins = ev->kind == EVENT_COMPACTION_BEGIN;
	struct episode *e = find(rc, ev->pid);
	char comm[TASK_COMM_LEN];
	int err = 0;

	task_comm(ctx, ev->pid, comm);
	if (begins && !(e && e->open) && strncmp(comm, "kcompactd", 9) != 0)
		err = on_begin(rc, ctx, ev);
	on_part(rc, ev, PART_COMPACTION, begins);
	e = find(rc, ev->pid);
	if (!begins && e && e->open && e->compacting)
		close_part(rc, e, ctx, ev);
	return err;
}

/* The kernel writes this event after the wait. */
static void on_throttled(struct reclaim *rc, const struct event *ev)
{
	struct episode *e = find(rc, ev->pid);
	uint64_t us = ev->throttled.usec_delayed;

	if (e && e->open && us <= (ev->ts - e->began) / 1000)
		e->part_ns[PART_THROTTLE] += us * 1000;
}

static int reclaim_event(void *state, const struct pass_ctx *ctx, const struct event *ev)
{
	struct reclaim *rc = state;

	switch (ev->kind) {
	case EVENT_RECLAIM_BEGIN:
		return on_begin(rc, ctx, ev);
	case EVENT_RECLAIM_END:
		on_end(rc, ctx, ev);
		break;
	case EVENT_SHRINK_SLAB_START:
	case EVENT_SHRINK_SLAB_END:
		on_part(rc, ev, PART_SLAB, ev->kind == EVENT_SHRINK_SLAB_START);
		break;
	case EVENT_COMPACTION_BEGIN:
	case EVENT_COMPACTION_END:
		return on_compaction(rc, ctx, ev);
	case EVENT_THROTTLED:
		on_throttled(rc, ev);
		break;
	case EVENT_LOST:
		rc->lost_ns = ev->ts;
		break;
	default:
		break;
	}
	return 0;
}

static int reclaim_finish(void *state, const struct pass_ctx *ctx)
{
	struct reclaim *rc = state;
	int err = 0;

	for (size_t i = 0; !err && i < PLACES; i++)
		err = retire(rc, ctx, &rc->going[i]);
	for (size_t i = 0; !err && i < rc->nr_done; i++)
		err = reclaim_stall_add(ctx, &rc->done[i]);
	return err;
}

static void reclaim_destroy(void *state)
{
	free(((struct reclaim *)state)->done);
}

const struct pass_ops reclaim_pass = {
	.name = "reclaim",
	.summary = "long direct and memcg reclaim",
	.stage = PASS_SCAN,
	.wants = KIND(EVENT_RECLAIM_BEGIN) | KIND(EVENT_RECLAIM_END) | KIND(EVENT_SHRINK_SLAB_START) |
		 KIND(EVENT_SHRINK_SLAB_END) | KIND(EVENT_COMPACTION_BEGIN) | KIND(EVENT_COMPACTION_END) |
		 KIND(EVENT_THROTTLED) | KIND(EVENT_LOST),
	.state_size = sizeof(struct reclaim),
	.event = reclaim_event,
	.finish = reclaim_finish,
	.destroy = reclaim_destroy,
};
