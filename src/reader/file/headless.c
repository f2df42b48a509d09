// SPDX-License-Identifier: LGPL-2.1-or-later
/* headless.c - find the records of a file that has lost its headers */
#include "reader/file/headless.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "reader/file/carve.h"
#include "reader/file/chunk.h"
#include "reader/file/subbuf.h"

enum { COUNT = 4, SAMPLES = 256 };	/* bytes before a lane's chunks; how many sub-buffers are sampled */

/* The kernel's elements fill a sub-buffer exactly. Other data almost never parses to the very end, and hardly twice. */
static bool is_subbuf(const struct container *c, uint64_t at, const struct subbuf_layout *layout)
{
	const unsigned char *page = c->map + at;
	struct subbuf sb;
	size_t size, nr = 0;

	if (!subbuf_plausible(page, layout))
		return false;
	subbuf_open(&sb, page, layout);
	while (subbuf_next(&sb, &size))
		nr++;
	return nr && !sb.damaged;
}

/* Count the real sub-buffers among SAMPLES positions all over the file, each a multiple of the page size behind @phase. */
static unsigned int fits(const struct container *c, const struct subbuf_layout *layout, uint64_t phase)
{
	uint64_t all = (c->size - phase) / layout->page_size, step = all / SAMPLES + 1;
	unsigned int nr = 0;

	for (uint64_t i = 0; i < all; i += step)
		nr += is_subbuf(c, phase + i * layout->page_size, layout);
	return nr;
}

/* When the first bytes of the file are missing, sub-buffers may begin at any offset. So every phase is tried. */
static bool find_pages(const struct container *c, struct buffer_map *b)
{
	const struct subbuf_layout layout = { .page_size = b->page_size, .long_size = c->long_size, .swap = c->swap };
	unsigned int most = 0;

	for (uint64_t phase = 0; phase < b->page_size && phase + b->page_size <= c->size; phase++) {
		unsigned int nr = fits(c, &layout, phase);

		if (nr > most) {
			most = nr;
			b->phase = phase;
		}
		if (!phase && nr > SAMPLES / 2)
			break;
	}
	b->from = b->phase;
	return most > 0;
}

/*
 * The first lane may have lost its begin, so its chunks do not give the phase. The next lane begins at a multiple of the
 * sub-buffer size from that phase.
 */
static bool find_chunks(const struct container *c, struct buffer_map *b)
{
	const struct chunk_form form = { .codec = c->codec, .page_size = c->page_size, .swap = c->swap };
	uint64_t first = chunk_find(&form, c->map, COUNT, c->size), at = first, next;

	if (first == c->size)
		return false;
	b->from = first - COUNT;
	b->phase = b->from % b->page_size;
	for (; at < c->size; at = next) {
		uint64_t end = at + CHUNK_HEAD + chunk_head(c->map + at, c->swap).packed;

		next = chunk_find(&form, c->map, end, c->size);
		if (next == end || next == c->size || next - end > b->page_size + COUNT)
			continue;
		b->phase = (next - COUNT) % b->page_size;
		break;
	}
	return true;
}

static int try_form(struct container *c, const struct container *h, bool compressed)
{
	struct buffer_map *b = container_add_buffer(c, "");
	bool found;
	int err;

	if (!b)
		return -ENOMEM;
	b->page_size = h->buffers[0].page_size;
	b->compressed = compressed;
	b->headless = b->open = true;
	b->to = c->size;
	found = compressed ? find_chunks(c, b) : find_pages(c, b);
	err = found ? container_settle(c, b, 0) : -EBADMSG;
	return !err && !container_has_records(c) ? -EBADMSG : err;
}

/*
 * trace-cmd compresses when it joins the CPUs' files. The pieces of an unfinished recording are therefore not compressed,
 * even if the sibling is.
 */
int container_open_headless(const struct opening *o)
{
	const struct container *h = o->headers;
	struct container *c = o->c;
	const char *clock = h->nr_buffers && h->buffers[0].clock ? h->buffers[0].clock : h->clock;
	int err = -EBADMSG;

	c->version = h->version;
	c->big_endian = h->big_endian;
	c->swap = h->swap;
	c->long_size = h->long_size;
	c->page_size = h->page_size;
	c->codec = h->codec;
	strcpy(c->codec_name, h->codec_name);
	c->clock = clock ? strdup(clock) : NULL;
	if ((clock && !c->clock) || !h->nr_buffers)
		return h->nr_buffers ? -ENOMEM : -EBADMSG;
	if (h->buffers[0].compressed)
		err = try_form(c, h, true);
	if (err == -EBADMSG) {
		container_forget_buffers(c);
		err = try_form(c, h, false);
	}
	return err;
}
