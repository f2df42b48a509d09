/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* recording_private.h - what a recording is made of; for src/reader only */
#ifndef VMSTALL_RECORDING_PRIVATE_H
#define VMSTALL_RECORDING_PRIVATE_H

#include "vmstall/recording.h"

#include "decode/plugin_set.h"
#include "reader/decoder.h"
#include "reader/lane.h"
#include "reader/sniff.h"

/* The kernel's own limit is 8192 (NR_CPUS on x86 with MAXSMP); a file that says more is damaged. */
#define MAX_CPUS 8192

struct tracecmd_input;

struct buffer {
	struct tracecmd_input *handle;
	char *name;			/* "" is the top one */
	bool other_clock;		/* its times cannot be compared with the top buffer's: not read */
};

struct recording {
	char *path;
	struct sniffed sniffed;
	struct tracecmd_input *input;
	struct tep_handle *tep;		/* the input's */
	struct plugin_set *plugins;
	struct decoder decoder;
	struct gfp_table *gfp;
	struct buffer *buffers;
	size_t nr_buffers;
	struct lane **lanes;
	size_t nr_lanes;
	uint64_t *by_id;
	uint32_t nr_cpus;
};

#endif
