/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * gaps.h - when were records lost?
 *
 * A free in a gap left no record, so the freed object looks as if it were left. But an object that had long outlived its
 * kind when the gap began was not freed in the gap. Lost records do not explain that object, however many were lost.
 *
 * Call gaps_add() for each gap, then gaps_merge() once, then ask.
 */
#ifndef VMSTALL_LEAK_GAPS_H
#define VMSTALL_LEAK_GAPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* @before: ns in the gaps before it; set by gaps_merge(). */
struct gap { uint64_t from, to, before; };
struct gaps { struct gap *all; size_t nr, cap; };

/* Returns 0 or -ENOMEM. When there are very many gaps, neighbours become one. */
int gaps_add(struct gaps *g, uint64_t from, uint64_t to);
void gaps_merge(struct gaps *g);
/* An object was allocated at @ts and is freed by the age of @age: may that free lie in a gap? */
bool gaps_shade(const struct gaps *g, uint64_t ts, uint64_t age);
/* ns from 0 to @ts that lie outside of all gaps. */
uint64_t gaps_clear(const struct gaps *g, uint64_t ts);
void gaps_free(struct gaps *g);

#endif
