// SPDX-License-Identifier: LGPL-2.1-or-later
/* edit_read.c - which metadata and which records are in a file? */
#include "edit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MISSED (UINT64_C(1) << 31)
#define STORED (UINT64_C(1) << 30)
enum { PAGE_HEADER = 16, SECTION_HEADER = 16, OPTION_HEADER = 6 };

static void slurp(struct edit *e, const char *path)
{
	FILE *in = fopen(path, "rb");
	long len;

	if (!in || fseek(in, 0, SEEK_END) || (len = ftell(in)) < 0)
		scene_oops("%s cannot be read", path);
	rewind(in);
	e->len = (size_t)len;
	e->file = scene_alloc(NULL, e->len + 1, 1);
	if (fread(e->file, 1, e->len, in) != e->len)
		scene_oops("%s cannot be read", path);
	fclose(in);
}

static unsigned char *at(const struct edit *e, uint64_t offset, uint64_t len)
{
	if (offset > e->len || len > e->len - offset)
		scene_oops("the file is cut");
	return e->file + offset;
}

/* --- sub-buffers --- */

struct element { size_t size; unsigned char *data; size_t len; };

/* The element at @p; false at the end of what was committed. Layout: include/linux/ring_buffer.h. */
static bool element_at(unsigned char *p, const unsigned char *end, uint64_t *clock, struct element *ret)
{
	uint32_t head, type;

	if (end - p < 4)
		return false;
	head = (uint32_t)edit_get(p, 4);
	type = head & 31;
	*clock += head >> 5;
	*ret = (struct element){ .size = 8 };
	if (type >= 30 && end - p >= 8)
		*clock = (type == 30 ? *clock - (head >> 5) : 0) + (edit_get(p + 4, 4) << 27) + (head >> 5);
	else if (type == 29 || !type)
		ret->size = 4 + (end - p >= 8 ? (size_t)edit_get(p + 4, 4) : 4);
	else if (type < 29)
		ret->size = 4 + type * 4;
	if (type < 29) {
		ret->data = p + (type ? 4 : 8);
		ret->len = ret->size - (type ? 4 : 8);
	}
	return ret->size <= (size_t)(end - p);
}

static void read_page(struct edit *e, struct scene_lane *lane, unsigned char *page)
{
	uint64_t clock = edit_get(page, 8), commit = edit_get(page + 8, 8);
	unsigned char *p = page + PAGE_HEADER, *end = p + (commit & 0xfffff);
	int64_t lost = commit & MISSED ? -1 : 0;
	struct element el;
	bool starts = true;

	if (end > page + e->options.page_size)
		scene_oops("a sub-buffer of %zu bytes", (size_t)(end - p));
	if (commit & STORED)
		lost = (int64_t)edit_get(end, 8);
	for (; element_at(p, end, &clock, &el); p += el.size) {
		if (!el.data)
			continue;
		lane->records = scene_grow(lane->records, &lane->cap, lane->nr, sizeof(*lane->records));
		lane->records[lane->nr++] = (struct scene_record){ .ts = clock, .data = el.data, .len = el.len,
			.lost = lost, .starts = starts };
		lost = 0;
		starts = false;
	}
}

struct edit_lane *edit_new_lane(struct edit_buffer *b, unsigned int cpu)
{
	b->lanes = scene_alloc(b->lanes, b->nr_lanes + 1, sizeof(*b->lanes));
	b->lanes[b->nr_lanes] = (struct edit_lane){ .cpu = cpu };
	return &b->lanes[b->nr_lanes++];
}

struct edit_buffer *edit_new_buffer(struct edit *e, const char *name)
{
	struct edit_buffer *b;

	e->buffers = scene_alloc(e->buffers, e->nr_buffers + 1, sizeof(*e->buffers));
	b = &e->buffers[e->nr_buffers++];
	*b = (struct edit_buffer){ .name = strdup(name), .clock = strdup(e->nr_buffers > 1 ? e->buffers[0].clock : "") };
	return b;
}

/* u64 offset, name, clock, u32 page size, u32 CPUs, then u32 cpu, u64 offset, u64 size of each. */
static void read_buffer(struct edit *e, const unsigned char *p)
{
	struct edit_buffer *b = edit_new_buffer(e, (const char *)p + 8);
	uint64_t cpus;

	p += 8 + strlen((const char *)p + 8) + 1;
	free(b->clock);
	b->clock = strdup((const char *)p);
	p += strlen((const char *)p) + 1;
	e->options.page_size = (unsigned int)edit_get(p, 4);
	cpus = edit_get(p + 4, 4);
	p += 8;
	for (; cpus; cpus--, p += 20) {
		struct edit_lane *lane = edit_new_lane(b, (unsigned int)edit_get(p, 4));
		uint64_t size = edit_get(p + 12, 8);
		unsigned char *pages = at(e, edit_get(p + 4, 8), size);

		for (uint64_t done = 0; done + e->options.page_size <= size; done += e->options.page_size)
			read_page(e, &lane->records, pages + done);
	}
}

/* --- the file --- */

static bool names_a_section(uint64_t id)
{
	return id >= OPT_HEADER_INFO && id <= OPT_CMDLINES;
}

static void read_option(struct edit *e, const unsigned char *p)
{
	uint16_t id = (uint16_t)edit_get(p, 2);
	size_t len = edit_get(p + 2, 4);
	struct bytes data = { 0 };

	p += OPTION_HEADER;
	if (id == OPT_BUFFER) {
		read_buffer(e, p);
	} else if (names_a_section(id)) {
		const unsigned char *section = at(e, edit_get(p, 8), SECTION_HEADER);

		bytes_add(&data, at(e, edit_get(p, 8) + SECTION_HEADER, edit_get(section + 8, 8)), edit_get(section + 8, 8));
		e->sections = scene_grow(e->sections, &e->cap_sections, e->nr_sections, sizeof(*e->sections));
		e->sections[e->nr_sections++] = (struct edit_section){ .id = id, .data = data };
	} else {
		bytes_add(&data, p, len);
		e->other = scene_grow(e->other, &e->cap_other, e->nr_other, sizeof(*e->other));
		e->other[e->nr_other++] = (struct edit_option){ .id = id, .data = data };
	}
}

/* The options of the section at @offset; returns where the next ones are, 0: nowhere. */
static uint64_t read_options(struct edit *e, uint64_t offset)
{
	const unsigned char *p = at(e, offset, SECTION_HEADER);
	const unsigned char *end = at(e, offset + SECTION_HEADER, edit_get(p + 8, 8)) + edit_get(p + 8, 8);

	for (p += SECTION_HEADER; p + OPTION_HEADER <= end; p += OPTION_HEADER + edit_get(p + 2, 4)) {
		if (edit_get(p, 2) == OPT_DONE)
			return edit_get(p + 2, 4) >= 8 ? edit_get(p + OPTION_HEADER, 8) : 0;
		read_option(e, p);
	}
	return 0;
}

struct edit *edit_read(const char *path)
{
	struct edit *e = scene_alloc(NULL, 1, sizeof(*e));
	size_t header = 18;	/* behind it: the compression's name and version */

	memset(e, 0, sizeof(*e));
	slurp(e, path);
	if (e->len < 40 || memcmp(e->file + 3, "tracing7", 9) || e->file[12] || e->file[13] != 8 ||
		strcmp((char *)e->file + 18, "none"))
		scene_oops("%s is no little-endian 64-bit version 7 file without compression", path);
	e->options = (struct scene_options){ .version = 7, .long_size = 8, .page_size = 4096 };
	header += strlen((char *)e->file + header) + 1;
	header += strlen((char *)e->file + header) + 1;
	for (uint64_t next = edit_get(at(e, header, 8), 8); next;)
		next = read_options(e, next);
	edit_learn_events(e);
	return e;
}

struct edit_section *edit_section(struct edit *e, uint16_t id)
{
	for (size_t i = 0; i < e->nr_sections; i++)
		if (e->sections[i].id == id)
			return &e->sections[i];
	return NULL;
}

unsigned int edit_nr_cpus(const struct edit *e)
{
	unsigned int nr = 0;

	for (size_t i = 0; i < e->nr_other; i++)
		if (e->other[i].id == OPT_CPUCOUNT && edit_get(e->other[i].data.p, 4) > nr)
			nr = (unsigned int)edit_get(e->other[i].data.p, 4);
	for (size_t b = 0; b < e->nr_buffers; b++)
		for (size_t l = 0; l < e->buffers[b].nr_lanes; l++)
			if (e->buffers[b].lanes[l].cpu >= nr)
				nr = e->buffers[b].lanes[l].cpu + 1;
	return nr;
}

void edit_append(struct edit *e, struct edit_lane *lane, uint64_t ts, const void *data, size_t len)
{
	struct scene_lane *to = &lane->records;
	struct scene_record *r;

	(void)e;
	to->records = scene_grow(to->records, &to->cap, to->nr, sizeof(*to->records));
	r = &to->records[to->nr++];
	*r = (struct scene_record){ .ts = ts, .data = scene_alloc(NULL, len, 1), .len = len };
	memcpy(r->data, data, len);
}

static void free_lane(struct edit *e, struct scene_lane *lane)
{
	for (size_t i = 0; i < lane->nr; i++)
		if (lane->records[i].data < e->file || lane->records[i].data >= e->file + e->len)
			free(lane->records[i].data);
	free(lane->records);
}

void edit_free(struct edit *e)
{
	for (size_t b = 0; b < e->nr_buffers; b++) {
		for (size_t l = 0; l < e->buffers[b].nr_lanes; l++)
			free_lane(e, &e->buffers[b].lanes[l].records);
		free(e->buffers[b].lanes);
		free(e->buffers[b].name);
		free(e->buffers[b].clock);
	}
	for (size_t i = 0; i < e->nr_sections; i++)
		bytes_free(&e->sections[i].data);
	for (size_t i = 0; i < e->nr_other; i++)
		bytes_free(&e->other[i].data);
	for (size_t i = 0; i < sizeof(e->events) / sizeof(*e->events); i++) {
		if (e->events[i])
			free(e->events[i]->fields);
		free(e->events[i]);
	}
	free(e->buffers);
	free(e->sections);
	free(e->other);
	free(e->file);
	free(e);
}
