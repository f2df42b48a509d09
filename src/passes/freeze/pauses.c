// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * pauses.c - was the whole machine paused (a hypervisor, a debugger), or its tracing?
 *
 * A machine with nothing to do writes nothing either, and so do CPUs that compute. So silence alone shows no pause. It takes work
 * that was due in the silence and was not done: a task that was queued, or a regular task whose timer should have fired. One CPU
 * that leaves its work undone may be frozen alone. Several at once, and nobody else at work, are a machine that stood still.
 */
#include "passes/freeze/pauses.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "state/rhythm.h"
#include "state/trackers.h"
#include "util/clock.h"

enum { NOTHING, BUSY = 1, DUE = 2 };

/* Was @task to run, or to be woken by its timer, between @from and @to? */
static bool was_due(const struct pass_ctx *ctx, const struct task *task, uint64_t from, uint64_t to)
{
	struct rhythm r;

	if (task->state == TASK_RUNNABLE)
		return ctx->trackers->tasks.has_switches;
	if (task->state != TASK_SLEEPING)
		return false;
	r = rhythm_before(ctx->rules, task, to);
	return r.known && r.regular && r.waker == WAKER_INTERRUPT && r.last + r.period >= from &&
	       r.last + r.upper + rule_ns(ctx->rules, RULE_OVERDUE) < to;
}

/* What was to be done on each CPU. @on: one element for each CPU of the trackers. */
static void look_at_cpus(const struct pass_ctx *ctx, uint8_t *on, uint64_t from, uint64_t to)
{
	const struct trackers *t = ctx->trackers;

	for (size_t i = 0; i < t->nr_cpus; i++) {
		const struct cpu_state *c = trackers_cpu(t, (unsigned int)i);

		if (c && c->has_current && c->current && from - c->last <= rule_ns(ctx->rules, RULE_SAME_ONSET))
			on[i] |= BUSY;
	}
	for (size_t i = 0; i < t->tasks.cap; i++) {
		const struct task *task = tasks_at(&t->tasks, i);

		if (task && task->has_cpu && task->cpu < t->nr_cpus && was_due(ctx, task, from, to))
			on[task->cpu] |= DUE;
	}
}

/* Was work left undone, on one CPU that had it to do and on at least one more that was busy or had some? */
static bool paused(const uint8_t *on, size_t nr)
{
	size_t due = 0, stood = 0;

	for (size_t i = 0; i < nr; i++) {
		due += (on[i] & DUE) != 0;
		stood += on[i] != NOTHING;
	}
	return due && stood > 1;
}

static int add_pause(const struct pass_ctx *ctx, uint64_t from, uint64_t to)
{
	struct pause *p = report_add_pause(ctx->report);

	if (!p)
		return -ENOMEM;
	*p = (struct pause){ from, to };
	return report_note(ctx->report, QUALITY_INFO,
		"no CPU wrote anything from %" PRIu64 ".%06" PRIu64 " to %" PRIu64 ".%06" PRIu64 ", although work was due on several of "
		"them: the machine or the tracing was paused; not counted as a stall", rounded_us(from) / 1000000,
		rounded_us(from) % 1000000, rounded_us(to) / 1000000, rounded_us(to) % 1000000);
}

int pauses_look(const struct pass_ctx *ctx, uint64_t last_ns, const struct event *ev)
{
	size_t nr = ctx->trackers->nr_cpus;
	uint8_t *on;
	bool is;

	/* An isolate event at the end points to a scan instead. */
	if (ev->kind == EVENT_LRU_ISOLATE || ev->kind == EVENT_LOST)
		return 0;
	on = calloc(nr ? nr : 1, sizeof(*on));
	if (!on)
		return -ENOMEM;
	look_at_cpus(ctx, on, last_ns, ev->ts);
	is = paused(on, nr);
	free(on);
	return is ? add_pause(ctx, last_ns, ev->ts) : 0;
}
