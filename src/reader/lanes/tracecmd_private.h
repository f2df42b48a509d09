/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * tracecmd_private.h - what libtracecmd exports but does not declare (KERNEL-FACTS 9)
 *
 * Weak: a libtracecmd without one of them still links.
 */
#ifndef VMSTALL_TRACECMD_PRIVATE_H
#define VMSTALL_TRACECMD_PRIVATE_H

#include <trace-cmd.h>

#define WEAK __attribute__((weak))

WEAK struct tep_record *tracecmd_read_cpu_last(struct tracecmd_input *handle, int cpu);
WEAK int tracecmd_set_cpu_to_timestamp(struct tracecmd_input *handle, int cpu, unsigned long long ts);
WEAK void *tracecmd_record_page(struct tracecmd_input *handle, struct tep_record *record);

#endif
