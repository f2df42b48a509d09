/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* zone_reach.h - which zone does a request for pages lead to? By the recording's own gfp table */
#ifndef VMSTALL_ZONES_H
#define VMSTALL_ZONES_H

#include <stdbool.h>
#include <stdint.h>

struct gfp_table;

/* How far up a request for pages may reach, in the zones' order in memory (gfp_zone(), include/linux/gfp.h). */
enum zone_reach { REACH_DMA, REACH_DMA32, REACH_NORMAL, REACH_MOVABLE, NR_REACHES };

/* The gfp bits that decide the reach; all 0 when the gfp table does not have them. */
struct zone_bits { uint64_t dma, dma32, highmem, movable; bool known; };

struct zone_bits zone_bits_of(const struct gfp_table *gfp);
enum zone_reach zone_reach(const struct zone_bits *bits, uint64_t gfp_flags);
/* "DMA", "DMA32", "Normal", "Movable". */
const char *zone_reach_name(enum zone_reach reach);

#endif
