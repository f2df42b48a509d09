// SPDX-License-Identifier: LGPL-2.1-or-later
/* dat6.c - what is a trace.dat of version 6? One part after the other, then the CPUs' pages. */
#include "scene.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A u64 for each buffer but the top one, to be filled with where its data begins. */
static void add_buffer_options(struct scene *s, struct bytes *out, size_t *ret_places)
{
	for (size_t b = 1; b < s->nr_buffers; b++) {
		bytes_number(out, OPT_BUFFER, 2);
		bytes_number(out, 8 + strlen(s->buffers[b].name) + 1, 4);
		ret_places[b] = out->len;
		bytes_number(out, 0, 8);
		bytes_string(out, s->buffers[b].name);
	}
}

static void add_data(struct scene *s, struct scene_instance *buffer, struct bytes *out)
{
	size_t table, start;
	char clock[80];

	bytes_string(out, "flyrecord");
	table = out->len;
	bytes_zero(out, 16 * s->o.nr_cpus);
	snprintf(clock, sizeof(clock), "[%s]", s->o.clock);
	bytes_number(out, strlen(clock), 8);
	bytes_add(out, clock, strlen(clock));
	for (unsigned int cpu = 0; cpu < s->o.nr_cpus; cpu++) {
		bytes_align(out, s->o.page_size);
		start = out->len;
		scene_pages(s, &buffer->lanes[cpu], out);
		bytes_put(out, table + 16 * cpu, start, 8);
		bytes_put(out, table + 16 * cpu + 8, out->len - start, 8);
	}
}

static void add_metadata(struct scene *s, struct bytes *out)
{
	const char *kallsyms = s->o.kallsyms ? s->o.kallsyms : "";

	scene_initial(s, out);
	scene_header_info(s, out);
	bytes_number(out, 0, 4); /* no formats of ftrace's own events */
	scene_event_formats(s, out);
	scene_text32(out, kallsyms, strlen(kallsyms));
	scene_text32(out, "", 0); /* printk formats */
	bytes_number(out, s->cmdlines.len, 8);
	bytes_add(out, s->cmdlines.p, s->cmdlines.len);
	bytes_number(out, s->o.nr_cpus, 4);
}

void scene_dat6(struct scene *s, struct bytes *out)
{
	size_t *places = scene_alloc(NULL, s->nr_buffers, sizeof(*places));

	add_metadata(s, out);
	bytes_string(out, "options  ");
	scene_metadata_options(s, out);
	add_buffer_options(s, out, places);
	bytes_number(out, OPT_DONE, 2);
	add_data(s, &s->buffers[0], out);
	for (size_t b = 1; b < s->nr_buffers; b++) {
		bytes_put(out, places[b], out->len, 8);
		add_data(s, &s->buffers[b], out);
	}
	free(places);
}
