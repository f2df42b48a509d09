// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * activity.c - what did every CPU do, and what did reclaim scan, all through the recording?
 *
 * A switch tells which task had the CPU since the previous switch. If there is none, the task had the CPU since the CPU's
 * first record, or since the last loss of records.
 */
#include "model/activity.h"

#include <errno.h>
#include <stdlib.h>

#include "passes/common/pass.h"
#include "passes/common/twins.h"


struct cpu_activity {
	uint64_t since, last;		/* start of the time known to belong to @task; last record of the CPU */
	uint32_t task;			/* ACTIVITY_UNKNOWN until the next switch names it */
	bool seen;
	struct twins isolates;
};

struct activities { struct cpu_activity *cpus; };

static int activity_begin(void *state, const struct pass_ctx *ctx)
{
	struct activities *as = state;

	if (!ctx->opts->activity)
		return 0;
	as->cpus = calloc(ACTIVITY_CPUS, sizeof(*as->cpus));
	return as->cpus ? 0 : -ENOMEM;
}

static bool activity_idle(const void *state)
{
	return !((const struct activities *)state)->cpus;
}

static int on_switch(struct activity *a, struct cpu_activity *c, const struct event *ev)
{
	int err = activity_ran(a, ev->cpu, c->since, ev->ts, activity_task(a, ev->sw.prev_pid, ev->sw.prev_comm));

	c->since = ev->ts;
	c->task = activity_task(a, ev->sw.next_pid, ev->sw.next_comm);
	return err;
}

/* The task that was switched to last ran until @to, if that task is known. */
static int count_until(struct activity *a, struct cpu_activity *c, unsigned int cpu, uint64_t to)
{
	return c->task == ACTIVITY_UNKNOWN ? 0 : activity_ran(a, cpu, c->since, to, c->task);
}

static int on_lost(struct activity *a, struct cpu_activity *c, const struct event *ev)
{
	int err = count_until(a, c, ev->cpu, ev->prev_ns);

	c->since = ev->ts;
	c->task = ACTIVITY_UNKNOWN;
	return err;
}

static void on_isolate(const struct pass_ctx *ctx, struct cpu_activity *c, const struct event *ev)
{
	struct activity *a = ctx->report->activity;

	if (!twins_have(&c->isolates, ev, rule_ns(ctx->rules, RULE_SAME_EVENT)))
		activity_scanned(a, ev->ts, ev->isolate.nr_scanned,
			event_has(ev, HAS_SKIPPED) && ev->isolate.nr_skipped <= INT64_MAX ?
				KNOWN(ev->isolate.nr_skipped) : UNKNOWN);
}

static int follow(const struct pass_ctx *ctx, struct cpu_activity *c, const struct event *ev)
{
	struct activity *a = ctx->report->activity;
	int err = 0;

	if (ev->kind == EVENT_LOST && c->seen)
		err = on_lost(a, c, ev);
	else if (!c->seen)
		c->since = ev->ts;
	c->seen = true;
	c->last = ev->ts;
	if (ev->kind == EVENT_SCHED_SWITCH)
		err = on_switch(a, c, ev);
	else if (ev->kind == EVENT_LRU_ISOLATE)
		on_isolate(ctx, c, ev);
	return err;
}

static int activity_event(void *state, const struct pass_ctx *ctx, const struct event *ev)
{
	struct activities *as = state;
	struct report *r = ctx->report;

	if (!r->activity)
		r->activity = activity_new(ev->kind == EVENT_LOST && ev->prev_ns < ev->ts ? ev->prev_ns : ev->ts);
	if (!r->activity)
		return -ENOMEM;
	if (ev->cpu >= ACTIVITY_CPUS) {
		r->activity->cpus_left_out = true;
		return 0;
	}
	return follow(ctx, &as->cpus[ev->cpu], ev);
}

static int activity_finish(void *state, const struct pass_ctx *ctx)
{
	struct activities *as = state;
	struct activity *a = ctx->report->activity;
	int err = 0;

	if (!a)
		return 0;
	a->has_switches = ctx->recorded >> EVENT_SCHED_SWITCH & 1;
	for (unsigned int i = 0; !err && i < ACTIVITY_CPUS; i++)
		err = count_until(a, &as->cpus[i], i, as->cpus[i].last);
	return err;
}

static void activity_destroy(void *state)
{
	free(((struct activities *)state)->cpus);
}

const struct pass_ops activity_pass = {
	.name = "activity",
	.summary = "who ran where, and what reclaim scanned",
	.stage = PASS_SCAN,
	.wants = KIND(EVENT_SCHED_SWITCH) | KIND(EVENT_LRU_ISOLATE),
	.alive = true,		/* for the first record of a CPU, and its last */
	.state_size = sizeof(struct activities),
	.begin = activity_begin,
	.idle = activity_idle,
	.event = activity_event,
	.finish = activity_finish,
	.destroy = activity_destroy,
};
