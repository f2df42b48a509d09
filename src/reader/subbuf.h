/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * subbuf.h - the kernel's ring-buffer sub-buffer: a time stamp, a commit word, then elements
 *
 * Layout: include/linux/ring_buffer.h (struct ring_buffer_event), kernel/trace/ring_buffer.c (struct
 * buffer_data_page). Every length in it is checked against the sub-buffer's end: damage ends it early.
 */
#ifndef VMSTALL_SUBBUF_H
#define VMSTALL_SUBBUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How the recorded kernel writes numbers. */
struct subbuf_layout { uint32_t page_size, long_size; bool swap; };

/**
 * struct subbuf - a cursor in one sub-buffer
 * @ts:      of the element last returned
 * @missed:  records lost before the first element: 0 none, -1 an unknown number
 * @damaged: an element does not fit: what follows was not read
 */
struct subbuf {
	const unsigned char *p, *next, *end;
	uint64_t ts;
	int64_t missed;
	bool swap, damaged;
};

/* @page has layout->page_size bytes. A commit that does not fit them leaves no element and is damage. */
void subbuf_open(struct subbuf *sb, const unsigned char *page, const struct subbuf_layout *layout);

/* The next record. Returns its data, @ret_size bytes, at sb->ts; NULL: no more. */
const unsigned char *subbuf_next(struct subbuf *sb, size_t *ret_size);

/* The time stamp of the sub-buffer itself, at or before its first record. */
uint64_t subbuf_time(const unsigned char *page, const struct subbuf_layout *layout);

#endif
