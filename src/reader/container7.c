// SPDX-License-Identifier: LGPL-2.1-or-later
/* container7.c - version 7: sections, found through a chain of option sections */
#include "reader/container_private.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define SECTION_COMPRESSED 1
#define CHUNK_COUNT 4	/* what precedes the chunks; trace-cmd does not count it in the size */
#define MAX_SECTIONS 4096	/* the chain is as long as the file says; a ring must end */
#define MAX_CPUS 8192		/* NR_CPUS of the largest kernels */

struct section { uint16_t id, flags; uint64_t size; };

static struct section section_header(struct view *v)
{
	struct section s = { .id = (uint16_t)view_number(v, 2) };

	s.flags = (uint16_t)view_number(v, 2);
	view_number(v, 4);	/* a description, in another section */
	s.size = view_number(v, 8);
	return s;
}

/* Option BUFFER: where the data is, names, then each CPU's place. */
static int buffer_option(struct container *c, struct view *v)
{
	struct view data = view_at(c, view_number(v, 8));
	struct buffer_map *b = container_add_buffer(c, view_string(v));
	uint64_t cpus;

	if (!b)
		return -ENOMEM;
	b->compressed = section_header(&data).flags & SECTION_COMPRESSED;
	b->clock = strdup(view_string(v));
	b->page_size = (uint32_t)view_number(v, 4);
	cpus = view_number(v, 4);
	if (!b->clock)
		return -ENOMEM;
	if (v->bad || (cpus && data.bad) || cpus > MAX_CPUS)
		return -EBADMSG;
	b->lanes = calloc(cpus ? cpus : 1, sizeof(*b->lanes));
	if (!b->lanes)
		return -ENOMEM;
	for (uint64_t i = 0; i < cpus; i++) {
		struct extent e = { .cpu = (uint32_t)view_number(v, 4) };

		e.offset = view_number(v, 8);
		e.size = view_number(v, 8);
		if (b->compressed && e.size && e.size <= UINT64_MAX - CHUNK_COUNT)
			e.size += CHUNK_COUNT;
		if (v->bad || container_add_lane(c, b, e))
			return -EBADMSG;
	}
	return 0;
}

/* Returns 1 when there is another section, at *@ret_next. */
static int read_options(struct container *c, struct view *v, uint64_t *ret_next)
{
	int err = 0;

	while (!err && v->at < v->len) {
		uint16_t id = (uint16_t)view_number(v, 2);
		uint32_t len = (uint32_t)view_number(v, 4);
		const unsigned char *data = view_bytes(v, len);
		struct view option = { .p = data, .len = len, .swap = c->swap };

		if (!data)
			return -EBADMSG;
		if (id == OPTION_DONE) {
			*ret_next = view_number(&option, 8);
			return !option.bad && *ret_next != 0;
		}
		err = id == OPTION_BUFFER ? buffer_option(c, &option) : container_option(c, id, data, len);
	}
	return err;
}

/* A compressed section is one block: its packed and unpacked size, then the bytes. */
static int unpack_options(struct container *c, struct view *v, uint64_t *ret_next)
{
	uint32_t packed = (uint32_t)view_number(v, 4);
	uint32_t size = (uint32_t)view_number(v, 4);
	const unsigned char *data = view_bytes(v, packed);
	unsigned char *plain = data && size <= UNPACK_MAX ? malloc(size ? size : 1) : NULL;
	long got = plain ? unpack(c->codec, data, packed, plain, size) : -EBADMSG;
	struct view options = { .p = plain, .len = got > 0 ? (size_t)got : 0, .swap = c->swap };
	int ret = got < 0 ? -EBADMSG : read_options(c, &options, ret_next);

	free(plain);
	return ret;
}

/* The sum of the chunks' unpacked sizes, as their headers say. */
static uint64_t plain_size(const struct container *c, const struct extent *e)
{
	struct view v = { .p = c->map + e->offset, .len = (size_t)e->size, .swap = c->swap };
	uint64_t sum = 0;

	for (uint64_t left = view_number(&v, 4); left && !v.bad; left--) {
		uint64_t packed = view_number(&v, 4);

		sum += view_number(&v, 4);
		view_bytes(&v, packed);
	}
	return sum;
}

/* The library lays unpacked lanes behind each other, from its second page on; instances all behind the top buffer. */
static void number_lanes(struct container *c)
{
	uint64_t mask = (uint64_t)c->page_size - 1, top = c->page_size;

	for (size_t i = 0; i < c->nr_buffers; i++) {
		struct buffer_map *b = &c->buffers[i];
		uint64_t next = top;

		for (size_t j = 0; b->compressed && j < b->nr_lanes; j++) {
			if (!b->lanes[j].size)
				continue;
			b->lanes[j].plain_offset = next;
			next = (next + plain_size(c, &b->lanes[j]) + mask) & ~mask;
		}
		top = i ? top : next;
	}
}

int container_read_v7(struct container *c, struct view *v, uint64_t *ret_at)
{
	int more = 1;

	c->codec = codec_by_name(view_string(v));
	view_string(v);		/* the codec's version */
	*ret_at = view_number(v, 8);
	for (int i = 0; more > 0; i++) {
		struct view at = view_at(c, *ret_at);
		struct section s = section_header(&at);

		if (v->bad || at.bad || s.id != 0 || s.size > at.len - at.at || i == MAX_SECTIONS)
			return -EBADMSG;
		at.len = at.at + (size_t)s.size;
		more = s.flags & SECTION_COMPRESSED ? unpack_options(c, &at, ret_at) : read_options(c, &at, ret_at);
	}
	number_lanes(c);
	return more;
}
