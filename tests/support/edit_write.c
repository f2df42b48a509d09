// SPDX-License-Identifier: LGPL-2.1-or-later
/* edit_write.c - a changed recording as a file: its metadata, one section of options, then the buffers with one each */
#include "edit.h"

#include <stdio.h>
#include <string.h>

static size_t section_begin(struct bytes *out, uint16_t id)
{
	size_t at = out->len;

	bytes_number(out, id, 2);
	bytes_zero(out, 14);
	return at;
}

static void section_end(struct bytes *out, size_t at)
{
	bytes_put(out, at + 8, out->len - at - 16, 8);
}

static void add_sections(struct edit *e, struct bytes *out, struct bytes *options)
{
	for (size_t i = 0; i < e->nr_sections; i++) {
		size_t at = section_begin(out, e->sections[i].id);
		struct bytes place = { 0 };

		bytes_add(out, e->sections[i].data.p, e->sections[i].data.len);
		section_end(out, at);
		bytes_number(&place, at, 8);
		scene_add_option(options, e->sections[i].id, place.p, place.len);
		bytes_free(&place);
	}
}

static void add_buffer(struct edit *e, struct edit_buffer *b, struct bytes *out, struct bytes *options)
{
	const struct scene s = { .o = e->options };
	struct bytes option = { 0 };
	size_t at = section_begin(out, OPT_BUFFER), start;

	bytes_number(&option, at, 8);
	bytes_string(&option, b->name);
	bytes_string(&option, b->clock);
	bytes_number(&option, e->options.page_size, 4);
	bytes_number(&option, b->nr_lanes, 4);
	for (size_t l = 0; l < b->nr_lanes; l++) {
		bytes_align(out, e->options.page_size);
		start = out->len;
		scene_pages(&s, &b->lanes[l].records, out);
		bytes_number(&option, b->lanes[l].cpu, 4);
		bytes_number(&option, start, 8);
		bytes_number(&option, out->len - start, 8);
	}
	section_end(out, at);
	scene_add_option(options, OPT_BUFFER, option.p, option.len);
	bytes_free(&option);
}

/* Names this section of options at @place, and returns where the next one is to be named. */
static size_t add_options(struct bytes *out, struct bytes *options, size_t place)
{
	size_t at;

	bytes_put(out, place, out->len, 8);
	at = section_begin(out, OPT_DONE);
	bytes_add(out, options->p, options->len);
	options->len = 0;
	bytes_number(out, OPT_DONE, 2);
	bytes_number(out, 8, 4);
	bytes_number(out, 0, 8);
	section_end(out, at);
	return out->len - 8;
}

static void add_file(struct edit *e, struct bytes *out)
{
	struct bytes options = { 0 };
	size_t place;

	bytes_add(out, e->file, 18);
	bytes_string(out, "none");
	bytes_string(out, "");
	place = out->len;
	bytes_number(out, 0, 8);
	section_end(out, section_begin(out, OPT_STRINGS));
	add_sections(e, out, &options);
	for (size_t i = 0; i < e->nr_other; i++)
		scene_add_option(&options, e->other[i].id, e->other[i].data.p, e->other[i].data.len);
	place = add_options(out, &options, place);
	for (size_t b = 0; b < e->nr_buffers; b++) {
		add_buffer(e, &e->buffers[b], out, &options);
		place = add_options(out, &options, place);
	}
	bytes_free(&options);
}

void edit_write(struct edit *e, const char *path)
{
	struct bytes out = { 0 };
	FILE *f = fopen(path, "wb");

	add_file(e, &out);
	if (!f || fwrite(out.p, 1, out.len, f) != out.len || fclose(f))
		scene_oops("%s cannot be written", path);
	bytes_free(&out);
}
