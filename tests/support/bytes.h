/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * bytes.h - a growing row of bytes in a foreign byte order
 *
 * Test support: running out of memory ends the program, so no caller checks.
 */
#ifndef VMSTALL_TEST_BYTES_H
#define VMSTALL_TEST_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bytes { unsigned char *p; size_t len, cap; bool big_endian; };

void bytes_add(struct bytes *b, const void *data, size_t len);
void bytes_zero(struct bytes *b, size_t len);
void bytes_number(struct bytes *b, uint64_t value, size_t size);	/* of 1, 2, 4 or 8 bytes */
void bytes_string(struct bytes *b, const char *s);			/* with its NUL */
void bytes_align(struct bytes *b, size_t to);
void bytes_put(struct bytes *b, size_t at, uint64_t value, size_t size);	/* over what is there */
void bytes_free(struct bytes *b);

/* A mistake in a test's scenario: say it and abort. */
void scene_oops(const char *fmt, ...) __attribute__((format(printf, 1, 2), noreturn));
void *scene_alloc(void *old, size_t count, size_t size);	/* realloc or abort */

#endif
