// SPDX-License-Identifier: LGPL-2.1-or-later
/* html.c - put a report into a page in such a way that nothing in it can act as markup or script */
#include "export/html/html.h"

#include <errno.h>
#include <string.h>

/* A stream that writes to another one, with '<', '>' and '&' replaced by harmless text. */
struct filter { FILE *out; const char *lt, *gt, *amp; };

static const char *harmless(const struct filter *f, char c)
{
	return c == '<' ? f->lt : c == '>' ? f->gt : c == '&' ? f->amp : NULL;
}

static ssize_t filter_write(void *cookie, const char *buf, size_t size)
{
	const struct filter *f = cookie;
	size_t from = 0;

	for (size_t i = 0; i < size; i++) {
		const char *instead = harmless(f, buf[i]);

		if (!instead)
			continue;
		fwrite(buf + from, 1, i - from, f->out);
		fputs(instead, f->out);
		from = i + 1;
	}
	fwrite(buf + from, 1, size - from, f->out);
	return ferror(f->out) ? 0 : (ssize_t)size;
}

static int put_part(FILE *out, int part)
{
	return fwrite(html_parts[part].bytes, 1, html_parts[part].size, out) == html_parts[part].size ? 0 : -EIO;
}

/* Write what @put writes, with these characters replaced. */
static int put_filtered(struct filter *f, int (*put)(void *data, FILE *out), void *data)
{
	FILE *to = fopencookie(f, "w", (cookie_io_functions_t){ .write = filter_write });
	int err;

	if (!to)
		return -ENOMEM;
	err = put(data, to);
	return fclose(to) && !err ? -EIO : err;
}

/* In JSON these characters appear in strings only, where they may be written as escapes. */
int html_put(const struct html_source *s, FILE *out)
{
	struct filter text = { out, "&lt;", "&gt;", "&amp;" }, json = { out, "\\u003c", "\\u003e", "\\u0026" };
	int err = put_part(out, HTML_BEFORE_TEXT);

	if (!err)
		err = put_filtered(&text, s->text, s->data);
	if (!err)
		err = put_part(out, HTML_BEFORE_NAME);
	fputs(s->name, out);
	if (!err)
		err = put_part(out, HTML_BEFORE_DATA);
	if (!err)
		err = put_filtered(&json, s->json, s->data);
	if (!err)
		err = put_part(out, HTML_AFTER);
	return err ? err : ferror(out) ? -EIO : 0;
}

struct report_page { const struct html_page *page; const struct report *r; const struct writer_options *opts; };

/* Some mail programs run no scripts. Their readers get the verdict as text. */
static int put_verdict(void *data, FILE *out)
{
	const struct report_page *p = data;
	struct writer_options plain = { .width = 100, .unicode = p->opts->unicode, .verbose = -1,
		.min_stall_ns = p->opts->min_stall_ns };

	return p->page->text(p->r, &plain, out);
}

static int put_report(void *data, FILE *out)
{
	const struct report_page *p = data;
	int err = json_begin(p->r, p->opts, out);

	if (!err)
		err = json_lists(p->r, p->page->lists, out);
	if (!err && p->page->more)
		err = p->page->more(p->r, out);
	return err ? err : json_end(p->r, out);
}

int html_write(const struct html_page *page, const struct report *r, const struct writer_options *opts, FILE *out)
{
	struct report_page data = { page, r, opts };

	return html_put(&(struct html_source){ page->name, put_verdict, put_report, &data }, out);
}
