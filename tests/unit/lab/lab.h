/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * lab.h - run all passes on events made by a test: no file, no reader
 *
 * 	lab_begin(&l, 4); lab_push(&l, event)...; lab_end(&l); look at l.report; lab_clear(&l);
 */
#ifndef VMSTALL_TEST_LAB_H
#define VMSTALL_TEST_LAB_H

#include "analysis/runner.h"
#include "events.h"

enum { LAB_CPUS = 16, LAB_EVENTS = 8192 };

struct lab {
	struct report report;
	struct analysis_options opts;
	struct runner run;
	struct event events[LAB_EVENTS];	/* all events pushed, for the replay around each incident */
	size_t nr;
	uint64_t last[LAB_CPUS];
	bool seen[LAB_CPUS];
};

/* Start with default options, release "5.10.0" and pages of 4 KiB. A test may change both before the first event. */
void lab_begin(struct lab *l, uint32_t nr_cpus);
/* The same with the passes of another verb. */
void lab_begin_with(struct lab *l, uint32_t nr_cpus, const struct pass_ops *const *passes);
/* The same with other inputs for the passes: gfp, names and recorded of @ctx, and the activity of its options. */
void lab_begin_as(struct lab *l, uint32_t nr_cpus, const struct pass_ops *const *passes, const struct pass_ctx *ctx);
/* Push events in time order. prev_ns and first are filled in, as the merge does. */
void lab_push(struct lab *l, struct event ev);
/* End the scan, then explain each incident. */
void lab_end(struct lab *l);
void lab_clear(struct lab *l);

#endif
