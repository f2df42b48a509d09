// SPDX-License-Identifier: LGPL-2.1-or-later
/* packet.c - encode tracks and their slices and counters as Perfetto's packets */
#include "export/perfetto/packet.h"

/* Of TrackDescriptor and its CounterDescriptor. */
enum { TRACK_UUID = 1, TRACK_NAME = 2, TRACK_PARENT = 5, TRACK_COUNTER = 8, TRACK_ORDERING = 11, TRACK_RANK = 12, TRACK_ABOUT = 14 };
enum { ORDERING_EXPLICIT = 3 };
enum { COUNTER_UNIT_NAME = 6 };
/* Of TrackEvent, in addition to those in the header. */
enum { EVENT_NOTE = 4, EVENT_TYPE = 9, EVENT_TRACK = 11, EVENT_COUNTER_VALUE = 30 };
enum { TYPE_COUNTER = 4 };
/* Of DebugAnnotation. */
enum { NOTE_UINT = 3, NOTE_INT = 4, NOTE_STRING = 6, NOTE_NAME = 10 };

static void put_counter(struct protobuf *b, const char *unit)
{
	size_t counter = pb_begin(b, TRACK_COUNTER);

	pb_text(b, COUNTER_UNIT_NAME, unit);
	pb_end(b, counter);
}

void packet_track(struct protobuf *b, const struct track *t)
{
	size_t packet = pb_begin(b, TRACE_PACKET), track;

	pb_uint(b, PACKET_SEQUENCE, SEQUENCE_HEAD);
	track = pb_begin(b, PACKET_TRACK_DESCRIPTOR);
	pb_uint(b, TRACK_UUID, t->id);
	if (t->id != track_id(TRACK_GROUP, GROUP_ALL))
		pb_uint(b, TRACK_PARENT, track_id(TRACK_GROUP, t->group));
	pb_text(b, TRACK_NAME, t->name);
	if (t->about)
		pb_text(b, TRACK_ABOUT, t->about);
	if (t->unit)
		put_counter(b, t->unit);
	pb_int(b, TRACK_RANK, t->rank);
	pb_uint(b, TRACK_ORDERING, ORDERING_EXPLICIT);
	pb_end(b, track);
	pb_end(b, packet);
}

void packet_group(struct protobuf *b, enum track_group group, const char *name, const char *about)
{
	packet_track(b, &(struct track){
		.id = track_id(TRACK_GROUP, group), .group = GROUP_ALL, .rank = (int)group, .name = name, .about = about });
}

struct packet packet_slice(struct protobuf *b, uint32_t sequence, uint64_t track, uint64_t ts, enum slice what)
{
	struct packet begun = { .packet = pb_begin(b, TRACE_PACKET) };

	pb_uint(b, PACKET_TIMESTAMP, ts);
	pb_uint(b, PACKET_SEQUENCE, sequence);
	begun.event = pb_begin(b, PACKET_TRACK_EVENT);
	pb_uint(b, EVENT_TYPE, what);
	pb_uint(b, EVENT_TRACK, track);
	return begun;
}

void packet_end(struct protobuf *b, struct packet begun)
{
	pb_end(b, begun.event);
	pb_end(b, begun.packet);
}

void packet_count(struct protobuf *b, uint32_t sequence, uint64_t track, uint64_t ts, uint64_t value)
{
	struct packet begun = packet_slice(b, sequence, track, ts, (enum slice)TYPE_COUNTER);

	pb_uint(b, EVENT_COUNTER_VALUE, value);
	packet_end(b, begun);
}

static size_t note(struct protobuf *b, const char *name)
{
	size_t begun = pb_begin(b, EVENT_NOTE);

	pb_text(b, NOTE_NAME, name);
	return begun;
}

void note_int(struct protobuf *b, const char *name, int64_t v)
{
	size_t begun = note(b, name);

	pb_int(b, NOTE_INT, v);
	pb_end(b, begun);
}

void note_uint(struct protobuf *b, const char *name, uint64_t v)
{
	size_t begun = note(b, name);

	pb_uint(b, NOTE_UINT, v);
	pb_end(b, begun);
}

void note_text(struct protobuf *b, const char *name, const char *s)
{
	size_t begun;

	if (!s)
		return;
	begun = note(b, name);
	pb_text(b, NOTE_STRING, s);
	pb_end(b, begun);
}
