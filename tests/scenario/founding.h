/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * founding.h - the founding incident, told again on any kernel
 *
 * As published: 12 CPUs, Linux 5.15; kswapd0 on CPU 5 holds lru_lock from 5144.543 to 5145.403 s for one scan. The other
 * CPUs fall silent one after the other, when a task of theirs needs the lock; CPU 0 late. CPU 11 goes on.
 */
#ifndef VMSTALL_TEST_FOUNDING_H
#define VMSTALL_TEST_FOUNDING_H

#include "machine.h"

enum { FOUNDING_CPUS = 12, FREE_CPU = 11, KSWAPD_CPU = 5 };

/* pids. Those of a CPU are the number plus the CPU's. */
enum {
	KSWAPD = 68,
	NVGPU = 90,	  /* asked for ZONE_DMA */
	PUBLISHER = 300,  /* on CPUs 0 to 10: 30 Hz, its timer comes late; on CPU 11: on time */
	SPINNER = 400,	  /* on CPUs 0 to 10 but 5: waits for the lock */
	BURNER = 500,	  /* on CPUs 2 and 3: preempted by the spinner; on CPU 11: runs on */
	LOG_SUB = 600,	  /* on CPU 11: waits for the publisher of CPU 1 */
	FREE_SUB = 601,	  /* on CPU 4: waits for the publisher of CPU 11, which wakes it in vain */
	WATCHDOG = 602,	  /* on CPU 6: sleeps through all of it, 10 s at a time */
};

#define FOUNDING_FROM (UINT64_C(5144543) * MS)
#define FOUNDING_TO   (UINT64_C(5145403) * MS)

/* When CPU @cpu falls silent; CPU 5 with the hold, CPU 11 never. */
uint64_t silent_from(unsigned int cpu);
/* The scan, as published. */
struct isolate founding_scan(void);
/* Tell all of it into @s, which has 12 CPUs. */
void tell_founding(struct scene *s);

#endif
