// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * pages.c - where is the next sub-buffer?
 *
 * Chunks have no times in their headers. So the time of a chunk's first sub-buffer is kept when the chunk is unpacked
 * for the first time. A later replay of a window then begins at the right chunk.
 *
 * A chunk that makes no sense is skipped, up to the next bytes that look like one. A last sub-buffer that is cut is
 * returned with zeroes for the missing bytes.
 */
#include "reader/lanes/pages.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "util/array.h"
#include "util/search.h"

enum { COUNT = 4 };	/* bytes before the chunks: how many there are */

#define ANY_CHUNKS UINT32_MAX

static uint32_t load32(const struct pages *p, uint64_t pos)
{
	uint32_t v;

	memcpy(&v, p->base + pos, sizeof(v));
	return p->form.swap ? __builtin_bswap32(v) : v;
}

void pages_init(struct pages *p, const struct container *c, const struct buffer_map *buffer, const struct extent *extent,
		const struct subbuf_layout *layout)
{
	*p = (struct pages){
		.base = c->map + extent->offset, .size = extent->size, .layout = *layout,
		.file_offset = buffer->compressed ? extent->plain_offset : extent->offset,
		.form = { .codec = c->codec, .page_size = layout->page_size, .swap = c->swap },
		.compressed = buffer->compressed, .uncounted = extent->uncounted,
	};
	pages_seek(p, 0);
}

static bool page_begins_by(const void *pages, size_t i, uint64_t time)
{
	const struct pages *p = pages;

	return subbuf_time(p->base + i * p->layout.page_size, &p->layout) <= time;
}

static bool mark_is_by(const void *marks, size_t i, uint64_t time)
{
	return ((const struct chunk_mark *)marks)[i].time <= time;
}

/* The last of @nr elements that is at or before @time; the first one if there is none. */
static size_t last_by(const void *list, size_t nr, before_fn *is_by, uint64_t time)
{
	size_t by = count_before(list, nr, is_by, time);

	return by ? by - 1 : 0;
}

void pages_seek(struct pages *p, uint64_t time)
{
	const struct chunk_mark *mark;

	time = p->rough ? 0 : time;
	p->lost = p->gone = false;
	p->plain_len = p->plain_at = 0;
	if (!p->compressed) {
		p->pos = time ? last_by(p, p->size / p->layout.page_size, page_begins_by, time) * p->layout.page_size : 0;
		return;
	}
	p->pos = COUNT;
	p->plain_offset = p->file_offset;
	p->left = p->size < COUNT ? 0 : p->uncounted ? ANY_CHUNKS : load32(p, 0);
	if (!time || !p->nr_marks)
		return;
	mark = &p->marks[last_by(p->marks, p->nr_marks, mark_is_by, time)];
	p->pos = mark->pos;
	p->plain_offset = mark->offset;
	p->left = mark->left;
}

/* Remember the chunk at @pos when it is reached for the first time. */
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

/*
 * Unpack the chunk at @at. If it goes beyond the end, unpack as much as its bytes give. Returns 1, 0: nothing, or -ENOMEM.
 */
static int take_chunk(struct pages *p, struct unpacker *u, uint64_t at)
{
	struct chunk c = chunk_head(p->base + at, p->form.swap);
	uint64_t room = p->size - at - CHUNK_HEAD;
	const unsigned char *data = p->base + at + CHUNK_HEAD;
	bool cut = c.packed > room;
	long got;

	if (c.size > UNPACK_MAX || (cut && !chunk_begins(&p->form, p->base + at, p->size - at)))
		return 0;
	if (make_room(p, c.size > p->layout.page_size ? c.size : p->layout.page_size))
		return -ENOMEM;
	got = cut ? unpack_begin(u, p->form.codec, data, (size_t)room, p->plain, c.size)
		  : unpack(u, p->form.codec, data, c.packed, p->plain, c.size);
	if (got <= 0)
		return got == -ENOMEM ? -ENOMEM : 0;
	p->plain_len = (size_t)got;
	if (p->plain_len >= p->layout.page_size && keep_mark(p, at))
		return -ENOMEM;
	p->pos = cut ? chunk_find(&p->form, p->base, at + 1, p->size) : at + CHUNK_HEAD + c.packed;
	p->gone = cut && p->plain_len < c.size;
	p->left -= p->left != ANY_CHUNKS;
	return 1;
}

/* The chunk at @at makes no sense, so its size is worthless too. Go on to the next one; any number may lie between. */
static void pass_over(struct pages *p, uint64_t at)
{
	p->pos = chunk_find(&p->form, p->base, at + 1, p->size);
	if (p->pos < p->size || !chunk_begins(&p->form, p->base + at, p->size - at))
		p->skipped += p->pos - at;	/* else it is only cut */
	p->left = ANY_CHUNKS;
	p->lost = true;
}

/* The number of chunks may be damaged as well. So bytes behind the last chunk that look like a chunk are one. */
static bool more_chunks(struct pages *p)
{
	if (p->size - p->pos < CHUNK_HEAD)
		return false;
	if (!p->left && p->pos > COUNT && chunk_begins(&p->form, p->base + p->pos, p->size - p->pos))
		p->left = ANY_CHUNKS;
	return p->left;
}

/* Unpack the next chunk. Returns 1, 0: no more, or -ENOMEM. */
static int next_chunk(struct pages *p, struct unpacker *u)
{
	p->lost |= p->gone;
	p->gone = false;
	p->plain_offset += p->plain_len;
	p->plain_len = p->plain_at = 0;
	while (p->size > COUNT && more_chunks(p)) {
		uint64_t at = p->pos;
		int got = take_chunk(p, u, at);

		if (got)
			return got;
		pass_over(p, at);
	}
	p->lost |= p->left && p->left != ANY_CHUNKS;	/* more were counted than there are */
	p->left = 0;
	p->pos = p->size;
	return 0;
}

/* The last @len bytes are a sub-buffer without its end. If they are too few for a record, they are only a loss. */
static bool cut_page(struct pages *p, const unsigned char *from, size_t len, const unsigned char **ret)
{
	if (len < 8 + p->layout.long_size + 4) {
		p->lost |= len != 0;
		return false;
	}
	memmove(p->plain, from, len);
	memset(p->plain + len, 0, p->layout.page_size - len);
	p->have = (uint32_t)len;
	*ret = p->plain;
	return true;
}

static int next_plain(struct pages *p, const unsigned char **ret)
{
	const unsigned char *from = p->base + p->pos;
	uint64_t left = p->size - p->pos;

	p->offset = p->file_offset + p->pos;
	if (left >= p->layout.page_size) {
		*ret = from;
		p->pos += p->layout.page_size;
		return 1;
	}
	p->pos = p->size;
	if (left && make_room(p, p->layout.page_size))
		return -ENOMEM;
	return cut_page(p, from, (size_t)left, ret);
}

static int next_packed(struct pages *p, struct unpacker *u, const unsigned char **ret)
{
	do {
		int got = p->plain_at < p->plain_len ? 1 : next_chunk(p, u);

		if (got <= 0)
			return got;
		*ret = p->plain + p->plain_at;
		p->offset = p->plain_offset + p->plain_at;
		if (p->plain_len - p->plain_at >= p->layout.page_size) {
			p->plain_at += p->layout.page_size;
			return 1;
		}
		got = cut_page(p, *ret, p->plain_len - p->plain_at, ret);
		p->plain_at = p->plain_len;
		if (got)
			return 1;
	} while (true);
}

int pages_next(struct pages *p, struct unpacker *u, const unsigned char **ret)
{
	p->have = p->layout.page_size;
	return p->compressed ? next_packed(p, u, ret) : next_plain(p, ret);
}

const unsigned char *pages_peek(const struct pages *p)
{
	const unsigned char *at = p->compressed ? p->plain + p->plain_at : p->base + p->pos;
	uint64_t left = p->compressed ? p->plain_len - p->plain_at : p->size - p->pos;

	return left < p->layout.page_size ? NULL : at;
}

void pages_clear(struct pages *p)
{
	free(p->plain);
	free(p->marks);
	*p = (struct pages){ 0 };
}
