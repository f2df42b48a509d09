// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * recording.c - open one trace.dat, and replay it
 *
 * libtracecmd owns metadata, formats and options; lanes are read through lane_ops and merged here.
 * libtraceevent's parser has static state, so everything that opens or closes holds one lock.
 */
#include "reader/recording_private.h"

#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "decode/gfp.h"
#include "reader/capture.h"
#include "reader/merge.h"
#include "reader/tracecmd_lane.h"
#include "reader/tracecmd_private.h"
#include "util/text.h"

static pthread_mutex_t *library_lock(void)
{
	static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

	return &lock;
}

static int open_input(struct recording *rec, char **why)
{
	struct capture capture;
	char said[160];
	const char *reason;

	capture_begin(&capture);
	tracecmd_set_loglevel(TEP_LOG_ERROR);
	tep_set_loglevel(TEP_LOG_NONE);
	errno = 0;
	rec->input = tracecmd_open(rec->path, TRACECMD_FL_LOAD_NO_PLUGINS | TRACECMD_FL_LOAD_NO_SYSTEM_PLUGINS);
	capture_end(&capture, said, sizeof(said));
	if (rec->input)
		return 0;
	reason = said[0] ? said : "its sections do not fit together";
	return fail(why, -EBADMSG, "%s: damaged or cut (%" PRIu64 " bytes): libtracecmd: %s", rec->path, rec->sniffed.bytes,
		reason);
}

static bool same_clock(struct tracecmd_input *a, struct tracecmd_input *b)
{
	const char *x, *y;

	if (!tracecmd_get_trace_clock)
		return true;
	x = tracecmd_get_trace_clock(a);
	y = tracecmd_get_trace_clock(b);
	return !x || !y || !strcmp(x, y);
}

/* The top buffer, and every instance whose times can be compared with it. */
static int open_buffers(struct recording *rec)
{
	int instances = tracecmd_buffer_instances(rec->input);

	rec->buffers = calloc((size_t)instances + 1, sizeof(*rec->buffers));
	if (!rec->buffers)
		return -ENOMEM;
	rec->buffers[rec->nr_buffers++] = (struct buffer){ .handle = rec->input, .name = strdup("") };
	for (int i = 0; i < instances; i++) {
		const char *name = tracecmd_buffer_instance_name(rec->input, i);
		struct tracecmd_input *handle = tracecmd_buffer_instance_handle(rec->input, i);
		struct buffer *b = &rec->buffers[rec->nr_buffers];

		if (!handle)
			continue;
		*b = (struct buffer){ .handle = handle, .name = strdup(name ? name : "?") };
		b->other_clock = !same_clock(rec->input, handle);
		rec->nr_buffers++;
	}
	for (size_t i = 0; i < rec->nr_buffers; i++)
		if (!rec->buffers[i].name)
			return -ENOMEM;
	return 0;
}

static int add_lane(struct recording *rec, const struct buffer *b, int cpu)
{
	struct lane *lane = calloc(1, sizeof(*lane));
	int err;

	if (!lane)
		return -ENOMEM;
	lane->buffer = b->name;
	lane->cpu = (uint16_t)cpu;
	lane->index = (uint16_t)rec->nr_lanes;
	lane->by_id = rec->by_id;
	err = tracecmd_lane_init(lane, b->handle, &rec->decoder);
	if (err) {
		free(lane);
		return err;
	}
	rec->lanes[rec->nr_lanes++] = lane;
	return 0;
}

static int buffer_cpus(const struct buffer *b)
{
	int cpus = tracecmd_cpus ? tracecmd_cpus(b->handle) : tep_get_cpus(tracecmd_get_tep(b->handle));

	return cpus < 0 ? 0 : cpus > MAX_CPUS ? MAX_CPUS : cpus;
}

static int open_lanes(struct recording *rec)
{
	size_t total = 0;
	int err = 0;

	for (size_t i = 0; i < rec->nr_buffers; i++)
		total += (size_t)buffer_cpus(&rec->buffers[i]);
	rec->lanes = calloc(total ? total : 1, sizeof(*rec->lanes));
	rec->by_id = calloc(NR_EVENT_IDS, sizeof(*rec->by_id));
	if (!rec->lanes || !rec->by_id || total > UINT16_MAX)
		return -ENOMEM;
	for (size_t i = 0; i < rec->nr_buffers; i++) {
		int cpus = buffer_cpus(&rec->buffers[i]);

		rec->nr_cpus = (uint32_t)cpus > rec->nr_cpus ? (uint32_t)cpus : rec->nr_cpus;
		if (rec->buffers[i].other_clock)
			continue;
		for (int cpu = 0; !err && cpu < cpus; cpu++)
			err = add_lane(rec, &rec->buffers[i], cpu);
	}
	return err;
}

static int open_decoder(struct recording *rec, char **why)
{
	struct tep_handle *tep = tracecmd_get_tep(rec->input);
	int page = tracecmd_page_size ? tracecmd_page_size(rec->input) : tep_get_sub_buffer_size(tep);
	int err;

	rec->tep = tep;
	rec->decoder.page_size = page > 0 ? (uint32_t)page : rec->sniffed.page_size;
	rec->decoder.long_size = tep_get_header_page_size(tep) == 4 ? 4 : 8;
	err = decoder_init(&rec->decoder, tep, rec->plugins);
	if (err == -ENOMSG)
		return fail(why, -EBADMSG, "%s: no event format in the file: nothing can be decoded", rec->path);
	return err ? err : gfp_table_load(tep, &rec->gfp);
}

static int open_all(struct recording *rec, const struct recording_options *opts, char **why)
{
	int err = sniff(rec->path, &rec->sniffed, why);

	if (!err)
		err = plugin_set_load(opts ? opts->plugin_dir : NULL, &rec->plugins, why);
	if (!err)
		err = open_input(rec, why);
	if (!err)
		err = open_decoder(rec, why);
	if (!err)
		err = open_buffers(rec);
	if (!err)
		err = open_lanes(rec);
	return err;
}

int recording_open(const char *path, const struct recording_options *opts, struct recording **ret, char **reterr_why)
{
	struct recording *rec = calloc(1, sizeof(*rec));
	char *why = NULL;
	int err = -ENOMEM;

	if (rec)
		rec->path = strdup(path);
	if (rec && rec->path) {
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
		fail(reterr_why, err, "%s: %s", path, strerror(-err));
	return err;
}

int recording_replay(struct recording *rec, const struct time_window *windows, size_t nr_windows, event_fn *fn,
		     void *data)
{
	return merge_lanes(rec->lanes, rec->nr_lanes, windows, nr_windows, fn, data);
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
	for (size_t i = 0; i < rec->nr_buffers; i++) {
		if (rec->buffers[i].handle != rec->input)
			tracecmd_close(rec->buffers[i].handle);
		free(rec->buffers[i].name);
	}
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
	free(rec->by_id);
	free(rec->path);
	free(rec);
	return NULL;
}
