// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * test_readers.c - do both readers, with any number of threads, read the same records from a file?
 *
 * Every member of every event is compared, its payload too, in the order of delivery. Each event of a stream is kept as
 * a digest, so that long recordings fit into memory. Recordings that are not in the repository are compared if they are
 * there.
 */
#include <errno.h>
#include <glob.h>
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "builder.h"
#include "digest.h"
#include "readback.h"
#include "reader/recording.h"
#include "util/array.h"

#define MS    UINT64_C(1000000)
#define BEGIN (1000 * MS)

enum { EVERY_KIND = -1 };

/*
 * Sanitizer runs check the threads, which does not need much data. So they read less, and skip the library, which has
 * none.
 */
#ifdef __SANITIZE_THREAD__
enum { THREADS_ONLY = true };
#else
enum { THREADS_ONLY = false };
#endif

/* The ways to read a file other than all of it with the native reader. */
enum { BY_LIBRARY = 1, BY_WINDOWS = 2 };

/* Two digests of an event: over all of it, and over the members that a window does not change. */
struct mark { uint64_t whole, core, ts; };
struct stream { struct mark *marks; size_t nr, cap; };

static uint64_t whole_of(const struct event *ev)
{
	return DIGEST(DIGEST(DIGEST(event_digest(ev), ev->prev_ns), ev->first), ev->lane);
}

static int keep(void *data, const struct event *ev)
{
	struct stream *s = data;

	s->marks = grow(s->marks, &s->cap, s->nr, sizeof(*s->marks));
	assert_non_null(s->marks);
	s->marks[s->nr++] = (struct mark){ whole_of(ev), event_digest(ev), ev->ts };
	return 0;
}

static void forget(struct stream *s)
{
	free(s->marks);
	*s = (struct stream){ 0 };
}

/* NULL: the file cannot be opened. */
static struct recording *open_with(const char *path, enum reader reader, unsigned int jobs)
{
	struct recording_options o = { .plugin_dir = "plugins", .reader = reader, .jobs = jobs };
	struct recording *rec = NULL;
	char *why = NULL;

	if (recording_open(path, &o, &rec, &why))
		rec = NULL;
	free(why);
	return rec;
}

struct compared { const struct stream *with; size_t at; const char *path; const char *what; };

static int compare(void *data, const struct event *ev)
{
	struct compared *c = data;

	if (c->at < c->with->nr && c->with->marks[c->at].whole == whole_of(ev)) {
		c->at++;
		return 0;
	}
	print_error("%s, %s: event %zu of %zu is another: ts %" PRIu64 " cpu %u id %u kind %u offset %" PRIu64
		    "; expected ts %" PRIu64 "\n", c->path, c->what, c->at, c->with->nr, ev->ts, ev->cpu, ev->id, ev->kind,
		    ev->offset, c->at < c->with->nr ? c->with->marks[c->at].ts : 0);
	return -EIO;
}

static void assert_same_facts(const struct recording_facts *a, const struct recording_facts *b)
{
	assert_int_equal(a->events, b->events);
	assert_int_equal(a->first_ns, b->first_ns);
	assert_int_equal(a->last_ns, b->last_ns);
	assert_int_equal(a->partial, b->partial);
	assert_int_equal(a->nr_cpus, b->nr_cpus);
	assert_memory_equal(a->cpus, b->cpus, a->nr_cpus * sizeof(*a->cpus));
	assert_int_equal(a->nr_counts, b->nr_counts);
	for (size_t i = 0; i < a->nr_counts; i++)
		assert_int_equal(a->counts[i].count, b->counts[i].count);
}

/* Read all of @path in this way: @with gets the stream, @facts the counts. */
static void assert_reads_same(const char *path, enum reader reader, unsigned int jobs, const struct stream *with,
			      const struct recording_facts *facts)
{
	struct recording *rec = open_with(path, reader, jobs);
	char what[64];
	struct compared c = { .with = with, .path = path, .what = what };
	struct report r = { 0 };

	snprintf(what, sizeof(what), "%s, %u jobs", reader == READER_NATIVE ? "native" : "libtracecmd", jobs);
	if (!rec)
		fail_msg("%s: %s: cannot be opened", path, what);
	assert_int_equal(recording_replay(rec, NULL, 0, (uint64_t)EVERY_KIND, compare, &c), 0);
	assert_int_equal(c.at, with->nr);
	assert_int_equal(recording_facts(rec, &r), 0);
	assert_same_facts(&r.facts, facts);
	report_clear(&r);
	recording_close(rec);
}

static bool inside(const struct time_window *windows, size_t nr, uint64_t ts)
{
	for (size_t i = 0; i < nr; i++)
		if (ts >= windows[i].from && ts <= windows[i].to)
			return true;
	return false;
}

/* A replay of windows is the whole replay without the rest. But a CPU's first event in a window has no past. */
static void assert_windows_same(struct recording *rec, const struct stream *whole, const char *path)
{
	uint64_t first = whole->nr ? whole->marks[0].ts : 0, span = whole->nr ? whole->marks[whole->nr - 1].ts - first : 0;
	const struct time_window windows[] = {
		{ first + span / 10, first + span / 5 },
		{ first + span / 2, first + span / 2 + MS },
		{ first + span / 10 * 9, UINT64_MAX },
	};
	struct stream part = { 0 };
	size_t at = 0;

	assert_int_equal(recording_replay(rec, windows, 3, (uint64_t)EVERY_KIND, keep, &part), 0);
	for (size_t i = 0; i < whole->nr; i++) {
		if (!inside(windows, 3, whole->marks[i].ts))
			continue;
		if (at == part.nr || part.marks[at++].core != whole->marks[i].core)
			fail_msg("%s: event %zu of the windows is not event %zu of all", path, at, i);
	}
	assert_int_equal(at, part.nr);
	forget(&part);
}

/* All other ways are compared with the native reader's stream and facts. Returns the number of events. */
static size_t assert_readers_agree(const char *path, int how)
{
	struct recording *rec = open_with(path, READER_NATIVE, 1);
	struct stream s = { 0 };
	struct report r = { 0 };
	size_t nr;

	if (!rec)
		fail_msg("%s: cannot be opened", path);
	assert_int_equal(recording_replay(rec, NULL, 0, (uint64_t)EVERY_KIND, keep, &s), 0);
	assert_int_equal(recording_facts(rec, &r), 0);
	if (how & BY_WINDOWS)
		assert_windows_same(rec, &s, path);
	recording_close(rec);
	for (unsigned int jobs = 2; jobs <= 8; jobs *= 4) {
		assert_reads_same(path, READER_NATIVE, jobs, &s, &r.facts);
		rec = open_with(path, READER_NATIVE, jobs);
		if (how & BY_WINDOWS)
			assert_windows_same(rec, &s, path);
		recording_close(rec);
	}
	if (how & BY_LIBRARY && !THREADS_ONLY)
		assert_reads_same(path, READER_TRACECMD, 1, &s, &r.facts);
	report_clear(&r);
	nr = s.nr;
	forget(&s);
	return nr;
}

enum { NR_CPUS = 5, NR_ROUNDS = 1500 };	/* CPU 3 has no records */

/* Switches, wake-ups, scans and events without a decoder, at uneven times, in many sub-buffers. */
static void tell(struct scene *s)
{
	for (unsigned int i = 0; i < NR_ROUNDS; i++) {
		struct scene_at at = { .cpu = i % 7 % NR_CPUS, .ts = BEGIN + i * 40013 + i % 11 * 997, .pid = (int32_t)(100 + i % 9),
				       .flags = (uint8_t)(i % 4), .preempt = (uint8_t)(i % 3) };

		if (at.cpu == 3)
			continue;
		at.ts += 300 * MS * (i / 200);	/* a silence that needs a time extend */
		if (i % 5 == 0)
			scene_event(s, at, "sched:sched_switch", STR("prev_comm", "imu_pub"), INT("prev_pid", at.pid),
				    INT("prev_prio", 120), INT("prev_state", i % 2), STR("next_comm", "a_name_of_15_ch"),
				    INT("next_pid", 7000 + i), INT("next_prio", 98));
		else if (i % 5 == 1)
			scene_event(s, at, "vmscan:mm_vmscan_lru_isolate", INT("highest_zoneidx|classzone_idx", 2), INT("?order", 3),
				    INT("nr_requested", 32), INT("nr_scanned", 1000 + i), INT("?nr_skipped", i), INT("nr_taken", 5));
		else if (i % 5 == 2)
			scene_event(s, at, "kmem:mm_page_alloc", INT("pfn", 77 * i), INT("order", i % 4), INT("gfp_flags", 0xcc0));
		else
			scene_event(s, at, "sched:sched_waking", STR("comm", "cam_front"), INT("pid", 900 + i), INT("prio", 120),
				    INT("target_cpu", i % NR_CPUS));
	}
}

/* Losses at the begin and in the middle, of known and unknown number, and twice in a row. */
static void lose(struct scene *s)
{
	scene_lost(s, 0, BEGIN, 17);
	scene_lost(s, 1, 1700 * MS, -1);
	scene_lost(s, 1, 1900 * MS, 3);
	scene_lost(s, 2, 2000 * MS, -1);
	scene_lost(s, 2, 2001 * MS, 100000);
}

static void assert_scene_agrees(struct scene_options o, bool losses, bool instance)
{
	struct scene *s;
	char path[256];

	o.nr_cpus = NR_CPUS;
	s = scene_new(&o);
	tell(s);
	if (losses)
		lose(s);
	if (instance) {
		scene_buffer(s, "second");
		tell(s);
	}
	snprintf(path, sizeof(path), "%s", scratch_file("readers.dat"));
	assert_int_equal(scene_write(s, path), 0);
	scene_free(s);
	/*
	 * With extend_first, a sub-buffer has an earlier stamp than records of the one before. No kernel does that;
	 * it prevents seeking.
	 */
	assert_true(assert_readers_agree(path, (o.compression != SCENE_ZLIB ? BY_LIBRARY : 0) |
					       (o.extend_first ? 0 : BY_WINDOWS)) >= NR_ROUNDS / 2);
	remove(path);
}

/* Each format plain, with losses, with an instance, and with sub-buffers that begin with a time extend. */
static void assert_scenes_agree(struct scene_options o)
{
	for (int i = THREADS_ONLY ? 3 : 0; i < (THREADS_ONLY ? 4 : 8); i++) {
		o.extend_first = i & 4;
		assert_scene_agrees(o, i & 1, i & 2);
	}
}

static void files_of_version_6_are_read_the_same(void **state)
{
	(void)state;
	assert_scenes_agree((struct scene_options){ .version = 6 });
}

static void files_of_version_7_are_read_the_same(void **state)
{
	(void)state;
	assert_scenes_agree((struct scene_options){ .version = 7 });
}

static void files_compressed_with_zstd_are_read_the_same(void **state)
{
	(void)state;
	assert_scenes_agree((struct scene_options){ .compression = SCENE_ZSTD });
	assert_scenes_agree((struct scene_options){ .compression = SCENE_ZSTD, .page_events = 3 });
}

static void files_compressed_with_zlib_are_read_by_any_number_of_threads(void **state)
{
	(void)state;
	assert_scenes_agree((struct scene_options){ .compression = SCENE_ZLIB });
}

static struct stream stream_of(struct scene_options o)
{
	struct scene *s;
	struct recording *rec;
	struct stream all = { 0 };
	char path[256];

	o.nr_cpus = NR_CPUS;
	s = scene_new(&o);
	tell(s);
	snprintf(path, sizeof(path), "%s", scratch_file("readers.dat"));
	assert_int_equal(scene_write(s, path), 0);
	scene_free(s);
	rec = open_with(path, READER_NATIVE, 1);
	assert_non_null(rec);
	assert_int_equal(recording_replay(rec, NULL, 0, (uint64_t)EVERY_KIND, keep, &all), 0);
	recording_close(rec);
	remove(path);
	return all;
}

/* Debian's libtracecmd cannot read them, so it cannot be the reference. */
static void a_file_compressed_with_zlib_holds_what_it_would_with_zstd(void **state)
{
	struct stream zlib = stream_of((struct scene_options){ .compression = SCENE_ZLIB });
	struct stream zstd = stream_of((struct scene_options){ .compression = SCENE_ZSTD });

	(void)state;
	assert_true(zlib.nr >= NR_ROUNDS / 2);
	assert_int_equal(zlib.nr, zstd.nr);
	assert_memory_equal(zlib.marks, zstd.marks, zlib.nr * sizeof(*zlib.marks));
	forget(&zlib);
	forget(&zstd);
}

static void big_endian_files_are_read_the_same(void **state)
{
	(void)state;
	assert_scenes_agree((struct scene_options){ .big_endian = true });
	assert_scenes_agree((struct scene_options){ .big_endian = true, .compression = SCENE_ZSTD });
	assert_scenes_agree((struct scene_options){ .big_endian = true, .version = 6 });
}

static void files_of_32_bit_kernels_are_read_the_same(void **state)
{
	(void)state;
	assert_scenes_agree((struct scene_options){ .long_size = 4 });
	assert_scenes_agree((struct scene_options){ .long_size = 4, .big_endian = true });
}

static void files_with_other_clocks_and_pages_are_read_the_same(void **state)
{
	(void)state;
	assert_scenes_agree((struct scene_options){ .tsc_mult = 10, .tsc_shift = 5, .tsc_offset = 7, .clock = "x86-tsc" });
	assert_scenes_agree((struct scene_options){ .ts_offset = -12345 });
	assert_scenes_agree((struct scene_options){ .page_size = 16384 });
	assert_scenes_agree((struct scene_options){ .kernel = "4.15", .clock = "local" });
}

static void a_file_without_records_is_read_the_same(void **state)
{
	struct scene *s = scene_new(&(struct scene_options){ .nr_cpus = 2, .compression = SCENE_ZSTD });
	const char *path = scratch_file("readers.dat");

	(void)state;
	scene_enable(s, "sched:sched_switch");
	assert_int_equal(scene_write(s, path), 0);
	scene_free(s);
	assert_int_equal(assert_readers_agree(path, BY_LIBRARY | BY_WINDOWS), 0);
	remove(path);
}

static size_t assert_all_agree(const char *pattern)
{
	size_t nr = 0;
	glob_t found;

	if (!glob(pattern, 0, NULL, &found)) {
		for (size_t i = 0; i < found.gl_pathc; i++)
			assert_readers_agree(found.gl_pathv[i], BY_LIBRARY | BY_WINDOWS);
		nr = found.gl_pathc;
	}
	globfree(&found);
	return nr;
}

static void real_recordings_are_read_the_same(void **state)
{
	(void)state;
	assert_true(THREADS_ONLY || assert_all_agree(VMSTALL_SOURCE "/tests/fixtures/recordings/*.dat") >= 5);
	assert_true(assert_all_agree(VMSTALL_SOURCE "/samples/*.dat") >= 1);
}

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SLOW true
#else
#define SLOW false
#endif

/* These recordings are not in the repository. With a sanitizer they take minutes and show nothing new. */
static void the_long_recordings_are_read_the_same(void **state)
{
	static const char *const patterns[] = { "*.dat", "formats/*.dat", "public/*.dat", "damaged/*lost*.dat" };
	size_t nr = 0;
	char pattern[512];

	(void)state;
	for (size_t i = 0; !SLOW && i < sizeof(patterns) / sizeof(patterns[0]); i++) {
		snprintf(pattern, sizeof(pattern), "%s/../shared/recordings/%s", VMSTALL_SOURCE, patterns[i]);
		nr += assert_all_agree(pattern);
	}
	if (!nr)
		skip();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files_of_version_6_are_read_the_same),
		cmocka_unit_test(files_of_version_7_are_read_the_same),
		cmocka_unit_test(files_compressed_with_zstd_are_read_the_same),
		cmocka_unit_test(files_compressed_with_zlib_are_read_by_any_number_of_threads),
		cmocka_unit_test(a_file_compressed_with_zlib_holds_what_it_would_with_zstd),
		cmocka_unit_test(big_endian_files_are_read_the_same),
		cmocka_unit_test(files_of_32_bit_kernels_are_read_the_same),
		cmocka_unit_test(files_with_other_clocks_and_pages_are_read_the_same),
		cmocka_unit_test(a_file_without_records_is_read_the_same),
		cmocka_unit_test(real_recordings_are_read_the_same),
		cmocka_unit_test(the_long_recordings_are_read_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
