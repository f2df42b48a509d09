/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* identity.h - which CPU wrote these records, when the file does not say so any more? */
#ifndef VMSTALL_IDENTITY_H
#define VMSTALL_IDENTITY_H

#include "reader/file/container.h"
#include "reader/lanes/decoder.h"

/*
 * Give the lanes of @c that were only found (buffer_map.guessed) to the CPUs that their own switches name, and say how they
 * were told apart. Returns 0, -EBADMSG: nothing in a file without headers is a record that has a format, or -ENOMEM.
 */
int identify_lanes(struct container *c, const struct decoder *d);

#endif
