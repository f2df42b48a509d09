// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * sniff.c - can this file be a trace.dat, and is all of it there?
 *
 * libtracecmd trusts sizes and offsets; a damaged file can crash it. So the chain of option sections
 * is walked here first, every step checked against the file's end, and a cut or a wild offset becomes a
 * sentence with its place. Layout: trace-cmd.dat.v6(5), trace-cmd.dat.v7(5), KERNEL-FACTS 9.
 */
#include "reader/sniff.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/text.h"

#define MAX_OPTION_SECTIONS 4096

static const unsigned char magic[10] = { 0x17, 0x08, 0x44, 't', 'r', 'a', 'c', 'i', 'n', 'g' };

struct cursor {
	const char *path;
	int fd;
	uint64_t at, size;
	bool swap;
	char **why;
};

static int cut(const struct cursor *c, const char *what)
{
	return fail(c->why, -EBADMSG, "%s: cut at byte %" PRIu64 ": %s", c->path, c->size, what);
}

static int take(struct cursor *c, void *buf, size_t len, const char *what)
{
	if (len > c->size || c->at > c->size - len || pread(c->fd, buf, len, (off_t)c->at) != (ssize_t)len)
		return cut(c, what);
	c->at += len;
	return 0;
}

static int take_u32(struct cursor *c, uint32_t *ret, const char *what)
{
	int err = take(c, ret, sizeof(*ret), what);

	if (!err && c->swap)
		*ret = __builtin_bswap32(*ret);
	return err;
}

static int take_u64(struct cursor *c, uint64_t *ret, const char *what)
{
	int err = take(c, ret, sizeof(*ret), what);

	if (!err && c->swap)
		*ret = __builtin_bswap64(*ret);
	return err;
}

static int take_u16(struct cursor *c, uint16_t *ret, const char *what)
{
	int err = take(c, ret, sizeof(*ret), what);

	if (!err && c->swap)
		*ret = __builtin_bswap16(*ret);
	return err;
}

/* A NUL-terminated string of at most @len - 1 bytes. */
static int take_string(struct cursor *c, char *buf, size_t len, const char *what)
{
	for (size_t i = 0; i < len; i++) {
		int err = take(c, buf + i, 1, what);

		if (err)
			return err;
		if (!buf[i])
			return 0;
	}
	return fail(c->why, -EBADMSG, "%s: byte %" PRIu64 ": %s is longer than %zu bytes", c->path, c->at, what, len - 1);
}

static int check_version(struct cursor *c, struct sniffed *s)
{
	char text[12], *end;
	int err = take_string(c, text, sizeof(text), "the file version");

	if (err)
		return err;
	s->version = (uint32_t)strtoul(text, &end, 10);
	if (*end || end == text)
		return fail(c->why, -EBADMSG, "%s: byte 10: the file version is not a number", c->path);
	if (s->version < 6 || s->version > 7)
		return fail(c->why, -EPROTONOSUPPORT, "%s: trace.dat version %u; versions 6 and 7 can be read", c->path,
			s->version);
	return 0;
}

static int check_head(struct cursor *c, struct sniffed *s)
{
	unsigned char m[sizeof(magic)], order, longs;
	int err = take(c, m, sizeof(m), "the magic bytes");

	if (err || memcmp(m, magic, sizeof(m))) {
		if (!err)
			return fail(c->why, -EBADMSG, "%s: not a trace.dat file (its first bytes are not trace-cmd's)", c->path);
		return err;
	}
	err = check_version(c, s);
	if (!err)
		err = take(c, &order, 1, "the byte order");
	if (!err)
		err = take(c, &longs, 1, "the size of a long");
	if (err)
		return err;
	if (order > 1 || (longs != 4 && longs != 8))
		return fail(c->why, -EBADMSG, "%s: byte %" PRIu64 ": byte order %u, long of %u bytes: damaged", c->path,
			c->at - 2, order, longs);
	s->big_endian = order;
	s->long_size = longs;
	c->swap = order != (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__);
	err = take_u32(c, &s->page_size, "the page size");
	if (err)
		return err;
	if (s->page_size < 64 || s->page_size > (64 << 20) || (s->page_size & (s->page_size - 1)))
		return fail(c->why, -EBADMSG, "%s: byte %" PRIu64 ": a sub-buffer of %u bytes: damaged", c->path, c->at - 4,
			s->page_size);
	return 0;
}

/* One section of options: its header, and where the next section begins (0: it was the last). */
static int check_options(struct cursor *c, uint64_t offset, uint64_t *ret_next)
{
	uint16_t id, flags;
	uint32_t desc;
	uint64_t size, end;
	int err;

	c->at = offset;
	err = take_u16(c, &id, "a section header");
	err = err ? err : take_u16(c, &flags, "a section header");
	err = err ? err : take_u32(c, &desc, "a section header");
	err = err ? err : take_u64(c, &size, "a section header");
	if (err)
		return err;
	if (id != 0)
		return fail(c->why, -EBADMSG, "%s: byte %" PRIu64 ": section %u where the options should be", c->path, offset, id);
	if (size > c->size - c->at)
		return cut(c, "the options do not fit in the file");
	end = c->at + size;
	*ret_next = 0;
	if (flags & 1)		/* compressed: its last option, where the next begins, is the library's to find */
		return 0;
	while (c->at < end) {
		uint32_t len;

		err = take_u16(c, &id, "an option");
		err = err ? err : take_u32(c, &len, "an option");
		if (err)
			return err;
		if (len > end - c->at)
			return fail(c->why, -EBADMSG, "%s: byte %" PRIu64 ": option %u of %u bytes does not fit its section",
				c->path, c->at, id, len);
		if (id == 0)
			return len >= 8 ? take_u64(c, ret_next, "the next options") : 0;
		c->at += len;
	}
	return 0;
}

static int check_v7(struct cursor *c, struct sniffed *s)
{
	char version[32];
	uint64_t next, last = 0;
	int err = take_string(c, s->compression, sizeof(s->compression), "the compression's name");

	err = err ? err : take_string(c, version, sizeof(version), "the compression's version");
	err = err ? err : take_u64(c, &next, "the offset of the options");
	if (!err && !next)
		return fail(c->why, -EBADMSG, "%s: no options: the recording was not finished (power lost, or killed)", c->path);
	for (int i = 0; !err && next; i++) {
		if (i == MAX_OPTION_SECTIONS || next == last)
			return fail(c->why, -EBADMSG, "%s: byte %" PRIu64 ": the option sections form a ring", c->path, next);
		if (next >= c->size)
			return fail(c->why, -EBADMSG, "%s: cut at byte %" PRIu64 ": its options began at byte %" PRIu64, c->path,
				c->size, next);
		last = next;
		err = check_options(c, last, &next);
	}
	return err;
}

static int sniff_fd(struct cursor *c, struct sniffed *s)
{
	int err = check_head(c, s);

	if (!err && s->version >= 7)
		err = check_v7(c, s);
	return err;
}

int sniff(const char *path, struct sniffed *ret, char **reterr_why)
{
	struct sniffed s = { 0 };
	struct cursor c = { .path = path, .why = reterr_why };
	struct stat st;
	int err;

	c.fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (c.fd < 0)
		return fail(reterr_why, -errno, "%s: %s", path, strerror(errno));
	if (fstat(c.fd, &st))
		err = fail(reterr_why, -errno, "%s: %s", path, strerror(errno));
	else if (S_ISDIR(st.st_mode))
		err = fail(reterr_why, -EISDIR, "%s: a directory, not a recording", path);
	else if (!S_ISREG(st.st_mode))
		err = fail(reterr_why, -EBADMSG, "%s: not a regular file", path);
	else if (!st.st_size)
		err = fail(reterr_why, -ENODATA, "%s: empty file", path);
	else {
		c.size = s.bytes = (uint64_t)st.st_size;
		err = sniff_fd(&c, &s);
	}
	close(c.fd);
	if (!err)
		*ret = s;
	return err;
}
