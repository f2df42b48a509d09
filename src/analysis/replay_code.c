// SPDX-License-Identifier: LGPL-2.1-or-later
/* replay_code.c - no branch depends on the data, because the CPU could not predict such branches */
#include "analysis/replay_code.h"

#include <endian.h>
#include <string.h>

_Static_assert(sizeof(struct event) % 8 == 0 && EVENT_NR_KINDS <= UINT8_MAX, "an event is words, its kind is a byte");

#define END(member) ((offsetof(struct event, member) + sizeof(((struct event *)0)->member) + 7) / 8)

/* How many words of an event of @kind are in use? */
static size_t words_of(uint16_t kind)
{
	static const uint8_t words[EVENT_NR_KINDS] = {
		[EVENT_OTHER] = offsetof(struct event, lost) / 8,
		[EVENT_LOST] = END(lost),
		[EVENT_SCHED_SWITCH] = END(sw),
		[EVENT_SCHED_WAKING] = END(wakeup),
		[EVENT_SCHED_WAKEUP] = END(wakeup),
		[EVENT_SCHED_MIGRATE] = END(migrate),
		[EVENT_LRU_ISOLATE] = END(isolate),
		[EVENT_PAGE_ALLOC] = END(page),
		[EVENT_PAGE_FREE] = END(page),
		[EVENT_SLAB_ALLOC] = END(slab),
		[EVENT_SLAB_FREE] = END(slab),
	};

	return words[kind] ? words[kind] : EVENT_WORDS;
}

static unsigned int length_of(uint64_t word)
{
	return word ? (71 - (unsigned int)__builtin_clzll(word)) / 8 : 0;
}

size_t replay_encode(struct replay_code *c, const struct event *ev, unsigned char *out)
{
	size_t nr = words_of(ev->kind), at = 1 + (nr + 1) / 2;
	uint64_t *last = c->last[ev->kind].words;

	memset(out, 0, at);
	out[0] = (unsigned char)ev->kind;
	for (size_t i = 0; i < nr; i++) {
		uint64_t word, diff;
		unsigned int len;

		memcpy(&word, (const unsigned char *)ev + i * 8, 8);
		diff = word ^ last[i];
		last[i] = word;
		len = length_of(diff);
		out[1 + i / 2] |= (unsigned char)(len << i % 2 * 4);
		diff = htole64(diff);
		memcpy(out + at, &diff, 8);
		at += len;
	}
	return at;
}

size_t replay_decode(struct replay_code *c, const unsigned char *in, struct event **ret)
{
	size_t nr = words_of(in[0]), at = 1 + (nr + 1) / 2;
	uint64_t *last = c->last[in[0]].words;

	for (size_t i = 0; i < nr; i++) {
		unsigned int len = in[1 + i / 2] >> i % 2 * 4 & 15;
		uint64_t diff;

		memcpy(&diff, in + at, 8);
		diff = le64toh(diff);
		last[i] ^= len ? diff << (64 - len * 8) >> (64 - len * 8) : 0;
		at += len;
	}
	*ret = &c->last[in[0]].ev;
	return at;
}
