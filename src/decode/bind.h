/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * bind.h - where this recording keeps the fields that a spec names
 *
 * A spec is bound once per recording; decode.h then reads without the library. A binding is a value: there is nothing to
 * free, and it outlives the tep_event. Offsets come from the file. So bind.c checks them against each other, and decode.c
 * checks them against each record.
 */
#ifndef VMSTALL_DECODE_BIND_H
#define VMSTALL_DECODE_BIND_H

#include <stdbool.h>
#include <stdint.h>

#include "vmstall/event.h"

struct tep_handle;
struct tep_event;
struct tep_format_field;

/* The most fields that an event_spec may have. */
#define BINDING_MAX_FIELDS 16

enum bound_load {
	LOAD_INT,   /* 1, 2, 4 or 8 bytes, to be swapped, extended or cut */
	LOAD_COPY4, /* the member is as the record has it, which is nearly always so */
	LOAD_COPY8,
	LOAD_CHARS,    /* char[n], NUL-padded or cut */
	LOAD_DATA_LOC, /* u32: length << 16 | offset in the record */
	LOAD_REL_LOC,  /* the same, counted from the end of the u32 */
	LOAD_ADDRESSES, /* longs, up to the end of the record */
};

/* @from, @from_size: in the record. @to, @to_size: in struct event. */
struct bound_field {
	uint32_t from, from_size;
	uint16_t to, to_size;
	uint8_t load; /* enum bound_load */
	bool is_signed, is_bool;
};

/* The header that every record of the recording begins with. */
struct common_binding {
	struct bound_field type, flags, preempt, pid;
	uint32_t min_size;
	bool swap;     /* the file's byte order is not ours */
	bool mainline; /* u16, u8, u8, s32, packed, in our byte order, which is nearly always so */
};

struct event_binding {
	const struct event_spec *spec;
	struct common_binding common;
	uint32_t present;  /* becomes event.present */
	uint32_t min_size; /* a shorter record is damaged */
	uint32_t nr_fields;
	struct bound_field fields[BINDING_MAX_FIELDS];
};

/**
 * common_bind - find the header's layout, in any event of the recording
 *
 * Returns 0 or -ENOMSG: no event has a usable common_type and common_pid.
 */
int common_bind(struct tep_handle *tep, struct common_binding *ret);

/**
 * event_bind - find @spec's fields in @format
 * @reterr_field: set on -ENOMSG to the names of the required field that is missing; a static string; may be NULL
 *
 * Returns 0, -ENOMSG (a required field is missing or has no readable type), -E2BIG (@spec has too many fields).
 */
int event_bind(struct tep_handle *tep, struct tep_event *format, const struct event_spec *spec,
	struct event_binding *ret, const char **reterr_field);

/* The first of @names (separated by '|') that @format declares; NULL: none. */
struct tep_format_field *find_field_of(struct tep_event *format, const char *names);

#endif
