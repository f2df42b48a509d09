// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * test_salvage.c - if a file is cut anywhere, is every record of the remaining part read?
 *
 * A file is cut at many places. The events read from each part are compared, CPU by CPU, with the events of the whole
 * file. Each event must be there whose sub-buffer, or chunk of sub-buffers, ends before the cut.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "salvage_lab.h"

enum { CUTS = 200, FEW = 25 };	/* number of places: in the file that must be right, and in its variants */

static size_t all_complete(const struct whole *w, uint64_t cut)
{
	size_t nr = 0;

	for (size_t i = 0; i < MAX_LANES; i++)
		nr += complete(&w->stream.lanes[i], cut);
	return nr;
}

/*
 * Compare the whole file's events with those of a file made of @bytes: its first @cut bytes, perhaps changed. Returns
 * how many events that file had.
 */
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

/* Pseudo-random, so that every run has the same places. */
static size_t random_below(uint64_t *state, size_t below)
{
	*state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (size_t)((*state >> 33) % below);
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

static void assert_scene_cut(struct scene_options o, int cuts, const char *how)
{
	char path[256];

	for (int i = 0; i < 2; i++) {
		write_scene(o, i, i && !o.no_cpustat, path, sizeof(path));	/* only CPUSTAT names a lost instance */
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(version_6_cut_anywhere),
		cmocka_unit_test(version_7_cut_anywhere),
		cmocka_unit_test(version_7_with_zstd_cut_anywhere),
		cmocka_unit_test(version_7_with_zlib_cut_anywhere),
		cmocka_unit_test(the_sample_cut_anywhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
