// SPDX-License-Identifier: LGPL-2.1-or-later
/* bytes.c - how do numbers and strings lie in a file of either byte order? */
#include "bytes.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void scene_oops(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fputs("test scenario: ", stderr);
	vfprintf(stderr, fmt, ap);
	fputc('\n', stderr);
	va_end(ap);
	abort();
}

void *scene_alloc(void *old, size_t count, size_t size)
{
	void *p = reallocarray(old, count, size);

	if (!p)
		scene_oops("no memory for %zu x %zu bytes", count, size);
	return p;
}

static unsigned char *bytes_room(struct bytes *b, size_t len)
{
	if (b->cap - b->len < len) {
		b->cap = (b->len + len) * 2;
		b->p = scene_alloc(b->p, b->cap, 1);
	}
	b->len += len;
	return b->p + b->len - len;
}

void bytes_add(struct bytes *b, const void *data, size_t len)
{
	if (len)
		memcpy(bytes_room(b, len), data, len);
}

void bytes_zero(struct bytes *b, size_t len)
{
	if (len)
		memset(bytes_room(b, len), 0, len);
}

void bytes_put(struct bytes *b, size_t at, uint64_t value, size_t size)
{
	for (size_t i = 0; i < size; i++)
		b->p[at + (b->big_endian ? size - 1 - i : i)] = (unsigned char)(value >> (8 * i));
}

void bytes_number(struct bytes *b, uint64_t value, size_t size)
{
	bytes_zero(b, size);
	bytes_put(b, b->len - size, value, size);
}

void bytes_string(struct bytes *b, const char *s)
{
	bytes_add(b, s, strlen(s) + 1);
}

void bytes_align(struct bytes *b, size_t to)
{
	bytes_zero(b, (to - b->len % to) % to);
}

void bytes_free(struct bytes *b)
{
	free(b->p);
	*b = (struct bytes){ 0 };
}
