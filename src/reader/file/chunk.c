// SPDX-License-Identifier: LGPL-2.1-or-later
/* chunk.c - does a chunk begin here? For files whose table of places is lost or damaged */
#include "reader/file/chunk.h"

#include <string.h>

static uint32_t load32(const unsigned char *p, bool swap)
{
	uint32_t v;

	memcpy(&v, p, sizeof(v));
	return swap ? __builtin_bswap32(v) : v;
}

struct chunk chunk_head(const unsigned char *p, bool swap)
{
	return (struct chunk){ .packed = load32(p, swap), .size = load32(p + 4, swap) };
}

/*
 * The magic numbers of zstd frames and zlib streams. Their byte order is fixed and does not depend on the file's (RFC 8878,
 * RFC 1950).
 */
static bool codec_begins(enum codec codec, const unsigned char *p, uint64_t room)
{
	static const unsigned char zstd[] = { 0x28, 0xb5, 0x2f, 0xfd };

	if (codec == CODEC_ZSTD)
		return !memcmp(p, zstd, room < sizeof(zstd) ? (size_t)room : sizeof(zstd));
	return !room || (p[0] == 0x78 && (room < 2 || (0x7800 + p[1]) % 31 == 0));
}

bool chunk_begins(const struct chunk_form *form, const unsigned char *p, uint64_t room)
{
	struct chunk c;

	if (room < CHUNK_HEAD)
		return false;
	c = chunk_head(p, form->swap);
	return c.packed && c.size && c.size <= UNPACK_MAX && c.size % form->page_size == 0 &&
	       codec_begins(form->codec, p + CHUNK_HEAD, room - CHUNK_HEAD);
}

uint64_t chunk_find(const struct chunk_form *form, const unsigned char *p, uint64_t from, uint64_t size)
{
	for (uint64_t at = from; at < size && size - at > CHUNK_HEAD; at++) {
		if (chunk_begins(form, p + at, size - at) && chunk_head(p + at, form->swap).packed <= size - at - CHUNK_HEAD)
			return at;
	}
	return size;
}
