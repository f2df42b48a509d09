// SPDX-License-Identifier: LGPL-2.1-or-later
/* strings.c - a growing list of strings */
#include "util/strings.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int strings_addv(struct strings *list, const char *fmt, va_list ap)
{
	char **bigger = realloc(list->s, (list->nr + 1) * sizeof(*bigger));

	if (!bigger)
		return -ENOMEM;
	list->s = bigger;
	if (vasprintf(&bigger[list->nr], fmt, ap) < 0)
		return -ENOMEM;
	list->nr++;
	return 0;
}

int strings_add(struct strings *list, const char *fmt, ...)
{
	va_list ap;
	int err;

	va_start(ap, fmt);
	err = strings_addv(list, fmt, ap);
	va_end(ap);
	return err;
}

bool strings_have(const struct strings *list, const char *s)
{
	for (size_t i = 0; i < list->nr; i++)
		if (!strcmp(list->s[i], s))
			return true;
	return false;
}

void strings_free(struct strings *list)
{
	while (list->nr)
		free(list->s[--list->nr]);
	free(list->s);
	*list = (struct strings){ 0 };
}
