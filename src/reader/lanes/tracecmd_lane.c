// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * tracecmd_lane.c - one CPU's records through tracecmd_read_data()
 *
 * A loss belongs to the first record of a sub-buffer. The library forgets the loss when the sub-buffer begins with a
 * time extend, and a time extend is what follows a long silence (KERNEL-FACTS 4). So this reader also reads the commit
 * word of each new page itself.
 */
#include "reader/lanes/tracecmd_lane.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "reader/file/subbuf.h"
#include "reader/lanes/tracecmd_private.h"

struct tracecmd_lane {
	struct tracecmd_input *handle;
	struct tep_record *held;	/* taken from the library, not delivered yet */
	bool told;			/* the loss before it is delivered already */
	struct subbuf_layout layout;
	uint64_t page, offset;	/* of the last record */
	bool any, read;			/* a record's page is known; the library was asked at least once */
};

static int64_t missed_before(struct tracecmd_lane *t, struct tep_record *rec)
{
	uint64_t page = rec->offset & ~((uint64_t)t->layout.page_size - 1);
	bool new_page = !t->any || page != t->page;
	const unsigned char *map;
	struct subbuf sb;

	t->any = true;
	t->page = page;
	if (rec->missed_events)
		return rec->missed_events;
	if (!new_page || !tracecmd_record_page)
		return 0;
	map = tracecmd_record_page(t->handle, rec);
	if (!map)
		return 0;
	subbuf_open(&sb, map, &t->layout);
	return sb.missed;
}

/* The library ends a lane where it cannot read on, without an error. So compare its last record with the lane's last. */
static bool ends_early(const struct lane *lane, const struct tracecmd_lane *t)
{
	struct tep_record *last;
	bool early;

	if (!t->any || !tracecmd_read_cpu_last)
		return false;
	last = tracecmd_read_cpu_last(t->handle, lane->cpu);
	early = !last || last->offset > t->offset;
	tracecmd_free_record(last);
	return early;
}

static int fill(struct lane *lane, struct unpacker *u, struct event *out, size_t max)
{
	struct tracecmd_lane *t = lane->priv;
	struct tep_record *rec;
	int64_t missed;
	size_t n = 0;

	(void)u;	/* the library unpacks */
	t->read = true;
	while (n < max && (rec = t->held ? t->held : tracecmd_read_data(t->handle, lane->cpu))) {
		missed = t->told ? 0 : missed_before(t, rec);
		t->held = NULL;
		t->told = false;
		if (missed && lane_lost(lane, rec->ts, rec->offset, missed, &out[n])) {
			n++;
			t->held = rec;
			t->told = true;
			continue;
		}
		n += lane_record(lane, &(struct record){ .data = rec->data, .size = rec->size > 0 ? (size_t)rec->size : 0,
							 .ts = rec->ts, .offset = rec->offset }, &out[n]);
		t->offset = rec->offset;
		tracecmd_free_record(rec);
	}
	if (n < max && !lane->torn)
		lane->torn = ends_early(lane, t);
	return (int)n;
}

static int seek(struct lane *lane)
{
	struct tracecmd_lane *t = lane->priv;

	if (!t->read)
		return 0;
	if (t->held)
		tracecmd_free_record(t->held);
	t->held = NULL;
	if (!lane->from || !tracecmd_set_cpu_to_timestamp ||
	    tracecmd_set_cpu_to_timestamp(t->handle, lane->cpu, lane->from))
		t->held = tracecmd_read_cpu_first(t->handle, lane->cpu);
	t->told = t->any = false;
	return 0;
}

static void lane_close(struct lane *lane)
{
	struct tracecmd_lane *t = lane->priv;

	if (t->held)
		tracecmd_free_record(t->held);
	free(t);
}

static const struct lane_ops tracecmd_lane_ops = { .fill = fill, .seek = seek, .close = lane_close };

int tracecmd_lane_init(struct lane *lane, struct tracecmd_input *handle)
{
	struct tracecmd_lane *t = calloc(1, sizeof(*t));

	if (!t)
		return -ENOMEM;
	t->handle = handle;
	t->layout = lane->decoder->layout;
	lane->ops = &tracecmd_lane_ops;
	lane->priv = t;
	return 0;
}
