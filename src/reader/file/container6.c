// SPDX-License-Identifier: LGPL-2.1-or-later
/* container6.c - version 6: one part after the other, each with its size */
#include "reader/file/container_private.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static void skip_sized(struct view *v, size_t bytes)
{
	view_bytes(v, view_number(v, bytes));
}

static void skip_events(struct view *v)
{
	for (uint64_t nr = view_number(v, 4); nr && !v->bad; nr--)
		skip_sized(v, 8);
}

static void skip_part(struct view *v, enum part part)
{
	switch (part) {
	case PART_HEADER:
		for (int i = 0; i < 2; i++) {
			view_string(v);		/* "header_page", "header_event" */
			skip_sized(v, 8);
		}
		break;
	case PART_FTRACE:
		skip_events(v);
		break;
	case PART_FORMATS:
		for (uint64_t nr = view_number(v, 4); nr && !v->bad; nr--) {
			view_string(v);
			skip_events(v);
		}
		break;
	default:
		skip_sized(v, part == PART_CMDLINES ? 8 : 4);
	}
}

/* Version 7 has the same bytes, but each part has a section of its own. */
static void read_parts(struct container *c, struct view *v)
{
	for (enum part part = PART_HEADER; part < NR_PARTS; part++) {
		size_t from = v->at;

		skip_part(v, part);
		c->parts[part] = v->bad ? 0 : from;
		c->bare[part] = v->at - from;
	}
}

/* Read "flyrecord", then the place of each CPU. A place is 0 until trace-cmd has copied the records of that CPU. */
static int read_lanes(struct buffer_map *b, struct view *v, uint64_t cpus)
{
	if (container_make_lanes(b, cpus))
		return -ENOMEM;
	for (uint64_t i = 0; i < cpus; i++) {
		struct extent *e = &b->lanes[i];

		e->cpu = (uint32_t)i;
		e->offset = view_number(v, 8);
		e->size = view_number(v, 8);
		e->astray = !e->offset;
		b->open |= e->astray;
	}
	b->from = v->at;
	b->to = v->len;
	return v->bad ? -EBADMSG : 0;
}

/* An instance has its own "flyrecord" elsewhere in the file. Its place is 0 if it was never written. */
static int read_instance(struct container *c, const unsigned char *data, uint32_t len, uint64_t cpus)
{
	struct view option = { .p = data, .len = len, .swap = c->swap };
	uint64_t place = view_number(&option, 8);
	struct view at = view_at(c, place);
	struct buffer_map *b = container_add_buffer(c, view_string(&option));

	if (!b)
		return -ENOMEM;
	if (!option.bad && !strcmp(view_string(&at), "flyrecord") && place)
		return read_lanes(b, &at, cpus);
	b->from = b->to = c->size;
	b->open = true;
	return 0;
}

struct pending { const unsigned char *data; uint32_t len; };

/* The option with id 0 ends the list and has no size. Instances must wait until the number of CPUs is known. */
static int read_options(struct container *c, struct view *v, struct pending *instances, size_t *nr, size_t max)
{
	for (;;) {
		uint16_t id = (uint16_t)view_number(v, 2);
		uint32_t len = id ? (uint32_t)view_number(v, 4) : 0;
		const unsigned char *data = view_bytes(v, len);

		if (v->bad)
			return -EBADMSG;
		if (!id)
			return 0;
		if (id == OPTION_BUFFER && *nr < max)
			instances[(*nr)++] = (struct pending){ data, len };
		else if (container_option(c, id, data, len))
			return -ENOMEM;
	}
}

#define MAX_INSTANCES 256

static int read_all(struct container *c, struct view *v)
{
	struct pending instances[MAX_INSTANCES];
	struct buffer_map *top = container_add_buffer(c, "");
	size_t nr = 0;
	const char *kind;
	int err = 0;

	if (!top)
		return -ENOMEM;
	read_parts(c, v);
	c->cpus = (uint32_t)view_number(v, 4);
	kind = view_string(v);
	if (!strncmp(kind, "options", 7)) {
		err = read_options(c, v, instances, &nr, MAX_INSTANCES);
		kind = err ? "" : view_string(v);
	}
	if (err || v->bad || strcmp(kind, "flyrecord") || c->cpus > MAX_CPUS)
		return err ? err : -EBADMSG;
	err = read_lanes(top, v, c->cpus);
	for (size_t i = 0; !err && i < nr; i++)
		err = read_instance(c, instances[i].data, instances[i].len, c->cpus);
	return err;
}

int container_read_v6(const struct opening *o, struct view *v)
{
	int err = read_all(o->c, v);

	if (err != -EBADMSG)
		return err;
	if (v->bad)
		return opening_cut(o, "its formats, symbols or options do not fit");
	return opening_damaged(o, v->at, "no records of CPUs where they should be");
}
