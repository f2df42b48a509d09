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

/* No kernel has more than six zones. */
#define MAX_ZONES 8

/* The name of zone @index, which @tep owns; NULL: the recording has no table, or the table lacks this zone. */
const char *zone_symbol(struct tep_handle *tep, int64_t index);

/**
 * zone_names_load - copy all names, by index (an unknown index between known ones: NULL)
 * @ret: NULL, and *@ret_nr 0, when no format has a table; else the caller frees each name and the list
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
