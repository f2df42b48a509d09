/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* native_lane.h - a lane read from the mapped file: unpacks chunks, walks sub-buffers, allocates nothing per record */
#ifndef VMSTALL_NATIVE_LANE_H
#define VMSTALL_NATIVE_LANE_H

#include "reader/file/container.h"
#include "reader/lanes/lane.h"

/*
 * Make @lane, whose cpu and decoder are set, read @extent of @buffer. @c and @buffer must outlive it. Lanes share only data
 * that does not change, so each may be filled by a thread of its own. Returns 0 or -ENOMEM.
 */
int native_lane_init(struct lane *lane, const struct container *c, const struct buffer_map *buffer,
		     const struct extent *extent);

#endif
