// SPDX-License-Identifier: LGPL-2.1-or-later
/* test_headless.c - is a file without headers read with the headers of a sibling, and with no other recording's? */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "salvage_lab.h"

/*
 * Keep the file's bytes from @from on, so that everything before its records is gone. With @path as sibling, each CPU
 * must have all its events.
 */
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

/* The trace.dat.cpuN files of a killed trace-cmd, one behind the other: sub-buffers only. */
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

/* Only the file's own formats are damaged. Those of another recording of its kernel must replace them. */
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

/* Small numbers may look like sub-buffers. But none of the kernel's formats fits them. */
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
	write_bytes(path, w.bytes, 64);		/* the head is there, the records are not */
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
		cmocka_unit_test(records_without_headers_are_read_with_a_sibling),
		cmocka_unit_test(what_a_killed_trace_cmd_left_is_read_with_a_sibling),
		cmocka_unit_test(damaged_formats_are_taken_from_a_sibling_of_the_same_kernel_only),
		cmocka_unit_test(what_only_looks_like_sub_buffers_is_no_recording),
		cmocka_unit_test(a_sibling_of_another_layout_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
