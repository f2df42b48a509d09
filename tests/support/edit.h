/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * edit.h - a recording that a test can change: read as records, written again
 *
 * It reads a little-endian version 7 file of a 64-bit kernel without compression, as trace-cmd convert makes it. What a
 * change does not touch is written as it was: metadata byte for byte, records in their sub-buffers, losses where they
 * were. A mistake or a file that it cannot read ends the program.
 */
#ifndef VMSTALL_TEST_EDIT_H
#define VMSTALL_TEST_EDIT_H

#include "scene.h"

/* A part of the metadata that an option names by its place in the file. */
struct edit_section { uint16_t id; struct bytes data; };
/* Any other option. */
struct edit_option { uint16_t id; struct bytes data; };

struct edit_lane { unsigned int cpu; struct scene_lane records; };

struct edit_buffer {
	char *name, *clock;
	struct edit_lane *lanes;
	size_t nr_lanes;
};

struct edit {
	unsigned char *file;		/* records that no change touched point into it */
	size_t len;
	struct scene_options options;	/* for the sub-buffers written */
	struct edit_section *sections;
	size_t nr_sections, cap_sections;
	struct edit_option *other;
	size_t nr_other, cap_other;
	struct edit_buffer *buffers;
	size_t nr_buffers;
	struct edit_event *events[65536];	/* by id; NULL: the file has none */
};

/* What a field of an event means to a change. */
enum edit_field_kind { EDIT_OTHER, EDIT_PID, EDIT_CPU, EDIT_NAME };
struct edit_field { char name[40]; enum edit_field_kind kind; unsigned int offset, size; bool dynamic; };
struct edit_event { char name[64]; unsigned int id; size_t nr, cap; struct edit_field *fields; };

struct edit *edit_read(const char *path);
void edit_write(struct edit *e, const char *path);
void edit_free(struct edit *e);

struct edit_section *edit_section(struct edit *e, uint16_t id);	/* NULL: the file has none */
unsigned int edit_nr_cpus(const struct edit *e);
/* Empty and last; the pointer is good until the next call. */
struct edit_buffer *edit_new_buffer(struct edit *e, const char *name);
struct edit_lane *edit_new_lane(struct edit_buffer *b, unsigned int cpu);
/* A copy of @data becomes the lane's last record. */
void edit_append(struct edit *e, struct edit_lane *lane, uint64_t ts, const void *data, size_t len);

/* For edit_read(), once the sections are there. */
void edit_learn_events(struct edit *e);
unsigned int edit_id(const struct scene_record *r);	/* of its event */
const struct edit_event *edit_event(const struct edit *e, const char *name);	/* NULL: the file has none */
const struct edit_field *edit_field(const struct edit_event *event, const char *name);
/* Where a field's value lies in the record. */
unsigned char *edit_place(const struct edit_field *f, const struct scene_record *r);
uint64_t edit_get(const unsigned char *p, size_t size);
void edit_put(unsigned char *p, uint64_t value, size_t size);
/* The ids of the events whose names begin like one of a list "a,b": an array of 65536, to be freed. */
bool *edit_ids(const struct edit *e, const char *list);

#endif
