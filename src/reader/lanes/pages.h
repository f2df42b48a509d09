/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* pages.h - the sub-buffers of one CPU in order, from the mapped file or from its chunks */
#ifndef VMSTALL_PAGES_H
#define VMSTALL_PAGES_H

#include "reader/file/chunk.h"
#include "reader/file/container.h"
#include "reader/file/subbuf.h"

/* A chunk that was read before: its place, and the time of its first sub-buffer. */
struct chunk_mark { uint64_t time, pos, offset; uint32_t left; };

/**
 * struct pages - a cursor
 * @pos:    the next chunk or sub-buffer, from the begin of the extent
 * @left:   chunks still to come; ANY_CHUNKS: as many as there are
 * @offset: place of the sub-buffer last returned: in the file, or, compressed, where the library counts it to be
 * @have:   how many of its bytes are there; a cut one has fewer than a whole one, and zeroes behind them
 * @lost:   some data before the next one, or before the end, could not be read. The reader clears it
 * @gone:   the same for data behind the current chunk
 * @skipped: bytes of the file that made no sense. The reader clears it
 * @rough:  sub-buffers are not all in order, so a time cannot be searched for. The reader sets it
 */
struct pages {
	const unsigned char *base;
	uint64_t size, file_offset, pos, offset, skipped;
	struct subbuf_layout layout;
	struct chunk_form form;
	bool compressed, uncounted, lost, gone, rough;
	uint32_t left, have;
	unsigned char *plain;
	size_t plain_cap, plain_len, plain_at;
	uint64_t plain_offset;
	struct chunk_mark *marks;
	size_t nr_marks, cap_marks;
};

void pages_init(struct pages *p, const struct container *c, const struct buffer_map *buffer, const struct extent *extent,
		const struct subbuf_layout *layout);
/* Go to where a record at raw time @time or later can be, but not past the first such record. 0: the begin. */
void pages_seek(struct pages *p, uint64_t time);
/* The next sub-buffer, valid until the next call; @u is for unpack(). Returns 1, 0 at the end, or -ENOMEM. */
int pages_next(struct pages *p, struct unpacker *u, const unsigned char **ret);
/* The sub-buffer that pages_next() will return, if it is already unpacked; NULL: it is not, or there is none. */
const unsigned char *pages_peek(const struct pages *p);
void pages_clear(struct pages *p);

#endif
