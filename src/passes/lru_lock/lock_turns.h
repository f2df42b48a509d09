/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lock_turns.h - was lru_lock taken by one short scan after another, while CPUs waited for it? */
#ifndef VMSTALL_LOCK_TURNS_H
#define VMSTALL_LOCK_TURNS_H

#include "passes/common/pass.h"

/**
 * struct silence - a CPU wrote nothing although a task waited for it
 * @stopper: the CPU ran its stopper task (migration/N)
 * @scan:    it ended with an isolate event, interrupts still off: if the CPU was frozen, it waited for lru_lock
 */
struct silence { uint64_t from, to; uint16_t cpu; bool stopper, scan; };

/* If scans of other CPUs explain the stall @s that the silences @list make, say so in @s. Returns 0 or -ENOMEM. */
int lock_turns_look(const struct report *r, struct stall *s, const struct silence *list, size_t nr);

#endif
