/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * zones.h - zone names and the page size, from what the recording's formats happen to say
 *
 * Zone indices depend on the kernel's configuration: 0 is DMA here and DMA32 there.
 */
#ifndef VMSTALL_DECODE_ZONES_H
#define VMSTALL_DECODE_ZONES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct tep_handle;

/* The most zones a kernel has is six. */
#define MAX_ZONES 8

/* The name of zone @index, the handle's; NULL: the recording has no table, or not this zone. */
const char *zone_symbol(struct tep_handle *tep, int64_t index);

/**
 * zone_names_load - all names, by index, in new strings (an unknown index between known ones: NULL)
 * @ret: NULL, and *@ret_nr 0, when no format has a table; else the caller's to free, each and all
 *
 * Returns 0 or -ENOMEM.
 */
int zone_names_load(struct tep_handle *tep, char ***ret, size_t *ret_nr);

/**
 * page_size_load - the MMU's page size in bytes
 * @ret_assumed: true when nothing in the file proves it
 */
uint32_t page_size_load(struct tep_handle *tep, bool *ret_assumed);

#endif
