/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* decoder.h - every event id of one recording, bound to what decodes it. Read-only once made, so lanes may share it */
#ifndef VMSTALL_DECODER_H
#define VMSTALL_DECODER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "decode/bind.h"

struct plugin_set;
struct report;
struct tep_handle;

#define NR_EVENT_IDS 65536

/**
 * struct decoder - bindings by event id
 * @by_id:     index + 1 in @bindings; 0: no plugin decodes this id
 * @kinds:     KIND() mask of what can be decoded
 * @unusable:  per binding that failed: what is missing, for the user
 */
struct decoder {
	struct common_binding common;
	struct event_binding *bindings;
	size_t nr_bindings;
	uint16_t *by_id;
	uint64_t kinds;
	uint32_t page_size, long_size;
	char **unusable;
	size_t nr_unusable, cap_unusable;
};

/* Bind each table entry of @plugins whose format the recording has. Returns 0, -ENOMEM or -ENOMSG (no usable header). */
int decoder_init(struct decoder *d, struct tep_handle *tep, const struct plugin_set *plugins);
void decoder_clear(struct decoder *d);

/* Returns false when the record is too short for its format: it is EVENT_OTHER then, activity all the same. */
bool decoder_decode(const struct decoder *d, const void *data, size_t size, struct event *ev);

#endif
