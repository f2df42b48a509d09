// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * grow.c - make a big recording of a small one, by repeating it
 *
 *	grow [--file-version 6|7] [--compression none|zstd|zlib] [--times N | --size N[M|G]] [--later N] IN OUT
 *
 * IN is uncompressed and of version 7. Each repetition is later by IN's span and a bit; --size is that of the pages,
 * unpacked; --later, in units of the clock, makes all of it later, so that copies are alike and not the same. Memory
 * does not grow with OUT.
 */
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "repeat.h"

#define PAUSE 1000000	/* between two repetitions, in units of the clock: 1 ms for most */

struct order { unsigned int version; enum codec codec; uint64_t times, size, later; };

static const struct extent *lane_of(const struct buffer_map *b, uint32_t cpu)
{
	for (size_t i = 0; i < b->nr_lanes; i++)
		if (b->lanes[i].cpu == cpu)
			return &b->lanes[i];
	return NULL;
}

static void put_head(struct sink *k, unsigned int version)
{
	unsigned char head[32];

	memcpy(head, k->source->head.data, k->source->head.len);
	head[10] = (unsigned char)('0' + version);
	sink_bytes(k, head, k->source->head.len);
}

static void put_option(struct sink *k, uint16_t id, const void *data, size_t len)
{
	sink_number(k, id, 2);
	sink_number(k, len, 4);
	sink_bytes(k, data, len);
}

static void put_options(struct sink *k)
{
	for (size_t i = 0; i < k->source->nr_options; i++) {
		const struct piece *o = &k->source->options[i];

		put_option(k, o->id, o->data, o->len);
	}
}

/* "flyrecord", and a place for each CPU's offset and size. Returns where these are. */
static uint64_t put_flyrecord(struct sink *k)
{
	uint64_t at;

	sink_string(k, "flyrecord");
	at = sink_at(k);
	for (uint32_t cpu = 0; cpu < k->source->cpus; cpu++) {
		sink_number(k, 0, 8);
		sink_number(k, 0, 8);
	}
	return at;
}

static void put_lanes6(struct sink *k, const struct buffer_map *b, uint64_t places, const struct repeats *r)
{
	for (uint32_t cpu = 0; cpu < k->source->cpus; cpu++) {
		const struct extent *e = lane_of(b, cpu);
		uint64_t at;

		sink_align(k, b->page_size);
		at = sink_at(k);
		if (e)
			repeat_lane(k, b, e, r);
		sink_patch(k, places + cpu * 16, at, 8);
		sink_patch(k, places + cpu * 16 + 8, sink_at(k) - at, 8);
	}
}

/* Version 6: the parts in order, options, then each buffer; instances are found through an option. */
static void put_file6(struct sink *k, const struct repeats *r)
{
	const struct container *c = &k->source->c;
	uint64_t instances[64] = { 0 };

	put_head(k, 6);
	for (size_t i = 0; i < NR_PARTS; i++)
		sink_bytes(k, k->source->parts[i].data, k->source->parts[i].len);
	sink_number(k, k->source->cpus, 4);
	sink_string(k, "options  ");
	put_options(k);
	for (size_t b = 1; b < c->nr_buffers && b < 64; b++) {
		sink_number(k, OPT_BUFFER, 2);
		sink_number(k, 8 + strlen(c->buffers[b].name) + 1, 4);
		instances[b] = sink_at(k);
		sink_number(k, 0, 8);
		sink_string(k, c->buffers[b].name);
	}
	sink_number(k, OPT_DONE, 2);
	for (size_t b = 0; b < c->nr_buffers && b < 64; b++) {
		if (b)
			sink_patch(k, instances[b], sink_at(k), 8);
		put_lanes6(k, &c->buffers[b], put_flyrecord(k), r);
	}
}

/* Returns where the next section's offset belongs. */
static uint64_t end_options(struct sink *k, uint64_t section)
{
	uint64_t next;

	sink_number(k, OPT_DONE, 2);
	sink_number(k, 8, 4);
	next = sink_at(k);
	sink_number(k, 0, 8);
	sink_section_end(k, section);
	return next;
}

static uint64_t put_metadata7(struct sink *k, uint64_t first)
{
	uint64_t at[NR_PARTS], options;

	for (size_t i = 0; i < NR_PARTS; i++) {
		at[i] = sink_section(k, (uint16_t)(OPT_HEADER_INFO + i), k->codec != CODEC_NONE);
		sink_packed(k, k->source->parts[i].data, k->source->parts[i].len);
		sink_section_end(k, at[i]);
	}
	options = sink_section(k, OPT_DONE, false);
	sink_patch(k, first, options, 8);
	for (size_t i = 0; i < NR_PARTS; i++) {
		sink_number(k, OPT_HEADER_INFO + i, 2);
		sink_number(k, 8, 4);
		sink_number(k, at[i], 8);
	}
	put_options(k);
	return end_options(k, options);
}

struct place { uint64_t offset, size; };

/* Write the pages. trace-cmd does not count the number of chunks in a lane's size. */
static uint64_t put_lanes7(struct sink *k, const struct buffer_map *b, const struct repeats *r,
			   struct place *ret)
{
	uint64_t section = sink_section(k, OPT_BUFFER, k->codec != CODEC_NONE);

	for (size_t i = 0; i < b->nr_lanes; i++) {
		sink_align(k, b->page_size);
		ret[i].offset = sink_at(k);
		repeat_lane(k, b, &b->lanes[i], r);
		ret[i].size = sink_at(k) - ret[i].offset;
		if (ret[i].size && k->codec != CODEC_NONE)
			ret[i].size -= 4;
	}
	sink_section_end(k, section);
	return section;
}

/* The data of a buffer, then a section of options that says where it is; @next: where that section's offset belongs. */
static uint64_t put_buffer7(struct sink *k, const struct buffer_map *b, const struct repeats *r, uint64_t next)
{
	const char *clock = b->clock ? b->clock : "";
	struct place *places = calloc(b->nr_lanes + 1, sizeof(*places));
	uint64_t data, options;

	k->failed |= !places;
	if (k->failed)
		return 0;
	data = put_lanes7(k, b, r, places);
	options = sink_section(k, OPT_DONE, false);
	sink_patch(k, next, options, 8);
	sink_number(k, OPT_BUFFER, 2);
	sink_number(k, 8 + strlen(b->name) + 1 + strlen(clock) + 1 + 8 + b->nr_lanes * 20, 4);
	sink_number(k, data, 8);
	sink_string(k, b->name);
	sink_string(k, clock);
	sink_number(k, b->page_size, 4);
	sink_number(k, b->nr_lanes, 4);
	for (size_t i = 0; i < b->nr_lanes; i++) {
		sink_number(k, b->lanes[i].cpu, 4);
		sink_number(k, places[i].offset, 8);
		sink_number(k, places[i].size, 8);
	}
	free(places);
	return end_options(k, options);
}

static void put_file7(struct sink *k, const struct repeats *r)
{
	static const char *const names[] = { "none", "zstd", "zlib" };
	uint64_t next;

	put_head(k, 7);
	sink_string(k, names[k->codec]);
	sink_string(k, "");
	next = sink_at(k);
	sink_number(k, 0, 8);
	next = put_metadata7(k, next);
	for (size_t b = 0; b < k->source->c.nr_buffers; b++)
		next = put_buffer7(k, &k->source->c.buffers[b], r, next);
}

static uint64_t size_of(const char *text)
{
	char *end;
	uint64_t n = strtoull(text, &end, 10);

	return *end == 'G' ? n << 30 : *end == 'M' ? n << 20 : n;
}

static int read_order(int argc, char **argv, struct order *o)
{
	static const struct option options[] = {
		{ "file-version", required_argument, NULL, 'v' }, { "compression", required_argument, NULL, 'c' },
		{ "times", required_argument, NULL, 't' }, { "size", required_argument, NULL, 's' },
		{ "later", required_argument, NULL, 'l' }, { 0 }
	};
	int c;

	*o = (struct order){ .version = 7, .times = 1 };
	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 'v')
			o->version = (unsigned int)strtoul(optarg, NULL, 10);
		else if (c == 'c')
			o->codec = codec_by_name(optarg);
		else if (c == 't')
			o->times = strtoull(optarg, NULL, 10);
		else if (c == 's')
			o->size = size_of(optarg);
		else if (c == 'l')
			o->later = strtoull(optarg, NULL, 10);
		else
			return -1;
	}
	return argc - optind == 2 && (o->version == 7 || (o->version == 6 && o->codec == CODEC_NONE)) &&
	       o->codec != CODEC_UNKNOWN && o->times ? 0 : -1;
}

static int grow_file(const struct source *s, const char *path, struct order o)
{
	struct sink k = { .f = fopen(path, "wb"), .source = s, .codec = o.codec };
	struct repeats r = { o.times, o.later, s->span + PAUSE };
	uint64_t bytes = s->pages * s->c.page_size;

	if (o.size)
		r.times = (o.size + bytes - 1) / bytes;
	if (!k.f) {
		perror(path);
		return 1;
	}
	if (o.version == 6)
		put_file6(&k, &r);
	else
		put_file7(&k, &r);
	k.failed |= fclose(k.f) != 0;
	free(k.packed);
	if (k.failed)
		fprintf(stderr, "grow: %s: cannot be written, or memory ran out\n", path);
	return k.failed;
}

int main(int argc, char **argv)
{
	struct source s;
	struct order o;
	int status = 1;

	if (read_order(argc, argv, &o)) {
		fprintf(stderr, "usage: %s [--file-version 6|7] [--compression none|zstd|zlib] [--times N | --size N[M|G]] [--later N] IN OUT\n",
			argv[0]);
		return 2;
	}
	if (!source_open(argv[optind], &s))
		status = grow_file(&s, argv[optind + 1], o);
	source_close(&s);
	return status;
}
