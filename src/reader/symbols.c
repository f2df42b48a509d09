// SPDX-License-Identifier: LGPL-2.1-or-later
/* symbols.c - which function is at this address? */
#include "reader/symbols.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "util/array.h"
#include "util/search.h"

/* A function may be longer than FAR if its end is known: then the next symbol is at most LONGEST behind its start. */
enum { FAR = 4096, LONGEST = 32768 };

/* @name: the offset of the name in the text. Of several names at one address, the first in the file counts. */
struct symbol { uint64_t address; size_t name; };

struct symbols {
	char *text;
	struct symbol *all;
	size_t nr, cap;
	bool loaded, failed;
};

static int hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
}

/* Absolute values and ARM's mapping symbols ($a, $d, $x) are not functions. */
static bool is_function(char type, const char *name)
{
	return type && type != 'A' && type != 'a' && *name && *name != '$';
}

/* Parse one NUL-terminated line, and end its name with a NUL. A line of another form is left out. */
static int add_line(struct symbols *s, char *line)
{
	uint64_t address = 0;
	struct symbol *bigger;
	char *p = line, *name;

	for (; hex(*p) >= 0; p++)
		address = address << 4 | (uint64_t)hex(*p);
	if (p == line || p - line > 16 || p[0] != ' ' || !p[1] || p[2] != ' ')
		return 0;
	name = p + 3;
	name[strcspn(name, " \t\r")] = '\0';
	if (!is_function(p[1], name))
		return 0;
	bigger = grow(s->all, &s->cap, s->nr, sizeof(*bigger));
	if (!bigger)
		return -ENOMEM;
	s->all = bigger;
	bigger[s->nr++] = (struct symbol){ .address = address, .name = (size_t)(name - s->text) };
	return 0;
}

static int by_address(const void *a, const void *b)
{
	const struct symbol *x = a, *y = b;

	if (x->address != y->address)
		return x->address < y->address ? -1 : 1;
	return x->name < y->name ? -1 : x->name > y->name;
}

struct symbols *symbols_new(void)
{
	return calloc(1, sizeof(struct symbols));
}

bool symbols_are_loaded(const struct symbols *s)
{
	return s->loaded;
}

void symbols_load(struct symbols *s, const char *text, size_t len)
{
	int err = 0;
	char *end;

	s->loaded = true;
	s->text = malloc(len + 1);
	if (!s->text) {
		s->failed = true;
		return;
	}
	memcpy(s->text, text, len);
	s->text[len] = '\0';
	for (char *line = s->text; !err && line < s->text + len; line = end + 1) {
		end = memchr(line, '\n', (size_t)(s->text + len - line));
		end = end ? end : s->text + len;
		*end = '\0';
		err = add_line(s, line);
	}
	if (s->nr)
		qsort(s->all, s->nr, sizeof(*s->all), by_address);
	s->failed = err;
}

void symbols_fail(struct symbols *s)
{
	s->loaded = s->failed = true;
}

bool symbols_have_failed(const struct symbols *s)
{
	return s->failed;
}

struct symbols *symbols_free(struct symbols *s)
{
	if (s) {
		free(s->all);
		free(s->text);
	}
	free(s);
	return NULL;
}

static bool begins_by(const void *all, size_t i, uint64_t address)
{
	return ((const struct symbol *)all)[i].address <= address;
}

const char *symbols_find(const struct symbols *s, uint64_t address, uint64_t *ret_offset)
{
	size_t next = count_before(s->all, s->nr, begins_by, address), at = next;
	uint64_t start = next ? s->all[next - 1].address : 0;

	while (at && s->all[at - 1].address == start)
		at--;
	if (!next || (address - start >= FAR && (next == s->nr || s->all[next].address - start > LONGEST)))
		return NULL;
	*ret_offset = address - start;
	return s->text + s->all[at].name;
}
