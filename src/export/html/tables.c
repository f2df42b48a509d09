// SPDX-License-Identifier: LGPL-2.1-or-later
/* tables.c - the pages of leaks, gfp and reclaim: the lists of their JSON, in the common frame */
#include "export/html/html.h"
#include "export/text/text.h"
#include "model/writer.h"

static int write_leaks(const struct report *r, const struct writer_options *opts, FILE *out)
{
	static const struct html_page page = { .name = "leaks", .lists = json_leak_lists, .text = write_leaks_text };

	return html_write(&page, r, opts, out);
}

static int write_gfp(const struct report *r, const struct writer_options *opts, FILE *out)
{
	static const struct html_page page = { .name = "gfp", .lists = json_gfp_lists, .text = write_gfp_text };

	return html_write(&page, r, opts, out);
}

static int write_reclaim(const struct report *r, const struct writer_options *opts, FILE *out)
{
	static const struct html_page page = { .name = "reclaim", .lists = json_reclaim_lists, .text = write_reclaim_text };

	return html_write(&page, r, opts, out);
}

const struct writer leaks_html_writer = {
	.name	= "html",
	.about	= "a page to look at and to mail: who leaks, how fast, why",
	.write	= write_leaks,
	.explains = true,
};

const struct writer gfp_html_writer = {
	.name	= "html",
	.about	= "a page to look at and to mail: which calls, which zones",
	.write	= write_gfp,
	.explains = true,
};

const struct writer reclaim_html_writer = {
	.name	= "html",
	.about	= "a page to look at and to mail: who paid, who scanned",
	.write	= write_reclaim,
	.explains = true,
};
