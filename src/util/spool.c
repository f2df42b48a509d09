// SPDX-License-Identifier: LGPL-2.1-or-later
/* spool.c - a file without a name */
#include "util/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct spool { FILE *f; int err; };

/* A pipe or a device: its directory is no place for a file. */
static bool is_special(const char *path)
{
	struct stat st;

	return !stat(path, &st) && !S_ISREG(st.st_mode);
}

/* Not every file system has files without a name. There, make a file and remove its name at once. */
static int open_in(const char *dir)
{
	int fd = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	char *path;

	if (fd >= 0)
		return fd;
	if (asprintf(&path, "%s/.vmstall.XXXXXX", dir) < 0)
		return -ENOMEM;
	fd = mkostemp(path, O_CLOEXEC);
	if (fd >= 0)
		unlink(path);
	else
		fd = -errno;
	free(path);
	return fd;
}

static int open_beside(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *dir = slash ? strndup(path, (size_t)(slash - path) + 1) : strdup(".");
	int fd = dir ? open_in(dir) : -ENOMEM;

	free(dir);
	return fd;
}

static int open_elsewhere(void)
{
	const char *dir = getenv("TMPDIR");

	return open_in(dir && *dir ? dir : "/var/tmp");
}

int spool_open(const char *beside, struct spool **ret)
{
	struct spool *s = calloc(1, sizeof(*s));
	int fd = !s ? -ENOMEM : !beside || is_special(beside) ? -ENOTSUP : open_beside(beside);

	if (s && fd < 0)
		fd = open_elsewhere();
	if (fd >= 0)
		s->f = fdopen(fd, "w+");
	if (fd >= 0 && s->f) {
		*ret = s;
		return 0;
	}
	if (fd >= 0)
		close(fd);
	free(s);
	return fd < 0 ? fd : -ENOMEM;
}

void spool_write(struct spool *s, const void *data, size_t len)
{
	if (!s->err && len && fwrite(data, 1, len, s->f) != len)
		s->err = errno ? -errno : -EIO;
}

static int copy(FILE *from, FILE *to)
{
	char block[1 << 16];
	size_t n;

	while ((n = fread(block, 1, sizeof(block), from)))
		if (fwrite(block, 1, n, to) != n)
			return errno ? -errno : -EIO;
	return ferror(from) ? -EIO : 0;
}

int spool_flush(struct spool *s)
{
	if (!s->err && fflush(s->f))
		s->err = -errno;
	return s->err;
}

int spool_copy(struct spool *s, FILE *out)
{
	if (!spool_flush(s) && fseek(s->f, 0, SEEK_SET))
		s->err = -errno;
	return s->err ? s->err : copy(s->f, out);
}

int spool_read(const struct spool *s, uint64_t at, void *ret, size_t len)
{
	unsigned char *to = ret;

	while (len) {
		ssize_t n = pread(fileno(s->f), to, len, (off_t)at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n ? -errno : -EIO;
		to += n;
		at += (uint64_t)n;
		len -= (size_t)n;
	}
	return 0;
}

struct spool *spool_close(struct spool *s)
{
	if (s)
		fclose(s->f);
	free(s);
	return NULL;
}
