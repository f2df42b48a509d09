// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * test_salvage.c - of a file that is cut anywhere, is every record read that is in the part that is left?
 *
 * A file is cut at many places. What is read of each is held, event by event and CPU by CPU, against the whole file's
 * events; and whatever lies in a sub-buffer, or a chunk of them, that ends before the cut must be among them.
 */
#include <errno.h>
#include <glob.h>
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "util/text.h"	/* its fail() is not cmocka's */

#include <cmocka.h>

#include "builder.h"
#include "digest.h"
#include "reader/container.h"
#include "readback.h"
#include "story.h"
#include "vmstall/recording.h"

#define MS    UINT64_C(1000000)
#define BEGIN (1000 * MS)

enum { EVERY_KIND = -1, NR_CPUS = 5, IDLE_CPU = 3, MAX_LANES = 64 };
enum { CUTS = 200, FEW = 25 };	/* places: of what must be right, and of its variants */

/* An event of a lane; in a whole file @needs is how many bytes of it must be there for the event to be. */
struct mark { uint64_t digest, ts, needs; bool lost; };
struct lane_marks { struct mark *marks; size_t nr, cap; uint16_t cpu; bool torn; };

/* @lanes: by CPU, those of an instance behind; @nr_top: lanes of the top buffer, which are the first. */
struct stream { struct lane_marks lanes[MAX_LANES]; size_t nr_top; uint64_t last; };

static size_t place_of(uint32_t cpu, bool instance)
{
	assert_true(cpu < MAX_LANES / 2);
	return cpu + (instance ? MAX_LANES / 2 : 0);
}

static int keep(void *data, const struct event *ev)
{
	struct stream *s = data;
	struct lane_marks *l = &s->lanes[place_of(ev->cpu, ev->lane >= s->nr_top)];
	struct event placeless = *ev;	/* in a file without its begin, records are elsewhere */

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

static void forget(struct stream *s)
{
	for (size_t i = 0; i < MAX_LANES; i++)
		free(s->lanes[i].marks);
	*s = (struct stream){ 0 };
}

/* Returns 0 with the events of @path and what is known of it; or what opening it failed with. */
static int read_with(const char *path, const char *headers, struct stream *s, struct report *r)
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

static int read_all(const char *path, struct stream *s, struct report *r)
{
	return read_with(path, NULL, s, r);
}

/* Where the file's @size bytes are, and its places of lanes. */
struct whole { unsigned char *bytes; size_t size; struct container c; struct stream stream; };

static uint32_t number(const struct container *c, uint64_t at)
{
	uint32_t v;

	memcpy(&v, c->map + at, sizeof(v));
	return c->swap ? __builtin_bswap32(v) : v;
}

/* The end, in the file, of the chunk that unpacks to what is at @offset. */
static uint64_t end_of_chunk(const struct container *c, const struct extent *e, uint64_t offset)
{
	uint64_t at = e->offset + 4, plain = e->plain_offset;

	while (plain + number(c, at + 4) <= offset) {
		plain += number(c, at + 4);
		at += 8 + number(c, at);
	}
	return at + 8 + number(c, at);
}

/* From the event's offset: the end of the sub-buffer or of the chunk that it is in. */
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

static void read_whole(const char *path, struct whole *w)
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

static void forget_whole(struct whole *w)
{
	forget(&w->stream);
	container_close(&w->c);
	free(w->bytes);
}

/* How many events of the lane are complete in the first @cut bytes; they are the first ones. */
static size_t complete(const struct lane_marks *l, uint64_t cut)
{
	size_t nr = 0;

	while (nr < l->nr && l->marks[nr].needs <= cut)
		nr++;
	return nr;
}

static size_t all_complete(const struct whole *w, uint64_t cut)
{
	size_t nr = 0;

	for (size_t i = 0; i < MAX_LANES; i++)
		nr += complete(&w->stream.lanes[i], cut);
	return nr;
}

/*
 * @part is the begin of @whole, all that is complete and perhaps some more; if it is not all, it says so in the end. How
 * many were lost before a sub-buffer is written at its end, and may be cut off.
 */
static void assert_begins(const struct lane_marks *whole, const struct lane_marks *part, uint64_t cut, const char *what)
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

static void write_bytes(const char *path, const unsigned char *bytes, size_t size)
{
	FILE *f = fopen(path, "wb");

	assert_non_null(f);
	assert_true(!size || fwrite(bytes, 1, size, f) == size);
	assert_int_equal(fclose(f), 0);
}

/* Hold the file made of @bytes, the whole one's first @cut, perhaps changed, against it. Returns how many events it had. */
static size_t assert_salvaged(const struct whole *w, const unsigned char *bytes, size_t cut, const char *how)
{
	char path[256], what[128];
	size_t expected = all_complete(w, cut), nr = 0;
	struct stream part = { 0 };
	struct report r = { 0 };
	int err;

	snprintf(path, sizeof(path), "%s", scratch_file("salvage.dat"));
	snprintf(what, sizeof(what), "%s, %zu of %zu bytes", how, cut, w->size);
	write_bytes(path, bytes, cut);
	err = read_all(path, &part, &r);
	if (err && expected)
		fail_msg("%s: %zu events are complete, and it is refused: %d", what, expected, err);
	if (!err && !r.facts.partial)
		fail_msg("%s: taken for a whole file", what);
	for (size_t i = 0; part.last && i < MAX_LANES; i++) {
		if (w->stream.lanes[i].nr)
			assert_begins(&w->stream.lanes[i], &part.lanes[i], cut, what);
		if (i && complete(&w->stream.lanes[i], cut) && part.lanes[i - 1].nr && part.lanes[i - 1].torn)
			fail_msg("%s: CPU %u: the next one's are there, and its own called lost", what, part.lanes[i - 1].cpu);
		nr += part.lanes[i].nr - part.lanes[i].torn;
	}
	forget(&part);
	report_clear(&r);
	return nr;
}

/* The same places in every run. */
static size_t random_below(uint64_t *state, size_t below)
{
	*state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (size_t)((*state >> 33) % below);
}

/* Where the first records are. */
static uint64_t first_data(const struct whole *w)
{
	return w->c.buffers[0].from;
}

static void assert_cut_anywhere(const char *path, int cuts, const char *how)
{
	size_t with_events = 0;
	uint64_t state = 17;
	struct whole w;

	read_whole(path, &w);
	for (int i = 0; i < cuts; i++) {
		size_t from = i % 8 ? (size_t)first_data(&w) : 0;

		with_events += assert_salvaged(&w, w.bytes, from + random_below(&state, w.size - from), how) > 0;
	}
	assert_true(with_events > (size_t)cuts / 2);
	forget_whole(&w);
}

/* Switches, wake-ups, scans and events that nobody decodes, at uneven times; each CPU ends at another one. */
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

static void write_scene(struct scene_options o, bool losses, bool instance, char *path, size_t len)
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

static void assert_scene_cut(struct scene_options o, int cuts, const char *how)
{
	char path[256];

	for (int i = 0; i < 2; i++) {
		write_scene(o, i, i && !o.no_cpustat, path, sizeof(path));	/* only CPUSTAT names an instance that is gone */
		assert_cut_anywhere(path, i ? FEW : cuts, how);
		remove(path);
	}
}

static void version_6_cut_anywhere(void **state)
{
	(void)state;
	assert_scene_cut((struct scene_options){ .version = 6 }, CUTS, "version 6");
	assert_scene_cut((struct scene_options){ .version = 6, .big_endian = true, .long_size = 4 }, FEW, "version 6, big endian");
}

static void version_7_cut_anywhere(void **state)
{
	(void)state;
	assert_scene_cut((struct scene_options){ .version = 7 }, CUTS, "version 7");
	assert_scene_cut((struct scene_options){ .no_cpustat = true, .page_events = 9 }, FEW, "version 7, no CPUSTAT");
}

static void version_7_with_zstd_cut_anywhere(void **state)
{
	struct scene_options o = { .compression = SCENE_ZSTD, .page_events = 9 };

	(void)state;
	assert_scene_cut(o, CUTS, "zstd");
	o.big_endian = true;
	assert_scene_cut(o, FEW, "zstd, big endian");
	o = (struct scene_options){ .compression = SCENE_ZSTD, .page_size = 65536, .page_events = 60 };
	assert_scene_cut(o, FEW, "zstd, 64 KiB");
}

static void version_7_with_zlib_cut_anywhere(void **state)
{
	(void)state;
	assert_scene_cut((struct scene_options){ .compression = SCENE_ZLIB, .page_events = 9 }, FEW, "zlib");
}

static void the_sample_cut_anywhere(void **state)
{
	(void)state;
	assert_cut_anywhere(VMSTALL_SOURCE "/samples/sample-arm64-5.10-dmazone-stall.dat", FEW, "the sample");
}

/* The file's bytes from @from on, those before its records gone: read with @path as sibling, each CPU has all its events. */
static void assert_headless(const struct whole *w, const char *path, size_t from, const char *how)
{
	size_t data = (size_t)first_data(w), named = 0;
	unsigned char *bytes = calloc(1, w->size);
	struct stream part = { 0 };
	struct report r = { 0 };
	char scratch[256], what[128];

	assert_non_null(bytes);
	memcpy(bytes + data, w->bytes + data, w->size - data);
	snprintf(scratch, sizeof(scratch), "%s", scratch_file("headless.dat"));
	snprintf(what, sizeof(what), "%s, headless from %zu", how, from);
	write_bytes(scratch, bytes + from, w->size - from);
	free(bytes);
	if (!read_all(scratch, &part, &r))
		fail_msg("%s: read without a sibling", what);
	report_clear(&r);
	if (read_with(scratch, path, &part, &r))
		fail_msg("%s: not read with a sibling", what);
	assert_true(r.facts.partial);
	for (size_t i = 0; i < MAX_LANES / 2; i++)
		if (w->stream.lanes[i].nr) {
			assert_begins(&w->stream.lanes[i], &part.lanes[i], w->size, what);
			named++;
		}
	assert_int_equal(named, NR_CPUS - 1);
	forget(&part);
	report_clear(&r);
	remove(scratch);
}

static void records_without_headers_are_read_with_a_sibling(void **state)
{
	static const struct { struct scene_options o; const char *how; } all[] = {
		{ { .version = 6 }, "version 6" },
		{ { .version = 6, .big_endian = true, .long_size = 4 }, "version 6, big endian" },
		{ { .version = 7 }, "version 7" },
		{ { .compression = SCENE_ZSTD, .page_events = 9 }, "zstd" },
		{ { .compression = SCENE_ZLIB, .page_events = 9 }, "zlib" },
	};
	char path[256];
	struct whole w;

	(void)state;
	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++) {
		write_scene(all[i].o, false, false, path, sizeof(path));
		read_whole(path, &w);
		assert_headless(&w, path, 0, all[i].how);
		assert_headless(&w, path, (size_t)first_data(&w) / 2, all[i].how);
		assert_headless(&w, path, (size_t)first_data(&w) - 3, all[i].how);
		forget_whole(&w);
		remove(path);
	}
}

/* trace.dat.cpuN, as a killed trace-cmd leaves them, one behind the other: sub-buffers and nothing else. */
static void what_a_killed_trace_cmd_left_is_read_with_a_sibling(void **state)
{
	char path[256], scratch[256];
	struct stream part = { 0 };
	struct report r = { 0 };
	struct whole w;
	FILE *f;

	(void)state;
	write_scene((struct scene_options){ .version = 7 }, false, false, path, sizeof(path));
	read_whole(path, &w);
	snprintf(scratch, sizeof(scratch), "%s", scratch_file("cpus.dat"));
	f = fopen(scratch, "wb");
	assert_non_null(f);
	for (size_t i = 0; i < w.c.buffers[0].nr_lanes; i++) {
		const struct extent *e = &w.c.buffers[0].lanes[i];

		assert_int_equal(fwrite(w.bytes + e->offset, 1, (size_t)e->size, f), e->size);
	}
	assert_int_equal(fclose(f), 0);
	assert_int_equal(read_with(scratch, path, &part, &r), 0);
	assert_true(r.facts.partial);
	for (size_t i = 0; i < NR_CPUS; i++)
		if (w.stream.lanes[i].nr)
			assert_begins(&w.stream.lanes[i], &part.lanes[i], w.size, "pieces of CPUs");
	forget(&part);
	forget_whole(&w);
	report_clear(&r);
	remove(scratch);
	remove(path);
}

/* The file's own formats are damaged, the rest of it is whole: those of another recording of its kernel do. */
static void damaged_formats_are_taken_from_a_sibling_of_the_same_kernel_only(void **state)
{
	char path[256], same[256], other[256];
	struct stream part = { 0 };
	struct report r = { 0 };
	struct whole w;

	(void)state;
	snprintf(same, sizeof(same), "%s", scratch_file("same.dat"));
	snprintf(other, sizeof(other), "%s", scratch_file("other.dat"));
	write_scene((struct scene_options){ .compression = SCENE_ZSTD, .release = "5.15.7" }, false, false, path, sizeof(path));
	assert_int_equal(rename(path, other), 0);
	write_scene((struct scene_options){ .compression = SCENE_ZSTD }, false, false, path, sizeof(path));
	read_whole(path, &w);
	write_bytes(same, w.bytes, w.size);
	memset(w.bytes + w.c.parts[PART_FORMATS] + 24, 0, 64);	/* behind the section's and the block's head */
	write_bytes(path, w.bytes, w.size);
	assert_int_equal(read_with(path, other, &part, &r), -EBADMSG);
	assert_int_equal(read_with(path, same, &part, &r), 0);
	for (size_t i = 0; i < NR_CPUS; i++)
		if (w.stream.lanes[i].nr)
			assert_begins(&w.stream.lanes[i], &part.lanes[i], w.size, "damaged formats");
	assert_true(r.facts.partial);
	forget(&part);
	forget_whole(&w);
	report_clear(&r);
	remove(path);
	remove(same);
	remove(other);
}

/* Small numbers may look like sub-buffers; but no format of the kernel is theirs. */
static void what_only_looks_like_sub_buffers_is_no_recording(void **state)
{
	char path[256], scratch[256];
	struct stream part = { 0 };
	struct report r = { 0 };
	static uint64_t words[8 * 512];

	(void)state;
	for (uint64_t i = 0; i < 8; i++) {
		words[i * 512] = 1000 + i;
		words[i * 512 + 1] = 8;
		words[i * 512 + 2] = UINT64_C(0x0000ffff00000001);	/* four bytes of payload: id 65535 */
	}
	write_scene((struct scene_options){ .version = 7 }, false, false, path, sizeof(path));
	snprintf(scratch, sizeof(scratch), "%s", scratch_file("numbers.dat"));
	write_bytes(scratch, (const unsigned char *)words, sizeof(words));
	assert_int_equal(read_with(scratch, path, &part, &r), -EBADMSG);
	forget(&part);
	report_clear(&r);
	remove(scratch);
	remove(path);
}

static void a_sibling_of_another_layout_is_none(void **state)
{
	char path[256], other[256];
	struct stream s = { 0 };
	struct report r = { 0 };
	struct whole w;

	(void)state;
	write_scene((struct scene_options){ .version = 7, .big_endian = true }, false, false, path, sizeof(path));
	snprintf(other, sizeof(other), "%s", scratch_file("other.dat"));
	assert_int_equal(rename(path, other), 0);
	write_scene((struct scene_options){ .version = 7 }, false, false, path, sizeof(path));
	read_whole(path, &w);
	write_bytes(path, w.bytes, 64);		/* its head is there, its records are not */
	assert_int_equal(read_with(path, other, &s, &r), -EBADMSG);
	write_bytes(path, (const unsigned char *)"no trace.dat, and nothing like it", 33);
	assert_int_equal(read_with(path, other, &s, &r), -EBADMSG);
	forget_whole(&w);
	report_clear(&r);
	remove(path);
	remove(other);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(version_6_cut_anywhere),
		cmocka_unit_test(version_7_cut_anywhere),
		cmocka_unit_test(version_7_with_zstd_cut_anywhere),
		cmocka_unit_test(version_7_with_zlib_cut_anywhere),
		cmocka_unit_test(the_sample_cut_anywhere),
		cmocka_unit_test(records_without_headers_are_read_with_a_sibling),
		cmocka_unit_test(what_a_killed_trace_cmd_left_is_read_with_a_sibling),
		cmocka_unit_test(damaged_formats_are_taken_from_a_sibling_of_the_same_kernel_only),
		cmocka_unit_test(what_only_looks_like_sub_buffers_is_no_recording),
		cmocka_unit_test(a_sibling_of_another_layout_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
