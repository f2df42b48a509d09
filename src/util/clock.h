/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* clock.h - nanoseconds as the microseconds that trace-cmd report prints: rounded, not cut */
#ifndef VMSTALL_CLOCK_H
#define VMSTALL_CLOCK_H

#include <stdint.h>

static inline uint64_t rounded_us(uint64_t ns)
{
	return ns / 1000 + (ns % 1000 >= 500);
}

#endif
