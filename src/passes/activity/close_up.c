// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * close_up.c - who ran on which CPU around each stall, switch by switch?
 *
 * A close-up covers the start of a stall, and another one its end: the last switches before that moment and the first ones
 * after it. All stalls share one budget of switches, so a thousand stalls cost no more than one. When there are too many
 * switches, an edge covers less time, but no switch within that time is left out.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "model/activity.h"
#include "passes/common/pass.h"
#include "state/trackers.h"

#define LEAST_AROUND UINT64_C(200000000)	/* ns: a few periods of a 30 Hz task */
#define MOST_AROUND  UINT64_C(1000000000)

/**
 * struct edge - a moment, and the switches around it
 * @before: a ring of the last switches before it, @after: the first switches after it; NULL: not begun
 * @at_from: the task on each CPU at @from
 */
struct edge {
	uint64_t at, from, to;
	struct task_switch *before, *after;
	size_t cap_before, nr_before, first, cap_after, nr_after;
	uint32_t *at_from;
};

struct surroundings { struct edge edge[2]; size_t share; bool over; };

struct close_ups {
	struct surroundings *of;	/* one for each stall of the incident */
	size_t nr, first, next;		/* the stalls in [first, next) that are not over are being followed */
	size_t nr_cpus;
};

static uint64_t less(uint64_t a, uint64_t b)
{
	return a > b ? a - b : 0;
}

static struct surroundings around(const struct stall *s)
{
	uint64_t length = less(s->at.end, s->at.start), middle = s->at.start + length / 2, pad = length / 2;

	pad = pad < LEAST_AROUND ? LEAST_AROUND : pad > MOST_AROUND ? MOST_AROUND : pad;
	return (struct surroundings){ .edge = {
		{ .at = s->at.start, .from = less(s->at.start_earliest, pad), .to = middle },
		{ .at = s->at.end, .from = middle, .to = s->at.end_latest + pad },
	} };
}

static int close_up_begin(void *state, const struct pass_ctx *ctx)
{
	struct close_ups *cs = state;

	if (!ctx->report->activity)
		return 0;
	cs->nr = ctx->incident->nr;
	cs->nr_cpus = ctx->report->facts.nr_cpus < ACTIVITY_CPUS ? ctx->report->facts.nr_cpus : ACTIVITY_CPUS;
	cs->of = calloc(cs->nr, sizeof(*cs->of));
	for (size_t i = 0; cs->of && i < cs->nr; i++)
		cs->of[i] = around(&ctx->report->stalls[ctx->incident->first + i]);
	return cs->of ? 0 : -ENOMEM;
}

static bool close_up_idle(const void *state)
{
	return !((const struct close_ups *)state)->of;
}

/* Three quarters of the room are for the time outside of the stall: inside it, frozen CPUs do not switch. */
static int edge_begin(struct edge *e, const struct close_ups *cs, const struct pass_ctx *ctx, size_t cap, bool is_start)
{
	e->cap_before = is_start ? cap - cap / 4 : cap / 4 + 1;
	e->cap_after = is_start ? cap / 4 + 1 : cap - cap / 4;
	e->before = calloc(e->cap_before, sizeof(*e->before));
	e->after = calloc(e->cap_after, sizeof(*e->after));
	e->at_from = calloc(cs->nr_cpus + 1, sizeof(*e->at_from));
	if (!e->before || !e->after || !e->at_from)
		return -ENOMEM;
	for (unsigned int i = 0; i < cs->nr_cpus; i++) {
		const struct cpu_state *c = trackers_cpu(ctx->trackers, i);

		char comm[TASK_COMM_LEN];

		if (!c || !c->has_current)
			continue;
		task_comm(ctx, c->current, comm);
		e->at_from[i] = activity_task(ctx->report->activity, c->current, comm);
	}
	return 0;
}

static void note_before(struct edge *e, struct task_switch sw)
{
	struct task_switch *oldest = &e->before[e->first];

	if (e->nr_before < e->cap_before) {
		e->before[e->nr_before++] = sw;
		return;
	}
	e->at_from[oldest->cpu] = oldest->task;
	*oldest = sw;
	e->first = (e->first + 1) % e->cap_before;
	oldest = &e->before[e->first];
	e->from = oldest->ts > e->from ? oldest->ts : e->from;
}

static void note(struct edge *e, struct task_switch sw)
{
	if (sw.ts < e->at)
		note_before(e, sw);
	else if (e->nr_after < e->cap_after)
		e->after[e->nr_after++] = sw;
	else
		e->to = sw.ts;
}

static int follow(struct surroundings *s, const struct close_ups *cs, const struct pass_ctx *ctx, struct task_switch sw)
{
	for (int i = 0; i < 2; i++) {
		struct edge *e = &s->edge[i];
		int err = 0;

		if (sw.ts < e->from || sw.ts >= e->to || sw.cpu >= cs->nr_cpus)
			continue;
		if (!e->before)
			err = edge_begin(e, cs, ctx, s->share / 2, i == 0);
		if (err)
			return err;
		note(e, sw);
	}
	return 0;
}

static int edge_end(struct edge *e, size_t nr_cpus, struct close_up *ret)
{
	struct task_switch *all = e->before ? calloc(nr_cpus + e->nr_before + e->nr_after, sizeof(*all)) : NULL;
	size_t nr = 0;

	if (!e->before)
		return 0;
	if (!all)
		return -ENOMEM;
	for (size_t i = 0; i < nr_cpus; i++)
		if (e->at_from[i] != ACTIVITY_UNKNOWN)
			all[nr++] = (struct task_switch){ .ts = e->from, .cpu = (uint16_t)i, .task = e->at_from[i] };
	for (size_t i = 0; i < e->nr_before; i++)
		all[nr++] = e->before[(e->first + i) % e->cap_before];
	memcpy(all + nr, e->after, e->nr_after * sizeof(*all));
	*ret = (struct close_up){ .from = e->from, .to = e->to, .switches = all, .nr = nr + e->nr_after };
	return 0;
}

static void edge_clear(struct edge *e)
{
	free(e->before);
	free(e->after);
	free(e->at_from);
	e->before = e->after = NULL;
	e->at_from = NULL;
}

/* The part of its share that this stall did not need goes to later stalls. */
static int finish_one(struct close_ups *cs, const struct pass_ctx *ctx, size_t at)
{
	struct stall *stall = &ctx->report->stalls[ctx->incident->first + at];
	struct surroundings *s = &cs->of[at];
	size_t used = 0;
	int err = 0;

	for (int i = 0; i < 2; i++) {
		if (!err)
			err = edge_end(&s->edge[i], cs->nr_cpus, &stall->close_up[i]);
		used += stall->close_up[i].nr;
		edge_clear(&s->edge[i]);
	}
	s->over = true;
	ctx->report->activity->switches_left += less(s->share, used);
	return err;
}

/* This stall and all later ones get equal shares of the switches that are left. */
static void start_one(struct surroundings *s, const struct pass_ctx *ctx, size_t at)
{
	s->share = ctx->report->activity->switches_left / (ctx->report->nr_stalls - ctx->incident->first - at);
	ctx->report->activity->switches_left -= s->share;
}

/* As in victims.c: stalls are ordered by start, so their surroundings begin nearly in that order. */
static int follow_time(struct close_ups *cs, const struct pass_ctx *ctx, uint64_t now)
{
	int err = 0;

	for (; cs->next < cs->nr && cs->of[cs->next].edge[0].from <= now; cs->next++)
		start_one(&cs->of[cs->next], ctx, cs->next);
	for (size_t i = cs->first; !err && i < cs->next; i++)
		if (!cs->of[i].over && now >= cs->of[i].edge[1].to)
			err = finish_one(cs, ctx, i);
	while (cs->first < cs->next && cs->of[cs->first].over)
		cs->first++;
	return err;
}

/* After a loss, the running task is not known until the next switch. */
static struct task_switch switch_of(struct activity *a, const struct event *ev)
{
	if (ev->kind == EVENT_LOST)
		return (struct task_switch){ .ts = ev->prev_ns, .cpu = ev->cpu, .task = ACTIVITY_UNKNOWN };
	return (struct task_switch){ .ts = ev->ts, .cpu = ev->cpu,
		.task = activity_task(a, ev->sw.next_pid, ev->sw.next_comm) };
}

static int close_up_event(void *state, const struct pass_ctx *ctx, const struct event *ev)
{
	struct close_ups *cs = state;
	int err = follow_time(cs, ctx, ev->ts);
	struct task_switch sw;

	if (err || (ev->kind != EVENT_SCHED_SWITCH && ev->kind != EVENT_LOST) || cs->first == cs->next)
		return err;
	sw = switch_of(ctx->report->activity, ev);
	for (size_t i = cs->first; !err && i < cs->next; i++)
		if (!cs->of[i].over)
			err = follow(&cs->of[i], cs, ctx, sw);
	return err;
}

static int close_up_finish(void *state, const struct pass_ctx *ctx)
{
	struct close_ups *cs = state;
	int err = 0;

	for (size_t i = cs->first; !err && i < cs->next; i++)
		if (!cs->of[i].over)
			err = finish_one(cs, ctx, i);
	return err;
}

static void close_up_destroy(void *state)
{
	struct close_ups *cs = state;

	for (size_t i = 0; cs->of && i < cs->nr; i++) {
		edge_clear(&cs->of[i].edge[0]);
		edge_clear(&cs->of[i].edge[1]);
	}
	free(cs->of);
}

const struct pass_ops close_up_pass = {
	.name = "close_up",
	.summary = "every switch around a stall",
	.stage = PASS_EXPLAIN,
	.wants = KIND(EVENT_SCHED_SWITCH) | KIND(EVENT_LOST),
	.state_size = sizeof(struct close_ups),
	.begin = close_up_begin,
	.idle = close_up_idle,
	.event = close_up_event,
	.finish = close_up_finish,
	.destroy = close_up_destroy,
};
