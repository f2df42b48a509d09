// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * ring.c - what sub-buffers would the kernel's ring buffer have given for these records?
 *
 * A sub-buffer: u64 timestamp, a long with the length of the data and two marks, the data; behind the data the number
 * of lost records, when it is known. An element of the data: 5 bits type_len, 27 bits time delta, then by type_len.
 */
#include "scene.h"

#include <stdlib.h>

enum { TYPE_TIME_EXTEND = 30, SMALL_RECORD = 28 * 4, DELTA_BITS = 27 };
#define COMMIT_MISSED (UINT64_C(1) << 31)
#define COMMIT_STORED (UINT64_C(1) << 30)

struct page {
	size_t start;
	uint64_t now;
	unsigned int events;
	int64_t lost;
};

static void add_element(struct bytes *out, unsigned int type_len, uint64_t delta)
{
	uint64_t low = delta & ((UINT64_C(1) << DELTA_BITS) - 1);

	bytes_number(out, out->big_endian ? (uint64_t)type_len << DELTA_BITS | low : low << 5 | type_len, 4);
}

static void add_time_extend(struct bytes *out, uint64_t delta)
{
	add_element(out, TYPE_TIME_EXTEND, delta);
	bytes_number(out, delta >> DELTA_BITS, 4);
}

static void add_record(struct bytes *out, const struct scene_record *r, uint64_t delta)
{
	size_t words = (r->len + 3) / 4;

	if (delta >> DELTA_BITS) {
		add_time_extend(out, delta);
		delta = 0;
	}
	if (r->len <= SMALL_RECORD) {
		add_element(out, (unsigned int)words, delta);
	} else {
		add_element(out, 0, delta);
		bytes_number(out, words * 4 + 4, 4);
	}
	bytes_add(out, r->data, r->len);
	bytes_zero(out, words * 4 - r->len);
}

static void page_begin(const struct scene *s, struct page *page, struct bytes *out, const struct scene_record *first)
{
	const uint64_t far = UINT64_C(1) << (DELTA_BITS + 1);

	*page = (struct page){ .start = out->len, .now = first->ts, .lost = first->lost };
	if (s->o.extend_first && first->ts > far)
		page->now -= far;
	bytes_number(out, page->now, 8);
	bytes_zero(out, s->o.long_size);
}

static void page_end(const struct scene *s, struct page *page, struct bytes *out)
{
	uint64_t commit = out->len - page->start - 8 - s->o.long_size;

	if (page->lost)
		commit |= COMMIT_MISSED;
	if (page->lost > 0) {
		commit |= COMMIT_STORED;
		bytes_number(out, (uint64_t)page->lost, s->o.long_size);
	}
	bytes_put(out, page->start + 8, commit, s->o.long_size);
	bytes_zero(out, page->start + s->o.page_size - out->len);
}

/* Room for the record at its largest, and for a number of lost ones behind it. */
static bool page_full(const struct scene *s, const struct page *page, size_t used, const struct scene_record *r)
{
	size_t need = 8 + 8 + r->len + 3 + s->o.long_size;

	return used + need > s->o.page_size || (s->o.page_events && page->events >= s->o.page_events);
}

static int by_time(const void *a, const void *b)
{
	const struct scene_record *x = a, *y = b;

	if (x->ts != y->ts)
		return x->ts < y->ts ? -1 : 1;
	return x->order < y->order ? -1 : 1;
}

/* Hand each loss to the record that is the first after it. */
static void settle_losses(struct scene_lane *lane)
{
	for (size_t i = 0; i < lane->nr; i++)
		lane->records[i].lost = 0;
	for (size_t l = 0; l < lane->nr_losses; l++) {
		size_t i = 0;

		while (i < lane->nr && lane->records[i].ts < lane->losses[l].ts)
			i++;
		if (i == lane->nr)
			scene_oops("a loss at %llu with no event after it", (unsigned long long)lane->losses[l].ts);
		lane->records[i].lost = lane->losses[l].count;
	}
}

void scene_sort(struct scene_lane *lane)
{
	if (lane->nr)
		qsort(lane->records, lane->nr, sizeof(*lane->records), by_time);
	settle_losses(lane);
}

void scene_pages(const struct scene *s, const struct scene_lane *lane, struct bytes *out)
{
	struct page page = { 0 };

	for (size_t i = 0; i < lane->nr; i++) {
		const struct scene_record *r = &lane->records[i];

		if (r->len + 32 > s->o.page_size)
			scene_oops("a record of %zu bytes does not fit a page", r->len);
		if (!i || r->lost || r->starts || page_full(s, &page, out->len - page.start, r)) {
			if (i)
				page_end(s, &page, out);
			page_begin(s, &page, out, r);
		}
		add_record(out, r, r->ts - page.now);
		page.now = r->ts;
		page.events++;
	}
	if (lane->nr)
		page_end(s, &page, out);
}

uint64_t scene_losses(const struct scene_lane *lane)
{
	uint64_t lost = 0;

	for (size_t i = 0; i < lane->nr_losses; i++)
		lost += lane->losses[i].count > 0 ? (uint64_t)lane->losses[i].count : 0;
	return lost;
}
