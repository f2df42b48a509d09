/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* page.h - the fleet as a page to look at: rates by week and release, culprits, every stall with its recording */
#ifndef VMSTALL_BATCH_FLEET_PAGE_H
#define VMSTALL_BATCH_FLEET_PAGE_H

#include <jansson.h>

#include "batch/fleet/fleet.h"

/**
 * struct fleet_page - what is put on a page, and where
 * @store: asked for what the summary does not hold, with the @opts it was loaded with
 * @path:  of the page: links are relative to it. "-": there are none
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
 * fleet_link.c: where a browser finds the page of @recording, seen from the page at @from; a new string, in the characters
 * of a URL. NULL: there is no such page. It stands beside the recording: trace.html or trace.dat.html by trace.dat.
 */
char *fleet_link(const char *from, const char *recording);

/* fleet_json.c: the summary, and one group of it; a new reference, NULL: out of memory. */
json_t *fleet_group_json(const struct fleet_group *g);
json_t *fleet_json_value(const struct fleet *f);

#endif
