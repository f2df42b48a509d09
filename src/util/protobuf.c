// SPDX-License-Identifier: LGPL-2.1-or-later
/* protobuf.c - numbers in pieces of seven bits, everything else behind its length */
#include "util/protobuf.h"

#include <stdlib.h>
#include <string.h>

#include "util/utf8.h"

enum { WIRE_VARINT = 0, WIRE_FIXED64 = 1, WIRE_BYTES = 2 };
enum { MAX_VARINT = 10 };

/* Room for @more bytes, or NULL. Bytes written there count only after b->len is moved. */
static unsigned char *room(struct protobuf *b, size_t more)
{
	size_t want = b->cap ? b->cap : 256;
	unsigned char *bigger;

	if (b->failed)
		return NULL;
	if (more <= b->cap - b->len)
		return b->p + b->len;
	while (want - b->len < more && want <= SIZE_MAX / 2)
		want *= 2;
	bigger = want - b->len < more ? NULL : realloc(b->p, want);
	if (!bigger) {
		b->failed = true;
		return NULL;
	}
	b->p = bigger;
	b->cap = want;
	return b->p + b->len;
}

static size_t varint(unsigned char *to, uint64_t v)
{
	size_t n = 0;

	for (; v >= 0x80; v >>= 7)
		to[n++] = (unsigned char)(v | 0x80);
	to[n++] = (unsigned char)v;
	return n;
}

static size_t tag(unsigned char *to, uint32_t field, unsigned int wire)
{
	return varint(to, (uint64_t)field << 3 | wire);
}

void pb_uint(struct protobuf *b, uint32_t field, uint64_t v)
{
	unsigned char *to = room(b, 2 * MAX_VARINT);
	size_t n;

	if (!to)
		return;
	n = tag(to, field, WIRE_VARINT);
	b->len += n + varint(to + n, v);
}

void pb_int(struct protobuf *b, uint32_t field, int64_t v)
{
	pb_uint(b, field, (uint64_t)v);
}

void pb_fixed64(struct protobuf *b, uint32_t field, uint64_t v)
{
	unsigned char *to = room(b, MAX_VARINT + 8);

	if (!to)
		return;
	to += tag(to, field, WIRE_FIXED64);
	for (int i = 0; i < 8; i++)
		*to++ = (unsigned char)(v >> 8 * i);
	b->len = (size_t)(to - b->p);
}

void pb_bytes(struct protobuf *b, uint32_t field, const void *data, size_t len)
{
	unsigned char *to = len <= SIZE_MAX - 2 * MAX_VARINT ? room(b, 2 * MAX_VARINT + len) : NULL;
	size_t n;

	if (!to)
		return;
	n = tag(to, field, WIRE_BYTES);
	n += varint(to + n, len);
	if (len)
		memcpy(to + n, data, len);
	b->len += n + len;
}

void pb_append(struct protobuf *b, const struct protobuf *more)
{
	unsigned char *to = room(b, more->len);

	b->failed |= more->failed;
	if (!to || !more->len)
		return;
	memcpy(to, more->p, more->len);
	b->len += more->len;
}

static void put_char(struct protobuf *b, const char *from, size_t len, uint32_t c)
{
	static const char bad[] = "\xef\xbf\xbd";
	size_t n = c == UTF8_BAD ? sizeof(bad) - 1 : len;
	unsigned char *to = room(b, n);

	if (!to)
		return;
	memcpy(to, c == UTF8_BAD ? bad : from, n);
	b->len += n;
}

void pb_text(struct protobuf *b, uint32_t field, const char *s)
{
	size_t begun = pb_begin(b, field);

	while (*s) {
		const char *from = s;
		uint32_t c = utf8_next(&s);

		put_char(b, from, (size_t)(s - from), c);
	}
	pb_end(b, begun);
}

/* Leave one byte for the length, because most messages are short. pb_end() makes room for a longer one. */
size_t pb_begin(struct protobuf *b, uint32_t field)
{
	unsigned char *to = room(b, MAX_VARINT + 1);

	if (to)
		b->len += tag(to, field, WIRE_BYTES) + 1;
	return b->len;
}

void pb_end(struct protobuf *b, size_t begun)
{
	unsigned char size[MAX_VARINT];
	size_t len = b->len - begun, n = varint(size, len);

	if (!room(b, n - 1))
		return;
	if (n > 1)
		memmove(b->p + begun + n - 1, b->p + begun, len);
	memcpy(b->p + begun - 1, size, n);
	b->len += n - 1;
}

void pb_reset(struct protobuf *b)
{
	b->len = 0;
}

void pb_free(struct protobuf *b)
{
	free(b->p);
	*b = (struct protobuf){ 0 };
}
