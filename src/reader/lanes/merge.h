/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* merge.h - many lanes, one stream in time order */
#ifndef VMSTALL_MERGE_H
#define VMSTALL_MERGE_H

#include "reader/lanes/lane.h"
#include "reader/lanes/replay.h"

/* What a replay asks for. @windows as in recording_replay(). NULL: everything, and the lanes count their records. */
struct replay {
	const struct time_window *windows;
	size_t nr_windows;
	uint64_t wants;
	unsigned int jobs;
	event_fn *fn;
	void *data;
	void (*tick)(void *data);	/* called often; NULL: not */
	void *tick_data;
};

/**
 * merge_lanes - deliver the events of @lanes by (ts, cpu, lane), with prev_ns and first set per CPU
 *
 * Returns 0, the first non-zero value of the callback, or a negative errno.
 */
int merge_lanes(struct lane **lanes, size_t nr_lanes, const struct replay *replay);

#endif
