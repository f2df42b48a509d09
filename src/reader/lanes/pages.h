/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* pages.h - one CPU's sub-buffers, one after the other, out of the mapped file or out of its chunks */
#ifndef VMSTALL_PAGES_H
#define VMSTALL_PAGES_H

#include "reader/file/chunk.h"
#include "reader/file/container.h"
#include "reader/file/subbuf.h"

/* A chunk that was read once: where it lies, and the time its first sub-buffer begins. */
struct chunk_mark { uint64_t time, pos, offset; uint32_t left; };

/**
 * struct pages - a cursor
 * @pos:    of the next chunk or sub-buffer, from the extent's begin
 * @left:   chunks still to come; ANY_CHUNKS: as many as there are
 * @offset: of the sub-buffer last returned: in the file, or, compressed, where the library counts it to be
 * @have:   how many bytes of it there are: at a cut fewer than a whole one has, and zeroes behind them
 * @lost:   something before the next one, or before the end, could not be read. The reader clears it
 * @gone:   the same, of what lies behind the chunk at hand
 * @skipped: bytes of the file that made no sense. The reader clears it
 * @rough:  sub-buffers are not all in order: a time cannot be searched for. The reader sets it
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
/* Go where a record at raw time @time or later can be, not past the first one. 0: the begin. */
void pages_seek(struct pages *p, uint64_t time);
/* The next sub-buffer, valid until the next call; @u as unpack() has it. Returns 1, 0 at the end, or -ENOMEM. */
int pages_next(struct pages *p, struct unpacker *u, const unsigned char **ret);
/* The one that pages_next() will return, where it is at hand; NULL: it is not, or there is none. */
const unsigned char *pages_peek(const struct pages *p);
void pages_clear(struct pages *p);

#endif
