// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * gfp.c - which flags does this number hold, by the recording's own names?
 */
#include "decode/gfp.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <traceevent/event-parse.h>
#include <traceevent/trace-seq.h>

#include "decode/args.h"
#include "util/text.h"

/* 6.18 has 39; a table with more is cut. */
#define MAX_FLAGS 64

struct gfp_table {
	size_t nr;
	struct {
		uint64_t value;
		const char *name;
	} flags[MAX_FLAGS];
	char *names; /* memory that the names are in; NULL: the names are the handle's */
};

static bool is_gfp_table(const struct tep_print_arg *arg)
{
	if (arg->type != TEP_PRINT_FLAGS)
		return false;
	for (const struct tep_print_flag_sym *sym = arg->flags.flags; sym; sym = sym->next) {
		if (strcmp(sym->str, "GFP_KERNEL") == 0)
			return true;
	}
	return false;
}

/* Look first at events that nearly every recording has, because the whole file can hold thousands of formats. */
static const struct tep_print_arg *find_table(struct tep_handle *tep)
{
	static const char *const likely[][2] = {
		{ "vmscan", "mm_vmscan_direct_reclaim_begin" },
		{ "vmscan", "mm_vmscan_wakeup_kswapd" },
		{ "kmem", "mm_page_alloc" },
		{ "kmem", "kmalloc" },
	};
	const struct tep_print_arg *found = NULL;

	for (size_t i = 0; i < sizeof(likely) / sizeof(likely[0]) && !found; i++)
		found = find_arg(tep_find_event_by_name(tep, likely[i][0], likely[i][1]), is_gfp_table);
	return found ? found : find_arg_anywhere(tep, is_gfp_table);
}

/* The library gives the values as text: "3136", "0x80u". The last entry is an empty terminator. */
static void table_fill(struct gfp_table *t, const struct tep_print_flag_sym *sym)
{
	for (; sym && t->nr < MAX_FLAGS; sym = sym->next) {
		t->flags[t->nr].value = strtoull(sym->value, NULL, 0);
		t->flags[t->nr].name = sym->str;
		t->nr += t->flags[t->nr].value != 0;
	}
}

/* Move the names into @t's own block. */
static int table_own(struct gfp_table *t)
{
	size_t len = 1;
	char *at;

	for (size_t i = 0; i < t->nr; i++)
		len += strlen(t->flags[i].name) + 1;
	at = t->names = malloc(len);
	if (!at)
		return -ENOMEM;
	for (size_t i = 0; i < t->nr; i++) {
		len = strlen(t->flags[i].name) + 1;
		t->flags[i].name = memcpy(at, t->flags[i].name, len);
		at += len;
	}
	return 0;
}

int gfp_table_load(struct tep_handle *tep, struct gfp_table **ret)
{
	const struct tep_print_arg *arg = find_table(tep);
	struct gfp_table *t;

	*ret = NULL;
	if (!arg)
		return 0;
	t = calloc(1, sizeof(*t));
	if (!t)
		return -ENOMEM;
	table_fill(t, arg->flags.flags);
	if (table_own(t) < 0) {
		gfp_table_free(t);
		return -ENOMEM;
	}
	*ret = t;
	return 0;
}

struct gfp_table *gfp_table_free(struct gfp_table *table)
{
	if (table)
		free(table->names);
	free(table);
	return NULL;
}

bool gfp_value(const struct gfp_table *table, const char *name, uint64_t *ret)
{
	for (size_t i = 0; table && i < table->nr; i++) {
		if (strcmp(table->flags[i].name, name) == 0) {
			*ret = table->flags[i].value;
			return true;
		}
	}
	return false;
}

/* Values that the library could not resolve all read as bit 0, which is GFP_DMA on every kernel: so 1 is not known. */
bool gfp_may_sleep(const struct gfp_table *table, uint64_t flags, bool *ret_known)
{
	static const char *const names[] = { "__GFP_DIRECT_RECLAIM", "GFP_DIRECT_RECLAIM", "__GFP_WAIT", "GFP_WAIT" };
	uint64_t bit = 0;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (gfp_value(table, names[i], &bit))
			break;
	}
	*ret_known = bit > 1;
	return *ret_known && (flags & bit);
}

/* Take the first names that fit, as the kernel does: composite names come first in the table. */
char *gfp_string(const struct gfp_table *gfp, uint64_t flags)
{
	struct text t = { 0 };

	if (!flags)
		text_add(&t, "none");
	for (size_t i = 0; gfp && i < gfp->nr && flags; i++) {
		if ((flags & gfp->flags[i].value) != gfp->flags[i].value)
			continue;
		text_add(&t, "%s%s", t.len ? "|" : "", gfp->flags[i].name);
		flags &= ~gfp->flags[i].value;
	}
	if (flags)
		text_add(&t, "%s0x%" PRIx64, t.len ? "|" : "", flags);
	return text_take(&t);
}

void gfp_print(struct trace_seq *s, struct tep_handle *tep, uint64_t flags)
{
	const struct tep_print_arg *arg = find_table(tep);
	struct gfp_table t = { 0 };
	char *names;

	if (arg)
		table_fill(&t, arg->flags.flags);
	names = gfp_string(&t, flags);
	trace_seq_puts(s, names ? names : "?");
	free(names);
}
