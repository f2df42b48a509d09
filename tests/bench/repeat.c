// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * repeat.c - what in a sub-buffer is a time?
 *
 * Its header's stamp, and each TIME_STAMP element, which counts from the clock's zero as well. All else is relative.
 * Layout: include/linux/ring_buffer.h.
 */
#include "repeat.h"

#include <stdlib.h>
#include <string.h>

#define COMMIT_SIZE ((UINT64_C(1) << 27) - 1)
#define DELTA_BITS  27
#define DELTA_MASK  ((UINT64_C(1) << DELTA_BITS) - 1)

enum { TYPE_LONG = 0, TYPE_PADDING = 29, TYPE_TIME_EXTEND = 30, TYPE_TIME_STAMP = 31 };

struct element { uint32_t type; uint64_t delta; };

static struct element load_element(const struct source *s, const unsigned char *p)
{
	uint32_t head = (uint32_t)source_load(s, p, 4);

	if (s->c.swap != (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__))
		return (struct element){ .type = head >> DELTA_BITS, .delta = head & DELTA_MASK };
	return (struct element){ .type = head & 31, .delta = head >> 5 };
}

static void store_time_stamp(const struct source *s, unsigned char *p, uint64_t ts)
{
	uint64_t delta = ts & DELTA_MASK;

	if (s->c.swap != (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__))
		source_store(s, p, (uint64_t)TYPE_TIME_STAMP << DELTA_BITS | delta, 4);
	else
		source_store(s, p, delta << 5 | TYPE_TIME_STAMP, 4);
	source_store(s, p + 4, ts >> DELTA_BITS, 4);
}

/* Bytes of the element at @p, of which @room are left; 0: it does not fit. */
static uint64_t element_size(const struct source *s, const unsigned char *p, uint64_t room, uint32_t type)
{
	uint64_t size = 4 + 4 * (uint64_t)type;

	if (type == TYPE_TIME_EXTEND || type == TYPE_TIME_STAMP)
		size = 8;
	else if ((type == TYPE_LONG || type == TYPE_PADDING) && room >= 8)
		size = 4 + ((source_load(s, p + 4, 4) + 3) & ~UINT64_C(3));
	return size <= room ? size : 0;
}

static void shift_page(const struct source *s, unsigned char *page, uint32_t page_size, uint64_t by)
{
	size_t head = 8 + s->c.long_size;
	uint64_t len = source_load(s, page + 8, s->c.long_size) & COMMIT_SIZE, size = 0;

	source_store(s, page, source_load(s, page, 8) + by, 8);
	for (uint64_t at = 0; len <= page_size - head && len - at >= 4; at += size) {
		unsigned char *p = page + head + at;
		struct element e = load_element(s, p);

		size = element_size(s, p, len - at, e.type);
		if (!size)
			return;
		if (e.type == TYPE_TIME_STAMP)
			store_time_stamp(s, p, (source_load(s, p + 4, 4) << DELTA_BITS) + e.delta + by);
	}
}

void repeat_lane(struct sink *k, const struct buffer_map *b, const struct extent *e, const struct repeats *r)
{
	uint64_t nr = e->size / b->page_size, total = nr * r->times, in_chunk = 0;
	unsigned char *chunk = malloc((size_t)CHUNK_PAGES * b->page_size);

	k->failed |= !chunk;
	if (total && k->codec != CODEC_NONE)
		sink_number(k, (total + CHUNK_PAGES - 1) / CHUNK_PAGES, 4);
	for (uint64_t i = 0; !k->failed && i < total; i++) {
		unsigned char *page = chunk + in_chunk++ * b->page_size;

		memcpy(page, k->source->c.map + e->offset + i % nr * b->page_size, b->page_size);
		shift_page(k->source, page, b->page_size, r->later + i / nr * r->step);
		if (in_chunk < CHUNK_PAGES && i + 1 < total)
			continue;
		sink_packed(k, chunk, in_chunk * b->page_size);
		in_chunk = 0;
	}
	free(chunk);
}
