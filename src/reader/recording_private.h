/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* recording_private.h - the parts of a recording; for src/reader only */
#ifndef VMSTALL_RECORDING_PRIVATE_H
#define VMSTALL_RECORDING_PRIVATE_H

#include "reader/recording.h"

#include "decode/plugin_set.h"
#include "reader/file/container.h"
#include "reader/lanes/decoder.h"
#include "reader/lanes/lane.h"
#include "reader/symbols.h"

struct tracecmd_input;

struct buffer {
	const char *name;		/* the container's; "" is the top one */
	bool other_clock;		/* its times cannot be compared with the top buffer's, so it is not read */
};

struct recording {
	char *path;
	struct container container;
	struct container headers;	/* of the sibling, if there is one */
	char *headers_path;
	struct tracecmd_input *input;	/* metadata and formats; with the library's reader, the records too */
	struct tracecmd_input **instances;	/* the library's reader only: a handle for each buffer but the top one */
	size_t nr_instances;
	struct tep_handle *tep;		/* the input's */
	struct plugin_set *plugins;
	struct decoder decoder;
	struct gfp_table *gfp;
	struct symbols *symbols;	/* loaded when the first is asked for */
	struct buffer *buffers;
	size_t nr_buffers;
	struct lane **lanes;
	size_t nr_lanes;
	uint64_t *counts;		/* sum over all lanes, decoder.nr_slots each */
	uint32_t nr_cpus;
	unsigned int jobs;
	progress_fn *progress;
	void *progress_data;
	uint64_t total_bytes, told_ms;	/* of the native lanes; when progress was last reported */
};

/* How many records of the decoder's slot the last whole replay saw. */
uint64_t recording_count(const struct recording *rec, size_t slot);

#endif
