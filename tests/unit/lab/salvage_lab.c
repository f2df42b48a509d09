// SPDX-License-Identifier: LGPL-2.1-or-later
/* salvage_lab.c - files made by hand or taken from the repository, read in whole and in part */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "digest.h"
#include "salvage_lab.h"
#include "story.h"
#include "util/array.h"

static size_t place_of(uint32_t cpu, bool instance)
{
	assert_true(cpu < MAX_LANES / 2);
	return cpu + (instance ? MAX_LANES / 2 : 0);
}

static int keep(void *data, const struct event *ev)
{
	struct stream *s = data;
	struct lane_marks *l = &s->lanes[place_of(ev->cpu, ev->lane >= s->nr_top)];
	struct event placeless = *ev;	/* a file without its begin has its records at other offsets */

	assert_true(ev->ts >= s->last);
	s->last = ev->ts;
	placeless.offset = 0;
	l->cpu = ev->cpu;
	l->torn = ev->kind == EVENT_LOST;
	l->marks = grow(l->marks, &l->cap, l->nr, sizeof(*l->marks));
	assert_non_null(l->marks);
	l->marks[l->nr++] = (struct mark){ .digest = event_digest(&placeless), .ts = ev->ts, .needs = ev->offset,
		.lost = ev->kind == EVENT_LOST };
	return 0;
}

void forget(struct stream *s)
{
	for (size_t i = 0; i < MAX_LANES; i++)
		free(s->lanes[i].marks);
	*s = (struct stream){ 0 };
}

int read_with(const char *path, const char *headers, struct stream *s, struct report *r)
{
	struct recording_options o = { .plugin_dir = "plugins", .headers_from = headers, .jobs = 1 };
	struct recording *rec = NULL;
	struct container c = { 0 };
	char *why = NULL;
	int err = headers ? 0 : container_open(path, &c, &why);

	s->nr_top = headers ? SIZE_MAX : err || !c.nr_buffers ? 0 : c.buffers[0].nr_lanes;
	container_close(&c);
	if (!err)
		err = recording_open(path, &o, &rec, &why);
	if (!err) {
		assert_int_equal(recording_replay(rec, NULL, 0, (uint64_t)EVERY_KIND, keep, s), 0);
		assert_int_equal(recording_facts(rec, r), 0);
	}
	recording_close(rec);
	free(why);
	return err;
}

int read_all(const char *path, struct stream *s, struct report *r)
{
	return read_with(path, NULL, s, r);
}

static uint32_t number(const struct container *c, uint64_t at)
{
	uint32_t v;

	memcpy(&v, c->map + at, sizeof(v));
	return c->swap ? __builtin_bswap32(v) : v;
}

/* The end, in the file, of the chunk that unpacks to the data at @offset. */
static uint64_t end_of_chunk(const struct container *c, const struct extent *e, uint64_t offset)
{
	uint64_t at = e->offset + 4, plain = e->plain_offset;

	while (plain + number(c, at + 4) <= offset) {
		plain += number(c, at + 4);
		at += 8 + number(c, at);
	}
	return at + 8 + number(c, at);
}

/* From the event's offset, the end of its sub-buffer or chunk. */
static uint64_t needed(const struct container *c, const struct buffer_map *b, const struct extent *e, uint64_t offset)
{
	if (b->compressed)
		return end_of_chunk(c, e, offset);
	return e->offset + ((offset - e->offset) / b->page_size + 1) * b->page_size;
}

static void set_needs(struct whole *w)
{
	for (size_t i = 0; i < w->c.nr_buffers; i++)
		for (size_t j = 0; j < w->c.buffers[i].nr_lanes; j++) {
			const struct extent *e = &w->c.buffers[i].lanes[j];
			struct lane_marks *l = &w->stream.lanes[place_of(e->cpu, i)];

			for (size_t k = 0; k < l->nr; k++)
				l->marks[k].needs = needed(&w->c, &w->c.buffers[i], e, l->marks[k].needs);
		}
}

void read_whole(const char *path, struct whole *w)
{
	struct report r = { 0 };
	char *why = NULL;

	*w = (struct whole){ 0 };
	assert_int_equal(container_open(path, &w->c, &why), 0);
	assert_false(w->c.salvaged);
	assert_int_equal(read_all(path, &w->stream, &r), 0);
	assert_false(r.facts.partial);
	report_clear(&r);
	w->size = w->c.size;
	w->bytes = malloc(w->size);
	assert_non_null(w->bytes);
	memcpy(w->bytes, w->c.map, w->size);
	set_needs(w);
}

void forget_whole(struct whole *w)
{
	forget(&w->stream);
	container_close(&w->c);
	free(w->bytes);
}

size_t complete(const struct lane_marks *l, uint64_t cut)
{
	size_t nr = 0;

	while (nr < l->nr && l->marks[nr].needs <= cut)
		nr++;
	return nr;
}

void assert_begins(const struct lane_marks *whole, const struct lane_marks *part, uint64_t cut, const char *what)
{
	size_t nr = part->nr && part->torn ? part->nr - 1 : part->nr, least = complete(whole, cut);

	if (nr < least || nr > whole->nr)
		fail_msg("%s: CPU %u: %zu events of %zu, %zu complete", what, whole->cpu, nr, whole->nr, least);
	for (size_t i = 0; i < nr; i++)
		if (part->marks[i].digest != whole->marks[i].digest && !(i >= least && part->marks[i].lost && whole->marks[i].lost))
			fail_msg("%s: CPU %u: event %zu is another, at %" PRIu64 " and not %" PRIu64, what, whole->cpu, i,
				part->marks[i].ts, whole->marks[i].ts);
	if (nr < whole->nr && !part->torn)
		fail_msg("%s: CPU %u: its end is missing without a word", what, whole->cpu);
}

void write_bytes(const char *path, const unsigned char *bytes, size_t size)
{
	FILE *f = fopen(path, "wb");

	assert_non_null(f);
	assert_true(!size || fwrite(bytes, 1, size, f) == size);
	assert_int_equal(fclose(f), 0);
}

uint64_t first_data(const struct whole *w)
{
	return w->c.buffers[0].from;
}

/*
 * Switches, wake-ups, scans and events without a decoder, at uneven times. Each CPU has its last record at a
 * different time.
 */
static void tell(struct scene *s, unsigned int rounds)
{
	for (unsigned int i = 0; i < rounds; i++) {
		struct scene_at at = { .cpu = i % 7 % NR_CPUS, .ts = BEGIN + i * 40013 + i % 11 * 997,
				       .pid = (int32_t)(100 + i % 9), .flags = (uint8_t)(i % 4) };

		if (at.cpu == IDLE_CPU || i > rounds - rounds / 20 * at.cpu)
			continue;
		if (i % 3 == 0)
			story_switch(s, at.cpu, at.ts, idle_task(at.cpu), (struct task){ "lidar_pub", (int32_t)(7000 + i), 98 }, 0);
		else if (i % 3 == 1)
			scene_event(s, at, "vmscan:mm_vmscan_lru_isolate", INT("highest_zoneidx|classzone_idx", 2), INT("?order", 3),
				    INT("nr_requested", 32), INT("nr_scanned", 1000 + i), INT("?nr_skipped", i), INT("nr_taken", 5));
		else
			scene_event(s, at, "kmem:mm_page_alloc", INT("pfn", 77 * i), INT("order", i % 4), INT("gfp_flags", 0xcc0));
	}
}

void write_scene(struct scene_options o, bool losses, bool instance, char *path, size_t len)
{
	struct scene *s;

	o.nr_cpus = NR_CPUS;
	s = scene_new(&o);
	tell(s, 6000);
	if (losses) {
		scene_lost(s, 0, BEGIN, 17);
		scene_lost(s, 1, BEGIN + 100 * MS, -1);
		scene_lost(s, 2, BEGIN + 150 * MS, 3);
	}
	if (instance) {
		scene_buffer(s, "second");
		tell(s, 4000);
	}
	snprintf(path, len, "%s", scratch_file("whole.dat"));
	assert_int_equal(scene_write(s, path), 0);
	scene_free(s);
}
