/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * decode.h - a record's bytes become a struct event
 *
 * These functions leave alone the members that the bytes do not hold: ts, prev_ns, offset, cpu, lane, first.
 */
#ifndef VMSTALL_DECODE_DECODE_H
#define VMSTALL_DECODE_DECODE_H

#include <stdbool.h>
#include <stddef.h>

#include "decode/bind.h"

/**
 * common_decode - decode the header: id, flags, preempt, pid; kind becomes EVENT_OTHER, present 0
 *
 * Returns false when @size is too short for the header; then @ev is untouched.
 */
bool common_decode(const struct common_binding *b, const void *data, size_t size, struct event *ev);

/**
 * payload_decode - decode the rest, after common_decode(): kind, present, payload; members not recorded become 0
 *
 * Returns false when the record is shorter than its format, or a dynamic string reaches beyond it; kind stays as it was.
 */
bool payload_decode(const struct event_binding *b, const void *data, size_t size, struct event *ev);

/* Decode both. False: only the header was decoded, or not even that when the record was too short. */
bool event_decode(const struct event_binding *b, const void *data, size_t size, struct event *ev);

#endif
