/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* salvage_lab.h - the events of a whole file, to compare with those read from a part of it */
#ifndef VMSTALL_TEST_SALVAGE_LAB_H
#define VMSTALL_TEST_SALVAGE_LAB_H

#include "builder.h"
#include "readback.h"
#include "reader/file/container.h"
#include "reader/recording.h"

#define MS    UINT64_C(1000000)
#define BEGIN (1000 * MS)

enum { EVERY_KIND = -1, NR_CPUS = 5, IDLE_CPU = 3, MAX_LANES = 64 };

/* An event of a lane. In a whole file, @needs is how many bytes of the file the event needs. */
struct mark { uint64_t digest, ts, needs; bool lost; };
struct lane_marks { struct mark *marks; size_t nr, cap; uint16_t cpu; bool torn; };

/* @lanes: by CPU, with those of an instance last; @nr_top: lanes of the top buffer, which come first. */
struct stream { struct lane_marks lanes[MAX_LANES]; size_t nr_top; uint64_t last; };

/* Where the @size bytes of the file are, and where its lanes are. */
struct whole { unsigned char *bytes; size_t size; struct container c; struct stream stream; };

void forget(struct stream *s);
/* Returns 0 with the events of @path and the facts of the file, or the error of opening it. */
int read_with(const char *path, const char *headers, struct stream *s, struct report *r);
int read_all(const char *path, struct stream *s, struct report *r);
void read_whole(const char *path, struct whole *w);
void forget_whole(struct whole *w);
/* How many events of the lane are complete in the first @cut bytes. They are its first events. */
size_t complete(const struct lane_marks *l, uint64_t cut);
/*
 * @part must be the begin of @whole: all complete events, perhaps a few more, and a loss at the end if events are
 * missing. The
 * number of records lost before a sub-buffer lies at its end, so it may be cut off.
 */
void assert_begins(const struct lane_marks *whole, const struct lane_marks *part, uint64_t cut, const char *what);
void write_bytes(const char *path, const unsigned char *bytes, size_t size);
/* The offset of the first records. */
uint64_t first_data(const struct whole *w);
void write_scene(struct scene_options o, bool losses, bool instance, char *path, size_t len);

#endif
