/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* metadata.h - the parts that libtracecmd must parse, in a form that it can read: formats and names of tasks */
#ifndef VMSTALL_METADATA_H
#define VMSTALL_METADATA_H

#include "reader/file/container.h"

/*
 * A version 7 file in memory with the metadata of @c, unpacked, but neither symbols nor buffers. container_lacks()
 * reports damaged names and damaged symbols, although recording_symbol() reads the symbols itself. Returns a descriptor
 * that the caller closes, or a negative errno: -EBADMSG (formats are missing or damaged), -ENOMEM and what writing it
 * may fail with.
 */
int metadata_unpacked(struct container *c);

#endif
