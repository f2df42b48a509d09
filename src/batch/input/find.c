// SPDX-License-Identifier: LGPL-2.1-or-later
/* find.c - walk directories for recordings */
#include "batch/input/find.h"

#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "util/array.h"
#include "util/order.h"

struct directory { dev_t dev; ino_t ino; };

static int same_directory(const void *a, const void *b)
{
	const struct directory *x = a, *y = b;

	if (x->dev != y->dev)
		return x->dev < y->dev ? -1 : 1;
	return order(x->ino, y->ino);
}

/* Was the directory walked already, through another link? Returns -ENOMEM if it cannot be remembered. */
static int seen_before(struct find *f, const struct stat *st)
{
	struct directory *d = malloc(sizeof(*d)), **found;

	if (!d)
		return -ENOMEM;
	*d = (struct directory){ st->st_dev, st->st_ino };
	found = tsearch(d, &f->seen, same_directory);
	if (!found || *found != d)
		free(d);
	return found ? *found != d : -ENOMEM;
}

static int take(struct find *f, const char *path, size_t key, const struct stat *st)
{
	struct found *all = grow(f->all, &f->cap, f->nr, sizeof(*all));
	char *copy = all ? strdup(path) : NULL;

	if (all)
		f->all = all;
	if (!copy)
		return -ENOMEM;
	all[f->nr++] = (struct found){ .path = copy, .key = key, .stamp = stamp_of(st) };
	return 0;
}

static bool begins_as_one(const char *path)
{
	static const unsigned char magic[] = { 0x17, 0x08, 0x44, 't', 'r', 'a', 'c', 'i', 'n', 'g' };
	unsigned char head[sizeof(magic)];
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	bool is = fd >= 0 && read(fd, head, sizeof(head)) == (ssize_t)sizeof(head) && !memcmp(head, magic, sizeof(head));

	if (fd >= 0)
		close(fd);
	return is;
}

static bool named_as_one(const char *path)
{
	size_t n = strlen(path);

	return n >= 4 && !strcmp(path + n - 4, ".dat");
}

static const char *what_it_is(const struct stat *st)
{
	if (S_ISFIFO(st->st_mode))
		return "a FIFO";
	if (S_ISSOCK(st->st_mode))
		return "a socket";
	return S_ISBLK(st->st_mode) || S_ISCHR(st->st_mode) ? "a device" : "not a file";
}

static int take_file(struct find *f, const FTSENT *e, size_t root)
{
	size_t key = e->fts_level ? root : 0;

	if (!S_ISREG(e->fts_statp->st_mode) && !e->fts_level)
		f->unreadable(f->data, e->fts_path, -EINVAL);
	else if (!S_ISREG(e->fts_statp->st_mode))
		f->note(f->data, e->fts_path, what_it_is(e->fts_statp));
	else if (!e->fts_level || named_as_one(e->fts_path) || begins_as_one(e->fts_path))
		return take(f, e->fts_path, key, e->fts_statp);
	else
		f->others++;
	return 0;
}

static int enter(struct find *f, FTS *walk, FTSENT *e)
{
	int seen = seen_before(f, e->fts_statp);

	if (seen > 0)
		fts_set(walk, e, FTS_SKIP);
	return seen < 0 ? seen : 0;
}

static int visit(struct find *f, FTS *walk, FTSENT *e, size_t root)
{
	struct stat st;

	switch (e->fts_info) {
	case FTS_D:
		return enter(f, walk, e);
	case FTS_F:
	case FTS_DEFAULT:
		return take_file(f, e, root);
	case FTS_DC:
		f->note(f->data, e->fts_path, "a symbolic link to a directory that it is in");
		return 0;
	case FTS_SLNONE:
		f->unreadable(f->data, e->fts_path, stat(e->fts_path, &st) ? -errno : -ENOENT);
		return 0;
	case FTS_DNR:
	case FTS_NS:
	case FTS_ERR:
		f->unreadable(f->data, e->fts_path, -e->fts_errno);
		return 0;
	default:
		return 0;
	}
}

static int by_name(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

/* "dir/" and "dir" are the same directory, so that a file below it always has the same name. */
static size_t without_slashes(char *path)
{
	size_t n = strlen(path);

	while (n > 1 && path[n - 1] == '/')
		path[--n] = '\0';
	return n;
}

int find_add(struct find *f, const char *path)
{
	char *copy = strdup(path), *paths[] = { copy, NULL };
	size_t root = copy ? without_slashes(copy) + 1 : 0;
	FTS *walk;
	FTSENT *e;
	int err = 0;

	if (!copy)
		return -ENOMEM;
	walk = *copy ? fts_open(paths, FTS_LOGICAL | FTS_NOCHDIR, by_name) : NULL;
	if (!walk)
		f->unreadable(f->data, path, *copy ? -errno : -ENOENT);
	while (walk && !err && (e = fts_read(walk)))
		err = visit(f, walk, e, root);
	if (walk)
		fts_close(walk);
	free(copy);
	return err;
}

int find_list(struct find *f, FILE *list, char end)
{
	char *line = NULL;
	size_t room = 0;
	ssize_t len;
	int err = 0;

	errno = 0;
	while (!err && (len = getdelim(&line, &room, end, list)) > 0) {
		if (line[len - 1] == end)
			line[--len] = '\0';
		if (end == '\n' && len && line[len - 1] == '\r')	/* written elsewhere */
			line[--len] = '\0';
		if (len)
			err = find_add(f, line);
		errno = 0;
	}
	if (!err && ferror(list))
		err = errno ? -errno : -EIO;
	free(line);
	return err;
}

static int longest_first(const void *a, const void *b)
{
	const struct found *x = a, *y = b;

	if (x->stamp.bytes != y->stamp.bytes)
		return x->stamp.bytes > y->stamp.bytes ? -1 : 1;
	return strcmp(x->path, y->path);
}

void find_sort(struct find *f)
{
	size_t kept = 0;

	if (f->nr)
		qsort(f->all, f->nr, sizeof(*f->all), longest_first);
	for (size_t i = 0; i < f->nr; i++) {
		if (kept && !strcmp(f->all[i].path, f->all[kept - 1].path))
			free(f->all[i].path);
		else
			f->all[kept++] = f->all[i];
	}
	f->nr = kept;
}

void find_clear(struct find *f)
{
	for (size_t i = 0; i < f->nr; i++)
		free(f->all[i].path);
	free(f->all);
	tdestroy(f->seen, free);
	*f = (struct find){ 0 };
}
