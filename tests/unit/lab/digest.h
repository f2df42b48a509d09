/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* digest.h - keep a stream of events as one number each, so that long recordings fit into memory */
#ifndef VMSTALL_TEST_DIGEST_H
#define VMSTALL_TEST_DIGEST_H

#include <stddef.h>
#include <stdint.h>

#include "vmstall/event.h"

uint64_t digest_bytes(uint64_t digest, const void *data, size_t len);
#define DIGEST(digest, member) digest_bytes(digest, &(member), sizeof(member))

/* Covers the event's time, place and payload, which do not depend on where a replay began. */
uint64_t event_digest(const struct event *ev);

#endif
