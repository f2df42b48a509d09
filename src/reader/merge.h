/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* merge.h - many lanes, one stream in time order */
#ifndef VMSTALL_MERGE_H
#define VMSTALL_MERGE_H

#include "vmstall/recording.h"
#include "reader/lane.h"

/**
 * merge_lanes - deliver the events of @lanes by (ts, cpu, lane), with prev_ns and first set per CPU
 * @windows: as in recording_replay(); NULL: all, and the lanes' counts are taken
 *
 * Returns 0, the first non-zero value of @fn, or a negative errno.
 */
int merge_lanes(struct lane **lanes, size_t nr_lanes, const struct time_window *windows, size_t nr_windows,
		event_fn *fn, void *data);

#endif
