/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* chunk.h - a compressed piece of a lane: its packed and its unpacked size, four bytes each, then the packed bytes */
#ifndef VMSTALL_CHUNK_H
#define VMSTALL_CHUNK_H

#include <stdbool.h>
#include <stdint.h>

#include "reader/file/unpack.h"

enum { CHUNK_HEAD = 8 };

/* How a buffer's chunks look. */
struct chunk_form { enum codec codec; uint32_t page_size; bool swap; };

struct chunk { uint32_t packed, size; };

/* What the header at @p says; @p has CHUNK_HEAD bytes. */
struct chunk chunk_head(const unsigned char *p, bool swap);

/*
 * Does a chunk begin at @p, by its unpacked size and by how its codec begins? @room: bytes from there on; it may be
 * cut there. By chance that is next to impossible.
 */
bool chunk_begins(const struct chunk_form *form, const unsigned char *p, uint64_t room);

/* The first chunk at @p + @from or later that fits in @p's @size bytes; @size: none. */
uint64_t chunk_find(const struct chunk_form *form, const unsigned char *p, uint64_t from, uint64_t size);

#endif
