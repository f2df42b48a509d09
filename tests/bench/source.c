// SPDX-License-Identifier: LGPL-2.1-or-later
/* source.c - where in the source does each part lie? */
#include "source.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reader/file/subbuf.h"

enum { HEAD_LEN = 18, SECTION_HEAD = 16 };

static bool big_endian(const struct source *s)
{
	return s->c.swap != (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__);
}

uint64_t source_load(const struct source *s, const unsigned char *p, size_t bytes)
{
	uint64_t v = 0;

	for (size_t i = 0; i < bytes; i++)
		v = v << 8 | p[big_endian(s) ? i : bytes - 1 - i];
	return v;
}

void source_store(const struct source *s, unsigned char *p, uint64_t value, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++)
		p[big_endian(s) ? bytes - 1 - i : i] = (unsigned char)(value >> 8 * i);
}

static int complain(const char *path, const char *what)
{
	fprintf(stderr, "grow: %s: %s\n", path, what);
	return -1;
}

/* The data of the section at @offset; len 0: it does not fit the file. */
static struct piece section(const struct source *s, uint64_t offset)
{
	struct piece p = { 0 };
	uint64_t size;

	if (offset > s->c.size || s->c.size - offset < SECTION_HEAD)
		return p;
	size = source_load(s, s->c.map + offset + 8, 8);
	if (size > s->c.size - offset - SECTION_HEAD)
		return p;
	return (struct piece){ .data = s->c.map + offset + SECTION_HEAD, .len = size,
			       .id = (uint16_t)source_load(s, s->c.map + offset, 2) };
}

/* Returns where the next section of options is, 0: there is none. */
static uint64_t take_option(struct source *s, struct piece option)
{
	unsigned int part = (unsigned int)option.id - OPT_HEADER_INFO;

	if (option.id == OPT_DONE)
		return option.len >= 8 ? source_load(s, option.data, 8) : 0;
	if (option.id >= OPT_HEADER_INFO && part < NR_PARTS && option.len >= 8)
		s->parts[part] = section(s, source_load(s, option.data, 8));
	else if (option.id != OPT_BUFFER && option.id < OPT_STRINGS && s->nr_options < 128)
		s->options[s->nr_options++] = option;
	return 0;
}

static uint64_t take_options(struct source *s, uint64_t offset)
{
	struct piece all = section(s, offset);
	uint64_t next = 0;

	for (uint64_t at = 0; !next && all.len - at >= 6;) {
		struct piece option = { .data = all.data + at + 6, .id = (uint16_t)source_load(s, all.data + at, 2),
					.len = source_load(s, all.data + at + 2, 4) };

		if (option.len > all.len - at - 6)
			break;
		next = take_option(s, option);
		at += 6 + option.len;
	}
	return next > offset ? next : 0;
}

/* Count the pages, and see how long the recording is. */
static void measure(struct source *s)
{
	struct subbuf_layout layout = { .long_size = s->c.long_size, .swap = s->c.swap };
	uint64_t first = UINT64_MAX, last = 0;
	struct subbuf sb;
	size_t size;

	for (size_t b = 0; b < s->c.nr_buffers; b++)
		for (size_t i = 0; i < s->c.buffers[b].nr_lanes; i++) {
			const struct extent *e = &s->c.buffers[b].lanes[i];

			layout.page_size = s->c.buffers[b].page_size;
			s->cpus = e->cpu >= s->cpus ? e->cpu + 1 : s->cpus;
			s->pages += e->size / layout.page_size;
			if (e->size < layout.page_size)
				continue;
			subbuf_open(&sb, s->c.map + e->offset, &layout);
			first = sb.ts < first ? sb.ts : first;
			subbuf_open(&sb, s->c.map + e->offset + (e->size / layout.page_size - 1) * layout.page_size, &layout);
			while (subbuf_next(&sb, &size))
				;
			last = sb.ts > last ? sb.ts : last;
		}
	s->span = last > first ? last - first : 0;
}

static bool complete(const struct source *s)
{
	for (size_t i = 0; i < NR_PARTS; i++)
		if (!s->parts[i].data)
			return false;
	return s->pages > 0;
}

int source_open(const char *path, struct source *ret)
{
	const unsigned char *p;
	uint64_t options;
	char *why = NULL;

	*ret = (struct source){ 0 };
	if (container_open(path, &ret->c, &why)) {
		complain(path, why ? why : "cannot be read");
		free(why);
		return -1;
	}
	if (ret->c.version != 7 || ret->c.codec != CODEC_NONE)
		return complain(path, "first make it: trace-cmd convert --file-version 7 --compression none");
	ret->head = (struct piece){ .data = ret->c.map, .len = HEAD_LEN };
	p = ret->c.map + HEAD_LEN;
	p += strlen((const char *)p) + 1;	/* the codec's name, then its version: the container read both */
	p += strlen((const char *)p) + 1;
	options = source_load(ret, p, 8);
	while (options)
		options = take_options(ret, options);
	measure(ret);
	return complete(ret) ? 0 : complain(path, "a part of the metadata is missing, or every record is");
}

void source_close(struct source *s)
{
	container_close(&s->c);
}
