/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* sink.h - a trace.dat being written: numbers in its byte order, sections, chunks, nothing kept in memory */
#ifndef VMSTALL_BENCH_SINK_H
#define VMSTALL_BENCH_SINK_H

#include <stdio.h>

#include "source.h"

enum { CHUNK_PAGES = 10 };	/* as trace-cmd does it */

/* The first failure stays in @failed, and ends everything. */
struct sink {
	FILE *f;
	const struct source *source;
	enum codec codec;
	unsigned char *packed;
	size_t cap;
	bool failed;
};

uint64_t sink_at(struct sink *k);
void sink_bytes(struct sink *k, const void *data, size_t len);
void sink_string(struct sink *k, const char *s);
void sink_number(struct sink *k, uint64_t value, size_t bytes);
void sink_align(struct sink *k, uint64_t to);
/* Over what stands at @at. */
void sink_patch(struct sink *k, uint64_t at, uint64_t value, size_t bytes);
/* Packed with the codec after both sizes; CODEC_NONE: as it is. */
void sink_packed(struct sink *k, const void *data, size_t len);

/* Returns where the section begins; sink_section_end() fills its size in. */
uint64_t sink_section(struct sink *k, uint16_t id, bool compressed);
void sink_section_end(struct sink *k, uint64_t at);

#endif
