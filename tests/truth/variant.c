// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * variant.c - the same recording, as if less of it had been recorded
 *
 *	variant drop:NAME[,NAME...] IN OUT	without the events whose names begin so
 *	variant keep:NAME[,NAME...] IN OUT	only with these
 *	variant lose:PERCENT IN OUT		without so many of the sub-buffers, marked as lost by the next one
 *	variant skew:MICROSECONDS IN OUT	every other CPU's clock ahead by so much; the clock is called local
 *	variant cut:SECONDS IN OUT		nothing after this time
 *	variant begin:SECONDS IN OUT		nothing before this time, as in a flight recorder that has wrapped
 *
 * IN is a little-endian version 7 file, uncompressed (trace-cmd convert --compression none), and is
 * changed in place in a copy: a dropped event becomes a discarded one, which keeps the time of those after it.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PAGE 4096
#define PAGE_HEADER 16
#define MISSED (UINT64_C(1) << 31)

struct file { unsigned char *p; size_t len; };
struct change { char kind[8]; char arg[256]; };

static void die(const char *what)
{
	fprintf(stderr, "variant: %s\n", what);
	exit(2);
}

static uint64_t get(const unsigned char *p, size_t bytes)
{
	uint64_t v = 0;

	memcpy(&v, p, bytes);
	return v;
}

static void put(unsigned char *p, uint64_t v, size_t bytes)
{
	memcpy(p, &v, bytes);
}

static unsigned char *at(const struct file *f, uint64_t offset, uint64_t len)
{
	if (offset > f->len || len > f->len - offset)
		die("the file is cut");
	return f->p + offset;
}

static struct file slurp(const char *path)
{
	struct file f = { 0 };
	FILE *in = fopen(path, "rb");
	long len;

	if (!in || fseek(in, 0, SEEK_END) || (len = ftell(in)) < 0)
		die(path);
	rewind(in);
	f.len = (size_t)len;
	f.p = malloc(f.len + 65536);	/* room for options written anew */
	if (!f.p || fread(f.p, 1, f.len, in) != f.len)
		die(path);
	fclose(in);
	return f;
}

/* --- event ids --- */

static bool listed(const char *list, const char *name, size_t len)
{
	for (const char *s = list; *s; s += strcspn(s, ","), s += *s == ',') {
		size_t n = strcspn(s, ",");

		if (n <= len && !strncmp(s, name, n))
			return true;
	}
	return false;
}

/* Mark the ids of the formats in the file whose names are in @list. */
static bool *ids_of(const struct file *f, const char *list)
{
	bool *ids = calloc(65536, sizeof(*ids));
	static const char key[] = "name: ";
	const unsigned char *end = f->p + f->len, *p = f->p;

	while (ids && (p = memmem(p, (size_t)(end - p), key, strlen(key)))) {
		const char *name = (const char *)p + strlen(key);
		size_t len = strcspn(name, "\n");
		unsigned int id;

		if (sscanf(name + len, "\nID: %u", &id) == 1 && id < 65536 && listed(list, name, len))
			ids[id] = true;
		p += strlen(key);
	}
	return ids;
}

/* --- sub-buffers --- */

struct element { unsigned char *p; size_t size; uint32_t type; uint64_t ts; unsigned char *data; };

/* The element at @pos; false at the end of what was committed. Layout: include/linux/ring_buffer.h. */
static bool element_at(unsigned char *page, size_t pos, uint64_t *clock, struct element *e)
{
	size_t end = PAGE_HEADER + (get(page + 8, 8) & ((1 << 27) - 1));
	uint32_t head;

	if (pos + 4 > end || end > PAGE)
		return false;
	*e = (struct element){ .p = page + pos };
	head = (uint32_t)get(e->p, 4);
	e->type = head & 31;
	*clock += head >> 5;
	if (e->type <= 28) {
		bool big = !e->type;

		e->size = big ? 4 + (size_t)get(e->p + 4, 4) : 4 + e->type * 4;
		e->data = e->p + (big ? 8 : 4);
	} else if (e->type == 29) {
		e->size = 4 + (size_t)get(e->p + 4, 4);
	} else {
		e->size = 8;
		*clock += e->type == 30 ? get(e->p + 4, 4) << 27 : 0;
		if (e->type == 31)
			*clock = (get(e->p + 4, 4) << 27) + (head >> 5);
	}
	e->ts = *clock;
	return e->size >= 8 ? pos + e->size <= end : e->type <= 28 && pos + e->size <= end;
}

/* A discarded element says its own length, which takes eight bytes; none of our events is shorter. */
static void discard(struct element *e)
{
	put(e->p + 4, e->size - 4, 4);
	put(e->p, (get(e->p, 4) & ~UINT64_C(31)) | 29, 4);
	if (!(get(e->p, 4) >> 5))
		put(e->p, get(e->p, 4) | 1 << 5, 4);	/* a zero delta would mean the end of the sub-buffer */
}

static void filter_page(unsigned char *page, const bool *ids, bool drop)
{
	uint64_t clock = get(page, 8);
	size_t pos = PAGE_HEADER;
	struct element e;

	for (; element_at(page, pos, &clock, &e); pos += e.size)
		if (e.data && ids[get(e.data, 2)] == drop && e.size >= 8)
			discard(&e);
}

static void cut_page(unsigned char *page, uint64_t end_ns)
{
	uint64_t clock = get(page, 8);
	size_t pos = PAGE_HEADER;
	struct element e;

	while (element_at(page, pos, &clock, &e) && e.ts <= end_ns)
		pos += e.size;
	put(page + 8, pos - PAGE_HEADER, 8);
}

static void begin_page(unsigned char *page, uint64_t begin_ns)
{
	uint64_t clock = get(page, 8);
	size_t pos = PAGE_HEADER;
	struct element e;

	for (; element_at(page, pos, &clock, &e) && e.ts < begin_ns; pos += e.size)
		if (e.data && e.size >= 8)
			discard(&e);
}

/* --- the file --- */

static void change_lane(const struct change *c, const bool *ids, unsigned int cpu, unsigned char *pages, size_t nr)
{
	uint64_t random = 88172645463325252 + cpu;
	bool lost = false;

	for (size_t i = 0; i < nr; i++) {
		unsigned char *page = pages + i * PAGE;

		random ^= random << 13;
		random ^= random >> 7;
		random ^= random << 17;
		if (ids)
			filter_page(page, ids, !strcmp(c->kind, "drop"));
		else if (!strcmp(c->kind, "cut"))
			cut_page(page, (uint64_t)(strtod(c->arg, NULL) * 1e9));
		else if (!strcmp(c->kind, "begin"))
			begin_page(page, (uint64_t)(strtod(c->arg, NULL) * 1e9));
		else if (!strcmp(c->kind, "skew"))
			put(page, get(page, 8) + (cpu & 1 ? strtoul(c->arg, NULL, 10) * 1000 : 0), 8);
		if (lost)
			put(page + 8, get(page + 8, 8) | MISSED, 8);
		lost = !strcmp(c->kind, "lose") && (double)(random % 100000) < strtod(c->arg, NULL) * 1000;
		if (lost)
			put(page + 8, 0, 8);
	}
}

/* Option 3: u64 offset, name, clock, u32 page size, u32 CPUs, then u32 cpu, u64 offset, u64 size of each. */
static void change_buffer(const struct change *c, const bool *ids, const struct file *f, const unsigned char *option)
{
	const unsigned char *p = option + 8;
	uint64_t cpus;

	p += strlen((const char *)p) + 1;
	p += strlen((const char *)p) + 1;
	if (get(p, 4) != PAGE)
		die("sub-buffers of another size than 4096 bytes");
	cpus = get(p + 4, 4);
	p += 8;
	for (uint64_t i = 0; i < cpus; i++, p += 20)
		change_lane(c, ids, (unsigned int)get(p, 4), at(f, get(p + 4, 8), get(p + 12, 8)),
			(size_t)(get(p + 12, 8) / PAGE));
}

/* A copy of the option at @from, whose second string is "local" now. Returns the end of the copy. */
static unsigned char *rename_clock(const unsigned char *from, unsigned char *to)
{
	size_t len = get(from + 2, 4), name = strlen((const char *)from + 6 + 8) + 1, head = 6 + 8 + name;
	size_t clock = strlen((const char *)from + head) + 1, rest = len + 6 - head - clock;

	memcpy(to, from, head);
	memcpy(to + head, "local", 6);
	memcpy(to + head + 6, from + head + clock, rest);
	put(to + 2, head + 6 + rest - 6, 4);
	return to + head + 6 + rest;
}

/* Visit every option; with a skew they are written again behind the file, buffers with their new clock. */
static void change_file(const struct change *c, const bool *ids, struct file *f)
{
	size_t header = 18, again = f->len + 16;	/* behind it: the compression's name and version */
	unsigned char *out = f->p + again;
	uint64_t section;

	while (f->p[header])
		header++;
	header++;
	while (f->p[header])
		header++;
	header++;
	section = get(f->p + header, 8);
	while (section) {
		const unsigned char *p = at(f, section, 16), *end = at(f, section + 16, get(p + 8, 8)) + get(p + 8, 8);

		section = 0;
		for (p += 16; p < end; p += 6 + get(p + 2, 4)) {
			uint64_t id = get(p, 2), len = get(p + 2, 4);

			if (id == 0) {
				section = len >= 8 ? get(p + 6, 8) : 0;
				break;
			}
			if (id == 3)
				change_buffer(c, ids, f, p + 6);
			if (out - f->p + (ptrdiff_t)len + 64 > (ptrdiff_t)f->len + 65536)
				die("too many options");
			if (id == 3) {
				out = rename_clock(p, out);
			} else if (id != 4) {	/* TRACECLOCK says it again */
				memcpy(out, p, 6 + len);
				out += 6 + len;
			}
		}
	}
	if (strcmp(c->kind, "skew"))
		return;
	memset(out, 0, 14);
	put(out + 2, 8, 4);
	out += 14;
	memset(f->p + f->len, 0, 16);
	put(f->p + f->len + 8, (uint64_t)(out - f->p) - again, 8);
	put(f->p + header, f->len, 8);
	f->len = (size_t)(out - f->p);
}

int main(int argc, char **argv)
{
	struct change c = { 0 };
	struct file f;
	bool *ids = NULL;
	FILE *out;

	if (argc != 4 || sscanf(argv[1], "%7[a-z]:%255s", c.kind, c.arg) != 2)
		die("usage: variant drop:|keep:|lose:|skew:|cut:WHAT IN OUT");
	f = slurp(argv[2]);
	if (f.len < 32 || memcmp(f.p + 3, "tracing7", 9) || f.p[12] || f.p[13] != 8 || strcmp((char *)f.p + 18, "none"))
		die("not a little-endian 64-bit version 7 file without compression");
	if (!strcmp(c.kind, "drop") || !strcmp(c.kind, "keep"))
		ids = ids_of(&f, c.arg);
	change_file(&c, ids, &f);
	out = fopen(argv[3], "wb");
	if (!out || fwrite(f.p, 1, f.len, out) != f.len || fclose(out))
		die(argv[3]);
	free(ids);
	free(f.p);
	return 0;
}
