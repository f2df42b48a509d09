/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * lab.h - all passes on events made up by a test: no file, no reader
 *
 *	lab_begin(&l, 4); lab_push(&l, event)...; lab_end(&l); look at l.report; lab_clear(&l);
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
	struct event events[LAB_EVENTS];	/* what was pushed, for the replay around each incident */
	size_t nr;
	uint64_t last[LAB_CPUS];
	bool seen[LAB_CPUS];
};

/* Default options, and a report that says "5.10.0" and pages of 4 KiB; both may be changed before the first event. */
void lab_begin(struct lab *l, uint32_t nr_cpus);
/* The same with the passes of another verb. */
void lab_begin_with(struct lab *l, uint32_t nr_cpus, const struct pass_ops *const *passes);
/* The same with what else a pass may be given: @ctx's gfp, names, recorded, and of its options the activity. */
void lab_begin_as(struct lab *l, uint32_t nr_cpus, const struct pass_ops *const *passes, const struct pass_ctx *ctx);
/* In time order; prev_ns and first are filled in, as the merge does. */
void lab_push(struct lab *l, struct event ev);
/* The end of the scan, then the explaining of each incident. */
void lab_end(struct lab *l);
void lab_clear(struct lab *l);

#endif
