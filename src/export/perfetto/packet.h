/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * packet.h - a Perfetto trace: one packet after the other, each a message of its own
 *
 * Field numbers are those of Perfetto's public protos (protos/perfetto/trace/trace_packet.proto, track_event/, ftrace/).
 * A sequence is the output of one writer, and its times must not go back. Slices of a track nest: the slice that begins
 * last ends first.
 */
#ifndef VMSTALL_PERFETTO_PACKET_H
#define VMSTALL_PERFETTO_PACKET_H

#include "util/protobuf.h"

#define PACKET_MAX_NS ((uint64_t)INT64_MAX)	/* Perfetto's times are signed */

/* Fields of TracePacket, and of the trace itself. */
enum {
	TRACE_PACKET = 1,
	PACKET_FTRACE_EVENTS = 1,
	PACKET_CLOCK_SNAPSHOT = 6,
	PACKET_TIMESTAMP = 8,
	PACKET_SEQUENCE = 10,
	PACKET_TRACK_EVENT = 11,
	PACKET_SYSTEM_INFO = 45,
	PACKET_TRACK_DESCRIPTOR = 60,
};

/*
 * Sequences: for the head; for all ftrace events; for other events streamed in order; for each CPU's losses; for each
 * track of the report.
 */
enum { SEQUENCE_HEAD = 1, SEQUENCE_FTRACE = 2, SEQUENCE_STREAM = 3, SEQUENCE_LOST = 0x10000, SEQUENCE_REPORT = 0x20000 };

/* A track's number is made of its kind and a number within that kind. */
enum track_kind {
	TRACK_GROUP = 1,	/* enum track_group */
	TRACK_STALLS,
	TRACK_HOLDS,
	TRACK_FROZEN,
	TRACK_RECLAIM,		/* by pid */
	TRACK_PAGES,		/* 0 scanned, 1 skipped */
	TRACK_LOST,		/* by CPU */
};
enum track_group { GROUP_ALL, GROUP_HOLDS, GROUP_FROZEN, GROUP_RECLAIM, GROUP_LOST, NR_GROUPS };

static inline uint64_t track_id(enum track_kind kind, uint32_t which)
{
	return (uint64_t)kind << 32 | which;
}

/**
 * struct track - a line in Perfetto's display
 * @group: the group above it; the group must be described too, before or after
 * @rank:  its place in the group, the lowest on top
 * @about: help text; may be NULL
 * @unit:  of a counter; NULL: it has slices
 */
struct track {
	uint64_t id;
	enum track_group group;
	int rank;
	const char *name, *about, *unit;
};

void packet_track(struct protobuf *b, const struct track *t);
/* Describe a group of tracks. The topmost group is GROUP_ALL. */
void packet_group(struct protobuf *b, enum track_group group, const char *name, const char *about);

enum { EVENT_NAME = 23, EVENT_FLOW = 47 };	/* of TrackEvent */
enum slice { SLICE_BEGIN = 1, SLICE_END = 2, SLICE_INSTANT = 3 };

/* A packet whose end is still to be written. */
struct packet { size_t packet, event; };

/* Begin a slice, or end it. EVENT_NAME, EVENT_FLOW and notes may follow until packet_end(). */
struct packet packet_slice(struct protobuf *b, uint32_t sequence, uint64_t track, uint64_t ts, enum slice what);
void packet_end(struct protobuf *b, struct packet begun);
void packet_count(struct protobuf *b, uint32_t sequence, uint64_t track, uint64_t ts, uint64_t value);

/* Details that Perfetto shows for a selected slice. A NULL text is left out. */
void note_int(struct protobuf *b, const char *name, int64_t v);
void note_uint(struct protobuf *b, const char *name, uint64_t v);
void note_text(struct protobuf *b, const char *name, const char *s);

#endif
