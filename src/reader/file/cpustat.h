/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* cpustat.h - the kernel's own count of what it dropped, as trace-cmd saved it (option CPUSTAT, KERNEL-FACTS 9) */
#ifndef VMSTALL_CPUSTAT_H
#define VMSTALL_CPUSTAT_H

#include <stdint.h>

#include "model/report.h"

/* Add the counters of @text (every buffer's) to @cpus. Lines it does not know are passed over. */
void cpustat_parse(const char *text, struct cpu_quality *cpus, uint32_t nr_cpus);

/*
 * Mark in @ret those of @nr_cpus CPUs that wrote anything into the @nr-th buffer, the top one being 0. Returns how many;
 * 0 also where nothing is said of the buffer.
 */
uint32_t cpustat_wrote(const char *text, size_t nr, bool *ret, uint32_t nr_cpus);
/* The name of the @nr-th buffer, up to the end of its line; NULL: @text has none. */
const char *cpustat_name(const char *text, size_t nr);

#endif
