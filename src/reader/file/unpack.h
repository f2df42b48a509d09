/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* unpack.h - the compressions a trace.dat may use, and a bound on what they may unpack to */
#ifndef VMSTALL_UNPACK_H
#define VMSTALL_UNPACK_H

#include <stddef.h>

enum codec { CODEC_NONE, CODEC_ZSTD, CODEC_ZLIB, CODEC_UNKNOWN };

/* trace-cmd writes chunks of a few pages and metadata of a few MiB. A larger size is damage or an attack. */
#define UNPACK_MAX (64u << 20)

enum codec codec_by_name(const char *name);

/* A thread's decompression state, made when it is first needed. Zero it to begin. Only one thread may use it. */
struct unpacker { struct ZSTD_DCtx_s *zstd; };

/*
 * Unpack @len bytes into at most @cap. Returns how many bytes that gave, -EBADMSG, or -ENOMEM. Unlike the library, it
 * trusts neither size.
 */
long unpack(struct unpacker *u, enum codec codec, const void *src, size_t len, void *dst, size_t cap);
/*
 * Unpack a cut chunk: only its first @len bytes are there. Returns how many bytes they give, which may be 0, or -ENOMEM.
 */
long unpack_begin(struct unpacker *u, enum codec codec, const void *src, size_t len, void *dst, size_t cap);
void unpacker_clear(struct unpacker *u);

#endif
