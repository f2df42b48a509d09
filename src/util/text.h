/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* text.h - a growing string that remembers running out of memory, and the one-sentence error */
#ifndef VMSTALL_TEXT_H
#define VMSTALL_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

/* Zero it to begin. After an allocation failed, @failed is set and everything else does nothing. */
struct text { char *s; size_t len, cap; bool failed; };

void text_add(struct text *t, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void text_addv(struct text *t, const char *fmt, va_list ap) __attribute__((format(printf, 2, 0)));
/* The string, owned by the caller, NULL if memory ran out; @t is empty again. */
char *text_take(struct text *t);
void text_free(struct text *t);

/* What @err, a negative errno, means, in lower case words where they are ours. */
const char *error_text(int err);
/*
 * Set *@reterr_why to a new string and return @err (negative errno), so that callers can `return fail(...)`. Without memory
 * for the string, return -ENOMEM, because who reads @err may rely on a sentence.
 */
int fail(char **reterr_why, int err, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

#endif
