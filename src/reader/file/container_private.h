/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* container_private.h - a bounds-checked cursor, and the options that both versions share */
#ifndef VMSTALL_CONTAINER_PRIVATE_H
#define VMSTALL_CONTAINER_PRIVATE_H

#include "reader/file/container.h"

/**
 * struct view - bytes that are read in order
 * @bad: a read went past the end. Every read since then gives 0 or "", so the caller needs to check only once
 */
struct view {
	const unsigned char *p;
	size_t len, at;
	bool swap, bad;
};

uint64_t view_number(struct view *v, size_t bytes);
/* Read a NUL-terminated string that lies inside the view. */
const char *view_string(struct view *v);
/* Step over the next @len bytes and return them; NULL: they do not fit. */
const unsigned char *view_bytes(struct view *v, uint64_t len);
struct view view_at(const struct container *c, uint64_t offset);

enum {
	OPTION_DONE = 0, OPTION_DATE = 1, OPTION_CPUSTAT = 2, OPTION_BUFFER = 3, OPTION_TRACECLOCK = 4, OPTION_UNAME = 5,
	OPTION_OFFSET = 7, OPTION_CPUCOUNT = 8, OPTION_TIME_SHIFT = 12, OPTION_TSC2NSEC = 14, OPTION_BUFFER_TEXT = 22,
};

/* The file being opened, and where to put the sentence if that fails. */
struct opening { struct container *c; const char *path; char **why; const struct container *headers; };

/* -EBADMSG, "PATH: cut at byte SIZE: @what". */
int opening_cut(const struct opening *o, const char *what);
/* -EBADMSG, "PATH: byte @at: ...". */
int opening_damaged(const struct opening *o, uint64_t at, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
/* A string of at most @max bytes with its NUL. Returns 0 or -EBADMSG. */
int opening_string(const struct opening *o, struct view *v, size_t max, const char *what, const char **ret);

/* head.c: read magic, version, byte order and sizes. Returns 0, or a negative errno if the file cannot be read. */
int container_read_head(const struct opening *o, struct view *v);

/* Read an option that means the same in both versions. Returns 0 or -ENOMEM. */
int container_option(struct container *c, uint16_t id, const unsigned char *data, uint32_t len);
/* Make @b->lanes a table of @nr lanes as in the file; @nr may be 0. container_settle() checks it. Returns 0 or -ENOMEM. */
int container_make_lanes(struct buffer_map *b, uint64_t nr);
/* All buffers and their lanes. */
void container_forget_buffers(struct container *c);
/* Does any lane have a byte? */
bool container_has_records(const struct container *c);
/* Add a zeroed buffer with a copy of the name. NULL: out of memory. */
struct buffer_map *container_add_buffer(struct container *c, const char *name);

/* Each reads the file behind its head. Returns 0, -ENOMEM or -EBADMSG. */
int container_read_v6(const struct opening *o, struct view *v);
int container_read_v7(const struct opening *o, struct view *v);

/* Compute the offsets that the library would give unpacked records. Call it when all lanes have their places. */
void container_number_v7(struct container *c);

/* container7.c: what precedes the data of a section. */
enum { SECTION_HEAD = 16, SECTION_COMPRESSED = 1 };
struct section { uint16_t id, flags; uint64_t size; };
struct section section_header(struct view *v);
/* @b's data is the section whose head is at @v. All its lanes are in that section. */
void section_place(const struct container *c, struct buffer_map *b, struct view *v);
/* The options of section @s, whose data @v is. Returns 0, 1: there is another section, at *@ret_next, -EBADMSG or -ENOMEM. */
int section_options(const struct opening *o, const struct section *s, struct view *v, uint64_t *ret_next);

/*
 * settle.c: check that the places of the CPUs' records are possible. If they are not, search for the lanes (carve.c).
 * @nr: the buffer's number in the file. Returns 0 or -ENOMEM.
 */
int container_settle(struct container *c, struct buffer_map *b, size_t nr);

/* Search for records in a file whose tables are cut or damaged. Returns 0, -EBADMSG: there are none, or -ENOMEM. */
int container_salvage_v7(const struct opening *o, uint64_t from);

#endif
