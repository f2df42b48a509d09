// SPDX-License-Identifier: LGPL-2.1-or-later
/* compress.c - how does a file of version 7 pack a section or a chunk? */
#include "scene.h"

#include <stdlib.h>
#include <zstd.h>

static void add_zstd(const void *data, size_t len, struct bytes *out)
{
	size_t room = ZSTD_compressBound(len);
	void *packed = scene_alloc(NULL, room, 1);
	size_t size = ZSTD_compress(packed, room, data, len, 3);

	if (ZSTD_isError(size))
		scene_oops("zstd: %s", ZSTD_getErrorName(size));
	bytes_number(out, size, 4);
	bytes_number(out, len, 4);
	bytes_add(out, packed, size);
	free(packed);
}

static uint32_t adler32(const unsigned char *p, size_t len)
{
	uint32_t a = 1, b = 0;

	for (size_t i = 0; i < len; i++) {
		a = (a + p[i]) % 65521;
		b = (b + a) % 65521;
	}
	return b << 16 | a;
}

/* RFC 1950 and 1951, stored blocks only: valid for any reader, and needs no library here. */
static void add_zlib(const unsigned char *data, size_t len, struct bytes *out)
{
	struct bytes z = { 0 };
	size_t at = 0, part;

	bytes_number(&z, 0x0178, 2);
	do {
		part = len - at < 0xffff ? len - at : 0xffff;
		bytes_number(&z, at + part == len, 1);
		bytes_number(&z, part, 2);
		bytes_number(&z, ~part & 0xffff, 2);
		bytes_add(&z, data + at, part);
		at += part;
	} while (at < len);
	z.big_endian = true;
	bytes_number(&z, adler32(data, len), 4);
	bytes_number(out, z.len, 4);
	bytes_number(out, len, 4);
	bytes_add(out, z.p, z.len);
	bytes_free(&z);
}

void scene_compress(const struct scene *s, const void *data, size_t len, struct bytes *out)
{
	if (s->o.compression == SCENE_ZSTD)
		add_zstd(data, len, out);
	else if (s->o.compression == SCENE_ZLIB)
		add_zlib(data, len, out);
	else
		bytes_add(out, data, len);
}
