// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * pages.c - where is the next sub-buffer?
 *
 * Chunks have no times in their headers. So their first sub-buffer's time is kept when they are unpacked for
 * the first time, and a later replay of a window begins at the right one.
 */
#include "reader/pages.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "util/text.h"

static uint32_t load32(const struct pages *p, uint64_t pos)
{
	uint32_t v;

	memcpy(&v, p->base + pos, sizeof(v));
	return p->swap ? __builtin_bswap32(v) : v;
}

void pages_init(struct pages *p, const struct container *c, const struct buffer_map *buffer, const struct extent *extent,
		const struct subbuf_layout *layout)
{
	*p = (struct pages){
		.base = c->map + extent->offset, .size = extent->size, .layout = *layout,
		.file_offset = buffer->compressed ? extent->plain_offset : extent->offset,
		.codec = c->codec, .compressed = buffer->compressed, .swap = c->swap,
	};
	pages_seek(p, 0);
}

/* The last sub-buffer that begins at or before @time. */
static uint64_t search_plain(const struct pages *p, uint64_t time)
{
	uint64_t low = 0, high = p->size / p->layout.page_size;

	while (high - low > 1) {
		uint64_t mid = low + (high - low) / 2;

		if (subbuf_time(p->base + mid * p->layout.page_size, &p->layout) <= time)
			low = mid;
		else
			high = mid;
	}
	return low * p->layout.page_size;
}

static const struct chunk_mark *search_marks(const struct pages *p, uint64_t time)
{
	size_t low = 0, high = p->nr_marks;

	while (high - low > 1) {
		size_t mid = low + (high - low) / 2;

		if (p->marks[mid].time <= time)
			low = mid;
		else
			high = mid;
	}
	return &p->marks[low];
}

void pages_seek(struct pages *p, uint64_t time)
{
	const struct chunk_mark *mark;

	p->lost = false;
	p->plain_len = p->plain_at = 0;
	if (!p->compressed) {
		p->pos = time && p->size ? search_plain(p, time) : 0;
		return;
	}
	p->pos = 4;
	p->plain_offset = p->file_offset;
	p->left = p->size >= 4 ? load32(p, 0) : 0;
	if (!time || !p->nr_marks)
		return;
	mark = search_marks(p, time);
	p->pos = mark->pos;
	p->plain_offset = mark->offset;
	p->left = mark->left;
}

/* Remember the chunk at @pos, the first time that it is reached. */
static int keep_mark(struct pages *p, uint64_t pos)
{
	struct chunk_mark *bigger;

	if (p->nr_marks && p->marks[p->nr_marks - 1].pos >= pos)
		return 0;
	bigger = grow(p->marks, &p->cap_marks, p->nr_marks, sizeof(*bigger));
	if (!bigger)
		return -ENOMEM;
	p->marks = bigger;
	bigger[p->nr_marks++] = (struct chunk_mark){
		.time = subbuf_time(p->plain, &p->layout), .pos = pos, .offset = p->plain_offset, .left = p->left
	};
	return 0;
}

static int make_room(struct pages *p, uint32_t size)
{
	unsigned char *bigger;

	if (size <= p->plain_cap)
		return 0;
	bigger = realloc(p->plain, size);
	if (!bigger)
		return -ENOMEM;
	p->plain = bigger;
	p->plain_cap = size;
	return 0;
}

/* Unpack the next chunk; one that cannot be is passed over, for its size is known. Returns 1, 0: no more. */
static int next_chunk(struct pages *p, struct unpacker *u)
{
	while (p->left) {
		uint64_t at = p->pos;
		uint32_t packed, size;
		long got;

		if (p->size - at < 8 || load32(p, at) > p->size - at - 8) {
			p->damaged = p->lost = true;
			p->left = 0;
			return 0;
		}
		packed = load32(p, at);
		size = load32(p, at + 4);
		p->plain_offset += p->plain_len;
		got = size > UNPACK_MAX ? -EBADMSG : make_room(p, size);
		if (!got)
			got = unpack(u, p->codec, p->base + at + 8, packed, p->plain, size);
		if (got == -ENOMEM)
			return -ENOMEM;
		p->plain_len = got > 0 ? (size_t)got : 0;
		p->plain_at = 0;
		if (p->plain_len >= p->layout.page_size && keep_mark(p, at))
			return -ENOMEM;
		p->pos += 8 + (uint64_t)packed;
		p->left--;
		if (p->plain_len >= p->layout.page_size)
			return 1;
		p->damaged = p->lost = true;
	}
	return 0;
}

int pages_next(struct pages *p, struct unpacker *u, const unsigned char **ret)
{
	uint32_t size = p->layout.page_size;

	if (!p->compressed) {
		if (p->size - p->pos < size) {
			p->damaged |= p->size != p->pos;
			return 0;
		}
		*ret = p->base + p->pos;
		p->offset = p->file_offset + p->pos;
		p->pos += size;
		return 1;
	}
	if (p->plain_len - p->plain_at < size) {
		int got = next_chunk(p, u);

		if (got <= 0)
			return got;
	}
	*ret = p->plain + p->plain_at;
	p->offset = p->plain_offset + p->plain_at;
	p->plain_at += size;
	return 1;
}

void pages_clear(struct pages *p)
{
	free(p->plain);
	free(p->marks);
	*p = (struct pages){ 0 };
}
