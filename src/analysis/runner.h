/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * runner.h - drives the passes with events from a recording, or from a test that makes them up
 *
 *	runner_init; runner_event for each event; runner_finish_scan; then for each incident, and each stage after
 *	the scan, runner_begin_look, runner_event..., runner_finish_look; runner_clear.
 */
#ifndef VMSTALL_RUNNER_H
#define VMSTALL_RUNNER_H

#include "passes/common/pass.h"
#include "state/trackers.h"

#define MAX_PASSES 16

/* A pass of the current stage that is not idle; @hears: KIND() mask of the events it gets. */
struct listener { const struct pass_ops *ops; void *state; uint64_t hears; };

struct runner {
	struct pass_ctx ctx;
	const struct pass_ops *const *passes;
	struct trackers trackers;
	struct rule_samples samples;	/* of this recording, where the profile learns */
	void *states[MAX_PASSES];
	struct listener listeners[MAX_PASSES];
	size_t nr_listeners;
	enum pass_stage stage;
	struct incident *incidents;
	size_t nr_incidents;
};

/* @ctx: the caller sets opts, report, gfp and recorded, the runner sets the rest. Returns 0 or a negative errno. */
int runner_init(struct runner *run, const struct pass_ctx *ctx);
/*
 * KIND() mask of the events that the passes and the trackers want, in the scan or in the look that was begun. 0: this look
 * needs none.
 */
uint64_t runner_wants(const struct runner *run);
/* The same for the explaining passes, before any incident is known. */
uint64_t runner_wants_later(const struct runner *run);
int runner_event(struct runner *run, const struct event *ev);
/*
 * End the scan. Then the report has the stalls, in order, and run->incidents has the windows to replay, in order and without
 * overlap.
 */
int runner_finish_scan(struct runner *run);
int runner_begin_look(struct runner *run, enum pass_stage stage, const struct incident *incident);
int runner_finish_look(struct runner *run);
void runner_clear(struct runner *run);

#endif
