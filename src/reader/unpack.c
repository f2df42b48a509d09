// SPDX-License-Identifier: LGPL-2.1-or-later
/* unpack.c - the only place that sees zstd.h and zlib.h */
#include "reader/unpack.h"

#include <errno.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

enum codec codec_by_name(const char *name)
{
	if (!name || !*name || !strcmp(name, "none"))
		return CODEC_NONE;
	if (!strcmp(name, "zstd"))
		return CODEC_ZSTD;
	return !strcmp(name, "zlib") ? CODEC_ZLIB : CODEC_UNKNOWN;
}

static long unpack_zlib(const void *src, size_t len, void *dst, size_t cap)
{
	uLongf size = cap;

	return uncompress(dst, &size, src, len) == Z_OK ? (long)size : -EBADMSG;
}

static long unpack_zstd(struct unpacker *u, const void *src, size_t len, void *dst, size_t cap)
{
	size_t size;

	if (!u->zstd)
		u->zstd = ZSTD_createDCtx();
	if (!u->zstd)
		return -ENOMEM;
	size = ZSTD_decompressDCtx(u->zstd, dst, cap, src, len);
	return ZSTD_isError(size) ? -EBADMSG : (long)size;
}

long unpack(struct unpacker *u, enum codec codec, const void *src, size_t len, void *dst, size_t cap)
{
	if (codec == CODEC_ZLIB)
		return unpack_zlib(src, len, dst, cap);
	return codec == CODEC_ZSTD ? unpack_zstd(u, src, len, dst, cap) : -EBADMSG;
}

void unpacker_clear(struct unpacker *u)
{
	ZSTD_freeDCtx(u->zstd);
	*u = (struct unpacker){ 0 };
}
