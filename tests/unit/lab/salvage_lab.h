/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* salvage_lab.h - the events of a whole file, to hold against them what is read of a part of it */
#ifndef VMSTALL_TEST_SALVAGE_LAB_H
#define VMSTALL_TEST_SALVAGE_LAB_H

#include "builder.h"
#include "readback.h"
#include "reader/file/container.h"
#include "reader/recording.h"

#define MS    UINT64_C(1000000)
#define BEGIN (1000 * MS)

enum { EVERY_KIND = -1, NR_CPUS = 5, IDLE_CPU = 3, MAX_LANES = 64 };

/* An event of a lane; in a whole file @needs is how many bytes of it must be there for the event to be. */
struct mark { uint64_t digest, ts, needs; bool lost; };
struct lane_marks { struct mark *marks; size_t nr, cap; uint16_t cpu; bool torn; };

/* @lanes: by CPU, those of an instance behind; @nr_top: lanes of the top buffer, which are the first. */
struct stream { struct lane_marks lanes[MAX_LANES]; size_t nr_top; uint64_t last; };

/* Where the file's @size bytes are, and its places of lanes. */
struct whole { unsigned char *bytes; size_t size; struct container c; struct stream stream; };

void forget(struct stream *s);
/* Returns 0 with the events of @path and what is known of it; or what opening it failed with. */
int read_with(const char *path, const char *headers, struct stream *s, struct report *r);
int read_all(const char *path, struct stream *s, struct report *r);
void read_whole(const char *path, struct whole *w);
void forget_whole(struct whole *w);
/* How many events of the lane are complete in the first @cut bytes; they are the first ones. */
size_t complete(const struct lane_marks *l, uint64_t cut);
/*
 * @part is the begin of @whole, all that is complete and perhaps some more; if it is not all, it says so in the end. How
 * many were lost before a sub-buffer is written at its end, and may be cut off.
 */
void assert_begins(const struct lane_marks *whole, const struct lane_marks *part, uint64_t cut, const char *what);
void write_bytes(const char *path, const unsigned char *bytes, size_t size);
/* Where the first records are. */
uint64_t first_data(const struct whole *w);
void write_scene(struct scene_options o, bool losses, bool instance, char *path, size_t len);

#endif
