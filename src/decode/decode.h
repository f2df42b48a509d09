/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * decode.h - a record's bytes become a struct event
 *
 * None of these touches what the bytes do not say: ts, prev_ns, offset, cpu, lane, first.
 */
#ifndef VMSTALL_DECODE_DECODE_H
#define VMSTALL_DECODE_DECODE_H

#include <stdbool.h>
#include <stddef.h>

#include "decode/bind.h"

/**
 * common_decode - the header: id, flags, preempt, pid; kind becomes EVENT_OTHER, present 0
 *
 * Returns false when @size cannot hold it; then @ev is untouched.
 */
bool common_decode(const struct common_binding *b, const void *data, size_t size, struct event *ev);

/**
 * payload_decode - the rest, after common_decode(): kind, present and the payload; members not recorded become 0
 *
 * Returns false when the record is shorter than its format, or a dynamic string leaves it; kind stays as it was.
 */
bool payload_decode(const struct event_binding *b, const void *data, size_t size, struct event *ev);

/* Both. False: only the header was decoded, if that much was there. */
bool event_decode(const struct event_binding *b, const void *data, size_t size, struct event *ev);

#endif
