/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* strings.h - a growing list that owns its strings: names, or sentences for the user */
#ifndef VMSTALL_STRINGS_H
#define VMSTALL_STRINGS_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

/* Zero it to begin. */
struct strings { char **s; size_t nr; };

/* Return 0, or -ENOMEM and leave the list as it was. */
int strings_add(struct strings *list, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
int strings_addv(struct strings *list, const char *fmt, va_list ap) __attribute__((format(printf, 2, 0)));
bool strings_have(const struct strings *list, const char *s);
void strings_free(struct strings *list);

#endif
