// SPDX-License-Identifier: LGPL-2.1-or-later
/* failing.c - the functions that allocate, each with a chance to fail first */
#include "failing.h"

#include <errno.h>
#include <search.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

#include "batch/work/child.h"

static atomic_size_t counted, failing_nth;
static atomic_bool counting;

void failing_begin(size_t nth)
{
	counted = 0;
	failing_nth = nth;
	counting = true;
}

size_t failing_end(void)
{
	counting = false;
	return counted;
}

static bool fails(void)
{
	if (!counting || atomic_fetch_add(&counted, 1) + 1 != failing_nth)
		return false;
	errno = ENOMEM;
	return true;
}

/* A function that returns a pointer: NULL when it is its turn to fail. */
#define WRAP(type, name, parameters, arguments)     \
	type __real_##name parameters;              \
	type __wrap_##name parameters;              \
	type __wrap_##name parameters               \
	{                                           \
		return fails() ? NULL : __real_##name arguments; \
	}

WRAP(void *, malloc, (size_t size), (size))
WRAP(void *, calloc, (size_t nr, size_t size), (nr, size))
WRAP(void *, realloc, (void *p, size_t size), (p, size))
WRAP(void *, reallocarray, (void *p, size_t nr, size_t size), (p, nr, size))
WRAP(char *, strdup, (const char *s), (s))
WRAP(char *, strndup, (const char *s, size_t len), (s, len))
WRAP(char *, realpath, (const char *path, char *room), (path, room))
WRAP(FILE *, fopen, (const char *path, const char *mode), (path, mode))
WRAP(FILE *, fdopen, (int fd, const char *mode), (fd, mode))
WRAP(FILE *, fopencookie, (void *cookie, const char *mode, cookie_io_functions_t fns), (cookie, mode, fns))
WRAP(FILE *, open_memstream, (char **text, size_t *len), (text, len))
WRAP(void *, tsearch, (const void *key, void **root, __compar_fn_t compare), (key, root, compare))

int __real_vasprintf(char **text, const char *fmt, va_list ap);
int __wrap_vasprintf(char **text, const char *fmt, va_list ap);
int __wrap_asprintf(char **text, const char *fmt, ...);
ssize_t __real_getline(char **line, size_t *room, FILE *f);
ssize_t __wrap_getline(char **line, size_t *room, FILE *f);
pid_t __wrap_child_start(const sigset_t *mask, int (*work)(void *data), void *data);

int __wrap_vasprintf(char **text, const char *fmt, va_list ap)
{
	return fails() ? -1 : __real_vasprintf(text, fmt, ap);
}

int __wrap_asprintf(char **text, const char *fmt, ...)
{
	va_list ap;
	int len;

	va_start(ap, fmt);
	len = __wrap_vasprintf(text, fmt, ap);
	va_end(ap);
	return len;
}

ssize_t __wrap_getline(char **line, size_t *room, FILE *f)
{
	return fails() ? -1 : __real_getline(line, room, f);
}

/* Without a child the program does its work itself: thousands of runs are quick then, and a leak shows. */
pid_t __wrap_child_start(const sigset_t *mask, int (*work)(void *data), void *data)
{
	(void)mask;
	(void)work;
	(void)data;
	return -EAGAIN;
}
