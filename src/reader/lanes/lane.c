// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * lane.c - which records are delivered, and how are the others counted?
 *
 * A record that no pass wants still shows that its CPU was alive. Of a run of such records, three are delivered: the
 * first after a silence, the one that bounds a hold, and one a millisecond. prev_ns of a delivered event is the time of
 * the record before it, whether that was delivered or not.
 */
#include "reader/lanes/lane.h"

#include <string.h>

int lane_start(struct lane *lane, uint64_t wants, uint64_t from, bool counting)
{
	lane->wants = wants;
	lane->from = from;
	lane->counting = counting;
	lane->any = lane->ended = false;
	lane->alert = true;
	lane->seen = lane->kept = 0;
	return lane->ops->seek(lane);
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

bool lane_consider(struct lane *lane, const struct record *r, const struct known_id *id, struct event *out)
{
	uint64_t ts = r->ts;
	bool keep;

	if (ts < lane->from)
		return false;
	if (lane->any && ts < lane->seen) {
		ts = lane->seen;
		lane->backward += lane->counting;
	}
	if (lane->counting && !lane->events)
		lane->first_ns = ts;
	lane_count(lane, ts, id->slot);
	keep = lane->wants >> id->kind & 1 || lane->alert || shows_life(ts, lane->seen, lane->kept);
	if (keep) {
		fill_place(lane, ts, r->offset, out);
		if (!decoder_decode(lane->decoder, r->data, r->size, out))
			lane->undecodable += lane->counting;
		lane->kept = ts;
		lane->alert = id->kind == EVENT_LRU_ISOLATE || (lane->alert && event_within_lock(out));
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
	out->lost = (struct ev_lost){ .missed = missed, .since = lane->any ? lane->seen : 0 };
	lane->alert = true;	/* after a loss, knowledge begins again with the next record */
	return true;
}
