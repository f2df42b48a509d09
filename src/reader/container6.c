// SPDX-License-Identifier: LGPL-2.1-or-later
/* container6.c - version 6: one part after the other, each with its size */
#include "reader/container_private.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static void skip_sized(struct view *v, size_t bytes)
{
	view_bytes(v, view_number(v, bytes));
}

/* The parts that the library reads: page header, formats, symbols, names of tasks. */
static void skip_metadata(struct view *v)
{
	uint64_t nr;

	view_string(v);			/* "header_page" */
	skip_sized(v, 8);
	view_string(v);			/* "header_event" */
	skip_sized(v, 8);
	for (nr = view_number(v, 4); nr && !v->bad; nr--)
		skip_sized(v, 8);
	for (nr = view_number(v, 4); nr && !v->bad; nr--) {
		view_string(v);
		for (uint64_t events = view_number(v, 4); events && !v->bad; events--)
			skip_sized(v, 8);
	}
	skip_sized(v, 4);		/* kallsyms */
	skip_sized(v, 4);		/* printk formats */
	skip_sized(v, 8);		/* names of tasks */
}

/* "flyrecord", then each CPU's place. */
static int read_lanes(struct container *c, struct buffer_map *b, struct view *v, uint64_t cpus)
{
	b->lanes = calloc(cpus ? cpus : 1, sizeof(*b->lanes));
	if (!b->lanes)
		return -ENOMEM;
	for (uint64_t i = 0; i < cpus; i++) {
		struct extent e = { .cpu = (uint32_t)i, .offset = view_number(v, 8), .size = 0 };

		e.size = view_number(v, 8);
		if (v->bad || container_add_lane(c, b, e))
			return -EBADMSG;
	}
	return 0;
}

/* An instance lies elsewhere in the file: its own "flyrecord". */
static int read_instance(struct container *c, const unsigned char *data, uint32_t len, uint64_t cpus)
{
	struct view option = { .p = data, .len = len, .swap = c->swap };
	struct view at = view_at(c, view_number(&option, 8));
	struct buffer_map *b = container_add_buffer(c, view_string(&option));

	if (!b)
		return -ENOMEM;
	if (option.bad || strcmp(view_string(&at), "flyrecord"))
		return -EBADMSG;
	return read_lanes(c, b, &at, cpus);
}

struct pending { const unsigned char *data; uint32_t len; };

/* Options end with id 0 and have no size then. Instances wait until the number of CPUs is known. */
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
	skip_metadata(v);
	c->cpus = (uint32_t)view_number(v, 4);
	kind = view_string(v);
	if (!strncmp(kind, "options", 7)) {
		err = read_options(c, v, instances, &nr, MAX_INSTANCES);
		kind = err ? "" : view_string(v);
	}
	if (err || v->bad || strcmp(kind, "flyrecord") || c->cpus > MAX_CPUS)
		return err ? err : -EBADMSG;
	err = read_lanes(c, top, v, c->cpus);
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
