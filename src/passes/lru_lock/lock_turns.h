/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lock_turns.h - was lru_lock taken by one short scan after another, while CPUs waited for it? */
#ifndef VMSTALL_LOCK_TURNS_H
#define VMSTALL_LOCK_TURNS_H

#include "passes/common/pass.h"

/**
 * struct silence - a CPU wrote nothing, though somebody waited for it
 * @stopper: its task was the stopper
 * @scan:    it ended with an isolate event, interrupts still off: if the CPU was frozen, lru_lock is what it waited for
 */
struct silence { uint64_t from, to; uint16_t cpu; bool stopper, scan; };

/* Where the silences @list make the stall @s: say so, if the scans of other CPUs explain it. Returns 0 or -ENOMEM. */
int lock_turns_look(const struct report *r, struct stall *s, const struct silence *list, size_t nr);

#endif
