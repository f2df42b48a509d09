/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* identity.h - which CPU wrote these records, when the file's table is lost? */
#ifndef VMSTALL_IDENTITY_H
#define VMSTALL_IDENTITY_H

#include "reader/file/container.h"
#include "reader/lanes/decoder.h"

/*
 * Give the lanes that were found by a search (buffer_map.guessed) to the CPUs that their own switches name, and record
 * how they were identified. Returns 0, -EBADMSG: a file without headers has no record with a format, or -ENOMEM.
 */
int identify_lanes(struct container *c, const struct decoder *d);

#endif
