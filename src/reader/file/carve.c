// SPDX-License-Identifier: LGPL-2.1-or-later
/* carve.c - find each CPU's records by what they look like */
#include "reader/file/carve.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "reader/file/chunk.h"
#include "reader/file/subbuf.h"
#include "util/array.h"

enum { COUNT = 4 };	/* bytes before the first chunk of a lane */

/* The part of the file that is searched. @limit is its end, and the end of the last lane too. */
struct place {
	const unsigned char *map;
	uint64_t limit;
	uint32_t page;
	struct subbuf_layout layout;
	struct chunk_form form;
};

uint64_t carve_aligned(const struct buffer_map *b, uint64_t at)
{
	uint64_t mask = (uint64_t)b->page_size - 1;

	if (at <= b->phase)
		return b->phase;
	at -= b->phase;
	return at > UINT64_MAX - b->page_size - mask ? UINT64_MAX & ~mask : ((at + mask) & ~mask) + b->phase;
}

/* The first lane of a headless file may have lost its begin. */
static uint64_t first_place(const struct buffer_map *b)
{
	return b->headless ? b->from : carve_aligned(b, b->from);
}

/* Callers must ask in ascending order of @at. */
static bool is_hint(struct carving *k, uint64_t at)
{
	while (k->next_hint < k->nr_hints && k->hints[k->next_hint] < at)
		k->next_hint++;
	return k->next_hint < k->nr_hints && k->hints[k->next_hint] == at;
}

static struct extent *open_lane(struct carving *k, uint64_t at)
{
	struct extent *bigger = grow(k->found, &k->cap, k->nr, sizeof(*bigger));

	if (!bigger)
		return NULL;
	k->found = bigger;
	bigger[k->nr] = (struct extent){ .offset = at };
	return &bigger[k->nr++];
}

static uint32_t count_at(const struct place *p, uint64_t at)
{
	uint32_t v;

	memcpy(&v, p->map + at, sizeof(v));
	return p->form.swap ? __builtin_bswap32(v) : v;
}

/*
 * Follow a lane's chunks as far as they go. Returns where the next chunk would be. @ret_all is false if some are
 * missing.
 */
static uint64_t follow_chunks(const struct place *p, struct extent *e, bool counted, bool *ret_all)
{
	uint32_t left = counted ? count_at(p, e->offset) : 0;
	uint64_t at = e->offset + COUNT;

	e->uncounted = !left;
	for (; left || e->uncounted; left--) {
		uint64_t room = p->limit - at;
		struct chunk c;

		if (!chunk_begins(&p->form, p->map + at, room))
			break;
		c = chunk_head(p->map + at, p->form.swap);
		if (c.packed > room - CHUNK_HEAD)
			break;
		at += CHUNK_HEAD + c.packed;
	}
	*ret_all = !left && !e->uncounted;
	return at;
}

/*
 * Where a lane's chunks are damaged, the lane goes on until another one begins, because more of its chunks may follow the
 * damage.
 */
static int carve_chunks(const struct buffer_map *b, const struct place *p, struct carving *k)
{
	struct extent *lane = NULL;
	uint64_t end = 0;
	bool all = true;

	for (uint64_t at = first_place(b); at < p->limit && p->limit - at > COUNT; at = carve_aligned(b, at + 1)) {
		if (at < end || k->nr == MAX_CPUS)
			continue;
		if (!is_hint(k, at) && !(k->guess && chunk_begins(&p->form, p->map + at + COUNT, p->limit - at - COUNT)))
			continue;
		if (lane && !all)
			lane->size = at - lane->offset;
		lane = open_lane(k, at);
		if (!lane)
			return -ENOMEM;
		end = follow_chunks(p, lane, !(b->headless && at == b->from), &all);
		lane->size = (all ? end : p->limit) - lane->offset;
	}
	return 0;
}

struct run { uint64_t last, before, pages; };	/* stamps of the lane's last two sub-buffers */

static bool plausible(const struct place *p, uint64_t at)
{
	return p->limit - at >= 8 + p->layout.long_size && subbuf_plausible(p->map + at, &p->layout);
}

static uint64_t stamp(const struct place *p, uint64_t at)
{
	return subbuf_time(p->map + at, &p->layout);
}

/*
 * A new lane's stamps are older than the last two of the lane before it. The sub-buffer after it must be older too: a
 * single wrong stamp is damage and not another CPU.
 */
static bool begins_anew(const struct place *p, const struct run *r, uint64_t at)
{
	uint64_t time = stamp(p, at), next = at + p->page;

	if (!r->pages || time >= r->last || (r->pages > 1 && time >= r->before))
		return false;
	return next >= p->limit || !plausible(p, next) || stamp(p, next) < r->last;
}

static int carve_pages(const struct buffer_map *b, const struct place *p, struct carving *k)
{
	struct extent *lane = NULL;
	struct run r = { 0 };

	for (uint64_t at = first_place(b); at < p->limit; at += p->page) {
		bool hint = is_hint(k, at), good = plausible(p, at);

		if (k->nr < MAX_CPUS && (hint || (k->guess && good && (!lane || begins_anew(p, &r, at))))) {
			lane = open_lane(k, at);
			r = (struct run){ 0 };
			if (!lane)
				return -ENOMEM;
		}
		if (good)
			r = (struct run){ .last = stamp(p, at), .before = r.last, .pages = r.pages + 1 };
		if (lane && good)
			lane->size = (p->limit - at < p->page ? p->limit : at + p->page) - lane->offset;
	}
	return 0;
}

int carve(const struct container *c, const struct buffer_map *b, struct carving *k)
{
	struct place p = {
		.map = c->map, .limit = b->to, .page = b->page_size,
		.layout = { .page_size = b->page_size, .long_size = c->long_size, .swap = c->swap },
		.form = { .codec = c->codec, .page_size = b->page_size, .swap = c->swap },
	};
	int err = b->compressed ? carve_chunks(b, &p, k) : carve_pages(b, &p, k);

	for (size_t i = 0; i < k->nr; i++)
		k->found[i].torn = b->open && i + 1 == k->nr;
	return err;
}
