/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * gaps.h - when were records lost?
 *
 * A free in such a time left no record, and what it freed looks as if it were left. But what had long outlived its kind
 * when the gap began was not freed in it: that is no loss of records, whatever their number.
 *
 * gaps_add() while they come, then gaps_merge(), then ask.
 */
#ifndef VMSTALL_LEAK_GAPS_H
#define VMSTALL_LEAK_GAPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* @before: ns in the gaps before it; set by gaps_merge(). */
struct gap { uint64_t from, to, before; };
struct gaps { struct gap *all; size_t nr, cap; };

/* Returns 0 or -ENOMEM. Of very many, neighbours are taken for one. */
int gaps_add(struct gaps *g, uint64_t from, uint64_t to);
void gaps_merge(struct gaps *g);
/* May the free of what was allocated at @ts, and is freed when @age old or younger, be in a gap? */
bool gaps_shade(const struct gaps *g, uint64_t ts, uint64_t age);
/* ns from 0 to @ts that are in no gap. */
uint64_t gaps_clear(const struct gaps *g, uint64_t ts);
void gaps_free(struct gaps *g);

#endif
