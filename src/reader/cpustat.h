/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* cpustat.h - the kernel's own count of what it dropped, as trace-cmd saved it (option CPUSTAT, KERNEL-FACTS 9) */
#ifndef VMSTALL_CPUSTAT_H
#define VMSTALL_CPUSTAT_H

#include <stdint.h>

#include "vmstall/report.h"

/* Add the counters of @text (every buffer's) to @cpus. Lines it does not know are passed over. */
void cpustat_parse(const char *text, struct cpu_quality *cpus, uint32_t nr_cpus);

#endif
