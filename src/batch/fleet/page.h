/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* page.h - the fleet as a page to look at: rates by week and release, causes, every stall with its recording */
#ifndef VMSTALL_BATCH_FLEET_PAGE_H
#define VMSTALL_BATCH_FLEET_PAGE_H

#include <jansson.h>

#include "batch/fleet/fleet.h"

/**
 * struct fleet_page - the content of a page, and its place
 * @store: asked for what the summary does not have, with the @opts of the summary
 * @path:  of the page: links are relative to it. "-": there are no links
 */
struct fleet_page {
	struct store *store;
	const struct fleet *fleet;
	const struct fleet_options *opts;
	const char *path;
};

/* Returns 0, -EIO, -ENOMEM, or an error of store_query() with one sentence. */
int fleet_html(const struct fleet_page *page, FILE *out, char **reterr_why);

/*
 * link.c: the address of the page of @recording, as a link on the page at @from; a new string, escaped as in a URL.
 * NULL: there is no such page. The page lies beside the recording: trace.html or trace.dat.html beside trace.dat.
 */
char *fleet_link(const char *from, const char *recording);

/* json.c: the summary, and one group of it; a new reference, NULL: out of memory. */
json_t *fleet_group_json(const struct fleet_group *g);
json_t *fleet_json_value(const struct fleet *f);

#endif
