/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * lane.h - one CPU of one buffer as a stream of typed events, whichever reader supplies the records
 *
 * A reader hands each record to lane_record() in file order. Records that no pass wants are counted there and dropped,
 * except those that show that the CPU was alive. The merge takes blocks of events and does not depend on the reader.
 */
#ifndef VMSTALL_LANE_H
#define VMSTALL_LANE_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include "reader/file/unpack.h"
#include "reader/lanes/decoder.h"
#include "vmstall/event.h"

struct lane;

/**
 * struct lane_ops - a way to read a lane
 * @fill:  put up to @max next events in @out, through lane_record() and lane_lost(); @u is the thread's own. Returns
 *         how many, 0 at the end, or a negative errno.
 * @seek:  make the next fill() begin at the lane's first record, or at any later one not after lane->from
 * @close: release @lane->priv; called once
 */
struct lane_ops {
	int (*fill)(struct lane *lane, struct unpacker *u, struct event *out, size_t max);
	int (*seek)(struct lane *lane);
	void (*close)(struct lane *lane);
};

/**
 * struct lane - the state of one lane; counts are taken only in a whole replay
 * @wants:              KIND() mask of what passes want
 * @from:               begin of the window: earlier records are skipped
 * @first_ns, @last_ns: times of its first and last record; nothing is known outside. Valid when @events > 0
 * @lost:               records known lost; @lost_marks: losses whose number the kernel did not say
 * @backward:           records older than the one before them (damage or clock trouble); delivered at the time of that one
 * @undecodable:        records shorter than their format says
 * @torn:               more records followed the last one, but the file does not have them or they cannot be read
 * @ended:              this replay has reached the last record
 * @bad_pages:          damaged sub-buffers: the rest of each is lost; @bad_bytes: compressed bytes that made no sense
 * @counts:             records by decoder_slot()
 * @seen, @kept:        time of the last record, and of the last one delivered, in this replay
 * @told_bytes, @told_events: progress so far
 * @alert:              deliver the next record whatever it is: it bounds a hold, or is the first
 */
struct lane {
	const struct lane_ops *ops;
	void *priv;
	const struct decoder *decoder;
	const char *buffer;		/* "" is the top buffer; owned by the recording */
	uint16_t cpu, index;
	uint64_t wants, from;
	uint64_t events, first_ns, last_ns, lost, lost_marks, backward, undecodable, bad_pages, bad_bytes;
	uint64_t *counts;
	uint64_t seen, kept;
	bool counting, any, alert, torn, ended;
	_Atomic uint64_t told_bytes, told_events;	/* progress for other threads; lane_tell() updates it */
};

/* Begin a replay: @counting for a whole one. */
int lane_start(struct lane *lane, uint64_t wants, uint64_t from, bool counting);

/* Update the progress after each fill. @bytes: how much of the lane has been read. */
static inline void lane_tell(struct lane *lane, uint64_t bytes)
{
	atomic_store_explicit(&lane->told_bytes, bytes, memory_order_relaxed);
	atomic_store_explicit(&lane->told_events, lane->events, memory_order_relaxed);
}

/* One record, as it lies in the file. */
struct record { const void *data; size_t size; uint64_t ts, offset; };

static inline void lane_count(struct lane *lane, uint64_t ts, uint16_t slot)
{
	if (!lane->counting)
		return;
	lane->events++;
	lane->counts[slot]++;
	lane->last_ns = ts;
}

/* The slow path of lane_record(), for records that may have to be delivered. */
bool lane_consider(struct lane *lane, const struct record *r, const struct known_id *id, struct event *out);

/*
 * Take one record. Returns true if @out was filled and must be delivered. Most records are not wanted and bound nothing.
 * The inline path is for these, because their cost decides how fast a file is read.
 */
static inline bool lane_record(struct lane *lane, const struct record *r, struct event *out)
{
	const struct known_id *id = decoder_id(lane->decoder, r->data, r->size);

	if (lane->wants >> id->kind & 1 || lane->alert || shows_life(r->ts, lane->seen, lane->kept))
		return lane_consider(lane, r, id, out);
	lane_count(lane, r->ts, id->slot);
	lane->seen = r->ts;
	return false;
}

/* Records were lost before the one at @ts. Returns true if @out was filled. */
bool lane_lost(struct lane *lane, uint64_t ts, uint64_t offset, int64_t missed, struct event *out);

#endif
