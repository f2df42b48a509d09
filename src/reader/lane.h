/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * lane.h - one CPU of one buffer as a stream of typed events, whoever reads the pages
 *
 * A reader fills blocks of events; the merge takes them in time order and never knows how they were
 * read. A second reader, in threads, is another lane_ops: fill() is all that it has to provide.
 */
#ifndef VMSTALL_LANE_H
#define VMSTALL_LANE_H

#include <stddef.h>
#include <stdint.h>

#include "vmstall/event.h"

#define LANE_BLOCK 256

struct lane;

/**
 * struct lane_ops - a way to read a lane
 * @fill:  put up to @max next events in @out (ts, offset, id, payload; losses as EVENT_LOST before the
 *         record they precede). Returns how many, 0 at the end, or a negative errno.
 * @seek:  make the next fill() begin at the lane's first record, or where @from_ns allows to skip to; it may
 *         deliver earlier ones, which the merge passes over
 * @close: release @lane->priv; called once
 */
struct lane_ops {
	int (*fill)(struct lane *lane, struct event *out, size_t max);
	int (*seek)(struct lane *lane, uint64_t from_ns);
	void (*close)(struct lane *lane);
};

/**
 * struct lane - what is known of it; counts grow as it is read
 * @first_ns, @last_ns: of its records: outside nothing is known. Valid when @events > 0
 * @lost:               records known lost; @lost_marks: losses whose number the kernel did not say
 * @backward:           records older than the one before them (damage or clock trouble); delivered at its time
 * @clock:              time of the last record taken, any window
 * @cut:                there are more records, which cannot be read
 * @by_id:              records for each event id, 65536 counters shared by a recording's lanes
 */
struct lane {
	const struct lane_ops *ops;
	void *priv;
	const char *buffer;		/* "" is the top buffer; owned by the recording */
	uint16_t cpu, index;
	uint64_t clock, events, first_ns, last_ns, lost, lost_marks, backward, undecodable;
	uint64_t *by_id;
	struct event block[LANE_BLOCK];
	size_t used, next;
	bool cut;
};

#endif
