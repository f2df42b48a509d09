// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * lane.c - which records are delivered, and what is counted of the others?
 *
 * A record that no pass wants still shows that its CPU lived. Of a run of them only what matters is
 * delivered: the first after a silence, the one that bounds a hold, and one a millisecond. prev_ns of each
 * delivered event is the record before it, delivered or not.
 */
#include "reader/lane.h"

#include <string.h>

#define SILENCE_NS   100000	/* shorter gaps bound nothing that is reported */
#define HEARTBEAT_NS 1000000	/* how stale the last sign of life of a CPU may be */

int lane_start(struct lane *lane, uint64_t wants, uint64_t from, bool counting)
{
	lane->wants = wants;
	lane->from = from;
	lane->counting = counting;
	lane->any = lane->alert = false;
	lane->seen = lane->kept = 0;
	return lane->ops->seek(lane);
}

static void count(struct lane *lane, uint64_t ts, uint16_t slot)
{
	if (!lane->counting)
		return;
	if (!lane->events++)
		lane->first_ns = ts;
	lane->last_ns = ts;
	lane->counts[slot]++;
}

static bool worth_keeping(const struct lane *lane, enum event_kind kind, uint64_t ts)
{
	return lane->wants >> kind & 1 || !lane->any || lane->alert || ts - lane->seen >= SILENCE_NS ||
	       ts - lane->kept >= HEARTBEAT_NS;
}

static void fill_place(const struct lane *lane, uint64_t ts, uint64_t offset, struct event *out)
{
	out->ts = ts;
	out->offset = offset;
	out->first = !lane->any;
	out->prev_ns = lane->any ? lane->seen : ts;
	out->cpu = lane->cpu;
	out->lane = lane->index;
}

bool lane_record(struct lane *lane, const void *data, size_t size, uint64_t ts, uint64_t offset, struct event *out)
{
	const struct decoder *d = lane->decoder;
	uint16_t id = decoder_id(d, data, size);
	enum event_kind kind = decoder_kind(d, id);
	bool keep;

	if (ts < lane->from)
		return false;
	if (lane->any && ts < lane->seen) {
		ts = lane->seen;
		lane->backward += lane->counting;
	}
	count(lane, ts, decoder_slot(d, id));
	keep = worth_keeping(lane, kind, ts);
	if (keep) {
		fill_place(lane, ts, offset, out);
		if (!decoder_decode(d, data, size, out))
			lane->undecodable += lane->counting;
		lane->kept = ts;
		lane->alert = kind == EVENT_LRU_ISOLATE;
	}
	lane->seen = ts;
	lane->any = true;
	return keep;
}

bool lane_lost(struct lane *lane, uint64_t ts, uint64_t offset, int64_t missed, struct event *out)
{
	if (ts < lane->from)
		return false;
	if (lane->counting && missed > 0)
		lane->lost += (uint64_t)missed;
	else if (lane->counting)
		lane->lost_marks++;
	fill_place(lane, lane->any && ts < lane->seen ? lane->seen : ts, offset, out);
	out->kind = EVENT_LOST;
	out->id = 0;
	out->pid = -1;
	out->present = 0;
	out->flags = out->preempt = 0;
	out->lost.missed = missed;
	lane->alert = true;	/* the record after a loss is where knowledge begins again */
	return true;
}
