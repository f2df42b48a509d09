// SPDX-License-Identifier: LGPL-2.1-or-later
/* leaks.c - the words for leaks, and how a report of leaks is freed */
#include "model/leaks.h"

#include <inttypes.h>
#include <stdlib.h>

#include "util/text.h"

static void site_clear(struct leak_site *s)
{
	free(s->function);
	free(s->gfp);
	free(s->tasks);
	strings_free(&s->frames);
	strings_free(&s->why);
}

struct leak_report *leak_report_free(struct leak_report *l)
{
	if (!l)
		return NULL;
	while (l->nr_sites)
		site_clear(&l->sites[--l->nr_sites]);
	free(l->sites);
	strings_free(&l->blind);
	free(l);
	return NULL;
}

const char *leak_layer_name(enum leak_layer layer)
{
	return layer == LEAK_SLAB ? "slab" : "page";
}

const char *leak_verdict_name(enum leak_verdict verdict)
{
	static const char *const names[NR_LEAK_VERDICTS] = {
		[LEAK_OK] = "ok", [LEAK_CACHE] = "cache", [LEAK_GROWTH] = "growth", [LEAK_SUSPECT] = "suspect",
		[LEAK_LEAK] = "leak",
	};

	return verdict < NR_LEAK_VERDICTS ? names[verdict] : "?";
}

const char *leak_pattern_name(enum leak_pattern pattern)
{
	static const char *const names[NR_LEAK_PATTERNS] = {
		[LEAK_NO_PATTERN] = "", [LEAK_RETRY] = "retry", [LEAK_HIDDEN] = "hidden",
		[LEAK_OUTLIVED_OWNER] = "outlived_owner", [LEAK_SOFTIRQ_PAGES] = "softirq_pages",
	};

	return pattern < NR_LEAK_PATTERNS ? names[pattern] : "?";
}

const char *leak_use_name(enum leak_use use)
{
	static const char *const names[NR_LEAK_USES] = {
		[USE_SLAB_OBJECTS] = "slab objects",
		[USE_SLAB_PAGES] = "pages behind slab",
		[USE_PAGE_CACHE] = "page cache",
		[USE_ANONYMOUS] = "anonymous",
		[USE_PAGE_TABLES] = "page tables",
		[USE_KERNEL_STACKS] = "kernel stacks",
		[USE_DIRECT] = "direct pages",
	};

	return use < NR_LEAK_USES ? names[use] : "?";
}

char *leak_place(const struct leak_site *s)
{
	struct text t = { 0 };

	if (s->function)
		text_add(&t, "%s", s->function);
	else if (s->address)
		text_add(&t, "0x%" PRIx64, s->address);
	else
		text_add(&t, "order %" PRId64 " %s%s", s->order.v, s->gfp ? s->gfp : "", s->interrupt ? " in interrupt" : "");
	return text_take(&t);
}
