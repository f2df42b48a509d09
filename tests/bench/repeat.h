/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* repeat.h - a CPU's sub-buffers again and again, each time later */
#ifndef VMSTALL_BENCH_REPEAT_H
#define VMSTALL_BENCH_REPEAT_H

#include "sink.h"

/* Write the lane @times times, the copy number n later by n * @step; compressed in chunks, after their count. */
void repeat_lane(struct sink *k, const struct buffer_map *b, const struct extent *e, uint64_t times, uint64_t step);

#endif
