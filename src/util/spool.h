/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * spool.h - data that is written while events go by, and read when the report is known
 *
 * The data goes into a file without a name. It takes no memory, and is gone when the process ends in any way.
 */
#ifndef VMSTALL_SPOOL_H
#define VMSTALL_SPOOL_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct spool;

/**
 * spool_open - open a new, empty spool
 * @beside: the output file: the spool goes into its directory, which must have room for the output anyway. For NULL, or
 *          where no file can be made there, the spool goes into $TMPDIR or /var/tmp
 *
 * Returns 0, or a negative errno.
 */
int spool_open(const char *beside, struct spool **ret);
/* Append. A failure is remembered and returned by spool_flush() and spool_copy(), so callers need no check here. */
void spool_write(struct spool *s, const void *data, size_t len);
/* Write out all data. Returns 0, or the negative errno of this call or of any earlier spool_write(). */
int spool_flush(struct spool *s);
/* Copy all data to @out. Returns as spool_flush() does, or the negative errno of @out. */
int spool_copy(struct spool *s, FILE *out);
/* Read @len bytes of settled data, from byte @at on. Returns 0 or a negative errno. */
int spool_read(const struct spool *s, uint64_t at, void *ret, size_t len);
/* NULL is fine; returns NULL. */
struct spool *spool_close(struct spool *s);

#endif
