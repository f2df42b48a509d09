/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * headless.h - records whose file does not say any more what they are
 *
 * Power loss may leave a trace.dat without its first blocks, and a killed trace-cmd leaves the trace.dat.cpuN that it had not
 * joined yet: records, and nothing else. A sibling, recorded by the same kernel, tells their layout.
 */
#ifndef VMSTALL_HEADLESS_H
#define VMSTALL_HEADLESS_H

#include "reader/file/container_private.h"

/*
 * Search all of the mapped file for records that look like those of @o->headers; byte order, sizes, codec and the clock's name
 * are taken to be as there. Returns 0, -EBADMSG: there are none, or -ENOMEM.
 */
int container_open_headless(const struct opening *o);

#endif
