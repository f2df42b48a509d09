/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* chunk.h - a compressed piece of a lane: its packed and its unpacked size, four bytes each, then the packed bytes */
#ifndef VMSTALL_CHUNK_H
#define VMSTALL_CHUNK_H

#include <stdbool.h>
#include <stdint.h>

#include "reader/file/unpack.h"

enum { CHUNK_HEAD = 8 };

/* The form of a buffer's chunks. */
struct chunk_form { enum codec codec; uint32_t page_size; bool swap; };

struct chunk { uint32_t packed, size; };

/* Decode the header at @p, which has CHUNK_HEAD bytes. */
struct chunk chunk_head(const unsigned char *p, bool swap);

/*
 * Does a chunk begin at @p? The test checks its unpacked size and the first bytes of its codec. @room: bytes from @p on;
 * the chunk may be cut there. Other data almost never passes this test by chance.
 */
bool chunk_begins(const struct chunk_form *form, const unsigned char *p, uint64_t room);

/* The first chunk at @p + @from or later that fits in the @size bytes at @p. Returns @size if there is none. */
uint64_t chunk_find(const struct chunk_form *form, const unsigned char *p, uint64_t from, uint64_t size);

#endif
