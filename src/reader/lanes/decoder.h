/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* decoder.h - every event id of one recording, bound to its decoder. Read-only once made, so lanes may share it */
#ifndef VMSTALL_DECODER_H
#define VMSTALL_DECODER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "decode/bind.h"
#include "reader/file/subbuf.h"

struct plugin_set;
struct report;
struct tep_handle;

#define NR_EVENT_IDS 65536

/**
 * struct known_id - what is known of one event id; looked up once a record, so it is small
 * @slot:    a small number for each id that has a format, from 1; 0: no format
 * @binding: index + 1 in decoder.bindings; 0: no plugin decodes this id
 * @kind:    enum event_kind
 */
struct known_id { uint16_t slot, binding, kind; };

/* A format that a plugin knows by name, but that has no readable @field. */
struct unusable {
	const struct event_spec *spec;
	const char *field;
	uint16_t id;
};

/**
 * struct decoder - bindings by event id
 * @ids:       NR_EVENT_IDS of them
 * @slot_ids:  the id of each slot; @nr_slots of them, slot 0 included
 * @kinds:     KIND() mask of what can be decoded
 * @unusable:  per binding that failed: what is missing
 */
struct decoder {
	struct common_binding common;
	struct event_binding *bindings;
	size_t nr_bindings;
	struct known_id *ids;
	uint16_t *slot_ids;
	size_t nr_slots;
	uint64_t kinds;
	struct subbuf_layout layout;
	struct unusable *unusable;
	size_t nr_unusable;
};

/* Bind each table entry of @plugins whose format the recording has. Returns 0, -ENOMEM or -ENOMSG (no usable header). */
int decoder_init(struct decoder *d, struct tep_handle *tep, const struct plugin_set *plugins);
void decoder_clear(struct decoder *d);

/* Look up the record's event id. A record too short to have one counts as id 0. */
static inline const struct known_id *decoder_id(const struct decoder *d, const void *data, size_t size)
{
	uint16_t id = 0;

	if (size >= d->common.min_size)
		memcpy(&id, (const char *)data + d->common.type.from, sizeof(id));
	return &d->ids[d->common.swap ? __builtin_bswap16(id) : id];
}

/* Returns false when the record is too short for its format. It counts as EVENT_OTHER then, so it still shows activity. */
bool decoder_decode(const struct decoder *d, const void *data, size_t size, struct event *ev);

#endif
