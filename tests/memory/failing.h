/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * failing.h - let the Nth allocation of vmstall's own code fail
 *
 * The linker sends every allocation of the code that is linked in here, by whatever function, past this counter
 * (memory.cmake). Libraries that are loaded allocate as ever.
 */
#ifndef VMSTALL_TEST_FAILING_H
#define VMSTALL_TEST_FAILING_H

#include <stddef.h>

/* Count from now on, and let number @nth fail, from 1 on; 0: none. */
void failing_begin(size_t nth);
/* Stop that. Returns how many allocations there were. */
size_t failing_end(void);

#endif
