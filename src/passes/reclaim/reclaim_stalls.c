// SPDX-License-Identifier: LGPL-2.1-or-later
/* reclaim_stalls.c - which part of a long reclaim took the time? */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "passes/common/stall_times.h"
#include "passes/reclaim/reclaim.h"
#include "util/clock.h"

struct verdict {
	enum cause cause;
	enum diagnosis diagnosis;
};

static bool is_sure(const struct episode *e)
{
	return stretch_empty(e->hidden);
}

/* What @part took without any doubt. */
static uint64_t sure_part(const struct episode *e, int part)
{
	uint64_t hidden = stretch_ns(e->hidden);

	return e->part_ns[part] > hidden ? e->part_ns[part] - hidden : 0;
}

static struct verdict judge(const struct rules *rules, const struct episode *e)
{
	static const struct verdict by_part[NR_RECLAIM_PARTS] = {
		[PART_SLAB] = { CAUSE_SHRINK_SLAB, DIAGNOSIS_SLOW_SHRINKER },
		[PART_THROTTLE] = { CAUSE_THROTTLE, DIAGNOSIS_THROTTLED },
		[PART_COMPACTION] = { CAUSE_COMPACTION, DIAGNOSIS_COMPACTION },
	};

	for (int i = 0; i < NR_RECLAIM_PARTS; i++)
		if (sure_part(e, i) >= (uint64_t)(rule(rules, RULE_PART_NAMES) * (double)e->in_reclaim))
			return by_part[i];
	if (e->type == RECLAIM_MEMCG)
		return (struct verdict){ CAUSE_MEMCG_RECLAIM, DIAGNOSIS_MEMCG_LIMIT };
	return (struct verdict){ CAUSE_DIRECT_RECLAIM, DIAGNOSIS_RECLAIM_PRESSURE };
}

static void fill(const struct pass_ctx *ctx, struct stall *s, const struct episode *e)
{
	struct verdict v = judge(ctx->rules, e);

	s->at = reclaim_bounds(ctx, e);
	s->cause = v.cause;
	s->diagnosis = v.diagnosis;
	memcpy(s->cause_comm, e->comm, sizeof(s->cause_comm));
	s->cause_pid = KNOWN(e->pid);
	s->cause_cpu = KNOWN(e->cpu);
	s->order = e->order;
	s->event = s->worst = e->worst;
	s->first = e->first;
	s->last = e->last;
	s->evidence = s->at.evidence;
	s->confidence = is_sure(e) ? CONFIDENCE_HIGH : CONFIDENCE_LOW;
	s->parts = e->parts;
	s->has_split = e->split_known && is_sure(e);
	s->running_ns = e->ran;
	s->runnable_ns = e->queued;
	s->blocked_ns = e->slept;
}

/* The task that reclaimed stood still itself: it is the only victim. */
static int add_victim(struct report *r, const struct episode *e)
{
	struct victim *v = report_add_victim(r);
	struct stall *s = &r->stalls[r->nr_stalls - 1];

	if (!v)
		return -ENOMEM;
	v->stall = (uint32_t)(r->nr_stalls - 1);
	memcpy(v->comm, e->comm, sizeof(v->comm));
	v->pid = e->pid;
	v->cpu = KNOWN(e->cpu);
	v->kind = VICTIM_BLOCKED;
	v->from = s->at.start;
	v->to = s->at.end;
	v->evidence = s->evidence;
	v->confidence = s->confidence;
	s->tasks_frozen = 1;
	s->frozen_task_ns = v->to - v->from;
	return 0;
}

static int say_parts(struct stall *s, const struct episode *e, const char *what, uint64_t ns, uint32_t parts)
{
	uint64_t us = rounded_us(ns);

	if (!parts)
		return 0;
	return stall_because(s, "%s-%d was between begin and end of %s for %" PRIu64 ".%03" PRIu64 " ms in %u parts", e->comm, e->pid, what,
			     us / 1000, us % 1000, parts);
}

static int say(struct stall *s, const struct episode *e, uint64_t sure)
{
	int err = say_parts(s, e, "reclaim", e->in_reclaim - e->compaction_ns, e->parts - e->compactions);

	if (!err)
		err = say_parts(s, e, "compaction", e->compaction_ns, e->compactions);
	if (!err && e->parts > e->compactions)
		err = stall_because(s, "these reclaims freed %" PRIu64 " pages", e->nr_reclaimed);
	if (err || is_sure(e))
		return err;
	return stall_because(s, "records are missing from %" PRIu64 ".%06" PRIu64 " to %" PRIu64 ".%06" PRIu64 " on a CPU where %s-%d "
			     "may have been: an end and another begin may be among them. At least %" PRIu64 ".%03" PRIu64 " ms are sure",
			     rounded_us(e->hidden.from) / 1000000, rounded_us(e->hidden.from) % 1000000,
			     rounded_us(e->hidden.to) / 1000000, rounded_us(e->hidden.to) % 1000000, e->comm, e->pid,
			     rounded_us(sure) / 1000, rounded_us(sure) % 1000);
}

/* Many brief reclaims that free pages: the task goes on between them. A compaction belongs to one allocation with its reclaims. */
static bool is_work(const struct rules *rules, const struct episode *e)
{
	return !e->compactions && e->in_reclaim / e->parts < rule_ns(rules, RULE_BRIEF_RECLAIM) && e->nr_reclaimed >= e->parts;
}

/* A task that was preempted in its reclaim waited for a CPU. That is not what the reclaim took. */
static bool was_preempted(const struct pass_ctx *ctx, const struct episode *e, uint64_t sure)
{
	return e->split_known && sure > e->queued && sure - e->queued < one_task_stall_ns(ctx);
}

int reclaim_stall_add(const struct pass_ctx *ctx, const struct episode *e)
{
	struct bounds at = reclaim_bounds(ctx, e);
	uint64_t sure = reclaim_sure_ns(ctx, e), held = held_ns(ctx->report, at.start, at.end);
	struct stall *s;
	int err;

	if (e->parts && (is_work(ctx->rules, e) || was_preempted(ctx, e, sure)))
		return 0;
	/* If holds, its own or another task's, explain most of the time, their stalls report it already. */
	if (!e->parts || sure < one_task_stall_ns(ctx) || !in_asked_time(ctx->opts, &at) ||
	    rule_exceeds(ctx->rules, RULE_HELD_SHARE, held, sure))
		return 0;
	s = report_add_stall(ctx->report);
	if (!s)
		return -ENOMEM;
	fill(ctx, s, e);
	err = say(s, e, sure);
	return err ? err : add_victim(ctx->report, e);
}
