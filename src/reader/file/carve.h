/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* carve.h - which bytes are the records of a CPU? For a file that does not say so any more */
#ifndef VMSTALL_CARVE_H
#define VMSTALL_CARVE_H

#include "reader/file/container.h"

/**
 * struct carving - lanes that were found, in the order of the file
 * @hints:  where lanes begin for certain, in ascending order
 * @next_hint: how far it is in them; 0 to begin
 * @guess:  there are others
 */
struct carving {
	const uint64_t *hints;
	size_t nr_hints, next_hint;
	bool guess;
	struct extent *found;
	size_t nr, cap;
};

/*
 * Find the lanes in [@b->from, @b->to). Each begins at a multiple of the sub-buffers' size. Chunks are known by how they
 * begin; sub-buffers by their first words, and a new lane by times that are earlier than those before it. Returns 0 or
 * -ENOMEM; free() @k->found in any case.
 */
int carve(const struct container *c, const struct buffer_map *b, struct carving *k);

/* Where the next lane or sub-buffer can begin, at or after @at. */
uint64_t carve_aligned(const struct buffer_map *b, uint64_t at);

#endif
