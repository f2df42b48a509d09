/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* variant.h - changes of a recording. Each takes the text behind its name's colon. */
#ifndef VMSTALL_TRUTH_VARIANT_H
#define VMSTALL_TRUTH_VARIANT_H

#include "edit.h"

typedef void change_fn(struct edit *e, const char *arg);

/* less.c: as if less had been recorded. What is said of it may be wider or missing, never wrong. */
change_fn drop_events, keep_events, lose_pages, cut_end, cut_begin;

/* same.c: the same machine told in other words. What is said of it is the same, in these words. */
change_fn shift_time, skew_clocks, swap_cpus, swap_pids, swap_names, regroup_pages;

/* more.c: more recorded that says nothing new. */
change_fn add_noise, add_twice, add_idle_cpus;

/* For each lane of each buffer. */
#define for_each_lane(e, b, l)                                                       \
	for (struct edit_buffer *b = (e)->buffers; b < (e)->buffers + (e)->nr_buffers; b++) \
		for (struct edit_lane *l = b->lanes; l < b->lanes + b->nr_lanes; l++)

#endif
