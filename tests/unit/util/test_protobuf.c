// SPDX-License-Identifier: LGPL-2.1-or-later
/* test_protobuf.c - is the output in the wire format, byte by byte? And does a spool return its input? */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "util/protobuf.h"
#include "util/spool.h"

static void assert_bytes(struct protobuf *b, const char *bytes, size_t len)
{
	assert_false(b->failed);
	assert_int_equal(b->len, len);
	assert_memory_equal(b->p, bytes, len);
	pb_reset(b);
}
#define ASSERT_BYTES(b, literal) assert_bytes(b, literal, sizeof(literal) - 1)

static void numbers_are_in_pieces_of_seven_bits_the_lowest_first(void **unused)
{
	struct protobuf b = { 0 };

	(void)unused;
	pb_uint(&b, 1, 150);
	ASSERT_BYTES(&b, "\x08\x96\x01");
	pb_uint(&b, 16, 0);
	ASSERT_BYTES(&b, "\x80\x01\x00");
	pb_uint(&b, 1, UINT64_MAX);
	ASSERT_BYTES(&b, "\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01");
	pb_int(&b, 1, -2);
	ASSERT_BYTES(&b, "\x08\xfe\xff\xff\xff\xff\xff\xff\xff\xff\x01");
	pb_fixed64(&b, 47, 0x0102030405060708);
	ASSERT_BYTES(&b, "\xf9\x02\x08\x07\x06\x05\x04\x03\x02\x01");
	pb_free(&b);
}

static void text_that_is_no_utf8_becomes_utf8(void **unused)
{
	struct protobuf b = { 0 };

	(void)unused;
	pb_text(&b, 2, "testing");
	ASSERT_BYTES(&b, "\x12\x07testing");
	pb_text(&b, 2, "a\xff\xc3(\xe3\x82\xab");
	ASSERT_BYTES(&b, "\x12\x0b" "a\xef\xbf\xbd\xef\xbf\xbd(\xe3\x82\xab");
	pb_text(&b, 2, "");
	ASSERT_BYTES(&b, "\x12\x00");
	pb_free(&b);
}

static void a_message_inside_another_has_its_length_before_it(void **unused)
{
	struct protobuf b = { 0 };
	size_t outer, inner;

	(void)unused;
	outer = pb_begin(&b, 3);
	inner = pb_begin(&b, 4);
	pb_uint(&b, 1, 150);
	pb_end(&b, inner);
	pb_end(&b, outer);
	ASSERT_BYTES(&b, "\x1a\x05\x22\x03\x08\x96\x01");
	pb_free(&b);
}

/* At 128 bytes the length needs a second byte, at 16384 a third. The bytes behind the length must then move. */
static void long_messages_have_long_lengths(void **unused)
{
	static const struct { size_t len; const char *head; size_t head_len; } cases[] = {
		{ 127, "\x1a\x7f", 2 }, { 128, "\x1a\x80\x01", 3 }, { 16383, "\x1a\xff\x7f", 3 }, { 16384, "\x1a\x80\x80\x01", 4 },
	};
	char *text = malloc(16385);

	(void)unused;
	memset(text, 'x', 16384);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct protobuf b = { 0 };

		text[cases[i].len] = '\0';
		pb_text(&b, 3, text);
		assert_int_equal(b.len, cases[i].head_len + cases[i].len);
		assert_memory_equal(b.p, cases[i].head, cases[i].head_len);
		assert_memory_equal(b.p + cases[i].head_len, text, cases[i].len);
		text[cases[i].len] = 'x';
		pb_free(&b);
	}
	free(text);
}

static void a_spool_gives_back_what_was_written_and_has_no_name(void **unused)
{
	static char dir[] = "test-spool-XXXXXX";
	struct spool *s;
	char path[64], *got = NULL;
	size_t size;
	FILE *out = open_memstream(&got, &size);

	(void)unused;
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/out", dir);
	assert_int_equal(spool_open(path, &s), 0);
	assert_int_equal(rmdir(dir), 0);	/* the spool is empty */
	for (int i = 0; i < 100000; i++)
		spool_write(s, &i, sizeof(i));
	assert_int_equal(spool_copy(s, out), 0);
	fclose(out);
	assert_int_equal(size, 100000 * sizeof(int));
	for (int i = 0; i < 100000; i++)
		assert_memory_equal(got + (size_t)i * sizeof(i), &i, sizeof(i));
	free(got);
	assert_null(spool_close(s));
}

static void a_spool_is_elsewhere_where_no_file_can_be(void **unused)
{
	struct spool *s;
	FILE *out = tmpfile();

	(void)unused;
	assert_int_equal(spool_open("/dev/null/out", &s), 0);
	spool_write(s, "x", 1);
	assert_int_equal(spool_copy(s, out), 0);
	assert_int_equal(ftell(out), 1);
	fclose(out);
	spool_close(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_in_pieces_of_seven_bits_the_lowest_first),
		cmocka_unit_test(text_that_is_no_utf8_becomes_utf8),
		cmocka_unit_test(a_message_inside_another_has_its_length_before_it),
		cmocka_unit_test(long_messages_have_long_lengths),
		cmocka_unit_test(a_spool_gives_back_what_was_written_and_has_no_name),
		cmocka_unit_test(a_spool_is_elsewhere_where_no_file_can_be),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
