/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * gfp.h - what the bits of gfp flags mean on the kernel that made this recording
 *
 * 0x400 is __GFP_RETRY_MAYFAIL on 4.15 and __GFP_DIRECT_RECLAIM since 5.4, so only the table in the recording's own print
 * formats is right. All events with gfp flags carry the same table.
 */
#ifndef VMSTALL_DECODE_GFP_H
#define VMSTALL_DECODE_GFP_H

#include <stdbool.h>
#include <stdint.h>

struct tep_handle;
struct trace_seq;
struct gfp_table;

/**
 * gfp_table_load - copy the table of any event that has one; the copy outlives @tep
 * @ret: NULL when no event has a table
 *
 * Returns 0 or -ENOMEM.
 */
int gfp_table_load(struct tep_handle *tep, struct gfp_table **ret);

/* NULL is fine; returns NULL. */
struct gfp_table *gfp_table_free(struct gfp_table *table);

/* The value of one name, "__GFP_DMA"; false: not in the table. */
bool gfp_value(const struct gfp_table *table, const char *name, uint64_t *ret);

/* May an allocation with @flags sleep? @ret_known: false when the table cannot tell. */
bool gfp_may_sleep(const struct gfp_table *table, uint64_t flags, bool *ret_known);

/* Append gfp_string() with the table of @tep; without a table, append the number in hex. */
void gfp_print(struct trace_seq *s, struct tep_handle *tep, uint64_t flags);

/* "GFP_KERNEL|__GFP_NOWARN" in a new string; unknown bits in hex. NULL: out of memory. */
char *gfp_string(const struct gfp_table *gfp, uint64_t flags);

#endif
