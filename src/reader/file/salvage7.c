// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * salvage7.c - a file of version 7 whose chain of options is broken
 *
 * trace-cmd writes one section behind the other: the metadata and the options that name it, then for each buffer its
 * data and the option with the place of each CPU. So the content of a cut file can be found from the front. Where the
 * size of a section is wrong, the walk goes on at the last known link of the option chain.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reader/file/container_private.h"
#include "reader/file/cpustat.h"

enum { OPTION_MAX = 64, MAX_BUFFERS = 256 };	/* more than trace-cmd has */

/* @jump: the next options, by a link in the last ones; 0: not known. @data: the buffers' data, in file order. */
struct walk {
	const struct opening *o;
	uint64_t at, jump;
	uint64_t data[MAX_BUFFERS];
	size_t nr_data;
};

/*
 * Read the options of a section. Their errors are dropped, because the file's first error is the one to report. Options
 * that make no sense end the section.
 */
static int take_options(struct walk *w, const struct section *s, struct view *v)
{
	struct container *c = w->o->c;
	uint64_t next = 0;
	char *why = NULL;
	struct opening quiet = { .c = c, .path = w->o->path, .why = &why };
	int err = section_options(&quiet, s, v, &next);

	free(why);
	w->jump = next > w->at ? next : 0;
	return err == -ENOMEM ? err : 0;
}

static int take_section(struct walk *w, const struct section *s, struct view *v)
{
	struct container *c = w->o->c;

	v->len = s->size < v->len - v->at ? v->at + (size_t)s->size : v->len;
	if (s->id == OPTION_DONE)
		return take_options(w, s, v);
	if (s->id == OPTION_BUFFER && w->nr_data < MAX_BUFFERS)
		w->data[w->nr_data++] = w->at;
	else if (s->id >= FIRST_PART && s->id < FIRST_PART + NR_PARTS && !c->parts[s->id - FIRST_PART])
		c->parts[s->id - FIRST_PART] = w->at;
	return 0;
}

/* Walk from section to section. A section without a size was still being written when the recording ended. */
static int walk_sections(struct walk *w)
{
	const struct container *c = w->o->c;
	int err = 0;

	while (!err && w->at < c->size) {
		struct view v = view_at(c, w->at);
		struct section s = section_header(&v);
		bool bad = v.bad || s.id > OPTION_MAX || s.flags > SECTION_COMPRESSED;
		uint64_t next = !bad && s.size && s.size <= v.len - v.at ? v.at + s.size : w->jump;

		if (!bad)
			err = take_section(w, &s, &v);
		if (w->at < w->jump && w->jump <= next) {
			next = w->jump;
			w->jump = 0;
		}
		if (next <= w->at)
			break;
		w->at = next;
	}
	return err;
}

static bool is_known(const struct container *c, uint64_t data)
{
	for (size_t i = 0; i < c->nr_buffers; i++)
		if (c->buffers[i].from == data + SECTION_HEAD && c->buffers[i].lanes)
			return true;
	return false;
}

/* Name buffer @nr. CPUSTAT may have its name, because it lists the buffers in the same order. */
static void name_buffer(const struct container *c, size_t nr, char *name, size_t len)
{
	const char *known = nr ? cpustat_name(c->cpustat, nr) : "";

	if (known)
		snprintf(name, len, "%.*s", (int)strcspn(known, "\n"), known);
	else
		snprintf(name, len, "buffer %zu", nr);
}

/* Add a buffer whose option is missing, at its place among the others. */
static int add_buffer(struct container *c, uint64_t data, size_t nr)
{
	struct view v = view_at(c, data);
	struct buffer_map *b, put;
	char name[64];

	name_buffer(c, nr, name, sizeof(name));
	b = container_add_buffer(c, name);
	if (!b)
		return -ENOMEM;
	section_place(c, b, &v);
	b->clock = c->clock ? strdup(c->clock) : NULL;
	put = *b;
	nr = nr < c->nr_buffers ? nr : c->nr_buffers - 1;
	memmove(&c->buffers[nr + 1], &c->buffers[nr], (c->nr_buffers - 1 - nr) * sizeof(put));
	c->buffers[nr] = put;
	return c->clock && !put.clock ? -ENOMEM : 0;
}

/* Drop buffers whose option could not be read completely. They have no table, and are found again by their data. */
static void drop_halves(struct container *c)
{
	for (size_t i = c->nr_buffers; i-- > 0;) {
		struct buffer_map *b = &c->buffers[i];

		if (b->lanes)
			continue;
		free(b->name);
		free(b->clock);
		memmove(b, b + 1, (--c->nr_buffers - i) * sizeof(*b));
	}
}

int container_salvage_v7(const struct opening *o, uint64_t from)
{
	struct view head = view_at(o->c, from);
	struct walk w = { .o = o };
	int err;

	view_string(&head);	/* the compression's name and version */
	view_string(&head);
	w.jump = view_number(&head, 8);
	w.at = head.at;
	if (head.bad)
		return -EBADMSG;
	err = walk_sections(&w);
	drop_halves(o->c);
	if (!err && !w.nr_data)
		return -EBADMSG;
	for (size_t i = 0; !err && (i < w.nr_data || (i < MAX_BUFFERS && cpustat_name(o->c->cpustat, i))); i++)
		if (i >= w.nr_data || !is_known(o->c, w.data[i]))
			err = add_buffer(o->c, i < w.nr_data ? w.data[i] : o->c->size, i);
	return err;
}
