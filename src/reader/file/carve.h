/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* carve.h - which bytes are the records of a CPU? For a file whose table of places is lost or damaged */
#ifndef VMSTALL_CARVE_H
#define VMSTALL_CARVE_H

#include "reader/file/container.h"

/**
 * struct carving - lanes that were found, in the order of the file
 * @hints:  where lanes certainly begin, in ascending order
 * @next_hint: index of the next hint to look at; 0 at the start
 * @guess:  lanes may also begin where there is no hint
 */
struct carving {
	const uint64_t *hints;
	size_t nr_hints, next_hint;
	bool guess;
	struct extent *found;
	size_t nr, cap;
};

/*
 * Find the lanes in [@b->from, @b->to). Each lane begins at a multiple of the sub-buffer size. A chunk is recognised by its
 * first bytes, a sub-buffer by its first words. A new lane is recognised by stamps that are earlier than those before it.
 * Returns 0 or -ENOMEM; free() @k->found in any case.
 */
int carve(const struct container *c, const struct buffer_map *b, struct carving *k);

/* The first offset at or after @at where a lane or a sub-buffer can begin. */
uint64_t carve_aligned(const struct buffer_map *b, uint64_t at);

#endif
