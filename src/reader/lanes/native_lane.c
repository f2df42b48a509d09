// SPDX-License-Identifier: LGPL-2.1-or-later
/* native_lane.c - one CPU's records out of the mapped file, the same records as the library gives in tracecmd_lane.c */
#include "reader/lanes/native_lane.h"

#include <errno.h>
#include <stdlib.h>

#include "reader/lanes/pages.h"

#define JUMP UINT64_C(1000000000)	/* a second in ns, and still a long time in cycles */

/*
 * @page: the sub-buffer being walked; @sb: the cursor in it. @missed: the loss to report before its next record. @last:
 * stamp
 * of the last record of the sub-buffer before. @limit: a later stamp cannot belong to this sub-buffer.
 */
struct native_lane {
	struct pages pages;
	const unsigned char *page;
	struct subbuf sb;
	uint64_t last, limit;
	int64_t missed;
	const unsigned char *data;	/* taken, not delivered yet */
	size_t size;
	int64_t ts_offset;
	uint32_t tsc_mult, tsc_shift;
};

/* Convert as libtracecmd does, overflow included, so that both readers give the same times. */
static uint64_t time_of(const struct native_lane *n, uint64_t raw)
{
	uint64_t ts = raw;

	if (n->tsc_mult) {
		ts = ((raw & UINT32_MAX) * n->tsc_mult) >> n->tsc_shift;
		if (raw >> 32)
			ts += ((raw >> 32) * n->tsc_mult) << (32 - n->tsc_shift);
	}
	return ts + (uint64_t)n->ts_offset;
}

/* Where to look for a record at @ts. Cycles cannot be converted back, so the search starts at the begin. */
static uint64_t raw_of(const struct native_lane *n, uint64_t ts)
{
	return n->tsc_mult ? 0 : ts - (uint64_t)n->ts_offset;
}

/*
 * A stamp that damage made too late would move all later records to its time. So a record later than the begin of the
 * next sub-buffer is damage. JUMP is the tolerance, because clocks jump a little. The stamp of the next sub-buffer is
 * used only if it makes sense itself.
 */
static void set_limit(struct native_lane *n)
{
	const unsigned char *next = pages_peek(&n->pages);
	uint64_t time = next && subbuf_plausible(next, &n->pages.layout) ? subbuf_time(next, &n->pages.layout) : 0;

	n->limit = time && time >= n->last && time < UINT64_MAX - JUMP ? time + JUMP : UINT64_MAX;
}

/* The sub-buffer is at its end, or at its damage. A sub-buffer that is only cut does not count as damaged. */
static void close_page(struct lane *lane, struct native_lane *n)
{
	const struct subbuf_layout *layout = &n->pages.layout;

	if (!n->sb.damaged) {
		n->last = n->sb.ts;
		return;
	}
	n->missed = -1;
	n->sb.damaged = false;
	n->pages.rough |= !subbuf_plausible(n->page, layout) || subbuf_time(n->page, layout) > n->limit;
	lane->bad_pages += lane->counting && n->pages.have == layout->page_size;
}

/* Note the bytes before the next sub-buffer, or before the end, that cannot be read. */
static void note_lost(struct lane *lane, struct native_lane *n)
{
	if (n->pages.lost)
		n->missed = -1;
	lane->bad_bytes += lane->counting ? n->pages.skipped : 0;
	n->pages.lost = false;
	n->pages.skipped = 0;
}

/* Open the next sub-buffer. A loss before it is added to what damage cost the sub-buffer before. */
static int next_page(struct lane *lane, struct native_lane *n, struct unpacker *u)
{
	int got;

	close_page(lane, n);
	got = pages_next(&n->pages, u, &n->page);
	note_lost(lane, n);
	lane->torn |= !got && n->missed;
	if (got <= 0)
		return got;
	subbuf_open(&n->sb, n->page, &n->pages.layout);
	if (n->pages.have < n->pages.layout.page_size)
		subbuf_clip(&n->sb, n->page + n->pages.have);
	if (n->sb.missed && n->missed >= 0)
		n->missed = n->sb.missed;
	set_limit(n);
	return 1;
}

static size_t take(struct lane *lane, struct native_lane *n, struct event *out)
{
	struct record r = { .data = n->data, .size = n->size, .ts = time_of(n, n->sb.ts),
			    .offset = n->pages.offset + (uint64_t)(n->sb.p - n->page) };

	if (n->missed) {
		int64_t missed = n->missed;

		n->missed = 0;
		return lane_lost(lane, r.ts, r.offset, missed, out);
	}
	n->data = NULL;
	return lane_record(lane, &r, out);
}

static inline const unsigned char *next_record(struct native_lane *n)
{
	const unsigned char *data = subbuf_next(&n->sb, &n->size);

	if (!data || n->sb.ts <= n->limit)
		return data;
	n->sb.damaged = true;
	return NULL;
}

static int fill(struct lane *lane, struct unpacker *u, struct event *out, size_t max)
{
	struct native_lane *n = lane->priv;
	size_t filled = 0;
	int got = 1;

	while (filled < max && got > 0) {
		if (!n->data)
			n->data = next_record(n);
		if (n->data)
			filled += take(lane, n, &out[filled]);
		else
			got = next_page(lane, n, u);
	}
	lane_tell(lane, n->pages.pos);
	return got < 0 ? got : (int)filled;
}

static int seek(struct lane *lane)
{
	struct native_lane *n = lane->priv;

	pages_seek(&n->pages, lane->from ? raw_of(n, lane->from) : 0);
	n->sb = (struct subbuf){ 0 };
	n->data = NULL;
	n->missed = 0;
	n->last = 0;
	return 0;
}

static void lane_close(struct lane *lane)
{
	struct native_lane *n = lane->priv;

	pages_clear(&n->pages);
	free(n);
}

static const struct lane_ops native_lane_ops = { .fill = fill, .seek = seek, .close = lane_close };

int native_lane_init(struct lane *lane, const struct container *c, const struct buffer_map *buffer,
		     const struct extent *extent)
{
	struct native_lane *n = calloc(1, sizeof(*n));
	struct subbuf_layout layout = lane->decoder->layout;

	if (!n)
		return -ENOMEM;
	layout.page_size = buffer->page_size;
	pages_init(&n->pages, c, buffer, extent, &layout);
	n->ts_offset = c->ts_offset;
	n->tsc_mult = c->tsc_mult;
	n->tsc_shift = c->tsc_shift;
	lane->torn = extent->torn;
	lane->ops = &native_lane_ops;
	lane->priv = n;
	return 0;
}
