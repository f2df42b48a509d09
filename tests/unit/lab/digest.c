// SPDX-License-Identifier: LGPL-2.1-or-later
/* digest.c - one number for all data that a reader gives of an event */
#include "digest.h"

#include <string.h>

uint64_t digest_bytes(uint64_t digest, const void *data, size_t len)
{
	const unsigned char *p = data;

	for (size_t i = 0; i < len; i += sizeof(uint64_t)) {
		uint64_t word = 0;

		memcpy(&word, p + i, len - i < sizeof(word) ? len - i : sizeof(word));
		digest = (digest ^ word) * UINT64_C(11400714819323198485);
		digest ^= digest >> 29;
	}
	return digest;
}

/*
 * Only these bytes are filled by decoding. Bytes behind a stack's last caller, or behind the longest payload, are
 * undefined.
 */
static size_t payload_size(const struct event *ev)
{
	switch (ev->kind) {
	case EVENT_OTHER:
		return 0;
	case EVENT_LOST:
		return sizeof(ev->lost);
	case EVENT_KERNEL_STACK:
		return offsetof(struct ev_stack, callers) + ev->stack.nr * sizeof(ev->stack.callers[0]);
	default:
		return sizeof(struct ev_slab);
	}
}

uint64_t event_digest(const struct event *ev)
{
	uint64_t d = DIGEST(UINT64_C(14695981039346656037), ev->ts);

	d = DIGEST(DIGEST(DIGEST(d, ev->cpu), ev->id), ev->kind);
	d = DIGEST(DIGEST(DIGEST(d, ev->pid), ev->flags), ev->preempt);
	return digest_bytes(DIGEST(DIGEST(d, ev->present), ev->offset), &ev->lost, payload_size(ev));
}
