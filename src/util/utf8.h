/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* utf8.h - code points of a string from a recording, which may hold any bytes */
#ifndef VMSTALL_UTF8_H
#define VMSTALL_UTF8_H

#include <stdint.h>

#define UTF8_BAD 0xfffdU	/* U+FFFD, the replacement character */

/* Return the code point at *@s, which is not at its end, and step over it. A byte that is no UTF-8 gives UTF8_BAD. */
uint32_t utf8_next(const char **s);
/* A character that acts on a terminal or on text direction instead of being seen. */
int utf8_is_control(uint32_t c);

#endif
