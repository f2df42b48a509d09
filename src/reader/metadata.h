/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* metadata.h - what libtracecmd must parse of a file, in a form it always can: formats and names of tasks */
#ifndef VMSTALL_METADATA_H
#define VMSTALL_METADATA_H

#include "reader/file/container.h"

/*
 * A version 7 file in memory with the metadata of @c, unpacked, but neither symbols nor buffers. Names that are damaged, and
 * symbols, which recording_symbol() reads itself, are said to be missing by
 * container_lacks(). Returns its descriptor, to be closed, or a negative errno: -EBADMSG (formats are missing or
 * damaged), -ENOMEM and what writing it may fail with.
 */
int metadata_unpacked(struct container *c);

#endif
