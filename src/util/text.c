// SPDX-License-Identifier: LGPL-2.1-or-later
/* text.c - growing strings */
#include "util/text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void text_addv(struct text *t, const char *fmt, va_list ap)
{
	va_list again;
	char *bigger;
	int need;

	if (t->failed)
		return;
	va_copy(again, ap);
	need = vsnprintf(t->s ? t->s + t->len : NULL, t->cap - t->len, fmt, ap);
	if (need >= 0 && (size_t)need >= t->cap - t->len) {
		bigger = realloc(t->s, t->cap + (size_t)need + 64);
		if (bigger) {
			t->s = bigger;
			t->cap += (size_t)need + 64;
			need = vsnprintf(t->s + t->len, t->cap - t->len, fmt, again);
		} else {
			need = -1;
		}
	}
	va_end(again);
	if (need < 0)
		t->failed = true;
	else
		t->len += (size_t)need;
}

void text_add(struct text *t, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	text_addv(t, fmt, ap);
	va_end(ap);
}

char *text_take(struct text *t)
{
	char *s = t->failed ? NULL : t->s ? t->s : strdup("");

	if (t->failed)
		free(t->s);
	*t = (struct text){ 0 };
	return s;
}

void text_free(struct text *t)
{
	free(t->s);
	*t = (struct text){ 0 };
}

const char *error_text(int err)
{
	return err == -ENOMEM ? "out of memory" : strerror(-err);
}

int fail(char **reterr_why, int err, const char *fmt, ...)
{
	struct text t = { 0 };
	va_list ap;

	va_start(ap, fmt);
	text_addv(&t, fmt, ap);
	va_end(ap);
	*reterr_why = text_take(&t);
	return *reterr_why ? err : -ENOMEM;
}
