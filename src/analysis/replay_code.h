/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * replay_code.h - an event in a third of its bytes: only its difference from the last event of its kind
 *
 * Each word has four bits for the length of its difference (an exclusive or). The bytes of the differences follow, lowest
 * first. The process that writes the code also reads it.
 */
#ifndef VMSTALL_REPLAY_CODE_H
#define VMSTALL_REPLAY_CODE_H

#include <stddef.h>

#include "vmstall/event.h"

#define EVENT_WORDS	 (sizeof(struct event) / 8)
/* The most bytes of an event: kind, lengths, differences, and 8 more because each difference is written as a whole word. */
#define REPLAY_CODE_MOST	 (1 + (EVENT_WORDS + 1) / 2 + EVENT_WORDS * 8 + 8)

/* The last event of each kind; all zeroes at a block's begin. */
struct replay_code { union { struct event ev; uint64_t words[EVENT_WORDS]; } last[EVENT_NR_KINDS]; };

/* Returns the bytes written to @out, which has room for REPLAY_CODE_MOST. */
size_t replay_encode(struct replay_code *c, const struct event *ev, unsigned char *out);
/*
 * @in: REPLAY_CODE_MOST bytes must be readable there. @ret points into @c and is valid until the next event of that kind.
 * Returns how many bytes the event took.
 */
size_t replay_decode(struct replay_code *c, const unsigned char *in, struct event **ret);

#endif
