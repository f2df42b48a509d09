/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* source.h - the recording that is repeated: uncompressed and of version 7, so its parts lie in the file as they are */
#ifndef VMSTALL_BENCH_SOURCE_H
#define VMSTALL_BENCH_SOURCE_H

#include "reader/file/container.h"

/* Options of trace-cmd.dat.v7(5) that say where something lies. The metadata's are in the order version 6 has it. */
enum { OPT_DONE = 0, OPT_BUFFER = 3, OPT_STRINGS = 15, OPT_HEADER_INFO = FIRST_PART };

struct piece { const unsigned char *data; uint64_t len; uint16_t id; };

/**
 * struct source - what is copied; everything lies in the mapped file
 * @head:    magic, version, byte order, size of a long, size of a page
 * @parts:   the metadata, from OPT_HEADER_INFO on
 * @options: the others, without those that say where something lies
 * @pages:   of all CPUs; @span: from the first record to the last, in units of the clock
 */
struct source {
	struct container c;
	struct piece head, parts[NR_PARTS], options[128];
	size_t nr_options;
	uint32_t cpus;
	uint64_t pages, span;
};

/* A number in the file's byte order. */
uint64_t source_load(const struct source *s, const unsigned char *p, size_t bytes);
void source_store(const struct source *s, unsigned char *p, uint64_t value, size_t bytes);

/* Returns 0; or -1, having said on stderr why not. source_close() it in any case. */
int source_open(const char *path, struct source *ret);
void source_close(struct source *s);

#endif
