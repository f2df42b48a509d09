// SPDX-License-Identifier: LGPL-2.1-or-later
/* words.c - what does a function's name say? The words are in functions.def */
#include "passes/common/words.h"

#include <string.h>

enum question { IS_ALLOCATOR, WHO_KEEPS, WHO_KEEPS_CACHE, WHAT_FOR };

struct word { const char *beginning; size_t len; enum question question; int answer; };

#define WORD(beginning, question, answer) { beginning, sizeof(beginning) - 1, question, answer },
#define ALLOCATOR(beginning)		  WORD(beginning, IS_ALLOCATOR, true)
#define KEPT(by, beginning)		  WORD(beginning, WHO_KEEPS, HOLDER_##by)
#define KEPT_IN(by, beginning)		  WORD(beginning, WHO_KEEPS_CACHE, HOLDER_##by)
#define PAGES(use, beginning)		  WORD(beginning, WHAT_FOR, USE_##use)
static const struct word words[] = {
#include "passes/common/functions.def"
};

static int ask(const char *function, enum question question, int unknown)
{
	for (const struct word *w = words; w < words + sizeof(words) / sizeof(words[0]); w++)
		if (w->question == question && !strncmp(function, w->beginning, w->len))
			return w->answer;
	return unknown;
}

bool is_allocator(const char *function)
{
	return ask(function, IS_ALLOCATOR, false);
}

enum holder holder_of(const char *function)
{
	return (enum holder)ask(function, WHO_KEEPS, HOLDER_UNKNOWN);
}

enum holder holder_in(const char *cache)
{
	return (enum holder)ask(cache, WHO_KEEPS_CACHE, HOLDER_UNKNOWN);
}

bool use_of(const char *function, enum leak_use *ret)
{
	*ret = (enum leak_use)ask(function, WHAT_FOR, USE_DIRECT);
	return *ret != USE_DIRECT;
}
