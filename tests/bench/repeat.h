/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* repeat.h - a CPU's sub-buffers again and again, each time later */
#ifndef VMSTALL_BENCH_REPEAT_H
#define VMSTALL_BENCH_REPEAT_H

#include "sink.h"

/* How often, and how much later: copy number n by @later + n * @step, in units of the clock. */
struct repeats { uint64_t times, later, step; };

/* Write the lane again and again; compressed in chunks, after their count. */
void repeat_lane(struct sink *k, const struct buffer_map *b, const struct extent *e, const struct repeats *r);

#endif
