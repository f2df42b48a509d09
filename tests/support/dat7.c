// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * dat7.c - what is a trace.dat of version 7? Sections in any order, found through options.
 *
 * As trace-cmd writes it: the metadata's sections, a first section of options that names them, then for each buffer its
 * data, and a section of options that names the data; each section of options ends with where the next is.
 */
#include "scene.h"

#include <stdio.h>
#include <string.h>

enum { CHUNK_PAGES = 10 };

/* Begin a section; its size is filled in by section_end(). */
static size_t section_begin(struct bytes *out, uint16_t id, bool compressed)
{
	size_t at = out->len;

	bytes_number(out, id, 2);
	bytes_number(out, compressed, 2);
	bytes_number(out, 0, 4); /* its description: the first string */
	bytes_number(out, 0, 8);
	return at;
}

static void section_end(struct bytes *out, size_t at)
{
	bytes_put(out, at + 8, out->len - at - 16, 8);
}

/* Write a section and name it in @options. */
static void add_section(struct scene *s, uint16_t id, struct bytes *data, struct bytes *out, struct bytes *options)
{
	size_t at = section_begin(out, id, s->o.compression != SCENE_PLAIN);

	scene_compress(s, data->p, data->len, out);
	section_end(out, at);
	if (options) {
		bytes_number(options, id, 2);
		bytes_number(options, 8, 4);
		bytes_number(options, at, 8);
	}
	bytes_free(data);
	data->big_endian = s->o.big_endian;
}

static void add_metadata(struct scene *s, struct bytes *out, struct bytes *options)
{
	const char *kallsyms = s->o.kallsyms ? s->o.kallsyms : "";
	struct bytes data = { .big_endian = s->o.big_endian };

	bytes_string(&data, "");
	add_section(s, OPT_STRINGS, &data, out, NULL);
	scene_header_info(s, &data);
	add_section(s, OPT_HEADER_INFO, &data, out, options);
	bytes_number(&data, 0, 4);
	add_section(s, OPT_FTRACE_EVENTS, &data, out, options);
	scene_event_formats(s, &data);
	add_section(s, OPT_EVENT_FORMATS, &data, out, options);
	scene_text32(&data, kallsyms, strlen(kallsyms));
	add_section(s, OPT_KALLSYMS, &data, out, options);
	scene_text32(&data, "", 0);
	add_section(s, OPT_PRINTK, &data, out, options);
	bytes_number(&data, s->cmdlines.len, 8);
	bytes_add(&data, s->cmdlines.p, s->cmdlines.len);
	add_section(s, OPT_CMDLINES, &data, out, options);
}

/* A CPU's pages; compressed ones in chunks, after their count. */
static void add_lane(struct scene *s, struct scene_lane *lane, struct bytes *out)
{
	const size_t step = (size_t)CHUNK_PAGES * s->o.page_size;
	struct bytes pages = { .big_endian = s->o.big_endian };
	size_t len;

	scene_pages(s, lane, &pages);
	if (pages.len && s->o.compression != SCENE_PLAIN)
		bytes_number(out, (pages.len + step - 1) / step, 4);
	for (size_t at = 0; at < pages.len; at += len) {
		len = pages.len - at < step ? pages.len - at : step;
		scene_compress(s, pages.p + at, len, out);
	}
	bytes_free(&pages);
}

/* The data of a buffer, and the option that says where each CPU's lies. */
static void add_buffer(struct scene *s, struct scene_instance *buffer, struct bytes *out, struct bytes *options)
{
	struct bytes option = { .big_endian = s->o.big_endian };
	size_t at = section_begin(out, OPT_BUFFER, s->o.compression != SCENE_PLAIN), start, nr_at, nr = 0;

	bytes_number(&option, at, 8);
	bytes_string(&option, buffer->name);
	bytes_string(&option, s->o.clock);
	bytes_number(&option, s->o.page_size, 4);
	nr_at = option.len;
	bytes_number(&option, 0, 4);
	for (unsigned int cpu = 0; cpu < s->o.nr_cpus; cpu++) {
		bytes_align(out, s->o.page_size);
		start = out->len;
		add_lane(s, &buffer->lanes[cpu], out);
		if (out->len == start)
			continue;	/* has no line */
		bytes_put(&option, nr_at, ++nr, 4);
		bytes_number(&option, cpu, 4);
		bytes_number(&option, start, 8);
		bytes_number(&option, out->len - start, 8);
	}
	section_end(out, at);
	scene_add_option(options, OPT_BUFFER, option.p, option.len);
	bytes_free(&option);
}

/* Returns where the offset of the next section of options belongs; 0 stands there: it was the last one. */
static size_t add_options(struct bytes *out, struct bytes *options)
{
	size_t at = section_begin(out, OPT_DONE, false), next;

	bytes_add(out, options->p, options->len);
	bytes_number(out, OPT_DONE, 2);
	bytes_number(out, 8, 4);
	next = out->len;
	bytes_number(out, 0, 8);
	section_end(out, at);
	options->len = 0;
	return next;
}

static void add_header(struct scene *s, struct bytes *out)
{
	static const char *const names[] = { "none", "zstd", "zlib" };
	static const char *const versions[] = { "", "1.5.4", "1.2.13" };

	scene_initial(s, out);
	bytes_string(out, names[s->o.compression]);
	bytes_string(out, versions[s->o.compression]);
	bytes_number(out, 0, 8);
}

void scene_dat7(struct scene *s, struct bytes *out)
{
	struct bytes options = { .big_endian = s->o.big_endian };
	size_t first, next;

	add_header(s, out);
	first = out->len - 8;
	add_metadata(s, out, &options);
	scene_metadata_options(s, &options);
	bytes_number(&options, OPT_CPUCOUNT, 2);
	bytes_number(&options, 4, 4);
	bytes_number(&options, s->o.nr_cpus, 4);
	bytes_put(out, first, out->len, 8);
	next = add_options(out, &options);
	for (size_t b = 0; b < s->nr_buffers; b++) {
		add_buffer(s, &s->buffers[b], out, &options);
		bytes_put(out, next, out->len, 8);
		next = add_options(out, &options);
	}
	bytes_free(&options);
}
