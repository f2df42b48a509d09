/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * html.h - a report as one page that needs nothing else: what every verb's page has in common
 *
 * page.html is its frame. Its style, its script and their hashes for the Content-Security-Policy are put in when vmstall
 * is built (page.cmake); the report goes in as JSON, in an element that no browser runs. Nothing of a recording
 * is ever markup: in the JSON '<', '>' and '&' are escapes, and the script only sets text.
 */
#ifndef VMSTALL_WRITERS_HTML_H
#define VMSTALL_WRITERS_HTML_H

#include "export/json/values.h"

/**
 * struct html_page - what is special about a verb's page
 * @name:  tells the script what to draw
 * @lists: of the report, beside what every JSON document has; to the one without a name
 * @more:  writes members that are too long to be held in memory; may be NULL
 * @text:  the report on a terminal: what is shown where scripts are not run
 */
struct html_page {
	const char *name;
	const struct json_list *lists;
	int (*more)(const struct report *r, FILE *out);
	int (*text)(const struct report *r, const struct writer_options *opts, FILE *out);
};

/* Anything as a page: @text and @json write it, and return 0, -EIO or -ENOMEM; as html_put() does. */
struct html_source {
	const char *name;
	int (*text)(void *data, FILE *out);
	int (*json)(void *data, FILE *out);
	void *data;
};
int html_put(const struct html_source *s, FILE *out);

/* Returns 0, -EIO or -ENOMEM. */
int html_write(const struct html_page *page, const struct report *r, const struct writer_options *opts, FILE *out);

/* page.html as it was built, around what is filled in: the report as text, the name of the page, the JSON. */
enum { HTML_BEFORE_TEXT, HTML_BEFORE_NAME, HTML_BEFORE_DATA, HTML_AFTER, NR_HTML_PARTS };
struct html_part { const unsigned char *bytes; size_t size; };
extern const struct html_part html_parts[NR_HTML_PARTS];

/* html_activity.c */
json_t *html_activity(const struct report *r, size_t i);
void html_cpus(const struct report *r, FILE *out);
json_t *html_close_ups(const struct stall *s, size_t nr_cpus);

#endif
