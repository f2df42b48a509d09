/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* container_private.h - a cursor that cannot leave what it was given, and the options both versions share */
#ifndef VMSTALL_CONTAINER_PRIVATE_H
#define VMSTALL_CONTAINER_PRIVATE_H

#include "reader/container.h"

/**
 * struct view - bytes being read in order
 * @bad: something did not fit; everything read since is 0 or "", and the caller checks once
 */
struct view {
	const unsigned char *p;
	size_t len, at;
	bool swap, bad;
};

uint64_t view_number(struct view *v, size_t bytes);
/* NUL-terminated, inside the view. */
const char *view_string(struct view *v);
/* The next @len bytes, and past them; NULL: they do not fit. */
const unsigned char *view_bytes(struct view *v, uint64_t len);
struct view view_at(const struct container *c, uint64_t offset);

enum {
	OPTION_DONE = 0, OPTION_DATE = 1, OPTION_CPUSTAT = 2, OPTION_BUFFER = 3, OPTION_TRACECLOCK = 4, OPTION_UNAME = 5,
	OPTION_OFFSET = 7, OPTION_CPUCOUNT = 8, OPTION_TIME_SHIFT = 12, OPTION_TSC2NSEC = 14,
};

/* An option whose meaning is the same in both versions. Returns 0 or -ENOMEM. */
int container_option(struct container *c, uint16_t id, const unsigned char *data, uint32_t len);
/* Add a CPU's place to @b; what reaches past the file's end is cut off. Its array has room. Returns 0 or -EBADMSG. */
int container_add_lane(struct container *c, struct buffer_map *b, struct extent e);
/* A new, zeroed buffer, its name copied. NULL: out of memory. */
struct buffer_map *container_add_buffer(struct container *c, const char *name);

/* Each reads the rest of the file behind the common head. Returns 0, -ENOMEM or -EBADMSG (*@ret_at: where). */
int container_read_v6(struct container *c, struct view *v, uint64_t *ret_at);
int container_read_v7(struct container *c, struct view *v, uint64_t *ret_at);

#endif
