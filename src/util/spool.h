/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * spool.h - what is written while events go by, and wanted when the report is known
 *
 * A file without a name: it takes no memory, and is gone with the process, however that ends.
 */
#ifndef VMSTALL_SPOOL_H
#define VMSTALL_SPOOL_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct spool;

/**
 * spool_open - a new, empty one
 * @beside: the output: there is room where that will be; where no file can be made there, or for NULL,
 *          $TMPDIR or /var/tmp
 *
 * Returns 0, or a negative errno.
 */
int spool_open(const char *beside, struct spool **ret);
/* Append. A failure is remembered, and told by spool_settle() and spool_copy(): who writes has nothing to decide. */
void spool_write(struct spool *s, const void *data, size_t len);
/* Is all of it written? Returns 0, or a negative errno: of this, or of any spool_write() before. */
int spool_settle(struct spool *s);
/* All of it to @out. Returns as spool_settle() does, or what went wrong with @out. */
int spool_copy(struct spool *s, FILE *out);
/* @len bytes of what is settled, from byte @at on. Returns 0 or a negative errno. */
int spool_read(const struct spool *s, uint64_t at, void *ret, size_t len);
/* NULL is fine; returns NULL. */
struct spool *spool_close(struct spool *s);

#endif
