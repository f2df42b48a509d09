// SPDX-License-Identifier: LGPL-2.1-or-later
/* sink.c - put bytes into a trace.dat */
#include "sink.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

uint64_t sink_at(struct sink *k)
{
	off_t at = ftello(k->f);

	k->failed |= at < 0;
	return at < 0 ? 0 : (uint64_t)at;
}

void sink_bytes(struct sink *k, const void *data, size_t len)
{
	k->failed |= len && fwrite(data, 1, len, k->f) != len;
}

void sink_string(struct sink *k, const char *s)
{
	sink_bytes(k, s, strlen(s) + 1);
}

void sink_number(struct sink *k, uint64_t value, size_t bytes)
{
	unsigned char p[8];

	source_store(k->source, p, value, bytes);
	sink_bytes(k, p, bytes);
}

void sink_align(struct sink *k, uint64_t to)
{
	for (uint64_t at = sink_at(k); !k->failed && at % to; at++)
		sink_bytes(k, "", 1);
}

void sink_patch(struct sink *k, uint64_t at, uint64_t value, size_t bytes)
{
	k->failed |= fseeko(k->f, (off_t)at, SEEK_SET) != 0;
	sink_number(k, value, bytes);
	k->failed |= fseeko(k->f, 0, SEEK_END) != 0;
}

static size_t pack(const struct sink *k, const void *data, size_t len)
{
	uLongf size = k->cap;

	if (k->codec == CODEC_ZLIB)
		return compress2(k->packed, &size, data, len, Z_DEFAULT_COMPRESSION) == Z_OK ? size : 0;
	size = ZSTD_compress(k->packed, k->cap, data, len, ZSTD_CLEVEL_DEFAULT);
	return ZSTD_isError(size) ? 0 : size;
}

static bool room(struct sink *k, size_t len)
{
	size_t need = ZSTD_compressBound(len) > compressBound(len) ? ZSTD_compressBound(len) : compressBound(len);
	unsigned char *bigger = need > k->cap ? realloc(k->packed, need) : k->packed;

	if (!bigger)
		return false;
	k->packed = bigger;
	k->cap = need > k->cap ? need : k->cap;
	return true;
}

void sink_packed(struct sink *k, const void *data, size_t len)
{
	size_t size;

	if (k->codec == CODEC_NONE) {
		sink_bytes(k, data, len);
		return;
	}
	size = room(k, len) ? pack(k, data, len) : 0;
	k->failed |= !size;
	sink_number(k, size, 4);
	sink_number(k, len, 4);
	sink_bytes(k, k->packed, size);
}

uint64_t sink_section(struct sink *k, uint16_t id, bool compressed)
{
	uint64_t at = sink_at(k);

	sink_number(k, id, 2);
	sink_number(k, compressed, 2);
	sink_number(k, 0, 4);		/* its description: none */
	sink_number(k, 0, 8);
	return at;
}

void sink_section_end(struct sink *k, uint64_t at)
{
	sink_patch(k, at + 8, sink_at(k) - at - 16, 8);
}
