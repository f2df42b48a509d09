// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * recording.c - open one trace.dat, and replay it
 *
 * libtracecmd owns metadata, formats and options. Lanes are read through lane_ops and merged here. libtraceevent's
 * parser has static state, so opening and closing hold one lock.
 */
#include "reader/recording_private.h"

#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "decode/gfp.h"
#include "reader/capture.h"
#include "reader/identity.h"
#include "reader/lanes/merge.h"
#include "reader/lanes/native_lane.h"
#include "reader/lanes/tracecmd_lane.h"
#include "reader/lanes/tracecmd_private.h"
#include "reader/metadata.h"
#include "util/text.h"

static pthread_mutex_t *library_lock(void)
{
	static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

	return &lock;
}

static bool uses_library(const struct recording *rec, const struct recording_options *opts)
{
	return (opts && opts->reader == READER_TRACECMD) || (rec->container.time_shift && !rec->container.salvaged);
}

enum { LIBRARY_FLAGS = TRACECMD_FL_LOAD_NO_PLUGINS | TRACECMD_FL_LOAD_NO_SYSTEM_PLUGINS };

/* Open a copy in memory with formats and names only, unless the library is to read the records as well. */
static int library_open(struct recording *rec, bool records)
{
	int fd = records ? -1 : metadata_unpacked(&rec->container);

	if (!records && fd < 0)
		return fd;
	rec->input = records ? tracecmd_open(rec->path, LIBRARY_FLAGS)
			     : tracecmd_open_fd(fd, LIBRARY_FLAGS);	/* the library owns the descriptor from now on */
	return rec->input ? 0 : -EBADMSG;
}

static int open_input(struct recording *rec, bool records, bool catch, char **why)
{
	const struct strings *losses = &rec->container.losses;
	struct capture capture;
	char said[160] = "";
	int err;

	if (catch)
		capture_begin(&capture);
	tracecmd_set_loglevel(catch ? TEP_LOG_ERROR : TEP_LOG_NONE);
	tep_set_loglevel(TEP_LOG_NONE);
	err = library_open(rec, records);
	if (catch)
		capture_end(&capture, said, sizeof(said));
	if (err != -EBADMSG)
		return err;
	return fail(why, err, "%s: damaged or cut (%" PRIu64 " bytes): libtracecmd: %s", rec->path, (uint64_t)rec->container.size,
		said[0] ? said : losses->nr ? losses->s[losses->nr - 1] : "its sections do not fit together");
}

static bool same_clock(const struct buffer_map *a, const struct buffer_map *b)
{
	return !a->clock || !b->clock || !strcmp(a->clock, b->clock);
}

/* Add the top buffer, and every instance whose times can be compared with it. */
static int open_buffers(struct recording *rec)
{
	const struct container *c = &rec->container;

	rec->buffers = calloc(c->nr_buffers ? c->nr_buffers : 1, sizeof(*rec->buffers));
	if (!rec->buffers)
		return -ENOMEM;
	for (size_t i = 0; i < c->nr_buffers; i++)
		rec->buffers[rec->nr_buffers++] = (struct buffer){
			.name = c->buffers[i].name, .other_clock = !same_clock(&c->buffers[0], &c->buffers[i])
		};
	return 0;
}

/* The library's handle for the buffer called @name. Returns 0, -EBADMSG: there is none, or -ENOMEM. */
static int library_buffer(struct recording *rec, const char *name, struct tracecmd_input **ret)
{
	int nr = tracecmd_buffer_instances(rec->input);
	struct tracecmd_input **bigger;

	*ret = rec->input;
	if (!*name)
		return 0;
	for (int i = 0; i < nr; i++) {
		const char *other = tracecmd_buffer_instance_name(rec->input, i);

		if (!other || strcmp(other, name))
			continue;
		bigger = realloc(rec->instances, (rec->nr_instances + 1) * sizeof(struct tracecmd_input *));
		if (!bigger)
			return -ENOMEM;
		rec->instances = bigger;
		*ret = bigger[rec->nr_instances] = tracecmd_buffer_instance_handle(rec->input, i);
		rec->nr_instances += *ret != NULL;
		return *ret ? 0 : -EBADMSG;
	}
	return -EBADMSG;
}

static int add_lane(struct recording *rec, size_t buffer, const struct extent *e, struct tracecmd_input *library)
{
	struct lane *lane = calloc(1, sizeof(*lane));
	int err;

	if (!lane)
		return -ENOMEM;
	lane->decoder = &rec->decoder;
	lane->buffer = rec->buffers[buffer].name;
	lane->cpu = (uint16_t)e->cpu;
	lane->index = (uint16_t)rec->nr_lanes;
	lane->counts = rec->counts + rec->nr_lanes * rec->decoder.nr_slots;
	err = library ? tracecmd_lane_init(lane, library)
		      : native_lane_init(lane, &rec->container, &rec->container.buffers[buffer], e);
	if (err) {
		free(lane);
		return err;
	}
	rec->lanes[rec->nr_lanes++] = lane;
	rec->total_bytes += library ? 0 : e->size;
	return 0;
}

static int open_buffer_lanes(struct recording *rec, size_t buffer, bool library)
{
	const struct buffer_map *b = &rec->container.buffers[buffer];
	struct tracecmd_input *handle = NULL;
	int err = library ? library_buffer(rec, b->name, &handle) : 0;

	for (size_t i = 0; !err && i < b->nr_lanes; i++)
		err = add_lane(rec, buffer, &b->lanes[i], handle);
	return err;
}

static int open_lanes(struct recording *rec, bool library)
{
	const struct container *c = &rec->container;
	size_t total = 0;
	int err = 0;

	for (size_t i = 0; i < c->nr_buffers; i++)
		total += c->buffers[i].nr_lanes;
	rec->lanes = calloc(total ? total : 1, sizeof(*rec->lanes));
	rec->counts = calloc(total ? total * rec->decoder.nr_slots : 1, sizeof(*rec->counts));
	if (!rec->lanes || !rec->counts || total > UINT16_MAX)
		return -ENOMEM;
	for (size_t i = 0; !err && i < c->nr_buffers; i++)
		if (!rec->buffers[i].other_clock)
			err = open_buffer_lanes(rec, i, library);
	for (size_t i = 0; i < rec->nr_lanes; i++)
		rec->nr_cpus = rec->lanes[i]->cpu >= rec->nr_cpus ? rec->lanes[i]->cpu + 1U : rec->nr_cpus;
	return err;
}

static int open_decoder(struct recording *rec, char **why)
{
	struct tep_handle *tep = tracecmd_get_tep(rec->input);
	int err;

	rec->tep = tep;
	err = decoder_init(&rec->decoder, tep, rec->plugins);
	if (err == -ENOMSG)
		return fail(why, -EBADMSG, "%s: no event format in the file: nothing can be decoded", rec->path);
	rec->decoder.layout = (struct subbuf_layout){
		.page_size = rec->container.page_size, .long_size = tep_get_header_page_size(tep) == 4 ? 4 : 8,
		.swap = rec->container.swap
	};
	return err ? err : gfp_table_load(tep, &rec->gfp);
}

static int check_container(const struct recording *rec, char **why)
{
	for (size_t i = 0; i < rec->container.nr_buffers; i++) {
		const struct buffer_map *b = &rec->container.buffers[i];

		if (b->page_size < 64 || b->page_size > UNPACK_MAX)
			return fail(why, -EBADMSG, "%s: buffer \"%s\" has sub-buffers of %u bytes: damaged", rec->path, b->name,
				b->page_size);
		if (b->compressed && rec->container.codec == CODEC_UNKNOWN)
			return fail(why, -EPROTONOSUPPORT, "%s: compressed with \"%s\", which cannot be read", rec->path,
				rec->container.codec_name);
	}
	return 0;
}

static unsigned int jobs_of(const struct recording_options *opts)
{
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);

	if (opts && opts->jobs)
		return opts->jobs;
	return cpus > 1 ? (unsigned int)cpus : 1;
}

/* A sibling that is damaged may still have whole formats. */
static int open_container(struct recording *rec, const char *headers, char **why)
{
	int err;

	if (!headers)
		return container_open(rec->path, &rec->container, why);
	rec->headers_path = strdup(headers);
	err = rec->headers_path ? container_open(headers, &rec->headers, why) : -ENOMEM;
	return err ? err : container_open_with(rec->path, &rec->headers, rec->headers_path, &rec->container, why);
}

static int open_all(struct recording *rec, const struct recording_options *opts, char **why)
{
	int err = open_container(rec, opts ? opts->headers_from : NULL, why);
	bool library;

	if (!err)
		err = plugin_set_load(opts ? opts->plugin_dir : NULL, &rec->plugins, why);
	if (!err)
		err = check_container(rec, why);
	library = uses_library(rec, opts);
	rec->progress = opts && !library ? opts->progress : NULL;
	rec->progress_data = opts ? opts->progress_data : NULL;
	rec->jobs = library ? 1 : jobs_of(opts);	/* the library's reader allows one thread only */
	if (!err)
		err = open_input(rec, library, !opts || !opts->leave_streams, why);
	if (!err)
		err = open_decoder(rec, why);
	if (!err)
		err = identify_lanes(&rec->container, &rec->decoder);
	if (err == -EBADMSG && !*why)
		fail(why, err, "%s: nothing in it is a record of the kernel that made %s", rec->path, rec->headers_path);
	if (!err)
		err = open_buffers(rec);
	if (!err)
		err = open_lanes(rec, library);
	return err;
}

int recording_open(const char *path, const struct recording_options *opts, struct recording **ret, char **reterr_why)
{
	struct recording *rec = calloc(1, sizeof(*rec));
	char *why = NULL;
	int err = -ENOMEM;

	if (rec) {
		rec->path = strdup(path);
		rec->symbols = symbols_new();
	}
	if (rec && rec->path && rec->symbols) {
		pthread_mutex_lock(library_lock());
		err = open_all(rec, opts, &why);
		pthread_mutex_unlock(library_lock());
	}
	if (!err) {
		*ret = rec;
		return 0;
	}
	recording_close(rec);
	if (why)
		*reterr_why = why;
	else
		fail(reterr_why, err, "%s: %s", path, error_text(err));
	return err;
}

#define TELL_MS 100

static uint64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

static void tell_progress(void *data)
{
	struct recording *rec = data;
	uint64_t bytes = 0, events = 0, now = now_ms();

	if (now - rec->told_ms < TELL_MS)
		return;
	rec->told_ms = now;
	for (size_t i = 0; i < rec->nr_lanes; i++) {
		bytes += atomic_load_explicit(&rec->lanes[i]->told_bytes, memory_order_relaxed);
		events += atomic_load_explicit(&rec->lanes[i]->told_events, memory_order_relaxed);
	}
	rec->progress(rec->progress_data, bytes, rec->total_bytes, events);
}

int recording_replay(struct recording *rec, const struct time_window *windows, size_t nr_windows, uint64_t wants,
		     event_fn *fn, void *data)
{
	return merge_lanes(rec->lanes, rec->nr_lanes, &(struct replay){
		.windows = windows, .nr_windows = nr_windows, .wants = wants, .jobs = rec->jobs, .fn = fn, .data = data,
		.tick = rec->progress && !windows ? tell_progress : NULL, .tick_data = rec });
}

uint64_t recording_kinds(const struct recording *rec)
{
	return rec->decoder.kinds;
}

const struct gfp_table *recording_gfp(const struct recording *rec)
{
	return rec->gfp;
}

static void close_input(struct recording *rec)
{
	for (size_t i = 0; i < rec->nr_lanes; i++) {
		rec->lanes[i]->ops->close(rec->lanes[i]);
		free(rec->lanes[i]);
	}
	for (size_t i = 0; i < rec->nr_instances; i++)
		tracecmd_close(rec->instances[i]);
	free(rec->instances);
	if (rec->input)
		tracecmd_close(rec->input);
}

struct recording *recording_close(struct recording *rec)
{
	if (!rec)
		return NULL;
	pthread_mutex_lock(library_lock());
	close_input(rec);
	pthread_mutex_unlock(library_lock());
	decoder_clear(&rec->decoder);
	gfp_table_free(rec->gfp);
	plugin_set_free(rec->plugins);
	free(rec->lanes);
	free(rec->buffers);
	free(rec->counts);
	container_close(&rec->container);
	container_close(&rec->headers);
	free(rec->headers_path);
	symbols_free(rec->symbols);
	free(rec->path);
	free(rec);
	return NULL;
}
