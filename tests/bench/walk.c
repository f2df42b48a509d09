// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * walk.c - how fast can the pages be walked at all? Mapped, unpacked, and libtraceevent's kbuffer over them
 *
 *	walk [THREADS] FILE
 *
 * Each CPU's pages are one thread's; a thread takes the next CPU that nobody has taken. Prints the number of events,
 * and of bytes of pages.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <kbuffer.h>
#include <zlib.h>
#include <zstd.h>

#include "reader/file/container.h"

enum { MAX_THREADS = 64 };

struct walk {
	struct container c;
	atomic_size_t next;
	atomic_ulong events, bytes;
	atomic_bool failed;
};

struct walker {
	struct walk *walk;
	struct kbuffer *kbuf;
	ZSTD_DCtx *zstd;
	unsigned char *plain;
	size_t cap;
	unsigned long events, bytes;
};

static void walk_page(struct walker *w, const unsigned char *page)
{
	unsigned long long ts;

	if (kbuffer_load_subbuffer(w->kbuf, (void *)(uintptr_t)page))
		return;
	for (void *data = kbuffer_read_event(w->kbuf, &ts); data; data = kbuffer_next_event(w->kbuf, &ts))
		w->events++;
}

static void walk_pages(struct walker *w, const unsigned char *pages, size_t len, size_t page_size)
{
	w->bytes += len;
	for (size_t at = 0; len - at >= page_size; at += page_size)
		walk_page(w, pages + at);
}

static uint32_t load32(const struct walker *w, const unsigned char *p)
{
	uint32_t v;

	memcpy(&v, p, sizeof(v));
	return w->walk->c.swap ? __builtin_bswap32(v) : v;
}

static size_t unpack_chunk(struct walker *w, const unsigned char *data, size_t len)
{
	uLongf size = w->cap;

	if (w->walk->c.codec == CODEC_ZLIB)
		return uncompress(w->plain, &size, data, len) == Z_OK ? size : 0;
	size = ZSTD_decompressDCtx(w->zstd, w->plain, w->cap, data, len);
	return ZSTD_isError(size) ? 0 : size;
}

static bool make_room(struct walker *w, size_t size)
{
	unsigned char *bigger = size > w->cap ? realloc(w->plain, size) : w->plain;

	if (!bigger)
		return false;
	w->plain = bigger;
	w->cap = size > w->cap ? size : w->cap;
	return true;
}

/* A damaged file is not worth a bench: it ends there. */
static bool walk_chunks(struct walker *w, const struct extent *e, size_t page_size)
{
	const unsigned char *p = w->walk->c.map + e->offset, *end = p + e->size;

	if (e->size < 4)
		return true;
	p += 4;
	for (uint32_t left = load32(w, p - 4); left; left--) {
		uint32_t packed, size;

		if (end - p < 8)
			return false;
		packed = load32(w, p);
		size = load32(w, p + 4);
		if (packed > (size_t)(end - p) - 8 || size > UNPACK_MAX || !make_room(w, size) ||
		    unpack_chunk(w, p + 8, packed) != size)
			return false;
		walk_pages(w, w->plain, size, page_size);
		p += 8 + packed;
	}
	return true;
}

static void walk_lane(struct walker *w, const struct buffer_map *b, const struct extent *e)
{
	if (!b->compressed)
		walk_pages(w, w->walk->c.map + e->offset, e->size, b->page_size);
	else if (!walk_chunks(w, e, b->page_size))
		w->walk->failed = true;
}

/* Number @i of all lanes; false: there are fewer. */
static bool nth_lane(const struct container *c, size_t i, const struct buffer_map **ret_buffer, const struct extent **ret)
{
	for (size_t b = 0; b < c->nr_buffers; i -= c->buffers[b++].nr_lanes) {
		if (i >= c->buffers[b].nr_lanes)
			continue;
		*ret_buffer = &c->buffers[b];
		*ret = &c->buffers[b].lanes[i];
		return true;
	}
	return false;
}

static void *work(void *arg)
{
	struct walk *walk = arg;
	bool big = walk->c.swap != (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__);
	struct walker w = {
		.walk = walk, .zstd = ZSTD_createDCtx(),
		.kbuf = kbuffer_alloc(walk->c.long_size == 4 ? KBUFFER_LSIZE_4 : KBUFFER_LSIZE_8,
				      big ? KBUFFER_ENDIAN_BIG : KBUFFER_ENDIAN_LITTLE),
	};
	const struct buffer_map *b;
	const struct extent *e;

	if (!w.zstd || !w.kbuf)
		walk->failed = true;
	while (w.zstd && w.kbuf && nth_lane(&walk->c, walk->next++, &b, &e))
		walk_lane(&w, b, e);
	walk->events += w.events;
	walk->bytes += w.bytes;
	free(w.plain);
	kbuffer_free(w.kbuf);
	ZSTD_freeDCtx(w.zstd);
	return NULL;
}

static void walk_all(struct walk *walk, unsigned long threads)
{
	pthread_t others[MAX_THREADS];
	unsigned long nr = 0;

	while (nr + 1 < threads && nr < MAX_THREADS && !pthread_create(&others[nr], NULL, work, walk))
		nr++;
	work(walk);
	while (nr)
		pthread_join(others[--nr], NULL);
}

int main(int argc, char **argv)
{
	unsigned long threads = argc == 3 ? strtoul(argv[1], NULL, 10) : 1;
	struct walk walk = { 0 };
	char *why = NULL;

	if (argc < 2 || argc > 3 || container_open(argv[argc - 1], &walk.c, &why)) {
		fprintf(stderr, "%s\n", why ? why : "usage: walk [THREADS] FILE");
		free(why);
		container_close(&walk.c);
		return 2;
	}
	walk_all(&walk, threads);
	printf("%lu %lu\n", (unsigned long)walk.events, (unsigned long)walk.bytes);
	container_close(&walk.c);
	return walk.failed;
}
