// SPDX-License-Identifier: LGPL-2.1-or-later
/* unpack.c - the only place that sees zstd.h and zlib.h */
#include "reader/file/unpack.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

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

	switch (uncompress(dst, &size, src, len)) {
	case Z_OK:
		return (long)size;
	case Z_MEM_ERROR:
		return -ENOMEM;
	default:
		return -EBADMSG;
	}
}

static long begin_zlib(const void *src, size_t len, void *dst, size_t cap)
{
	z_stream z = { .next_in = (void *)(uintptr_t)src, .avail_in = (uInt)len, .next_out = dst, .avail_out = (uInt)cap };
	int got = inflateInit(&z);

	if (got != Z_OK)
		return got == Z_MEM_ERROR ? -ENOMEM : 0;
	got = inflate(&z, Z_SYNC_FLUSH);
	inflateEnd(&z);
	if (got == Z_MEM_ERROR)
		return -ENOMEM;
	return got == Z_OK || got == Z_BUF_ERROR || got == Z_STREAM_END ? (long)(cap - z.avail_out) : 0;
}

static int zstd_context(struct unpacker *u)
{
	if (!u->zstd)
		u->zstd = ZSTD_createDCtx();
	return u->zstd ? 0 : -ENOMEM;
}

/* -EBADMSG: the bytes are no zstd frame. */
static long zstd_error(size_t code)
{
	return ZSTD_getErrorCode(code) == ZSTD_error_memory_allocation ? -ENOMEM : -EBADMSG;
}

static long unpack_zstd(struct unpacker *u, const void *src, size_t len, void *dst, size_t cap)
{
	size_t size;

	if (zstd_context(u))
		return -ENOMEM;
	size = ZSTD_decompressDCtx(u->zstd, dst, cap, src, len);
	return ZSTD_isError(size) ? zstd_error(size) : (long)size;
}

#define WINDOW_LOG_MAX 24	/* limit on the memory that a frame may ask for; trace-cmd's frames need far less */

/* A cut frame gives only whole blocks, of up to 128 KiB each. */
static long begin_zstd(struct unpacker *u, const void *src, size_t len, void *dst, size_t cap)
{
	ZSTD_inBuffer in = { .src = src, .size = len };
	ZSTD_outBuffer out = { .dst = dst, .size = cap };
	size_t had, left = 1;

	if (zstd_context(u))
		return -ENOMEM;
	ZSTD_DCtx_reset(u->zstd, ZSTD_reset_session_and_parameters);
	ZSTD_DCtx_setParameter(u->zstd, ZSTD_d_windowLogMax, WINDOW_LOG_MAX);
	do {
		had = in.pos + out.pos;
		left = ZSTD_decompressStream(u->zstd, &out, &in);
	} while (left && !ZSTD_isError(left) && in.pos + out.pos > had);
	ZSTD_DCtx_reset(u->zstd, ZSTD_reset_session_only);
	return ZSTD_isError(left) && zstd_error(left) == -ENOMEM ? -ENOMEM : (long)out.pos;
}

long unpack(struct unpacker *u, enum codec codec, const void *src, size_t len, void *dst, size_t cap)
{
	if (codec == CODEC_ZLIB)
		return unpack_zlib(src, len, dst, cap);
	return codec == CODEC_ZSTD ? unpack_zstd(u, src, len, dst, cap) : -EBADMSG;
}

long unpack_begin(struct unpacker *u, enum codec codec, const void *src, size_t len, void *dst, size_t cap)
{
	if (codec == CODEC_ZLIB)
		return begin_zlib(src, len, dst, cap);
	return codec == CODEC_ZSTD ? begin_zstd(u, src, len, dst, cap) : 0;
}

void unpacker_clear(struct unpacker *u)
{
	ZSTD_freeDCtx(u->zstd);
	*u = (struct unpacker){ 0 };
}
