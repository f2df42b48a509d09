// SPDX-License-Identifier: LGPL-2.1-or-later
/* digest.c - compute the digest of a file's content, and look it up */
#include "batch/input/digest.h"

#include <errno.h>
#include <fcntl.h>
#include <nettle/sha2.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BLOCK = 1 << 18 };

static int64_t nanoseconds(const struct timespec *t)
{
	return (int64_t)t->tv_sec * 1000000000 + t->tv_nsec;
}

struct stamp stamp_of(const struct stat *st)
{
	return (struct stamp){ .bytes = st->st_size, .mtime_ns = nanoseconds(&st->st_mtim),
		.ctime_ns = nanoseconds(&st->st_ctim) };
}

bool stamp_same(const struct stamp *a, const struct stamp *b)
{
	return a->bytes == b->bytes && a->mtime_ns == b->mtime_ns && a->ctime_ns == b->ctime_ns;
}

static int read_all(int fd, struct sha256_ctx *ctx, uint64_t total, digest_tell *tell, void *data)
{
	unsigned char *block = malloc(BLOCK);
	uint64_t bytes = 0;
	ssize_t got = block ? 1 : -1;

	errno = block ? 0 : ENOMEM;
	while (got > 0) {
		got = read(fd, block, BLOCK);
		if (got < 0 && errno == EINTR)
			got = 1;
		else if (got > 0) {
			sha256_update(ctx, (size_t)got, block);
			bytes += (uint64_t)got;
			if (tell)
				tell(data, bytes, total);
		}
	}
	free(block);
	return got < 0 ? -errno : 0;
}

static void to_hex(const unsigned char *digest, char *ret)
{
	for (size_t i = 0; i < DIGEST_BYTES; i++)
		snprintf(ret + 2 * i, 3, "%02x", digest[i]);
}

static int digest_open(int fd, digest_tell *tell, void *data, char *ret, struct stamp *ret_stamp)
{
	unsigned char digest[SHA256_DIGEST_SIZE];
	struct stamp before;
	struct sha256_ctx ctx;
	struct stat st;
	int err;

	if (fstat(fd, &st))
		return -errno;
	if (!S_ISREG(st.st_mode))
		return S_ISDIR(st.st_mode) ? -EISDIR : -EINVAL;
	before = stamp_of(&st);
	sha256_init(&ctx);
	err = read_all(fd, &ctx, (uint64_t)before.bytes, tell, data);
	if (err || fstat(fd, &st))
		return err ? err : -errno;
	*ret_stamp = stamp_of(&st);
	if (!stamp_same(&before, ret_stamp))
		return -ESTALE;
	sha256_digest(&ctx, sizeof(digest), digest);
	to_hex(digest, ret);
	return 0;
}

/* O_NONBLOCK, because opening a FIFO without a writer would block. */
int digest_file(const char *path, digest_tell *tell, void *data, char ret[DIGEST_HEX], struct stamp *ret_stamp)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY), err;

	if (fd < 0)
		return -errno;
	posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
	err = digest_open(fd, tell, data, ret, ret_stamp);
	close(fd);
	return err;
}

int64_t digest_id(const char *hex)
{
	char first[17];

	snprintf(first, sizeof(first), "%.16s", hex);
	return (int64_t)(strtoull(first, NULL, 16) >> 1);
}

static int compare(const void *a, const void *b)
{
	return strcmp(a, b);
}

int digests_add(struct digests *d, const char *hex)
{
	char *copy = strdup(hex), **found = copy ? tsearch(copy, &d->root, compare) : NULL;

	if (!found) {
		free(copy);
		return -ENOMEM;
	}
	if (*found != copy)
		free(copy);
	else
		d->nr++;
	return 0;
}

bool digests_have(const struct digests *d, const char *hex)
{
	return tfind(hex, &d->root, compare);
}

void digests_clear(struct digests *d)
{
	tdestroy(d->root, free);
	*d = (struct digests){ 0 };
}
