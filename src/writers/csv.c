// SPDX-License-Identifier: LGPL-2.1-or-later
/* csv.c - how does a value become a cell that every spreadsheet reads and none executes? */
#include "writers/csv.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "writers/utf8.h"

static void next_cell(struct csv *c)
{
	if (c->begun)
		putc(',', c->out);
	c->begun = true;
}

void csv_header(struct csv *c, const char *names)
{
	for (; *names; names++)
		if (*names != ' ')
			putc(*names, c->out);
	csv_end(c);
}

/* Also the full-width forms, which some spreadsheets take for the same. */
static bool begins_formula(uint32_t c)
{
	return (c && c < 0x80 && strchr("=+-@\t\r", (int)c)) || c == 0xff1d || c == 0xff0b || c == 0xff0d ||
	       c == 0xff20;
}

static bool is_formula(const char *s)
{
	while (*s) {
		uint32_t c = utf8_next(&s);

		if (begins_formula(c))
			return true;
		if (!utf8_is_control(c))
			return false;
	}
	return false;
}

static void put_char(FILE *out, const char *from, const char *to, uint32_t c)
{
	if (c == '"')
		putc('"', out);
	if (c == UTF8_BAD)
		fputs("\xef\xbf\xbd", out);
	else if (!utf8_is_control(c))
		fwrite(from, 1, (size_t)(to - from), out);
}

void csv_text(struct csv *c, const char *s)
{
	const char *from;
	bool quote;

	next_cell(c);
	if (!s || !*s)
		return;
	quote = strpbrk(s, ",\"") || s[0] == ' ' || s[strlen(s) - 1] == ' ';
	if (quote)
		putc('"', c->out);
	if (is_formula(s))
		putc('\'', c->out);
	while (*(from = s)) {
		uint32_t code = utf8_next(&s);

		put_char(c->out, from, s, code);
	}
	if (quote)
		putc('"', c->out);
}

void csv_int(struct csv *c, int64_t v)
{
	next_cell(c);
	fprintf(c->out, "%" PRId64, v);
}

void csv_unsigned(struct csv *c, uint64_t v)
{
	next_cell(c);
	fprintf(c->out, "%" PRIu64, v);
}

void csv_known(struct csv *c, struct known v)
{
	if (v.is)
		csv_int(c, v.v);
	else
		csv_empty(c);
}

void csv_real(struct csv *c, double v, int digits)
{
	next_cell(c);
	if (isfinite(v))
		fprintf(c->out, "%.*f", digits, v);
}

void csv_empty(struct csv *c)
{
	next_cell(c);
}

void csv_end(struct csv *c)
{
	fputs("\r\n", c->out);
	c->begun = false;
}

int csv_status(const struct csv *c)
{
	return ferror(c->out) ? -EIO : 0;
}
