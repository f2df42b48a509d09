// SPDX-License-Identifier: LGPL-2.1-or-later
/* container.c - map a trace.dat and find its buffers */
#include "reader/file/headless.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/array.h"
#include "util/text.h"

const unsigned char *view_bytes(struct view *v, uint64_t len)
{
	const unsigned char *p = v->p + v->at;

	if (v->bad || len > v->len - v->at) {
		v->bad = true;
		return NULL;
	}
	v->at += (size_t)len;
	return p;
}

uint64_t view_number(struct view *v, size_t bytes)
{
	const unsigned char *p = view_bytes(v, bytes);
	bool big = v->swap != (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__);
	uint64_t n = 0;

	for (size_t i = 0; p && i < bytes; i++)
		n = n << 8 | p[big ? i : bytes - 1 - i];
	return n;
}

const char *view_string(struct view *v)
{
	const unsigned char *p = v->p + v->at, *end = v->bad ? NULL : memchr(p, 0, v->len - v->at);

	if (!end) {
		v->bad = true;
		return "";
	}
	v->at += (size_t)(end - p) + 1;
	return (const char *)p;
}

struct view view_at(const struct container *c, uint64_t offset)
{
	bool bad = offset > c->size;

	return (struct view){ .p = c->map, .len = c->size, .at = bad ? 0 : (size_t)offset, .swap = c->swap, .bad = bad };
}

/* DATE and OFFSET are numbers written as text, in us and ns. DATE is hexadecimal. */
static int64_t number_text(const unsigned char *data, uint32_t len)
{
	char text[40] = "";

	memcpy(text, data, len < sizeof(text) - 1 ? len : sizeof(text) - 1);
	return strtoll(text, NULL, 0);
}

static int set_text(char **text, const unsigned char *data, uint32_t len)
{
	free(*text);
	*text = strndup((const char *)data, len);
	return *text ? 0 : -ENOMEM;
}

/* The file has one CPUSTAT option for each CPU. They are joined and read as one text. */
static int add_text(char **text, const unsigned char *data, uint32_t len)
{
	size_t had = *text ? strlen(*text) : 0, more = strnlen((const char *)data, len);
	char *bigger = realloc(*text, had + more + 2);

	if (!bigger)
		return -ENOMEM;
	memcpy(bigger + had, data, more);
	memcpy(bigger + had + more, "\n", 2);
	*text = bigger;
	return 0;
}

/* Pick the clock in brackets out of "local [mono] global". */
static int set_clock(struct container *c, const unsigned char *data, uint32_t len)
{
	const unsigned char *from = memchr(data, '[', len), *to = from ? memchr(from, ']', len - (size_t)(from - data)) : NULL;

	return to ? set_text(&c->clock, from + 1, (uint32_t)(to - from - 1)) : set_text(&c->clock, data, len);
}

int container_make_lanes(struct buffer_map *b, uint64_t nr)
{
	b->lanes = calloc(nr ? (size_t)nr : 1, sizeof(*b->lanes));
	b->nr_lanes = b->lanes ? (size_t)nr : 0;
	return b->lanes ? 0 : -ENOMEM;
}

int container_lacks(struct container *c, const char *fmt, ...)
{
	va_list ap;
	int err;

	va_start(ap, fmt);
	err = strings_addv(&c->losses, fmt, ap);
	va_end(ap);
	c->salvaged |= !err;
	return err;
}

int container_option(struct container *c, uint16_t id, const unsigned char *data, uint32_t len)
{
	struct view v = { .p = data, .len = len, .swap = c->swap };

	switch (id) {
	case OPTION_DATE:
		c->ts_offset = (int64_t)((uint64_t)c->ts_offset + (uint64_t)number_text(data, len) * 1000);
		break;
	case OPTION_OFFSET:
		c->ts_offset = (int64_t)((uint64_t)c->ts_offset + (uint64_t)number_text(data, len));
		break;
	case OPTION_CPUSTAT:
		return add_text(&c->cpustat, data, len);
	case OPTION_TRACECLOCK:
		return set_clock(c, data, len);
	case OPTION_UNAME:
		return set_text(&c->uname, data, len);
	case OPTION_CPUCOUNT:
		c->cpus = (uint32_t)view_number(&v, 4);
		break;
	case OPTION_TIME_SHIFT:
		c->time_shift = true;
		break;
	case OPTION_TSC2NSEC:
		c->tsc_mult = (uint32_t)view_number(&v, 4);
		c->tsc_shift = (uint32_t)view_number(&v, 4);
		if (v.bad || c->tsc_shift > 32)
			c->tsc_mult = 0;
		break;
	default:
		break;
	}
	return 0;
}

struct buffer_map *container_add_buffer(struct container *c, const char *name)
{
	struct buffer_map *bigger = realloc(c->buffers, (c->nr_buffers + 1) * sizeof(*bigger)), *b;

	if (!bigger)
		return NULL;
	c->buffers = bigger;
	b = &bigger[c->nr_buffers++];
	*b = (struct buffer_map){ .name = strdup(name), .page_size = c->page_size };
	return b->name ? b : NULL;
}

static int map_fd(const struct opening *o, int fd)
{
	struct stat st;
	void *map;

	if (fstat(fd, &st))
		return fail(o->why, -errno, "%s: %s", o->path, strerror(errno));
	if (S_ISDIR(st.st_mode))
		return fail(o->why, -EISDIR, "%s: a directory, not a recording", o->path);
	if (!S_ISREG(st.st_mode))
		return fail(o->why, -EBADMSG, "%s: not a regular file", o->path);
	if (!st.st_size)
		return fail(o->why, -ENODATA, "%s: empty file", o->path);
	map = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (map == MAP_FAILED)
		return fail(o->why, -errno, "%s: %s", o->path, strerror(errno));
	o->c->map = map;
	o->c->size = (size_t)st.st_size;
	return 0;
}

/* O_NONBLOCK, because opening a fifo without a writer would block. */
static int map_file(const struct opening *o)
{
	int fd = open(o->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), err;

	if (fd < 0)
		return fail(o->why, -errno, "%s: %s", o->path, strerror(errno));
	err = map_fd(o, fd);
	close(fd);
	return err;
}

void container_forget_buffers(struct container *c)
{
	for (size_t i = 0; i < c->nr_buffers; i++) {
		free(c->buffers[i].name);
		free(c->buffers[i].clock);
		free(c->buffers[i].lanes);
	}
	free(c->buffers);
	c->buffers = NULL;
	c->nr_buffers = 0;
}

/* Forget what the options said. The next attempt reads them again from the begin. */
static void forget_options(struct container *c)
{
	container_forget_buffers(c);
	free(c->clock);
	free(c->uname);
	free(c->cpustat);
	c->clock = c->uname = c->cpustat = NULL;
	c->cpus = c->tsc_mult = c->tsc_shift = 0;
	c->ts_offset = 0;
	c->time_shift = false;
}

/*
 * Try another way to read the file. On success, the reason why the first way failed is recorded, with @rest appended, as
 * what the file lacks. If the second way fails without a sentence of its own, the first reason is reported.
 */
static int try_again(const struct opening *o, int (*how)(const struct opening *, uint64_t), uint64_t from, const char *rest)
{
	char *why = *o->why;
	int err;

	*o->why = NULL;
	forget_options(o->c);
	err = how(o, from);
	if (!err)
		err = container_lacks(o->c, "%s%s", why ? why + strlen(o->path) + 2 : "damaged", rest);
	if (err == -EBADMSG && !*o->why) {
		*o->why = why;
		return err;
	}
	free(why);
	return err;
}

static int salvage(const struct opening *o, uint64_t from)
{
	char *why = NULL;
	struct opening quiet = { .c = o->c, .path = o->path, .why = &why };
	int err = o->c->version == 7 ? container_salvage_v7(&quiet, from) : -EBADMSG;

	free(why);
	return err;
}

bool container_has_records(const struct container *c)
{
	for (size_t i = 0; i < c->nr_buffers; i++)
		for (size_t j = 0; j < c->buffers[i].nr_lanes; j++)
			if (c->buffers[i].lanes[j].size)
				return true;
	return false;
}

/* Read the file by its own headers and tables. */
static int read_own(const struct opening *o)
{
	struct container *c = o->c;
	struct view v = view_at(c, 0);
	int err = container_read_head(o, &v);
	uint64_t from = v.at;

	if (err)
		return err;
	err = c->version == 6 ? container_read_v6(o, &v) : container_read_v7(o, &v);
	if (err == -EBADMSG)
		err = try_again(o, salvage, from, "");
	for (size_t i = 0; !err && i < c->nr_buffers; i++)
		err = container_settle(c, &c->buffers[i], i);
	if (!err && c->salvaged && !container_has_records(c))
		return fail(o->why, -EBADMSG, "%s: %s; no records are left", o->path, c->losses.s[0]);
	return err;
}

static bool same_layout(const struct container *c, const struct container *h)
{
	return c->big_endian == h->big_endian && c->long_size == h->long_size && c->page_size == h->page_size;
}

/* The file's own tables are useless here. If its head was readable, the sibling must have the same layout. */
static int read_headless(const struct opening *o, uint64_t from)
{
	(void)from;
	if (o->c->page_size && !same_layout(o->c, o->headers))
		return fail(o->why, -EBADMSG, "%s: %s has another byte order, size of a long or of a page: no sibling of it", o->path,
			o->c->headers_path);
	memset(o->c->parts, 0, sizeof(o->c->parts));
	return container_open_headless(o);
}

static int read_all(const struct opening *o)
{
	struct container *c = o->c;
	int err = read_own(o);

	if (err == -EBADMSG && o->headers)
		err = try_again(o, read_headless, 0, "; its records are read by a sibling's headers");
	if (!err && c->version == 7)
		container_number_v7(c);
	return err;
}

int container_open_with(const char *path, const struct container *headers, const char *headers_path, struct container *ret,
			char **reterr_why)
{
	struct opening o = { .c = ret, .path = path, .why = reterr_why, .headers = headers };
	int err;

	*ret = (struct container){ .headers = headers, .headers_path = headers_path };
	err = map_file(&o);
	if (!err)
		err = read_all(&o);
	if (err == -ENOMEM)
		return fail(reterr_why, err, "%s: %s", path, error_text(err));
	return err;
}

int container_open(const char *path, struct container *ret, char **reterr_why)
{
	return container_open_with(path, NULL, NULL, ret, reterr_why);
}

void container_close(struct container *c)
{
	forget_options(c);
	strings_free(&c->losses);
	if (c->map)
		munmap((void *)(uintptr_t)c->map, c->size);
	*c = (struct container){ 0 };
}
