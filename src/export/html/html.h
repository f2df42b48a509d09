/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * html.h - a report as one page that needs no other file: the parts that every verb's page shares
 *
 * page.html is its frame. page.cmake inserts the style, the script and their hashes for the Content-Security-Policy when
 * vmstall is built. The report goes in as JSON, in an element that no browser runs. Nothing of a recording is ever
 * markup: in the JSON '<', '>' and '&' are escapes, and the script only sets text.
 */
#ifndef VMSTALL_WRITERS_HTML_H
#define VMSTALL_WRITERS_HTML_H

#include "export/json/values.h"

/**
 * struct html_page - how a verb's page differs from the others
 * @name:  tells the script what to draw
 * @lists: lists of the report, in addition to those of every JSON document; one without a name ends them
 * @more:  writes members that are too long to be held in memory; may be NULL
 * @text:  the report on a terminal, which is shown where scripts are not run
 */
struct html_page {
	const char *name;
	const struct json_list *lists;
	int (*more)(const struct report *r, FILE *out);
	int (*text)(const struct report *r, const struct writer_options *opts, FILE *out);
};

/* Write any data as a page. @text and @json write it, and return 0, -EIO or -ENOMEM; so does html_put(). */
struct html_source {
	const char *name;
	int (*text)(void *data, FILE *out);
	int (*json)(void *data, FILE *out);
	void *data;
};
int html_put(const struct html_source *s, FILE *out);

/* Returns 0, -EIO or -ENOMEM. */
int html_write(const struct html_page *page, const struct report *r, const struct writer_options *opts, FILE *out);

/* page.html as built, in pieces. Between the pieces go: the report as text, the name of the page, the JSON. */
enum { HTML_BEFORE_TEXT, HTML_BEFORE_NAME, HTML_BEFORE_DATA, HTML_AFTER, NR_HTML_PARTS };
struct html_part { const unsigned char *bytes; size_t size; };
extern const struct html_part html_parts[NR_HTML_PARTS];

/* activity.c */
json_t *html_activity(const struct report *r, size_t i);
void html_cpus(const struct report *r, FILE *out);
json_t *html_close_ups(const struct stall *s, size_t nr_cpus);

#endif
