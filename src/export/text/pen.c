// SPDX-License-Identifier: LGPL-2.1-or-later
/* pen.c - break lines, and write colours */
#include "export/text/pen.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "util/text.h"
#include "util/utf8.h"

enum { WIDTH_DEFAULT = 100, WIDTH_MIN = 40, WIDTH_MAX = 120 };

/* The paragraph that is being written. */
struct flow {
	struct pen *p;
	unsigned int column, rest;
	bool empty;		/* nothing on this line yet */
	bool squeeze;		/* runs of blanks become one */
};

void pen_begin(struct pen *p, const struct report *r, const struct writer_options *opts, FILE *out)
{
	unsigned int width = opts->width ? opts->width : WIDTH_DEFAULT;

	*p = (struct pen){ .out = out, .facts = &r->facts, .color = opts->color, .unicode = opts->unicode,
		.verbose = opts->verbose };
	p->width = width < WIDTH_MIN ? WIDTH_MIN : width > WIDTH_MAX ? WIDTH_MAX : width;
}

int pen_end(struct pen *p)
{
	for (size_t i = 0; i < PEN_SLOTS; i++)
		free(p->slot[i]);
	return p->failed ? -ENOMEM : ferror(p->out) ? -EIO : 0;
}

bool pen_told(struct pen *p, const struct advice *a)
{
	for (size_t i = 0; i < PEN_ADVICES; i++) {
		if (p->advised[i] == a)
			return true;
		if (p->advised[i])
			continue;
		p->advised[i] = a;
		break;
	}
	return false;
}

static bool is_style(char c)
{
	return (c >= S_BOLD[0] && c <= S_BLUE[0]) || c == S_END[0];
}

static void put_style(const struct pen *p, char c)
{
	static const char *const codes[] = { "1", "1;31", "33", "32", "2", "36" };

	if (p->color)
		fprintf(p->out, "\033[%sm", c == S_END[0] ? "0" : codes[c - S_BOLD[0]]);
}

/* The number of bytes of the character at @s, and of the columns that it takes. */
static size_t one_char(const struct pen *p, const char *s, unsigned int *ret_columns)
{
	const char *end = s;
	uint32_t c = utf8_next(&end);
	int w = p->unicode && c >= 0x80 ? wcwidth((wchar_t)c) : 1;

	*ret_columns = is_style(*s) ? 0 : w > 0 ? (unsigned int)w : 1;
	return (size_t)(end - s);
}

static unsigned int columns_of(const struct pen *p, const char *s, const char *end)
{
	unsigned int n = 0, w;

	while (s < end) {
		s += one_char(p, s, &w);
		n += w;
	}
	return n;
}

unsigned int pen_columns(const struct pen *p, const char *s)
{
	return columns_of(p, s, s + strlen(s));
}

static void new_line(struct flow *f)
{
	fprintf(f->p->out, "\n%*s", (int)f->rest, "");
	f->column = f->rest;
	f->empty = true;
}

static void put_chars(struct flow *f, const char *s, const char *end)
{
	for (unsigned int w; s < end; f->column += w) {
		size_t n = one_char(f->p, s, &w);

		if (w && f->column + w > f->p->width)
			new_line(f);
		if (is_style(*s))
			put_style(f->p, *s);
		else
			fwrite(s, 1, n, f->p->out);
		s += n;
	}
	f->empty = false;
}

static void put_word(struct flow *f, unsigned int blanks, const char *word, const char *end)
{
	unsigned int columns = columns_of(f->p, word, end);

	blanks = f->squeeze && blanks > 1 ? 1 : blanks;
	if (!f->empty && f->column + blanks + columns > f->p->width) {
		new_line(f);
		blanks = 0;
	}
	fprintf(f->p->out, "%*s", (int)blanks, "");
	f->column += blanks;
	put_chars(f, word, end);
}

static void flow_text(struct flow *f, const char *s)
{
	while (*s) {
		unsigned int blanks = (unsigned int)strspn(s, " ");
		const char *word = s + blanks, *end = word + strcspn(word, " \n");

		if (end > word)
			put_word(f, blanks, word, end);
		if (*end == '\n')
			new_line(f);
		s = end + (*end == '\n');
	}
}

static void say(struct pen *p, unsigned int first, unsigned int rest, bool squeeze, char *s)
{
	struct flow f = { .p = p, .column = first, .rest = rest, .empty = true };

	p->failed |= !s;
	if (p->failed) {
		free(s);
		return;
	}
	f.squeeze = squeeze && first + pen_columns(p, s) > p->width;
	fprintf(p->out, "%*s", (int)first, "");
	flow_text(&f, s);
	putc('\n', p->out);
	free(s);
}

void pen_say(struct pen *p, unsigned int first, unsigned int rest, const char *fmt, ...)
{
	struct text t = { 0 };
	va_list ap;

	va_start(ap, fmt);
	text_addv(&t, fmt, ap);
	va_end(ap);
	say(p, first, rest, false, text_take(&t));
}

void pen_row(struct pen *p, unsigned int first, unsigned int rest, const char *fmt, ...)
{
	struct text t = { 0 };
	va_list ap;

	va_start(ap, fmt);
	text_addv(&t, fmt, ap);
	va_end(ap);
	say(p, first, rest, true, text_take(&t));
}

void pen_field(struct pen *p, const char *label, const char *fmt, ...)
{
	struct text t = { 0 };
	va_list ap;

	text_add(&t, S_BOLD "%-*s" S_END, PEN_FIELD - PEN_INDENT, label);
	va_start(ap, fmt);
	text_addv(&t, fmt, ap);
	va_end(ap);
	say(p, PEN_INDENT, PEN_FIELD, false, text_take(&t));
}

/* The number of bytes of the next words that must stay together: an option and its argument. */
static size_t chunk(const char *s)
{
	size_t n = strspn(s, " ");

	do {
		n += strcspn(s + n, " ");
		n += s[n] == ' ' && s[n + 1] && s[n + 1] != '-' && s[n + 1] != ' ';
	} while (s[n] && s[n] != ' ');
	return n;
}

/* A backslash inside a word continues the word only if the next line is not indented. */
static unsigned int put_broken(struct pen *p, const char *s, size_t n, unsigned int column)
{
	for (unsigned int w; n; column += w) {
		size_t bytes = one_char(p, s, &w);

		if (column + w + 1 >= p->width) {
			fputs("\\\n", p->out);
			column = 0;
		}
		fwrite(s, 1, bytes, p->out);
		s += bytes;
		n -= bytes;
	}
	return column;
}

void pen_command(struct pen *p, unsigned int indent, const char *command)
{
	const char *s = pen_clean(p, command);
	unsigned int column = indent;

	if (p->failed)
		return;
	fprintf(p->out, "%*s", (int)indent, "");
	for (size_t n; *s; s += n) {
		n = chunk(s);
		if (column > indent && column + columns_of(p, s, s + n) + 2 > p->width) {
			fprintf(p->out, " \\\n%*s", (int)indent + 4, "");
			column = indent + 4;
			s += strspn(s, " ");
			n = chunk(s);
		}
		column = put_broken(p, s, n, column);
	}
	putc('\n', p->out);
}

void pen_line(struct pen *p)
{
	if (!p->failed)
		putc('\n', p->out);
}

void pen_rule(struct pen *p, const char *title)
{
	unsigned int used = 4 + pen_columns(p, title);

	if (p->failed)
		return;
	if (used >= p->width) {
		pen_say(p, 0, 0, S_BOLD "%s" S_END, title);
		return;
	}
	put_style(p, S_BOLD[0]);
	fprintf(p->out, "-- %s ", title);
	for (; used < p->width; used++)
		putc('-', p->out);
	put_style(p, S_END[0]);
	putc('\n', p->out);
}
