// SPDX-License-Identifier: LGPL-2.1-or-later
/* subbuf.c - walk one sub-buffer of the kernel's ring buffer */
#include "reader/file/subbuf.h"

#include <string.h>

#define COMMIT_MISSED (UINT64_C(1) << 31)
#define COMMIT_STORED (UINT64_C(1) << 30)
#define COMMIT_SIZE   ((UINT64_C(1) << 27) - 1)

#define TYPE_PADDING	 29	/* discarded, or the rest of the sub-buffer; its length follows */
#define TYPE_TIME_EXTEND 30
#define TYPE_TIME_STAMP	 31
#define TIME_SHIFT	 27
#define TIME_MSB	 (UINT64_C(0xf8) << 56)	/* not in a time stamp: taken from the time before */

static uint32_t load32(const unsigned char *p, bool swap)
{
	uint32_t v;

	memcpy(&v, p, sizeof(v));
	return swap ? __builtin_bswap32(v) : v;
}

static uint64_t load64(const unsigned char *p, bool swap)
{
	uint64_t v;

	memcpy(&v, p, sizeof(v));
	return swap ? __builtin_bswap64(v) : v;
}

static uint64_t load_long(const unsigned char *p, const struct subbuf_layout *l)
{
	return l->long_size == 4 ? load32(p, l->swap) : load64(p, l->swap);
}

uint64_t subbuf_time(const unsigned char *page, const struct subbuf_layout *layout)
{
	return load64(page, layout->swap);
}

static int64_t missed_before(const unsigned char *end, const unsigned char *limit, uint64_t commit,
			     const struct subbuf_layout *l)
{
	uint64_t count = 0;

	if (!(commit & COMMIT_MISSED))
		return 0;
	if (commit & COMMIT_STORED && (size_t)(limit - end) >= l->long_size)
		count = load_long(end, l);
	return count && count <= INT64_MAX ? (int64_t)count : -1;
}

void subbuf_open(struct subbuf *sb, const unsigned char *page, const struct subbuf_layout *layout)
{
	uint64_t commit = load_long(page + 8, layout), size = commit & COMMIT_SIZE;
	const unsigned char *data = page + 8 + layout->long_size, *limit = page + layout->page_size;

	*sb = (struct subbuf){ .p = data, .next = data, .end = data, .ts = load64(page, layout->swap),
			     .swap = layout->swap, .big = layout->swap != (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__) };
	if (size > (size_t)(limit - data) || (!sb->ts && !commit)) {
		sb->damaged = true;
		return;
	}
	sb->end = data + size;
	sb->missed = missed_before(sb->end, limit, commit, layout);
}

void subbuf_clip(struct subbuf *sb, const unsigned char *end)
{
	sb->damaged |= sb->end > end;
	sb->end = sb->end > end ? end : sb->end;
}

bool subbuf_plausible(const unsigned char *page, const struct subbuf_layout *layout)
{
	uint64_t commit = load_long(page + 8, layout) & ~(COMMIT_MISSED | COMMIT_STORED);

	return commit && commit <= layout->page_size - 8 - layout->long_size && load64(page, layout->swap);
}

/* Find the payload of the element at sb->p, and its length. False: the element does not fit. */
static bool payload(struct subbuf *sb, uint32_t type, const unsigned char **ret, size_t *ret_size)
{
	size_t room = (size_t)(sb->end - sb->p), head = 4, size = type * 4;

	if (!type || type == TYPE_PADDING) {
		if (room < 8)
			return false;
		size = load32(sb->p + 4, sb->swap);
		if (!type) {		/* the length counts itself */
			head = 8;
			if (size < 4)
				return false;
			size = (size - 4 + 3) & ~(size_t)3;
		}
	}
	if (room < head || size > room - head)
		return false;
	*ret = sb->p + head;
	*ret_size = size;
	return true;
}

static bool set_time(struct subbuf *sb, uint32_t type, uint64_t delta)
{
	uint64_t high;

	if (sb->end - sb->p < 8)
		return false;
	high = (uint64_t)load32(sb->p + 4, sb->swap) << TIME_SHIFT;
	if (type == TYPE_TIME_STAMP)
		sb->ts = (high + delta) | (sb->ts & TIME_MSB);
	else
		sb->ts += high + delta;
	sb->next = sb->p + 8;
	return true;
}

const unsigned char *subbuf_next_any(struct subbuf *sb, size_t *ret_size)
{
	const unsigned char *data;

	while (sb->end - sb->next >= 4) {
		uint32_t head = load32(sb->next, sb->swap), type, delta;

		type = sb->big ? head >> 27 : head & 31;
		delta = sb->big ? head & ((1U << 27) - 1) : head >> 5;
		sb->p = sb->next;
		if (type == TYPE_TIME_EXTEND || type == TYPE_TIME_STAMP) {
			if (set_time(sb, type, delta))
				continue;
			break;
		}
		if (!payload(sb, type, &data, ret_size))
			break;
		sb->ts += delta;
		sb->next = data + *ret_size;
		if (type != TYPE_PADDING)
			return data;
	}
	sb->damaged |= sb->next < sb->end;
	sb->next = sb->end;
	return NULL;
}
