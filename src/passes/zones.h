/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* zones.h - which zone does a request for pages lead to? By the recording's own gfp table */
#ifndef VMSTALL_ZONES_H
#define VMSTALL_ZONES_H

#include <stdbool.h>
#include <stdint.h>

#include "vmstall/report.h"

struct gfp_table;

/* The bits that decide it; all 0 when the table does not have them. */
struct zone_bits { uint64_t dma, dma32, highmem, movable; bool known; };

struct zone_bits zone_bits_of(const struct gfp_table *gfp);
enum zone_reach zone_reach(const struct zone_bits *bits, uint64_t gfp_flags);
/* "DMA", "DMA32", "Normal", "Movable". */
const char *zone_reach_name(enum zone_reach reach);

#endif
