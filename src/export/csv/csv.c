// SPDX-License-Identifier: LGPL-2.1-or-later
/* csv.c - write values as cells that every spreadsheet reads and none executes */
#include "export/csv/csv.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "export/json/values.h"
#include "util/utf8.h"

struct csv csv_begin(FILE *out, const struct writer_options *opts)
{
	return (struct csv){ .out = out, .cells = opts->cells };
}

static void next_cell(struct csv *c)
{
	if (c->begun)
		putc(',', c->out);
	else if (c->cells)
		putc('[', c->out);
	c->begun = true;
}

static void put_cell(struct csv *c, json_t *value)
{
	next_cell(c);
	if (!value || json_dumpf(value, c->out, JSON_COMPACT | JSON_ENCODE_ANY))
		c->failed = true;
	json_decref(value);
}

static void header_cells(struct csv *c, const char *names)
{
	while (*names) {
		size_t len = strcspn(names, ",");

		put_cell(c, json_stringn(names, len));
		names += len + strspn(names + len, ", ");
	}
}

void csv_header(struct csv *c, const char *names)
{
	if (c->cells)
		header_cells(c, names);
	for (; !c->cells && *names; names++)
		if (*names != ' ')
			putc(*names, c->out);
	csv_end(c);
}

/* The full-width forms too, because some spreadsheets treat them as the same. */
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

static void put_text(struct csv *c, const char *s)
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

void csv_text(struct csv *c, const char *s)
{
	if (c->cells)
		put_cell(c, json_text(s));
	else
		put_text(c, s);
}

void csv_int(struct csv *c, int64_t v)
{
	next_cell(c);
	fprintf(c->out, "%" PRId64, v);
}

void csv_unsigned(struct csv *c, uint64_t v)
{
	if (c->cells) {
		put_cell(c, json_unsigned(v));
		return;
	}
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
	if (!isfinite(v)) {
		csv_empty(c);
		return;
	}
	next_cell(c);
	fprintf(c->out, "%.*f", digits, v);
}

void csv_scan(struct csv *c, struct known lru, struct known classzone, struct known order, const struct known counts[4])
{
	csv_text(c, lru.is ? lru_name(lru.v) : NULL);
	csv_known(c, classzone);
	csv_known(c, order);
	for (int i = 0; i < 4; i++)
		csv_known(c, counts[i]);
}

void csv_event(struct csv *c, const struct event_ref *event)
{
	if (event->is)
		csv_unsigned(c, event->ts);
	else
		csv_empty(c);
}

void csv_lost(struct csv *c, uint64_t lost)
{
	if (lost == UINT64_MAX)
		csv_empty(c);
	else
		csv_unsigned(c, lost);
}

void csv_empty(struct csv *c)
{
	next_cell(c);
	if (c->cells)
		fputs("null", c->out);
}

void csv_end(struct csv *c)
{
	fputs(c->cells ? "]\n" : "\r\n", c->out);
	c->begun = false;
}

int csv_status(const struct csv *c)
{
	return ferror(c->out) ? -EIO : c->failed ? -ENOMEM : 0;
}
