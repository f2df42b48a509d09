// SPDX-License-Identifier: LGPL-2.1-or-later
/* container7.c - version 7: sections, found through a chain of option sections */
#include "reader/file/container_private.h"
#include "util/text.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define CHUNK_COUNT 4	/* what precedes the chunks; trace-cmd does not count these bytes in the size */
#define UNFINISHED "the recording was not finished (power lost, or killed)"
#define MAX_SECTIONS 4096	/* limit on the chain, because a damaged file may link it into a ring */

struct section section_header(struct view *v)
{
	struct section s = { .id = (uint16_t)view_number(v, 2) };

	s.flags = (uint16_t)view_number(v, 2);
	view_number(v, 4);	/* a description, in another section */
	s.size = view_number(v, 8);
	return s;
}

void section_place(const struct container *c, struct buffer_map *b, struct view *v)
{
	struct section s = section_header(v);

	b->compressed = s.flags & SECTION_COMPRESSED;
	b->from = v->bad ? c->size : v->at;
	b->open = v->bad || !s.size || s.size > c->size - v->at;
	b->to = b->open ? c->size : v->at + s.size;
}

static int read_lanes(struct buffer_map *b, struct view *v)
{
	for (size_t i = 0; i < b->nr_lanes; i++) {
		struct extent *e = &b->lanes[i];

		e->cpu = (uint32_t)view_number(v, 4);
		e->offset = view_number(v, 8);
		e->size = view_number(v, 8);
		if (b->compressed && e->size && e->size <= UINT64_MAX - CHUNK_COUNT)
			e->size += CHUNK_COUNT;
		if (!v->bad && e->cpu < MAX_CPUS)
			continue;
		free(b->lanes);
		*b = (struct buffer_map){ .name = b->name, .clock = b->clock };
		return -EBADMSG;
	}
	return 0;
}

/* Option BUFFER: the place of the data, then names, then the place of each CPU. */
static int buffer_option(struct container *c, struct view *v)
{
	struct view data = view_at(c, view_number(v, 8));
	struct buffer_map *b = container_add_buffer(c, view_string(v));
	uint64_t cpus;

	if (!b)
		return -ENOMEM;
	section_place(c, b, &data);
	b->clock = strdup(view_string(v));
	b->page_size = (uint32_t)view_number(v, 4);
	cpus = view_number(v, 4);
	if (!b->clock)
		return -ENOMEM;
	if (v->bad || cpus > MAX_CPUS || cpus > v->len)
		return -EBADMSG;
	return container_make_lanes(b, cpus) ? -ENOMEM : read_lanes(b, v);
}

/* Read one option. Returns 1 when it links to another section, at *@ret_next; 0 to go on. */
static int read_option(const struct opening *o, struct view *v, uint64_t *ret_next, bool *ret_done)
{
	uint64_t at = v->at;
	uint16_t id = (uint16_t)view_number(v, 2);
	uint32_t len = (uint32_t)view_number(v, 4);
	const unsigned char *data = view_bytes(v, len);
	struct view option = { .p = data, .len = len, .swap = o->c->swap };
	int err;

	if (!data)
		return opening_damaged(o, at, "option %u of %u bytes does not fit its section", id, len);
	if (id == OPTION_DONE) {
		*ret_done = true;
		*ret_next = view_number(&option, 8);
		return !option.bad && *ret_next != 0;
	}
	if (id == OPTION_BUFFER_TEXT)
		return opening_damaged(o, at, "a latency tracer's text, no records");
	if (id >= FIRST_PART && id < FIRST_PART + NR_PARTS)
		o->c->parts[id - FIRST_PART] = view_number(&option, 8);
	err = id == OPTION_BUFFER ? buffer_option(o->c, &option) : container_option(o->c, id, data, len);
	return err == -EBADMSG ? opening_damaged(o, at, "option %u makes no sense in a file of %zu bytes", id, o->c->size) : err;
}

static int read_options(const struct opening *o, struct view *v, uint64_t *ret_next)
{
	bool done = false;
	int ret = 0;

	while (!ret && !done && v->at < v->len)
		ret = read_option(o, v, ret_next, &done);
	return ret;
}

/* A compressed section is one block: packed size, unpacked size, then the bytes. */
static int unpack_section(const struct container *c, struct view *v, unsigned char **ret, size_t *ret_size)
{
	uint32_t packed = (uint32_t)view_number(v, 4);
	uint32_t size = (uint32_t)view_number(v, 4);
	const unsigned char *data = view_bytes(v, packed);
	bool sound = data && size <= UNPACK_MAX;
	unsigned char *plain = sound ? malloc(size ? size : 1) : NULL;
	struct unpacker unpacker = { 0 };
	long got = plain ? unpack(&unpacker, c->codec, data, packed, plain, size) : sound ? -ENOMEM : -EBADMSG;

	unpacker_clear(&unpacker);
	*ret_size = got > 0 ? (size_t)got : 0;
	*ret = got >= 0 ? plain : NULL;
	if (got < 0)
		free(plain);
	return got == -ENOMEM ? -ENOMEM : 0;
}

static int unpack_options(const struct opening *o, struct view *v, uint64_t *ret_next)
{
	uint64_t at = v->at;
	struct view options = { .swap = o->c->swap };
	unsigned char *plain;
	int ret = unpack_section(o->c, v, &plain, &options.len);

	if (ret)
		return ret;
	options.p = plain;
	ret = plain ? read_options(o, &options, ret_next)
		    : opening_damaged(o, at, "options compressed with %s cannot be unpacked", o->c->codec_name);
	free(plain);
	return ret;
}

int section_options(const struct opening *o, const struct section *s, struct view *v, uint64_t *ret_next)
{
	return s->flags & SECTION_COMPRESSED ? unpack_options(o, v, ret_next) : read_options(o, v, ret_next);
}

static int copy_of(const unsigned char *data, uint64_t size, unsigned char **ret, size_t *ret_size)
{
	if (!data)
		return 0;
	*ret = malloc((size_t)size + 1);
	if (!*ret)
		return -ENOMEM;
	memcpy(*ret, data, (size_t)size);
	*ret_size = (size_t)size;
	return 0;
}

int container_part(const struct container *c, enum part part, unsigned char **ret, size_t *ret_size)
{
	struct view v = view_at(c, c->parts[part]);
	struct section s;

	*ret = NULL;
	*ret_size = 0;
	if (!c->parts[part])
		return 0;
	if (c->version == 6)
		return copy_of(view_bytes(&v, c->bare[part]), c->bare[part], ret, ret_size);
	s = section_header(&v);
	if (v.bad || s.size > v.len - v.at)
		return 0;
	v.len = v.at + (size_t)s.size;
	if (s.flags & SECTION_COMPRESSED)
		return unpack_section(c, &v, ret, ret_size);
	return copy_of(view_bytes(&v, s.size), s.size, ret, ret_size);
}

/* Read the section of options at @at. Returns 1 when there is another, at *@ret_next. */
static int read_section(const struct opening *o, uint64_t at, uint64_t *ret_next)
{
	struct view v = view_at(o->c, at);
	struct section s = section_header(&v);

	if (at >= o->c->size)
		return fail(o->why, -EBADMSG, "%s: cut at byte %zu: its options began at byte %" PRIu64, o->path, o->c->size, at);
	if (v.bad)
		return opening_cut(o, "a section header");
	if (s.id != 0)
		return opening_damaged(o, at, "section %u where the options should be", s.id);
	if (s.size > v.len - v.at)
		return opening_cut(o, "the options do not fit in the file");
	if (!s.size)
		return opening_damaged(o, at, "options without a size: %s", UNFINISHED);
	v.len = v.at + (size_t)s.size;
	return section_options(o, &s, &v, ret_next);
}

/* Sum the unpacked sizes in the headers of the chunks. */
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

/*
 * Compute the offsets that the library gives unpacked records. It counts lanes one behind the other, from its second
 * page on, and all instances behind the top buffer.
 */
void container_number_v7(struct container *c)
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

/*
 * trace-cmd links options into the chain only when it has written them. So in a finished file no data follows the last
 * options.
 */
static int check_finished(const struct opening *o, uint64_t last)
{
	struct view v = view_at(o->c, last), behind;
	struct section s = section_header(&v);

	behind = view_at(o->c, v.at + s.size);
	if (!o->c->nr_buffers)
		return fail(o->why, -EBADMSG, "%s: no options of a buffer: %s", o->path, UNFINISHED);
	if (section_header(&behind).id == OPTION_BUFFER)
		return opening_damaged(o, last, "records behind the last options: %s", UNFINISHED);
	return 0;
}

int container_read_v7(const struct opening *o, struct view *v)
{
	const char *codec, *version;
	uint64_t at, last;
	int err = opening_string(o, v, sizeof(o->c->codec_name), "the compression's name", &codec), more = 1;

	if (!err)
		err = opening_string(o, v, 32, "the compression's version", &version);
	if (err)
		return err;
	strcpy(o->c->codec_name, codec);
	o->c->codec = codec_by_name(codec);
	at = view_number(v, 8);
	if (v->bad)
		return opening_cut(o, "the offset of the options");
	if (!at)
		return fail(o->why, -EBADMSG, "%s: no options: %s", o->path, UNFINISHED);
	for (int i = 0; more > 0; i++) {
		last = at;
		more = read_section(o, last, &at);
		if (more > 0 && (at == last || i == MAX_SECTIONS))
			return opening_damaged(o, at, "the option sections form a ring");
	}
	return more ? more : check_finished(o, last);
}
