/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * headless.h - records without the headers that describe them
 *
 * Power loss may leave a trace.dat without its first blocks. A killed trace-cmd leaves trace.dat.cpuN files that it had not
 * joined yet, which hold records only. A sibling, recorded by the same kernel, tells the layout of these records.
 */
#ifndef VMSTALL_HEADLESS_H
#define VMSTALL_HEADLESS_H

#include "reader/file/container_private.h"

/*
 * Search the whole mapped file for records that look like those of @o->headers. Byte order, sizes, codec and clock name are
 * assumed to be the sibling's. Returns 0, -EBADMSG: there are no records, or -ENOMEM.
 */
int container_open_headless(const struct opening *o);

#endif
