// SPDX-License-Identifier: LGPL-2.1-or-later
/* log.c - messages on stderr, one line each */
#include "cli/common/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/text.h"

/* File names and texts of a recording may contain anything, so control characters are removed. */
static void put_line(const char *s)
{
	fputs("vmstall: ", stderr);
	for (; *s; s++)
		putc((unsigned char)*s < 0x20 || *s == 0x7f ? '?' : *s, stderr);
	putc('\n', stderr);
}

void cli_log(const char *fmt, ...)
{
	struct text t = { 0 };
	va_list ap;
	char *s;

	va_start(ap, fmt);
	text_addv(&t, fmt, ap);
	va_end(ap);
	s = text_take(&t);
	put_line(s ? s : "out of memory");
	free(s);
}

void cli_log_file(const char *path, int err, const char *why)
{
	if (why && !strncmp(why, path, strlen(path)))
		cli_log("%s", why);
	else
		cli_log("%s: %s", path, why ? why : error_text(err));
}

void cli_log_partial(const char *path, const struct report *r)
{
	size_t errors = 0, first = r->nr_notes;

	if (!r->facts.partial)
		return;
	for (size_t i = r->nr_notes; i-- > 0;)
		if (r->notes[i].level == QUALITY_ERROR) {
			first = i;
			errors++;
		}
	if (!errors)
		cli_log("%s: partial: cut or damaged, read as far as possible", path);
	else if (errors == 1)
		cli_log("%s: partial: %s", path, r->notes[first].text);
	else
		cli_log("%s: partial: %s (and %zu more: vmstall info)", path, r->notes[first].text, errors - 1);
}
