/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* unpack.h - the compressions a trace.dat may use, and a bound on what they may unpack to */
#ifndef VMSTALL_UNPACK_H
#define VMSTALL_UNPACK_H

#include <stddef.h>

enum codec { CODEC_NONE, CODEC_ZSTD, CODEC_ZLIB, CODEC_UNKNOWN };

/* trace-cmd writes chunks of a few pages and metadata of a few MiB; more is damage, or an attack. */
#define UNPACK_MAX (64u << 20)

enum codec codec_by_name(const char *name);

/* What a thread needs for it, made when first needed. Zero it to begin; one thread at a time. */
struct unpacker { struct ZSTD_DCtx_s *zstd; };

/* Unpack @len bytes into at most @cap. Returns how many, -EBADMSG, or -ENOMEM. Unlike the library it does not trust either size. */
long unpack(struct unpacker *u, enum codec codec, const void *src, size_t len, void *dst, size_t cap);
/* The same for the first @len bytes of more: as much of the begin as they give. Returns how many, 0 too, or -ENOMEM. */
long unpack_begin(struct unpacker *u, enum codec codec, const void *src, size_t len, void *dst, size_t cap);
void unpacker_clear(struct unpacker *u);

#endif
