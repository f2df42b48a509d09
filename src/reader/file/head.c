// SPDX-License-Identifier: LGPL-2.1-or-later
/* head.c - is it a trace.dat that can be read? Checks the first bytes before any library sees them */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "reader/file/container_private.h"
#include "util/text.h"

static const unsigned char magic[10] = { 0x17, 0x08, 0x44, 't', 'r', 'a', 'c', 'i', 'n', 'g' };

int opening_cut(const struct opening *o, const char *what)
{
	return fail(o->why, -EBADMSG, "%s: cut at byte %zu: %s", o->path, o->c->size, what);
}

int opening_damaged(const struct opening *o, uint64_t at, const char *fmt, ...)
{
	struct text t = { 0 };
	char *what;
	va_list ap;
	int err;

	va_start(ap, fmt);
	text_addv(&t, fmt, ap);
	va_end(ap);
	what = text_take(&t);
	err = what ? fail(o->why, -EBADMSG, "%s: byte %" PRIu64 ": %s", o->path, at, what) : -ENOMEM;
	free(what);
	return err;
}

int opening_string(const struct opening *o, struct view *v, size_t max, const char *what, const char **ret)
{
	size_t room = v->len - v->at;

	*ret = (const char *)v->p + v->at;
	if (!memchr(*ret, 0, room < max ? room : max)) {
		if (room < max)
			return opening_cut(o, what);
		return opening_damaged(o, v->at, "%s is longer than %zu bytes", what, max - 1);
	}
	v->at += strlen(*ret) + 1;
	return 0;
}

static int read_version(const struct opening *o, struct view *v)
{
	const char *text;
	char *end;
	int err = opening_string(o, v, 12, "the file version", &text);

	if (err)
		return err;
	o->c->version = (uint32_t)strtoul(text, &end, 10);
	if (*end || end == text)
		return opening_damaged(o, sizeof(magic), "the file version is not a number");
	if (o->c->version < 6 || o->c->version > 7)
		return fail(o->why, -EPROTONOSUPPORT, "%s: trace.dat version %u; versions 6 and 7 can be read", o->path,
			o->c->version);
	return 0;
}

static int read_layout(const struct opening *o, struct view *v)
{
	const unsigned char *order = view_bytes(v, 1), *longs = view_bytes(v, 1);
	struct container *c = o->c;

	if (!order || !longs)
		return opening_cut(o, order ? "the size of a long" : "the byte order");
	if (*order > 1 || (*longs != 4 && *longs != 8))
		return opening_damaged(o, v->at - 2, "byte order %u, long of %u bytes: damaged", *order, *longs);
	c->big_endian = *order;
	c->swap = v->swap = *order != (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__);
	c->long_size = *longs;
	c->page_size = (uint32_t)view_number(v, 4);
	if (v->bad)
		return opening_cut(o, "the page size");
	if (c->page_size < 64 || c->page_size > UNPACK_MAX || c->page_size & (c->page_size - 1))
		return opening_damaged(o, v->at - 4, "a sub-buffer of %u bytes: damaged", c->page_size);
	return 0;
}

int container_read_head(const struct opening *o, struct view *v)
{
	const unsigned char *m = view_bytes(v, sizeof(magic));
	int err;

	if (!m)
		return opening_cut(o, "the magic bytes");
	if (memcmp(m, magic, sizeof(magic)) != 0)
		return fail(o->why, -EBADMSG, "%s: not a trace.dat file (its first bytes are not trace-cmd's)", o->path);
	err = read_version(o, v);
	return err ? err : read_layout(o, v);
}
