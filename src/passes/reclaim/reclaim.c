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
#include "util/keyed.h"

struct reclaim {
	struct keyed going;		/* struct episode by pid, of tasks that reclaim, or lately did */
	struct episode *done;		/* the ended ones that are long enough */
	size_t nr_done, cap_done;
};

static struct episode *find(struct reclaim *rc, int32_t pid)
{
	return pid > 0 ? keyed_find(&rc->going, (uint32_t)pid, sizeof(struct episode)) : NULL;
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

static int add_done(struct reclaim *rc, const struct pass_ctx *ctx, const struct episode *e)
{
	struct episode *bigger = grow(rc->done, &rc->cap_done, rc->nr_done, sizeof(*bigger));

	if (!bigger)
		return -ENOMEM;
	rc->done = bigger;
	rc->done[rc->nr_done++] = *e;
	pass_keep(ctx, e->begin, e->end);
	return 0;
}

/* Move @e to the list of done episodes if it is long enough. */
static int retire(struct reclaim *rc, const struct pass_ctx *ctx, struct episode *e)
{
	bool is_long = e->in_reclaim >= one_task_stall_ns(ctx);
	int err = e->pid && is_long ? add_done(rc, ctx, e) : 0;

	if (!is_long)
		keep_longest_below(&ctx->report->below, ctx, e);
	e->pid = 0;
	return err;
}

struct sweeping { struct reclaim *rc; const struct pass_ctx *ctx; uint64_t now; };

static bool goes_on(const struct episode *e, const struct pass_ctx *ctx, uint64_t now)
{
	return e->open || now - e->end <= ctx->opts->min_stall_ns;
}

static int is_over(void *data, void *element, bool *ret)
{
	struct sweeping *s = data;

	*ret = !goes_on(element, s->ctx, s->now);
	return *ret ? retire(s->rc, s->ctx, element) : 0;
}

/* An episode of @pid, from which nothing is kept. Those that are over make room, however many are open. */
static struct episode *place_for(struct reclaim *rc, const struct pass_ctx *ctx, const struct event *ev)
{
	struct sweeping s = { rc, ctx, ev->ts };

	if (keyed_is_full(&rc->going) && keyed_sweep(&rc->going, sizeof(struct episode), is_over, &s))
		return NULL;
	return keyed_get(&rc->going, (uint32_t)ev->pid, sizeof(struct episode));
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

/*
 * Add (@sign +1, at an end) or subtract (-1, at a begin) what the task spent in each state so far. Until a switch is recorded, a task
 * that was woken seems to be queued, whatever it does.
 */
static void split(struct episode *e, const struct pass_ctx *ctx, uint64_t now, int sign)
{
	const struct task *task = tasks_find(&ctx->trackers->tasks, e->pid);
	uint64_t factor = sign > 0 ? 1 : UINT64_MAX;	/* unsigned -1 */

	e->unsplit |= !ctx->trackers->tasks.has_switches;
	if (!task || e->unsplit)
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
	if (e && goes_on(e, ctx, ev->ts))
		return 0;
	*ret = e ? e : place_for(rc, ctx, ev);
	err = *ret ? retire(rc, ctx, *ret) : -ENOMEM;
	if (!err)
		start(*ret, ev);
	return err;
}

/*
 * The task begins anew, so the end of its open reclaim is missing. Nothing tells how long that reclaim was. The ones before it
 * stay an episode.
 */
static int give_up(struct reclaim *rc, const struct pass_ctx *ctx, struct episode *e, const struct event *ev)
{
	struct episode unended = { .pid = e->pid, .unended = true, .begin = e->began, .end = ev->ts, .in_reclaim = ev->ts - e->began };

	memcpy(unended.comm, trackers_comm(ctx->trackers, ev->pid), strlen(trackers_comm(ctx->trackers, ev->pid)) + 1);
	unended.stays = (struct stay){ .from = e->began, .left = e->began, .back = ev->ts, .to = ev->ts };
	e->open = e->split_known = false;
	e->unsplit = true;	/* the split counts from the begin that has no end */
	return unended.in_reclaim >= one_task_stall_ns(ctx) ? add_done(rc, ctx, &unended) : 0;
}

static void open_part(struct episode *e, const struct pass_ctx *ctx, const struct event *ev)
{
	e->open = true;
	e->compacting = ev->kind == EVENT_COMPACTION_BEGIN;
	e->kind = e->compacting ? RECLAIM_DIRECT : ev->reclaim.type;
	e->began = ev->ts;
	e->stay = stay_begin(ctx->trackers, ev);
	memset(e->part_began, 0, sizeof(e->part_began));
	split(e, ctx, ev->ts, -1);
}

/*
 * Reclaim over a soft limit (cgroup v1) is a part of direct reclaim and of what kswapd does: shrink_zones(), balance_pgdat().
 * Where the begin of the direct reclaim is missing, it shows that the task reclaimed at least then.
 */
static bool is_inner(struct reclaim *rc, const struct pass_ctx *ctx, const struct event *ev)
{
	const struct episode *e = find(rc, ev->pid);

	return ev->reclaim.type == RECLAIM_SOFTLIMIT &&
	       ((e && e->open && e->kind != RECLAIM_SOFTLIMIT) || !strncmp(trackers_comm(ctx->trackers, ev->pid), "kswapd", 6));
}

static int on_begin(struct reclaim *rc, const struct pass_ctx *ctx, const struct event *ev)
{
	struct episode *e = find(rc, ev->pid);
	int err = e && e->open ? give_up(rc, ctx, e, ev) : 0;

	if (!err && ev->pid > 0)
		err = resume(rc, ctx, ev, &e);
	if (!err && ev->pid > 0)
		open_part(e, ctx, ev);
	return err;
}

static void close_part(struct episode *e, const struct pass_ctx *ctx, const struct event *ev)
{
	split(e, ctx, ev->ts, 1);
	stay_end(&e->stay, ctx->trackers, ev);
	if (e->parts)
		stay_join(&e->stays, &e->stay);
	else
		e->stays = e->stay;
	task_comm(ctx, ev->pid, e->comm);
	e->cpu = ev->cpu;
	e->open = false;
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

	/* The end of another type of reclaim: its begin is missing, and so is the end of the open one. */
	if (!e || !e->open || e->compacting || e->kind != ev->reclaim.type)
		return;
	e->nr_reclaimed += ev->reclaim.nr_reclaimed;
	close_part(e, ctx, ev);
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
	if (begins && (!e || !e->open || e->compacting) && strncmp(comm, "kcompactd", 9) != 0)
		err = on_begin(rc, ctx, ev);
	on_part(rc, ev, PART_COMPACTION, begins);
	e = find(rc, ev->pid);
	if (!begins && e && e->open && e->compacting)
		close_part(e, ctx, ev);
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

static void on_switch(struct reclaim *rc, const struct event *ev)
{
	struct episode *e = find(rc, ev->sw.prev_pid);

	if (e && e->open)
		stay_leave(&e->stay, ev);
}

static int reclaim_event(void *state, const struct pass_ctx *ctx, const struct event *ev)
{
	struct reclaim *rc = state;

	switch (ev->kind) {
	case EVENT_SCHED_SWITCH:
		on_switch(rc, ev);
		break;
	case EVENT_RECLAIM_BEGIN:
		return is_inner(rc, ctx, ev) ? 0 : on_begin(rc, ctx, ev);
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
	default:
		break;
	}
	return 0;
}

static int reclaim_finish(void *state, const struct pass_ctx *ctx)
{
	struct reclaim *rc = state;
	int err = 0;

	for (size_t i = 0; !err && i < rc->going.nr; i++)
		err = retire(rc, ctx, keyed_at(&rc->going, i, sizeof(struct episode)));
	for (size_t i = 0; !err && i < rc->nr_done; i++) {
		reclaim_look_between(&rc->done[i], &ctx->trackers->hidden);
		err = reclaim_stall_add(ctx, &rc->done[i]);
	}
	return err ? err : reclaim_note_unsure(ctx, rc->done, rc->nr_done);
}

static void reclaim_destroy(void *state)
{
	struct reclaim *rc = state;

	keyed_clear(&rc->going);
	free(rc->done);
}

const struct pass_ops reclaim_pass = {
	.name = "reclaim",
	.summary = "long direct and memcg reclaim",
	.stage = PASS_SCAN,
	.wants = KIND(EVENT_RECLAIM_BEGIN) | KIND(EVENT_RECLAIM_END) | KIND(EVENT_SHRINK_SLAB_START) |
		 KIND(EVENT_SHRINK_SLAB_END) | KIND(EVENT_COMPACTION_BEGIN) | KIND(EVENT_COMPACTION_END) |
		 KIND(EVENT_THROTTLED) | KIND(EVENT_SCHED_SWITCH),
	.state_size = sizeof(struct reclaim),
	.event = reclaim_event,
	.finish = reclaim_finish,
	.destroy = reclaim_destroy,
};
