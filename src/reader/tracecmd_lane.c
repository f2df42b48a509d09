// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * tracecmd_lane.c - one CPU's records through tracecmd_read_data()
 *
 * A loss belongs to the first record of a sub-buffer. The library forgets it when the sub-buffer
 * begins with a time extend, which is just what follows a long silence (KERNEL-FACTS 4), so the commit
 * word of each new page is read here as well.
 */
#include "reader/tracecmd_lane.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "reader/tracecmd_private.h"

#define COMMIT_MISSED_EVENTS (UINT32_C(1) << 31)
#define COMMIT_MISSED_STORED (UINT32_C(1) << 30)
#define COMMIT_SIZE	     ((UINT32_C(1) << 27) - 1)
#define COMMIT_OFFSET	     8	/* behind the sub-buffer's time stamp */

struct tracecmd_lane {
	struct tracecmd_input *handle;
	const struct decoder *decoder;
	struct tep_record *held;	/* taken from the library, not delivered yet */
	bool told;			/* the loss before it was */
	uint64_t page, page_size, offset;	/* of the last record */
	bool any, read;			/* a record's page is known; the library was asked at all */
};

static uint64_t load_long(const struct decoder *d, const unsigned char *p)
{
	uint32_t u32;
	uint64_t u64;

	if (d->long_size == 4) {
		memcpy(&u32, p, sizeof(u32));
		return d->common.swap ? __builtin_bswap32(u32) : u32;
	}
	memcpy(&u64, p, sizeof(u64));
	return d->common.swap ? __builtin_bswap64(u64) : u64;
}

/* How many records were lost before the sub-buffer at @map; -1: unknown number, 0: none. */
static int64_t page_missed(const struct tracecmd_lane *t, const unsigned char *map)
{
	uint64_t commit = load_long(t->decoder, map + COMMIT_OFFSET);
	uint64_t end = COMMIT_OFFSET + t->decoder->long_size + (commit & COMMIT_SIZE), count = 0;

	if (!(commit & COMMIT_MISSED_EVENTS))
		return 0;
	if (commit & COMMIT_MISSED_STORED && end + t->decoder->long_size <= t->page_size)
		count = load_long(t->decoder, map + end);
	return count && count <= INT64_MAX ? (int64_t)count : -1;
}

static int64_t missed_before(struct tracecmd_lane *t, struct tep_record *rec)
{
	uint64_t page = rec->offset & ~(t->page_size - 1);
	bool new_page = !t->any || page != t->page;
	const unsigned char *map;

	t->any = true;
	t->page = page;
	if (rec->missed_events)
		return rec->missed_events;
	if (!new_page || !tracecmd_record_page)
		return 0;
	map = tracecmd_record_page(t->handle, rec);
	return map ? page_missed(t, map) : 0;
}

static void put_record(struct lane *lane, const struct tracecmd_lane *t, const struct tep_record *rec, struct event *ev)
{
	ev->ts = rec->ts;
	ev->offset = rec->offset;
	if (!decoder_decode(t->decoder, rec->data, rec->size > 0 ? (size_t)rec->size : 0, ev))
		lane->undecodable++;
}

/* The library ends a lane where it cannot read on, and says nothing. Is its last record not the lane's last? */
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

static int fill(struct lane *lane, struct event *out, size_t max)
{
	struct tracecmd_lane *t = lane->priv;
	struct tep_record *rec;
	int64_t missed;
	size_t n = 0;

	t->read = true;
	while (n < max && (rec = t->held ? t->held : tracecmd_read_data(t->handle, lane->cpu))) {
		missed = t->told ? 0 : missed_before(t, rec);
		t->held = NULL;
		t->told = false;
		if (missed) {
			out[n++] = (struct event){
				.ts = rec->ts, .offset = rec->offset, .kind = EVENT_LOST, .lost.missed = missed
			};
			t->held = rec;
			t->told = true;
			continue;
		}
		put_record(lane, t, rec, &out[n++]);
		t->offset = rec->offset;
		tracecmd_free_record(rec);
	}
	if (n < max && !lane->cut)
		lane->cut = ends_early(lane, t);
	return (int)n;
}

/* The library can look for a time, but re-reads the file to do so: from the start is as good. */
static int seek(struct lane *lane, uint64_t from_ns)
{
	struct tracecmd_lane *t = lane->priv;

	(void)from_ns;
	if (!t->read)
		return 0;
	if (t->held)
		tracecmd_free_record(t->held);
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

int tracecmd_lane_init(struct lane *lane, struct tracecmd_input *handle, const struct decoder *decoder)
{
	struct tracecmd_lane *t = calloc(1, sizeof(*t));

	if (!t)
		return -ENOMEM;
	t->handle = handle;
	t->decoder = decoder;
	t->page_size = decoder->page_size;
	lane->ops = &tracecmd_lane_ops;
	lane->priv = t;
	return 0;
}
