/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* words.h - what the name of a kernel function says about the memory it takes */
#ifndef VMSTALL_WORDS_H
#define VMSTALL_WORDS_H

#include <stdbool.h>

#include "model/leaks.h"

/* What keeps the memory that such a function took, by design. */
enum holder {
	HOLDER_UNKNOWN,
	HOLDER_CACHE,		/* a cache that shrinks when memory is short */
	HOLDER_LAZY,		/* given back later, in batches that leave no record */
	HOLDER_HANDLE,		/* lives as long as a task, an open file, a socket */
	HOLDER_BATCH,		/* used and freed like any other memory, but many frees are in batches that leave no record */
};

/* Is @function part of an allocator or of a tracer? Then its caller is the site. */
bool is_allocator(const char *function);
enum holder holder_of(const char *function);
/* The same by the name of the slab cache. */
enum holder holder_in(const char *cache);
/* What is a page used for that was taken through @function? False: only the callers of @function say. */
bool use_of(const char *function, enum leak_use *ret);

#endif
