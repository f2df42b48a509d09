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
#include <string.h>

#define SUBBUF_LONG 112	/* a payload longer than this has its length in a word of its own */

/* The number format of the recorded kernel. */
struct subbuf_layout { uint32_t page_size, long_size; bool swap; };

/**
 * struct subbuf - a cursor in one sub-buffer
 * @ts:      of the element last returned
 * @missed:  records lost before the first element: 0 none, -1 an unknown number
 * @big:     the recorded kernel is big-endian: its bit fields lie at the other end
 * @damaged: an element does not fit: what follows was not read
 */
struct subbuf {
	const unsigned char *p, *next, *end;
	uint64_t ts;
	int64_t missed;
	bool swap, big, damaged;
};

/*
 * @page has layout->page_size bytes. A commit word that is too large means damage, and leaves no element. Zeroes are damage
 * too: they are a hole in the file.
 */
void subbuf_open(struct subbuf *sb, const unsigned char *page, const struct subbuf_layout *layout);
/* Read only the bytes before @end; the rest of the sub-buffer is missing. */
void subbuf_clip(struct subbuf *sb, const unsigned char *end);
/* Can @page be a sub-buffer, by its first two words? */
bool subbuf_plausible(const unsigned char *page, const struct subbuf_layout *layout);

/* The slow path of subbuf_next(): every kind of element and every byte order. */
const unsigned char *subbuf_next_any(struct subbuf *sb, size_t *ret_size);

/*
 * The next record. Returns its data, @ret_size bytes, at sb->ts; NULL: no more. This runs once a record, so the common
 * case is inline: a record in our byte order whose type, 1 to 28, is its length in words.
 */
static inline const unsigned char *subbuf_next(struct subbuf *sb, size_t *ret_size)
{
	size_t room = (size_t)(sb->end - sb->next), size;
	uint32_t head;

	if (room < sizeof(head) || sb->swap || sb->big)
		return subbuf_next_any(sb, ret_size);
	memcpy(&head, sb->next, sizeof(head));
	size = (head & 31) * 4;
	if (size - 4 >= SUBBUF_LONG || size > room - sizeof(head))
		return subbuf_next_any(sb, ret_size);
	sb->p = sb->next;
	sb->next += sizeof(head) + size;
	sb->ts += head >> 5;
	*ret_size = size;
	return sb->p + sizeof(head);
}

/* The time stamp of the sub-buffer itself. It is at or before its first record. */
uint64_t subbuf_time(const unsigned char *page, const struct subbuf_layout *layout);

#endif
