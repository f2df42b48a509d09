// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * decode.c - what does a record say?
 *
 * This code runs for each of millions of records, so it never calls the library and never allocates.
 */
#include "decode/decode.h"

#include <byteswap.h>
#include <string.h>

#define PAYLOAD_OFFSET offsetof(struct event, lost)
/* struct ev_stack is the longest payload, but it need not be zeroed to its end: ev_stack.nr says how much is valid. */
#define ZEROED_SIZE    (offsetof(struct event, slab) + sizeof(struct ev_slab) - PAYLOAD_OFFSET)

static uint64_t load_raw(const struct bound_field *f, const uint8_t *data, bool swap)
{
	uint64_t v8;
	uint32_t v4;
	uint16_t v2;

	switch (f->from_size) {
	case 1:
		return data[f->from];
	case 2:
		memcpy(&v2, data + f->from, sizeof(v2));
		return swap ? bswap_16(v2) : v2;
	case 4:
		memcpy(&v4, data + f->from, sizeof(v4));
		return swap ? bswap_32(v4) : v4;
	case 8:
		memcpy(&v8, data + f->from, sizeof(v8));
		return swap ? bswap_64(v8) : v8;
	}
	return 0;
}

static uint64_t load(const struct bound_field *f, const uint8_t *data, bool swap)
{
	uint64_t v = load_raw(f, data, swap);
	unsigned int unused = 64 - 8 * f->from_size;

	if (!f->is_signed || unused >= 64)
		return v;
	return (uint64_t)((int64_t)(v << unused) >> unused);
}

static void store(uint8_t *to, size_t size, uint64_t v)
{
	switch (size) {
	case 1:
		*to = (uint8_t)v;
		break;
	case 2:
		memcpy(to, &(uint16_t){ (uint16_t)v }, sizeof(uint16_t));
		break;
	case 4:
		memcpy(to, &(uint32_t){ (uint32_t)v }, sizeof(uint32_t));
		break;
	case 8:
		memcpy(to, &v, sizeof(v));
		break;
	}
}

/* Find where the string is in the record; false: it is not inside the record. */
static bool locate(
	const struct bound_field *f, const uint8_t *data, size_t size, bool swap, size_t *ret_at, size_t *ret_len)
{
	uint64_t loc;

	*ret_at = f->from;
	*ret_len = f->from_size;
	if (f->load == LOAD_CHARS)
		return true;
	loc = load_raw(f, data, swap);
	*ret_at = loc & 0xffff;
	*ret_len = loc >> 16;
	if (f->load == LOAD_REL_LOC)
		*ret_at += f->from + f->from_size;
	return *ret_at + *ret_len <= size;
}

/* The payload was zeroed, so the copy ends in a NUL. Names are short, so a loop is faster than two calls. */
static bool store_string(
	const struct event_binding *b, const struct bound_field *f, const uint8_t *data, size_t size, uint8_t *to)
{
	size_t at, len;

	if (!locate(f, data, size, b->common.swap, &at, &len))
		return false;
	if (len > f->to_size - 1u)
		len = f->to_size - 1u;
	for (size_t i = 0; i < len && data[at + i]; i++)
		to[i] = data[at + i];
	return true;
}

static void common_mainline(const uint8_t *data, struct event *ev)
{
	memcpy(&ev->id, data, sizeof(ev->id));
	ev->flags = data[2];
	ev->preempt = data[3];
	memcpy(&ev->pid, data + 4, sizeof(ev->pid));
}

static void common_anywhere(const struct common_binding *b, const uint8_t *data, struct event *ev)
{
	ev->id = (uint16_t)load_raw(&b->type, data, b->swap);
	ev->flags = (uint8_t)load_raw(&b->flags, data, b->swap);
	ev->preempt = (uint8_t)load_raw(&b->preempt, data, b->swap);
	ev->pid = (int32_t)load_raw(&b->pid, data, b->swap);
}

bool common_decode(const struct common_binding *b, const void *data, size_t size, struct event *ev)
{
	if (size < b->min_size)
		return false;
	if (b->mainline)
		common_mainline(data, ev);
	else
		common_anywhere(b, data, ev);
	ev->kind = EVENT_OTHER;
	ev->present = 0;
	return true;
}

static void store_int(const struct event_binding *b, const struct bound_field *f, const uint8_t *data, uint8_t *to)
{
	uint64_t v = load(f, data, b->common.swap);

	store(to, f->to_size, f->is_bool ? v != 0 : v);
}

/* Older kernels end the list with an address of all ones, or fill the rest of it with 0. */
static bool store_stack(
	const struct event_binding *b, const struct bound_field *f, const uint8_t *data, size_t size, struct event *ev)
{
	struct bound_field at = *f;
	uint64_t end = f->from_size == 4 ? UINT32_MAX : UINT64_MAX;

	for (; at.from + at.from_size <= size && ev->stack.nr < EVENT_STACK_MAX; at.from += at.from_size) {
		uint64_t address = load_raw(&at, data, b->common.swap);

		if (!address || address == end)
			break;
		ev->stack.callers[ev->stack.nr++] = address;
	}
	return true;
}

static bool decode_field(
	const struct event_binding *b, const struct bound_field *f, const uint8_t *data, size_t size, struct event *ev)
{
	uint8_t *to = (uint8_t *)ev + f->to;

	switch (f->load) {
	case LOAD_COPY4:
		memcpy(to, data + f->from, 4);
		return true;
	case LOAD_COPY8:
		memcpy(to, data + f->from, 8);
		return true;
	case LOAD_INT:
		store_int(b, f, data, to);
		return true;
	case LOAD_ADDRESSES:
		return store_stack(b, f, data, size, ev);
	default:
		return store_string(b, f, data, size, to);
	}
}

_Static_assert(sizeof(struct ev_slab) >= sizeof(struct ev_switch), "the payload is zeroed as far as ev_slab goes");

bool payload_decode(const struct event_binding *b, const void *data, size_t size, struct event *ev)
{
	if (size < b->min_size)
		return false;
	memset((uint8_t *)ev + PAYLOAD_OFFSET, 0, ZEROED_SIZE);
	for (uint32_t i = 0; i < b->nr_fields; i++) {
		if (!decode_field(b, &b->fields[i], data, size, ev))
			return false;
	}
	ev->kind = (uint16_t)b->spec->kind;
	ev->present = b->present;
	if (b->spec->fixup)
		b->spec->fixup(ev, b->spec);
	return true;
}

bool event_decode(const struct event_binding *b, const void *data, size_t size, struct event *ev)
{
	return common_decode(&b->common, data, size, ev) && payload_decode(b, data, size, ev);
}
