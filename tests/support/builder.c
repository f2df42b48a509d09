// SPDX-License-Identifier: LGPL-2.1-or-later
/* builder.c - what happens in a scene, on which CPU, and in which buffer? */
#include "scene.h"

#include <errno.h>
#include <event-parse.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void *scene_grow(void *array, size_t *cap, size_t used, size_t size)
{
	if (used < *cap)
		return array;
	*cap = *cap ? *cap * 2 : 16;
	return scene_alloc(array, *cap, size);
}

static void options_default(struct scene *s)
{
	struct scene_options *o = &s->o;

	o->kernel = o->kernel ? o->kernel : "5.15";
	o->nr_cpus = o->nr_cpus ? o->nr_cpus : 4;
	o->clock = o->clock ? o->clock : "mono";
	o->version = o->version ? o->version : 7;
	o->long_size = o->long_size ? o->long_size : 8;
	o->page_size = o->page_size ? o->page_size : 4096;
	o->machine = o->machine ? o->machine : strstr(o->kernel, "-arm64") ? "aarch64" : "x86_64";
	if (!o->release)
		snprintf(s->release, sizeof(s->release), "%.*s.0", (int)strcspn(o->kernel, "-"), o->kernel);
	else
		snprintf(s->release, sizeof(s->release), "%s", o->release);
	o->release = s->release;
	if (o->version != 6 && o->version != 7)
		scene_oops("no trace.dat version %u", o->version);
	if (o->long_size != 4 && o->long_size != 8)
		scene_oops("no long of %u bytes", o->long_size);
	if (o->version == 6 && o->compression != SCENE_PLAIN)
		scene_oops("version 6 has no compression");
}

struct scene *scene_new(const struct scene_options *options)
{
	struct scene *s = scene_alloc(NULL, 1, sizeof(*s));

	*s = (struct scene){ .o = *options };
	options_default(s);
	s->tep = tep_alloc();
	if (!s->tep)
		scene_oops("no memory");
	tep_set_loglevel(TEP_LOG_NONE);
	tep_set_file_bigendian(s->tep, s->o.big_endian ? TEP_BIG_ENDIAN : TEP_LITTLE_ENDIAN);
	tep_set_long_size(s->tep, (int)s->o.long_size);
	scene_buffer(s, NULL);
	return s;
}

static void lane_free(struct scene_lane *lane)
{
	for (size_t i = 0; i < lane->nr; i++)
		free(lane->records[i].data);
	free(lane->records);
	free(lane->losses);
}

struct scene *scene_free(struct scene *s)
{
	if (!s)
		return NULL;
	for (size_t b = 0; b < s->nr_buffers; b++) {
		for (unsigned int cpu = 0; cpu < s->o.nr_cpus; cpu++)
			lane_free(&s->buffers[b].lanes[cpu]);
		free(s->buffers[b].lanes);
		free(s->buffers[b].name);
	}
	for (size_t i = 0; i < s->nr_formats; i++) {
		free(s->formats[i].system);
		free(s->formats[i].name);
		free(s->formats[i].text);
	}
	free(s->formats);
	free(s->buffers);
	bytes_free(&s->cmdlines);
	tep_free(s->tep);
	free(s);
	return NULL;
}

const struct scene_options *scene_options(const struct scene *s)
{
	return &s->o;
}

void scene_buffer(struct scene *s, const char *name)
{
	struct scene_instance *b;

	name = name ? name : "";
	for (s->current = 0; s->current < s->nr_buffers; s->current++)
		if (!strcmp(s->buffers[s->current].name, name))
			return;
	s->buffers = scene_alloc(s->buffers, s->nr_buffers + 1, sizeof(*s->buffers));
	b = &s->buffers[s->nr_buffers++];
	b->name = strdup(name);
	b->lanes = scene_alloc(NULL, s->o.nr_cpus, sizeof(*b->lanes));
	memset(b->lanes, 0, s->o.nr_cpus * sizeof(*b->lanes));
}

static struct scene_lane *lane_of(struct scene *s, unsigned int cpu)
{
	if (cpu >= s->o.nr_cpus)
		scene_oops("CPU %u of %u", cpu, s->o.nr_cpus);
	return &s->buffers[s->current].lanes[cpu];
}

void scene_lost(struct scene *s, unsigned int cpu, uint64_t ts, int64_t count)
{
	struct scene_lane *lane = lane_of(s, cpu);

	if (count < -1 || !count)
		scene_oops("%lld lost records", (long long)count);
	lane->losses = scene_grow(lane->losses, &lane->cap_losses, lane->nr_losses, sizeof(*lane->losses));
	lane->losses[lane->nr_losses++] = (struct scene_loss){ .ts = ts, .count = count };
}

void scene_cpustat(struct scene *s, unsigned int cpu, struct scene_stat stat)
{
	struct scene_lane *lane = lane_of(s, cpu);

	lane->stat = stat;
	lane->has_stat = true;
}

void scene_comm(struct scene *s, int32_t pid, const char *comm)
{
	char number[16];

	snprintf(number, sizeof(number), "%d ", pid);
	bytes_add(&s->cmdlines, number, strlen(number));
	bytes_add(&s->cmdlines, comm, strlen(comm));
	bytes_add(&s->cmdlines, "\n", 1);
}

void scene_add(struct scene *s, struct scene_at at, const char *event, const struct scene_field *fields)
{
	const struct scene_format *format = scene_format(s, event);
	struct scene_lane *lane = lane_of(s, at.cpu);
	struct bytes record = scene_encode(s, format, &at, fields);

	lane->records = scene_grow(lane->records, &lane->cap, lane->nr, sizeof(*lane->records));
	lane->records[lane->nr++] =
		(struct scene_record){ .ts = at.ts, .order = s->added++, .data = record.p, .len = record.len };
}

int scene_write(struct scene *s, const char *path)
{
	struct bytes out = { .big_endian = s->o.big_endian };
	FILE *f = fopen(path, "wb");
	int err = 0;

	if (!f)
		return -errno;
	for (size_t b = 0; b < s->nr_buffers; b++)
		for (unsigned int cpu = 0; cpu < s->o.nr_cpus; cpu++)
			scene_sort(&s->buffers[b].lanes[cpu]);
	if (s->o.version == 6)
		scene_dat6(s, &out);
	else
		scene_dat7(s, &out);
	if (fwrite(out.p, 1, out.len, f) != out.len)
		err = -EIO;
	if (fclose(f) && !err)
		err = -errno;
	bytes_free(&out);
	return err;
}
