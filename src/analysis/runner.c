// SPDX-License-Identifier: LGPL-2.1-or-later
/* runner.c - feed the trackers and the passes of the current stage */
#include "analysis/runner.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/passes.h"
#include "analysis/recording_rules.h"
#include "passes/common/incidents.h"

static bool in_stage(const struct runner *run, size_t i)
{
	return run->passes[i]->stage == run->stage;
}

uint64_t runner_wants(const struct runner *run)
{
	uint64_t wants = run->stage == PASS_RUN_UP ? 0 : TRACKERS_WANT;

	for (size_t i = 0; i < run->nr_listeners; i++)
		wants |= run->listeners[i].ops->wants;
	return wants;
}

uint64_t runner_wants_later(const struct runner *run)
{
	uint64_t wants = 0;

	for (size_t i = 0; run->passes[i]; i++)
		if (run->passes[i]->stage == PASS_EXPLAIN)
			wants |= run->passes[i]->wants | TRACKERS_WANT;
	return wants;
}

static void listen_to(struct runner *run, const struct pass_ops *ops, void *state)
{
	if (ops->event && !(ops->idle && ops->idle(state)))
		run->listeners[run->nr_listeners++] = (struct listener){ ops, state, ops->alive ? UINT64_MAX : ops->wants };
}

static int begin_stage(struct runner *run)
{
	int err = 0;

	run->nr_listeners = 0;
	for (size_t i = 0; !err && run->passes[i]; i++) {
		if (!in_stage(run, i))
			continue;
		memset(run->states[i], 0, run->passes[i]->state_size);
		if (run->passes[i]->begin)
			err = run->passes[i]->begin(run->states[i], &run->ctx);
		listen_to(run, run->passes[i], run->states[i]);
	}
	return err;
}

/* Destroy every pass even if one fails: each must free its memory. */
static int finish_stage(struct runner *run)
{
	int err = 0;

	for (size_t i = 0; run->passes[i]; i++) {
		if (!in_stage(run, i))
			continue;
		if (!err && run->passes[i]->finish)
			err = run->passes[i]->finish(run->states[i], &run->ctx);
		if (run->passes[i]->destroy)
			run->passes[i]->destroy(run->states[i]);
		memset(run->states[i], 0, run->passes[i]->state_size);
	}
	return err;
}

int runner_init(struct runner *run, const struct pass_ctx *ctx)
{
	*run = (struct runner){ .ctx = *ctx, .stage = PASS_SCAN };
	run->ctx.trackers = &run->trackers;
	run->passes = ctx->opts && ctx->opts->passes ? ctx->opts->passes : stall_passes;
	for (size_t i = 0; run->passes[i]; i++) {
		run->states[i] = calloc(1, run->passes[i]->state_size ? run->passes[i]->state_size : 1);
		if (!run->states[i])
			return -ENOMEM;
	}
	rules_begin(run);
	run->trackers.tasks.watches_habits = runner_wants_later(run) != 0;
	return begin_stage(run);
}

int runner_event(struct runner *run, const struct event *ev)
{
	int err = 0;

	for (size_t i = 0; !err && i < run->nr_listeners; i++)
		if (run->listeners[i].hears >> ev->kind & 1)
			err = run->listeners[i].ops->event(run->listeners[i].state, &run->ctx, ev);
	return err ? err : trackers_event(&run->trackers, ev);
}

/*
 * Some losses leave no mark in the stream, only a count in the file: where they were is not known. The pieces of a recording
 * that was never finished lack what each CPU wrote last.
 */
static struct stretch unmarked(const struct recording_facts *f, const struct cpu_quality *c)
{
	if (c->dropped.v > 0 || (c->overrun.v > 0 && !c->lost && !c->lost_marks))
		return (struct stretch){ 0, UINT64_MAX };
	return f->unfinished && c->has_events ? (struct stretch){ c->last_ns, UINT64_MAX } : NO_STRETCH;
}

static int hide_unmarked(struct runner *run)
{
	const struct recording_facts *f = &run->ctx.report->facts;
	int err = 0;

	for (unsigned int i = 0; !err && f->cpus && i < f->nr_cpus; i++) {
		struct stretch s = unmarked(f, &f->cpus[i]);

		if (!stretch_empty(s))
			err = hidden_add_unmarked(&run->trackers.hidden, i, s);
	}
	return err;
}

int runner_finish_scan(struct runner *run)
{
	int err = hide_unmarked(run);

	if (err)
		return err;
	rules_settle(run);
	err = finish_stage(run);
	if (!err)
		err = rules_end(run);
	if (err)
		return err;
	err = report_sort(run->ctx.report);
	return err ? err : incidents_of(run->ctx.report, &run->incidents, &run->nr_incidents);
}

int runner_begin_look(struct runner *run, enum pass_stage stage, const struct incident *incident)
{
	trackers_forget(&run->trackers);
	run->stage = stage;
	run->ctx.incident = incident;
	return begin_stage(run);
}

int runner_finish_look(struct runner *run)
{
	int err = finish_stage(run);

	run->ctx.incident = NULL;
	return err;
}

void runner_clear(struct runner *run)
{
	for (size_t i = 0; run->passes && run->passes[i]; i++) {
		if (run->states[i] && in_stage(run, i) && run->passes[i]->destroy)
			run->passes[i]->destroy(run->states[i]);
		free(run->states[i]);
	}
	trackers_clear(&run->trackers);
	rule_samples_clear(&run->samples);
	free(run->incidents);
	*run = (struct runner){ 0 };
}
