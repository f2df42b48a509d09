/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* unpack.h - the compressions a trace.dat may use, and a bound on what they may unpack to */
#ifndef VMSTALL_UNPACK_H
#define VMSTALL_UNPACK_H

#include <stddef.h>

enum codec { CODEC_NONE, CODEC_ZSTD, CODEC_ZLIB, CODEC_UNKNOWN };

/* trace-cmd writes chunks of a few pages and metadata of a few MiB; more is damage, or an attack. */
#define UNPACK_MAX (64u << 20)

enum codec codec_by_name(const char *name);

/* Unpack @len bytes into at most @cap. Returns how many, or -EBADMSG. Unlike the library it does not trust either size. */
long unpack(enum codec codec, const void *src, size_t len, void *dst, size_t cap);

#endif
