// SPDX-License-Identifier: LGPL-2.1-or-later
/* link.c - which page shows this recording, and what is its address from the page of the fleet? */
#include "batch/fleet/page.h"

#include <stdlib.h>
#include <string.h>

#include "util/text.h"

/* The real path of the recording's page; NULL: there is none. */
static char *page_beside(const char *recording)
{
	size_t stem = strlen(recording);
	char *at, *real = NULL;

	if (stem > 4 && !strcmp(recording + stem - 4, ".dat"))
		stem -= 4;
	at = malloc(strlen(recording) + sizeof(".html"));
	if (!at)
		return NULL;
	memcpy(at, recording, stem);
	strcpy(at + stem, ".html");
	real = realpath(at, NULL);
	if (!real) {
		strcpy(stpcpy(at, recording), ".html");
		real = realpath(at, NULL);
	}
	free(at);
	return real;
}

/* The real path of the directory of @path, even if @path itself is not there yet. */
static char *real_dir(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *dir = slash ? strndup(path, (size_t)(slash - path) + 1) : strdup("."), *real = dir ? realpath(dir, NULL) : NULL;

	free(dir);
	return real;
}

static void add_encoded(struct text *t, const char *s)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";

	for (; *s; s++)
		if (strchr(plain, *s))
			text_add(t, "%c", *s);
		else
			text_add(t, "%%%02X", (unsigned char)*s);
}

/* The relative path from one to the other. Both are absolute, without "." and "..". */
static char *relative(const char *dir, const char *to)
{
	struct text t = { 0 };
	size_t same = 0;

	for (size_t i = 0; dir[i] == to[i] || (!dir[i] && to[i] == '/'); i++) {
		if (to[i] == '/')
			same = i + 1;
		if (!dir[i])
			break;
	}
	text_add(&t, "./");
	for (const char *s = dir + (same > strlen(dir) ? strlen(dir) : same); *s; s = strchrnul(s, '/'), s += *s == '/')
		text_add(&t, "../");
	add_encoded(&t, to + same);
	return text_take(&t);
}

char *fleet_link(const char *from, const char *recording)
{
	char *page = page_beside(recording), *dir = page ? real_dir(from) : NULL, *link = NULL;

	if (page && dir)
		link = relative(dir, page);
	free(page);
	free(dir);
	return link;
}
