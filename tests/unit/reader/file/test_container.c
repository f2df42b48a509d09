// SPDX-License-Identifier: LGPL-2.1-or-later
/* test_container.c - is every file that is not a whole trace.dat detected before a library sees it? */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "bytes.h"
#include "readback.h"
#include "reader/file/container.h"

/* A member left zero gets the value of a good file. */
struct head { const char *magic, *version, *compression; unsigned int order, longs, page; bool unfinished; };

static const char *file_name(void)
{
	return scratch_file("container.dat");
}

static void put_head(struct bytes *b, struct head h)
{
	b->big_endian = h.order;
	bytes_add(b, h.magic ? h.magic : "\x17\x08\x44tracing", 10);
	bytes_string(b, h.version ? h.version : "7");
	bytes_number(b, h.order, 1);
	bytes_number(b, h.longs ? h.longs : 8, 1);
	bytes_number(b, h.page ? h.page : 4096, 4);
	if (h.version && strcmp(h.version, "7") != 0)
		return;
	bytes_string(b, h.compression ? h.compression : "none");
	bytes_string(b, "");
	bytes_number(b, h.unfinished ? 0 : b->len + 8, 8);
}

/* Begin a section of options. close_section() writes its length. */
static size_t open_section(struct bytes *b, uint16_t id, uint16_t flags)
{
	bytes_number(b, id, 2);
	bytes_number(b, flags, 2);
	bytes_number(b, 0, 4);
	bytes_number(b, 0, 8);
	return b->len;
}

static void close_section(struct bytes *b, size_t start)
{
	bytes_put(b, start - 8, b->len - start, 8);
}

static void put_option(struct bytes *b, uint16_t id, uint32_t len)
{
	bytes_number(b, id, 2);
	bytes_number(b, len, 4);
	bytes_zero(b, len);
}

/* The last option: the offset of the next section, 0 for none. */
static void put_next(struct bytes *b, uint64_t next)
{
	put_option(b, 0, 8);
	bytes_put(b, b->len - 8, next, 8);
}

/* Options that only link to the next section. Returns the offset in the file, for links to it; SECTION is its length. */
enum { SECTION = 16 + 14 };
static size_t put_section(struct bytes *b, uint16_t id, uint64_t next)
{
	size_t at = open_section(b, id, 0);

	put_next(b, next);
	close_section(b, at);
	return at - 16;
}

static struct bytes good_file(struct head h)
{
	struct bytes b = { 0 };
	size_t at;

	put_head(&b, h);
	at = open_section(&b, 0, 0);
	put_option(&b, 3, 20);
	put_next(&b, 0);
	close_section(&b, at);
	return b;
}

static void write_file(const struct bytes *b, size_t len)
{
	FILE *f = fopen(file_name(), "wb");

	assert_non_null(f);
	assert_true(!len || fwrite(b->p, 1, len, f) == len);
	assert_int_equal(fclose(f), 0);
}

/* The file must be refused with @err and one sentence that names the file and contains @what. */
static void assert_refused_file(const char *path, int err, const char *what)
{
	struct container c;
	char *why = NULL;

	assert_int_equal(container_open(path, &c, &why), err);
	container_close(&c);
	assert_non_null(why);
	assert_ptr_equal(strstr(why, path), why);
	assert_null(strchr(why, '\n'));
	if (!strstr(why, what))
		fail_msg("\"%s\" does not say \"%s\"", why, what);
	free(why);
}

static void assert_refused(struct bytes *b, int err, const char *what)
{
	write_file(b, b->len);
	assert_refused_file(file_name(), err, what);
	bytes_free(b);
}

/* Copy the members of the head. The pointers are gone by then. */
static struct container assert_good(struct bytes *b)
{
	struct container c, head;
	char *why = NULL;

	write_file(b, b->len);
	if (container_open(file_name(), &c, &why))
		fail_msg("refused: %s", why);
	assert_int_equal(c.size, b->len);
	head = c;
	container_close(&c);
	bytes_free(b);
	return head;
}

static void a_whole_file_tells_its_head(void **unused)
{
	struct bytes b = good_file((struct head){ .compression = "zstd", .page = 65536, .longs = 4 });
	struct container s = assert_good(&b);

	(void)unused;
	assert_int_equal(s.version, 7);
	assert_int_equal(s.page_size, 65536);
	assert_int_equal(s.long_size, 4);
	assert_false(s.big_endian);
	assert_string_equal(s.codec_name, "zstd");
}

static void numbers_are_read_in_the_files_own_order(void **unused)
{
	struct bytes b = good_file((struct head){ .order = 1, .page = 4096 });
	struct container s = assert_good(&b);

	(void)unused;
	assert_true(s.big_endian);
	assert_int_equal(s.page_size, 4096);
}

static void version_6_without_its_parts_is_cut(void **unused)
{
	struct bytes b = { 0 };

	(void)unused;
	put_head(&b, (struct head){ .version = "6" });
	assert_refused(&b, -EBADMSG, "its formats, symbols or options do not fit");
}

static void what_is_no_file_is_refused(void **unused)
{
	(void)unused;
	remove(file_name());
	assert_refused_file(file_name(), -ENOENT, "No such file");
	assert_int_equal(mkdir(file_name(), 0700), 0);
	assert_refused_file(file_name(), -EISDIR, "a directory");
	remove(file_name());
	assert_int_equal(mkfifo(file_name(), 0600), 0);
	assert_refused_file(file_name(), -EBADMSG, "not a regular file");
	remove(file_name());
}

static void a_file_that_may_not_be_read_is_refused(void **unused)
{
	struct bytes b = good_file((struct head){ 0 });

	(void)unused;
	if (!geteuid()) {
		bytes_free(&b);
		skip();		/* root may read any file */
	}
	write_file(&b, b.len);
	chmod(file_name(), 0);
	assert_refused_file(file_name(), -EACCES, "Permission denied");
	remove(file_name());
	bytes_free(&b);
}

static void an_empty_file_is_refused(void **unused)
{
	struct bytes b = { 0 };

	(void)unused;
	assert_refused(&b, -ENODATA, "empty file");
}

static void other_files_are_no_trace_dat(void **unused)
{
	struct bytes b = { 0 };

	(void)unused;
	bytes_string(&b, "PERFILE2 and more of it");
	assert_refused(&b, -EBADMSG, "not a trace.dat");
}

static void versions_that_cannot_be_read_are_named(void **unused)
{
	static const struct { const char *version; int err; const char *what; } cases[] = {
		{ "5", -EPROTONOSUPPORT, "version 5; versions 6 and 7" },
		{ "8", -EPROTONOSUPPORT, "version 8;" },
		{ "0", -EPROTONOSUPPORT, "version 0;" },
		{ "", -EBADMSG, "not a number" },
		{ "seven", -EBADMSG, "not a number" },
		{ "6x", -EBADMSG, "not a number" },
		{ "77777777777777", -EBADMSG, "longer than" },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct bytes b = { 0 };

		put_head(&b, (struct head){ .version = cases[i].version });
		assert_refused(&b, cases[i].err, cases[i].what);
	}
}

static void impossible_sizes_in_the_head_are_damage(void **unused)
{
	static const struct { struct head head; const char *what; } cases[] = {
		{ { .order = 2 }, "byte order 2" },
		{ { .longs = 5 }, "long of 5 bytes" },
		{ { .page = 3 }, "sub-buffer of 3 bytes" },
		{ { .page = 5000 }, "sub-buffer of 5000 bytes" },
		{ { .page = 1U << 31 }, "sub-buffer of 2147483648 bytes" },
		{ { .compression = "a name that is longer than any" }, "the compression's name is longer" },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct bytes b = good_file(cases[i].head);

		assert_refused(&b, -EBADMSG, cases[i].what);
	}
}

static void a_recorder_that_was_killed_left_no_options(void **unused)
{
	struct bytes b = good_file((struct head){ .unfinished = true });

	(void)unused;
	assert_refused(&b, -EBADMSG, "not finished");
}

static void a_cut_anywhere_is_told_with_its_place(void **unused)
{
	struct bytes b = good_file((struct head){ 0 });

	(void)unused;
	for (size_t len = 1; len < b.len; len++) {
		char place[40];

		snprintf(place, sizeof(place), "cut at byte %zu: ", len);
		write_file(&b, len);
		assert_refused_file(file_name(), -EBADMSG, place);
	}
	bytes_free(&b);
}

/* Which missing part is reported first, for each length of the file? */
static void a_cut_names_what_is_missing(void **unused)
{
	static const struct { size_t len; const char *what; } cases[] = {
		{ 9, "the magic bytes" }, { 11, "the file version" }, { 12, "the byte order" },
		{ 13, "the size of a long" }, { 17, "the page size" }, { 22, "the compression's name" },
		{ 23, "the compression's version" }, { 31, "the offset of the options" }, { 32, "its options began at byte 32" },
		{ 33, "a section header" }, { 48, "the options do not fit" },
	};
	struct bytes b = good_file((struct head){ 0 });

	(void)unused;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		write_file(&b, cases[i].len);
		assert_refused_file(file_name(), -EBADMSG, cases[i].what);
	}
	bytes_free(&b);
}

static void sections_are_followed_to_the_last(void **unused)
{
	struct bytes b = { 0 };

	(void)unused;
	put_head(&b, (struct head){ 0 });
	put_section(&b, 0, b.len + SECTION);
	put_section(&b, 0, UINT64_MAX);
	assert_refused(&b, -EBADMSG, "its options began at byte 18446744073709551615");
}

static void sections_in_a_ring_are_damage(void **unused)
{
	struct bytes b = { 0 };
	size_t first;

	(void)unused;
	put_head(&b, (struct head){ 0 });
	first = put_section(&b, 0, b.len + SECTION);
	put_section(&b, 0, first);
	assert_refused(&b, -EBADMSG, "a ring");
}

static void a_section_that_names_itself_as_the_next_is_damage(void **unused)
{
	struct bytes b = { 0 };

	(void)unused;
	put_head(&b, (struct head){ 0 });
	put_section(&b, 0, b.len);
	assert_refused(&b, -EBADMSG, "a ring");
}

static void another_section_where_the_options_should_be_is_damage(void **unused)
{
	struct bytes b = { 0 };

	(void)unused;
	put_head(&b, (struct head){ 0 });
	put_section(&b, 17, 0);
	assert_refused(&b, -EBADMSG, "section 17 where the options should be");
}

static void an_option_longer_than_its_section_is_damage(void **unused)
{
	struct bytes b = { 0 };
	size_t at;

	(void)unused;
	put_head(&b, (struct head){ 0 });
	at = open_section(&b, 0, 0);
	put_option(&b, 3, 20);
	bytes_put(&b, at + 2, 0xffffffff, 4);
	close_section(&b, at);
	bytes_zero(&b, 1000);
	assert_refused(&b, -EBADMSG, "option 3 of 4294967295 bytes");
}

static void a_section_longer_than_the_file_is_damage(void **unused)
{
	struct bytes b = good_file((struct head){ 0 });

	(void)unused;
	bytes_put(&b, 40, UINT64_MAX, 8);
	assert_refused(&b, -EBADMSG, "do not fit in the file");
}

static void options_need_no_end_mark(void **unused)
{
	struct bytes b = { 0 };
	size_t at;

	(void)unused;
	put_head(&b, (struct head){ 0 });
	at = open_section(&b, 0, 0);
	put_option(&b, 3, 20);
	close_section(&b, at);
	assert_good(&b);
}

static void compressed_options_that_do_not_unpack_are_damage(void **unused)
{
	struct bytes b = { 0 };
	size_t at;

	(void)unused;
	put_head(&b, (struct head){ .compression = "zstd" });
	at = open_section(&b, 0, 1);
	bytes_string(&b, "what zstd made of them");
	close_section(&b, at);
	assert_refused(&b, -EBADMSG, "cannot be unpacked");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_whole_file_tells_its_head),
		cmocka_unit_test(numbers_are_read_in_the_files_own_order),
		cmocka_unit_test(version_6_without_its_parts_is_cut),
		cmocka_unit_test(what_is_no_file_is_refused),
		cmocka_unit_test(a_file_that_may_not_be_read_is_refused),
		cmocka_unit_test(an_empty_file_is_refused),
		cmocka_unit_test(other_files_are_no_trace_dat),
		cmocka_unit_test(versions_that_cannot_be_read_are_named),
		cmocka_unit_test(impossible_sizes_in_the_head_are_damage),
		cmocka_unit_test(a_recorder_that_was_killed_left_no_options),
		cmocka_unit_test(a_cut_anywhere_is_told_with_its_place),
		cmocka_unit_test(a_cut_names_what_is_missing),
		cmocka_unit_test(sections_are_followed_to_the_last),
		cmocka_unit_test(sections_in_a_ring_are_damage),
		cmocka_unit_test(a_section_that_names_itself_as_the_next_is_damage),
		cmocka_unit_test(another_section_where_the_options_should_be_is_damage),
		cmocka_unit_test(an_option_longer_than_its_section_is_damage),
		cmocka_unit_test(a_section_longer_than_the_file_is_damage),
		cmocka_unit_test(options_need_no_end_mark),
		cmocka_unit_test(compressed_options_that_do_not_unpack_are_damage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
