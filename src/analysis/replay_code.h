/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * replay_code.h - an event in a third of its bytes: how it differs from the last one of its kind
 *
 * Word by word: four bits for the length of the difference (an exclusive or), then its bytes, lowest first. Made and
 * read by the same process.
 */
#ifndef VMSTALL_TAPE_CODE_H
#define VMSTALL_TAPE_CODE_H

#include <stddef.h>

#include "vmstall/event.h"

#define EVENT_WORDS	 (sizeof(struct event) / 8)
/* Bytes that an event may take: kind, lengths, differences; and room for one that is written as a whole word. */
#define REPLAY_CODE_MOST	 (1 + (EVENT_WORDS + 1) / 2 + EVENT_WORDS * 8 + 8)

/* The last event of each kind; all zeroes at a block's begin. */
struct replay_code { union { struct event ev; uint64_t words[EVENT_WORDS]; } last[EVENT_NR_KINDS]; };

/* Returns the bytes written to @out, which has room for REPLAY_CODE_MOST. */
size_t replay_encode(struct replay_code *c, const struct event *ev, unsigned char *out);
/* @in: REPLAY_CODE_MOST bytes can be read from it. Returns how many it took; @ret is @c's, until its kind's next. */
size_t replay_decode(struct replay_code *c, const unsigned char *in, struct event **ret);

#endif
