/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * latencies.h - many durations in bounded memory, for median and percentile
 *
 * The figures are exact for up to LATENCIES_KEPT durations. Beyond that, every second, then every fourth ... is kept: an
 * even sample of at least half that size. Number, sum and maximum stay exact.
 */
#ifndef VMSTALL_LATENCIES_H
#define VMSTALL_LATENCIES_H

#include <stddef.h>
#include <stdint.h>

#define LATENCIES_KEPT 32768

struct latencies {
	uint64_t *kept;
	size_t nr_kept, cap;
	uint64_t nr, total, max, stride;
};

/* Returns 0 or -ENOMEM. */
int latencies_add(struct latencies *l, uint64_t ns);
/* Take what @from kept into @l as well. Returns 0 or -ENOMEM. */
int latencies_merge(struct latencies *l, const struct latencies *from);
/* The lowest duration that at least @percent of all do not exceed; 0: there is none. Sorts the kept durations. */
uint64_t latencies_percentile(struct latencies *l, unsigned int percent);
/* Which share of the kept durations is @ns or longer? 0 to 1. */
double latencies_share(const struct latencies *l, uint64_t ns);
void latencies_free(struct latencies *l);

#endif
