/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * habits.h - how often is a task silent, queued or asleep for so long, when nothing holds it up?
 *
 * This is what a coincidence must be measured against: a task that computes for 0.1 s again and again, without a record, is
 * not frozen because it does so during a lock hold.
 */
#ifndef VMSTALL_HABITS_H
#define VMSTALL_HABITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* SILENT: on a CPU and without a record. QUEUED: ready, and not yet on a CPU. ASLEEP: until it was woken. */
enum habit_kind { HABIT_SILENT, HABIT_QUEUED, HABIT_ASLEEP, NR_HABITS };

enum { HABIT_LEAST_NS = 1 << 20 };	/* shorter ones are counted, but have no length; shorter silences do not count */
enum { HABIT_STEPS = 32 };		/* half octaves from there on; the last one has all beyond 51 s */

/* @nr: how many; for SILENT, those of 1 ms and more. @longer: how many of them by length. */
struct habit { uint64_t nr; uint32_t longer[HABIT_STEPS]; };

struct habits { struct habit of[NR_HABITS]; uint64_t ran_ns; };

/* Count one of @ns. */
void habit_add(struct habit *h, uint64_t ns);
/* How many of them were @ns or longer? In doubt one counts: lengths are known by half octaves. NULL: none. */
uint64_t habit_longer(const struct habit *h, uint64_t ns);

enum { HELD_KEPT = 64 };

/*
 * The last spans in which a scan may have held lru_lock, a ring of @nr so far: what a task suffers there is no habit. A span
 * that was overwritten is forgotten, so that more counts as habit: that errs to the safe side.
 */
struct held { struct { uint64_t from, to; } span[HELD_KEPT]; size_t nr; };

void held_add(struct held *h, uint64_t from, uint64_t to);
/* Do the spans cover half of [@from, @to] or more? */
bool held_mostly(const struct held *h, uint64_t from, uint64_t to);

#endif
