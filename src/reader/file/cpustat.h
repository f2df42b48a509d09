/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* cpustat.h - the kernel's own count of what it dropped, as trace-cmd saved it (option CPUSTAT, KERNEL-FACTS 9) */
#ifndef VMSTALL_CPUSTAT_H
#define VMSTALL_CPUSTAT_H

#include <stdint.h>

#include "model/report.h"

/* Add the counters of every buffer in @text to @cpus. Unknown lines are skipped. */
void cpustat_parse(const char *text, struct cpu_quality *cpus, uint32_t nr_cpus);

/*
 * Mark in @ret which of @nr_cpus CPUs wrote anything into buffer @nr; the top buffer is 0. Returns how many CPUs did.
 * Returns 0 as well if @text does not mention the buffer.
 */
uint32_t cpustat_wrote(const char *text, size_t nr, bool *ret, uint32_t nr_cpus);
/* The name of buffer @nr, up to the end of its line; NULL: @text does not mention it. */
const char *cpustat_name(const char *text, size_t nr);

#endif
