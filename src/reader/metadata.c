// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * metadata.c - which parts of a file does the library get to read?
 *
 * Three reasons not to give it the file itself. Debian's libtracecmd knows only zstd, while trace-cmd elsewhere writes
 * zlib. It refuses a file that is cut or damaged anywhere. It takes longer for the kernel's symbols than vmstall takes
 * for a small recording. So the parts that it must parse are copied, unpacked, into a small file in memory. vmstall
 * itself reads symbols and records.
 */
#include "reader/metadata.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "reader/file/container_private.h"

enum { MAGIC_LEN = 12, HEAD_LEN = 18 };	/* with the version; and padded to the page size */

struct copy { struct container *c; FILE *f; uint64_t parts[NR_PARTS]; };

static void put_number(const struct copy *k, uint64_t v, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++)
		fputc((int)(v >> 8 * (k->c->big_endian ? bytes - 1 - i : i) & 0xff), k->f);
}

static void put_section(const struct copy *k, uint16_t id, uint64_t size)
{
	put_number(k, id, 2);
	put_number(k, 0, 2);	/* not compressed */
	put_number(k, 0, 4);	/* not described */
	put_number(k, size, 8);
}

static void put_option(const struct copy *k, uint16_t id, uint64_t v)
{
	put_number(k, id, 2);
	put_number(k, sizeof(v), 4);
	put_number(k, v, sizeof(v));
}

static const char *part_name(enum part part)
{
	static const char *const names[] = { "page header", "formats of ftrace's events", "event formats", "kernel symbols",
		"printk formats", "names of tasks" };

	return names[part];
}

/* Without formats nothing can be decoded. Without the other parts only names are missing. */
static int lacks_part(struct container *c, enum part part)
{
	if (part <= PART_FORMATS)
		return -EBADMSG;
	return container_lacks(c, "its %s are damaged: left out", part_name(part));
}

/* UNAME is "sysname nodename release machine". Copy all but the node's name. */
static bool same_kernel(const char *a, const char *b)
{
	for (int i = 0; a && b && i < 2; i++) {
		a = strchr(a, ' ');
		b = strchr(b, ' ');
		a += a != NULL;
		b += b != NULL;
	}
	return !a || !b || !strcmp(a, b);
}

/* The formats are the same in every recording of a kernel. The names of tasks belong to one recording. */
static int part_of_sibling(struct container *c, enum part part, unsigned char **ret, size_t *ret_size)
{
	const struct container *h = c->headers;
	bool usable = h && part <= PART_FORMATS && h->big_endian == c->big_endian && h->long_size == c->long_size &&
		      same_kernel(c->uname, h->uname);
	int err = usable ? container_part(h, part, ret, ret_size) : 0;

	if (!err && h && part <= PART_FORMATS && !usable)
		err = container_lacks(c, "its %s are damaged, and %s is of another kernel or layout", part_name(part), c->headers_path);
	return err || !*ret ? err : container_lacks(c, "its %s: taken from %s", part_name(part), c->headers_path);
}

/* A part that the file does not have is left out. The library reports what that means. */
static int put_part(struct copy *k, enum part i)
{
	unsigned char *data;
	size_t size;
	int err = container_part(k->c, i, &data, &size);

	if (!err && !data)
		err = part_of_sibling(k->c, i, &data, &size);
	if (!err && !data)
		return k->c->parts[i] ? lacks_part(k->c, i) : 0;
	if (!err && i != PART_KALLSYMS) {	/* symbols are read later, on demand; report now whether they are whole */
		k->parts[i] = (uint64_t)ftello(k->f);
		put_section(k, (uint16_t)(FIRST_PART + i), size);
		fwrite(data, 1, size, k->f);
	}
	free(data);
	return err;
}

static int put_file(struct copy *k)
{
	uint64_t nr = 1, options;
	int err = 0;

	fwrite("\x17\x08\x44tracing7", 1, MAGIC_LEN, k->f);
	put_number(k, k->c->big_endian, 1);
	put_number(k, k->c->long_size, 1);
	put_number(k, k->c->page_size, 4);
	fwrite("none\0", 1, sizeof("none\0"), k->f);	/* its version: "" */
	put_number(k, 0, 8);
	for (enum part i = PART_HEADER; !err && i < NR_PARTS; i++)
		err = put_part(k, i);
	options = (uint64_t)ftello(k->f);
	for (size_t i = 0; i < NR_PARTS; i++)
		nr += k->parts[i] != 0;
	put_section(k, OPTION_DONE, nr * (2 + 4 + 8));
	for (size_t i = 0; i < NR_PARTS; i++)
		if (k->parts[i])
			put_option(k, (uint16_t)(FIRST_PART + i), k->parts[i]);
	put_option(k, OPTION_DONE, 0);
	if (fseeko(k->f, HEAD_LEN + sizeof("none\0"), SEEK_SET))
		return -errno;
	put_number(k, options, 8);
	if (!err && fflush(k->f))
		err = -errno;
	return err ? err : ferror(k->f) ? -EIO : 0;
}

int metadata_unpacked(struct container *c)
{
	int fd = memfd_create("trace.dat", MFD_CLOEXEC), err;
	struct copy k = { .c = c, .f = fd < 0 ? NULL : fdopen(fd, "wb") };

	if (!k.f) {
		err = -errno;
		if (fd >= 0)
			close(fd);
		return err;
	}
	err = put_file(&k);
	if (!err && lseek(fd, 0, SEEK_SET) < 0)
		err = -errno;
	fd = err ? -1 : dup(fd);
	if (!err && fd < 0)
		err = -errno;
	fclose(k.f);
	return err ? err : fd;
}
