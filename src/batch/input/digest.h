/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* digest.h - a recording is identified by the SHA-256 of its content; and the set of contents that need no analysis */
#ifndef VMSTALL_BATCH_DIGEST_H
#define VMSTALL_BATCH_DIGEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#define DIGEST_BYTES 32
#define DIGEST_HEX   (2 * DIGEST_BYTES + 1)	/* with the terminating 0 */

/* The attributes of a file that change when its content does, as far as the file system can tell. */
struct stamp { int64_t bytes, mtime_ns, ctime_ns; };

struct stamp stamp_of(const struct stat *st);
bool stamp_same(const struct stamp *a, const struct stamp *b);

/* Progress: bytes read so far, of how many. */
typedef void digest_tell(void *data, uint64_t bytes, uint64_t total_bytes);

/**
 * digest_file - the SHA-256 of a regular file in hexadecimal digits, and the stamp of the file at that time
 * @tell: called now and then; may be NULL
 *
 * Returns 0, -ESTALE (it changed meanwhile), -EINVAL (not a regular file), or the error of reading it.
 */
int digest_file(const char *path, digest_tell *tell, void *data, char ret[DIGEST_HEX], struct stamp *ret_stamp);

/* The first 63 bits, which are the id of a recording in a database. @hex has DIGEST_HEX - 1 digits. */
int64_t digest_id(const char *hex);

/* A set of digests. Zero it to begin. */
struct digests { void *root; size_t nr; };

int digests_add(struct digests *d, const char *hex);	/* returns 0 or -ENOMEM; adding a digest twice is fine */
bool digests_have(const struct digests *d, const char *hex);
void digests_clear(struct digests *d);

#endif
