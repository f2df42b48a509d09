/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * tracecmd_private.h - what libtracecmd exports but does not declare (KERNEL-FACTS 9)
 *
 * Weak: a libtracecmd without one of them still links, and that fact is then unknown.
 */
#ifndef VMSTALL_TRACECMD_PRIVATE_H
#define VMSTALL_TRACECMD_PRIVATE_H

#include <trace-cmd.h>

#define WEAK __attribute__((weak))

WEAK const char *tracecmd_get_cpustats(struct tracecmd_input *handle);
WEAK const char *tracecmd_get_uname(struct tracecmd_input *handle);
WEAK const char *tracecmd_get_trace_clock(struct tracecmd_input *handle);
WEAK unsigned long tracecmd_get_in_file_version(struct tracecmd_input *handle);
WEAK int tracecmd_get_file_compress_proto(struct tracecmd_input *handle, const char **name, const char **version);
WEAK unsigned long tracecmd_get_flags(struct tracecmd_input *handle);
WEAK int tracecmd_page_size(struct tracecmd_input *handle);
WEAK int tracecmd_cpus(struct tracecmd_input *handle);
WEAK struct tep_record *tracecmd_read_cpu_last(struct tracecmd_input *handle, int cpu);
WEAK void *tracecmd_record_page(struct tracecmd_input *handle, struct tep_record *record);

#define TRACECMD_FL_IN_USECS (1 << 2)	/* times are ns, or were converted to ns */

#endif
