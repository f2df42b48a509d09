// SPDX-License-Identifier: LGPL-2.1-or-later
/* html.c - how does a report get into a page, so that nothing in it can act there? */
#include "writers/html/html.h"

#include <errno.h>
#include <string.h>

/* A stream whose '<', '>' and '&' arrive in another one as something harmless. */
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

static FILE *filter_open(struct filter *f)
{
	return fopencookie(f, "w", (cookie_io_functions_t){ .write = filter_write });
}

static int put_part(FILE *out, int part)
{
	return fwrite(html_parts[part].bytes, 1, html_parts[part].size, out) == html_parts[part].size ? 0 : -EIO;
}

/* For who reads the page in a mail program that runs no scripts: the verdict. */
static int put_text(const struct html_page *page, const struct report *r, const struct writer_options *opts, FILE *out)
{
	struct filter f = { out, "&lt;", "&gt;", "&amp;" };
	struct writer_options plain = { .width = 100, .unicode = opts->unicode, .verbose = -1,
		.min_stall_ns = opts->min_stall_ns };
	FILE *to = filter_open(&f);
	int err;

	if (!to)
		return -ENOMEM;
	err = page->text(r, &plain, to);
	return fclose(to) && !err ? -EIO : err;
}

/* In JSON these characters stand in strings only, where they may be written as escapes. */
static int put_data(const struct html_page *page, const struct report *r, const struct writer_options *opts, FILE *out)
{
	struct filter f = { out, "\\u003c", "\\u003e", "\\u0026" };
	FILE *to = filter_open(&f);
	int err;

	if (!to)
		return -ENOMEM;
	err = json_begin(r, opts, to);
	if (!err)
		err = json_lists(r, page->lists, to);
	if (!err && page->more)
		err = page->more(r, to);
	if (!err)
		err = json_end(r, to);
	return fclose(to) && !err ? -EIO : err;
}

int html_write(const struct html_page *page, const struct report *r, const struct writer_options *opts, FILE *out)
{
	int err = put_part(out, HTML_BEFORE_TEXT);

	if (!err)
		err = put_text(page, r, opts, out);
	if (!err)
		err = put_part(out, HTML_BEFORE_NAME);
	fputs(page->name, out);
	if (!err)
		err = put_part(out, HTML_BEFORE_DATA);
	if (!err)
		err = put_data(page, r, opts, out);
	if (!err)
		err = put_part(out, HTML_AFTER);
	return err ? err : ferror(out) ? -EIO : 0;
}
