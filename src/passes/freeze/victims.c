// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * victims.c - follow a snapshot of each stall, then name the tasks that were frozen
 *
 * An incident may hold many stalls. Each stall has a snapshot, taken at its release and freed when its
 * recovery is over, so that memory does not grow with the number of stalls. Waits that ended before the
 * release (a task pulled off a frozen CPU) are kept in a list of their own.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "passes/common/incidents.h"
#include "passes/common/pass.h"
#include "passes/common/stall_times.h"
#include "passes/freeze/cpu_rows.h"
#include "passes/freeze/frozen_cpus.h"
#include "passes/freeze/frozen_tasks.h"
#include "util/array.h"


struct victims {
	struct snapshot *snapshots;
	struct switch_log *logs;		/* one per snapshot */
	size_t nr;
	size_t first, next;		/* snapshots [first, next) are being followed, except those that are over */
	struct ended_wait *waits;
	size_t nr_waits, cap_waits;
};

/*
 * The moment at which the snapshot is taken, before any frozen task moves: the holder's event, or the end of the silence.
 */
static uint64_t release_of(const struct pass_ctx *ctx, const struct stall *s)
{
	uint64_t at = s->event.is ? s->event.ts : s->at.end, skew = clock_skew_ns(ctx->report);

	return at < skew ? at : at - skew;	/* by its own clock a frozen CPU may seem to go on before the release */
}

static bool freezes_cpus(const struct stall *s)
{
	return s->cause == CAUSE_LRU_LOCK_HOLD || s->cause == CAUSE_UNEXPLAINED;
}

static uint64_t least_ns(const struct pass_ctx *ctx, const struct stall *s)
{
	uint64_t share = (uint64_t)(rule(ctx->rules, RULE_LEAST_SHARE) * (double)(s->at.end - s->at.start));

	return share > ctx->opts->min_stall_ns ? share : ctx->opts->min_stall_ns;
}

static int victims_begin(void *state, const struct pass_ctx *ctx)
{
	struct victims *v = state;

	v->snapshots = calloc(ctx->incident->nr, sizeof(*v->snapshots));
	v->logs = calloc(ctx->incident->nr, sizeof(*v->logs));
	if (!v->snapshots || !v->logs)
		return -ENOMEM;
	for (size_t i = 0; i < ctx->incident->nr; i++) {
		const struct stall *s = &ctx->report->stalls[ctx->incident->first + i];

		if (!freezes_cpus(s))
			continue;
		v->logs[v->nr] = switch_log_around(s);
		v->snapshots[v->nr++] = (struct snapshot){
			.stall = ctx->incident->first + i, .start = s->at.start, .start_earliest = s->at.start_earliest,
			.release = release_of(ctx, s), .rules = ctx->rules, .until = incident_recovered(ctx->report, s),
			.lock_sleeps = s->lock_sleeps, .chain = chain_after(ctx->report, s), .least_ns = least_ns(ctx, s)
		};
	}
	return 0;
}

/* Drop the waits that ended before the first snapshot still followed began: no stall needs them any more. */
static void forget_waits(struct victims *v)
{
	size_t kept = 0;

	for (size_t i = 0; i < v->nr_waits; i++)
		if (v->first < v->nr && v->waits[i].to >= v->snapshots[v->first].start)
			v->waits[kept++] = v->waits[i];
	v->nr_waits = kept;
}

static int note_wait(struct victims *v, const struct pass_ctx *ctx, const struct event *ev)
{
	const struct task *task = tasks_find(&ctx->trackers->tasks, ev->sw.next_pid);
	struct ended_wait *bigger;
	size_t used = 0;

	if (!task || task->state != TASK_RUNNABLE || ev->ts - task->since < ctx->opts->min_stall_ns)
		return 0;
	if (v->nr_waits == v->cap_waits) {
		forget_waits(v);
		if (2 * v->nr_waits > v->cap_waits)	/* it would soon be full again */
			used = v->cap_waits;
	}
	bigger = grow(v->waits, &v->cap_waits, used ? used : v->nr_waits, sizeof(*bigger));
	if (!bigger)
		return -ENOMEM;
	v->waits = bigger;
	v->waits[v->nr_waits++] =
		(struct ended_wait){ .pid = task->pid, .cpu = task->queued_cpu, .from = task->since, .to = ev->ts };
	return 0;
}

/* The release is the holder's own event. Without one it is the first record at or after the end. */
static bool is_release(const struct snapshot *snap, const struct stall *s, const struct event *ev)
{
	if (ev->ts > snap->release)
		return true;
	return ev->ts == snap->release && (!s->event.is || ev->cpu == s->event.cpu);
}

static int follow_snapshot(struct snapshot *snap, const struct pass_ctx *ctx, const struct event *ev)
{
	const struct stall *s = &ctx->report->stalls[snap->stall];
	int err = 0;

	if (!snap->taken && is_release(snap, s, ev))
		err = snapshot_take(snap, ctx->trackers, ctx->report->facts.nr_cpus);
	if (ev->kind == EVENT_LOST && ev->ts >= snap->start && ev->prev_ns <= s->at.end)
		snap->lost = true;
	if (!err && snap->taken && !(s->event.is && ev->ts == s->event.ts && ev->cpu == s->event.cpu))
		snapshot_follow(snap, ev);
	return err;
}

/* Note losses in every stall, whatever its cause: the lost records could have changed the answer. */
static void note_loss(const struct pass_ctx *ctx, const struct event *ev)
{
	for (size_t i = 0; i < ctx->incident->nr; i++) {
		struct stall *s = &ctx->report->stalls[ctx->incident->first + i];

		if (ev->ts < s->at.start_earliest || ev->prev_ns > s->at.end_latest)
			continue;
		if (ev->lost.missed < 0 || s->lost_in_window > UINT64_MAX - (uint64_t)ev->lost.missed)
			s->lost_in_window = UINT64_MAX;
		else
			s->lost_in_window += (uint64_t)ev->lost.missed;
	}
}

/* The recovery is over: judge the CPUs, name the frozen tasks and free the snapshot. */
static int close_snapshot(struct victims *v, const struct pass_ctx *ctx, size_t at)
{
	struct snapshot *snap = &v->snapshots[at];
	struct stall *s = &ctx->report->stalls[snap->stall];
	bool holder = s->cause == CAUSE_LRU_LOCK_HOLD && s->cause_cpu.is;
	int err = 0;

	if (snap->taken) {
		snapshot_note_holders(snap, ctx->report);
		snapshot_take_habits(snap, ctx->trackers);
		if (!snap->lock_sleeps)
			frozen_cpus_judge(snap, holder ? (int)s->cause_cpu.v : -1);
		err = frozen_tasks_name(ctx, snap, v->waits, v->nr_waits);
		if (!err)
			err = cpu_rows_draw(&v->logs[at], snap, s);
	}
	snapshot_clear(snap);
	free(v->logs[at].marks);
	v->logs[at] = (struct switch_log){ 0 };
	snap->over = true;
	return err;
}

/* Follow the snapshots whose picture has begun by @now; close those whose recovery is over. Both in the stalls' order. */
static int follow_time(struct victims *v, const struct pass_ctx *ctx, uint64_t now)
{
	int err = 0;

	while (v->next < v->nr && v->logs[v->next].from <= now)
		v->next++;
	for (size_t i = v->first; !err && i < v->next; i++)
		if (!v->snapshots[i].over && now > v->snapshots[i].until)
			err = close_snapshot(v, ctx, i);
	while (v->first < v->next && v->snapshots[v->first].over)
		v->first++;
	return err;
}

static int victims_event(void *state, const struct pass_ctx *ctx, const struct event *ev)
{
	struct victims *v = state;
	int err = follow_time(v, ctx, ev->ts);

	if (!err && ev->kind == EVENT_SCHED_SWITCH)
		err = note_wait(v, ctx, ev);
	if (ev->kind == EVENT_LOST)
		note_loss(ctx, ev);
	for (size_t i = v->first; !err && i < v->next; i++) {
		if (v->snapshots[i].over)
			continue;
		err = follow_snapshot(&v->snapshots[i], ctx, ev);
		if (!err && ev->kind == EVENT_SCHED_SWITCH)
			err = switch_log_add(&v->logs[i], ev);
	}
	return err;
}

static int victims_finish(void *state, const struct pass_ctx *ctx)
{
	struct victims *v = state;
	int err = 0;

	for (size_t i = v->first; !err && i < v->nr; i++)
		if (!v->snapshots[i].over)
			err = close_snapshot(v, ctx, i);
	return err;
}

static void victims_destroy(void *state)
{
	struct victims *v = state;

	for (size_t i = 0; i < v->nr; i++) {
		snapshot_clear(&v->snapshots[i]);
		free(v->logs[i].marks);
	}
	free(v->snapshots);
	free(v->logs);
	free(v->waits);
}

const struct pass_ops victims_pass = {
	.name = "victims",
	.summary = "frozen tasks",
	.stage = PASS_EXPLAIN,
	.wants = KIND(EVENT_SCHED_SWITCH) | KIND(EVENT_SCHED_WAKING) | KIND(EVENT_SCHED_WAKEUP) |
		 KIND(EVENT_CONTENTION_BEGIN),
	.alive = true,		/* any record shows that its CPU has gone on */
	.state_size = sizeof(struct victims),
	.begin = victims_begin,
	.event = victims_event,
	.finish = victims_finish,
	.destroy = victims_destroy,
};
