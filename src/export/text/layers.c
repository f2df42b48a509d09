// SPDX-License-Identifier: LGPL-2.1-or-later
/* layers.c - which use of memory grew, what does /proc/meminfo not explain, and what is never recorded? */
#include <inttypes.h>

#include "export/text/text.h"
#include "model/leaks.h"

enum { ROW = 2, ROW_REST = 6 };

static const char *signed_bytes(struct pen *p, int64_t v)
{
	return pen_slot(p, "%s%s", v < 0 ? "-" : "+", pen_bytes(p, (uint64_t)(v < 0 ? -v : v)));
}

static const char *an_hour(struct pen *p, const struct leak_rate *r)
{
	if (!r->is)
		return "-";
	return pen_slot(p, "%s (%s to %s)", signed_bytes(p, (int64_t)r->mean), signed_bytes(p, (int64_t)r->low),
		signed_bytes(p, (int64_t)r->high));
}

static void say_use(struct pen *p, const struct leak_report *l, enum leak_use use)
{
	const struct leak_use_sum *u = &l->uses[use];

	if (!u->seen)
		pen_row(p, ROW, ROW_REST, "%s %11s", pen_cell(p, leak_use_name(use), 18), "not recorded");
	else
		pen_row(p, ROW, ROW_REST, "%s %11s %11s %11s   %s", pen_cell(p, leak_use_name(use), 18),
			pen_bytes(p, u->alloc_bytes), pen_bytes(p, u->freed_bytes), signed_bytes(p, u->balance_bytes),
			an_hour(p, &u->growth));
}

static void say_uses(struct pen *p, const struct leak_report *l)
{
	pen_say(p, 0, 0, S_BOLD "Uses of memory" S_END);
	pen_row(p, ROW, ROW_REST, S_BOLD "%s %11s %11s %11s   %s" S_END, pen_cell(p, "", 18), "allocated", "freed", "left",
		"growth an hour");
	for (int i = 0; i < NR_LEAK_USES; i++)
		say_use(p, l, (enum leak_use)i);
	pen_say(p, ROW, ROW, S_DIM "Slab objects lie in the pages behind slab: do not add the two up.%s" S_END,
		l->has_stacks || !l->uses[USE_DIRECT].seen ? "" :
		" Without stacks the use of a page is taken from its request: copied anonymous pages count as page cache.");
	if (l->unknown_frees[LEAK_SLAB] || l->unknown_frees[LEAK_PAGE])
		pen_say(p, ROW, ROW, S_DIM "Not in these figures: %s of objects and %s of pages (%s) that were allocated "
			"before the recording or unseen; %s and %s were allocated again without a record of their free." S_END,
			pen_many(p, l->unknown_frees[LEAK_SLAB], "free"), pen_many(p, l->unknown_frees[LEAK_PAGE], "free"),
			pen_bytes(p, l->unknown_page_bytes), pen_many(p, l->unseen[LEAK_SLAB], "object"), pen_many(p, l->unseen[LEAK_PAGE], "block"));
}

static void say_split(struct pen *p, const char *label, const struct meminfo *m)
{
	struct meminfo_split s = meminfo_split(m);

	pen_field(p, label, "%s = user %s + kernel %s + shared %s + cache %s + free %s", pen_bytes(p, s.total),
		pen_bytes(p, s.user), pen_bytes(p, s.kernel), pen_bytes(p, s.shared), pen_bytes(p, s.cache), pen_bytes(p, s.free));
	pen_field(p, "", "of the kernel's: slab %s, page tables %s, stacks %s, per CPU %s; " S_BOLD "%s unexplained" S_END
		": taken from the page allocator directly", pen_bytes(p, m->v[MEM_SLAB]),
		pen_bytes(p, m->v[MEM_PAGE_TABLES] + m->v[MEM_SEC_PAGE_TABLES]), pen_bytes(p, m->v[MEM_KERNEL_STACK]),
		pen_bytes(p, m->v[MEM_PERCPU]), pen_bytes(p, s.unexplained));
}

static int64_t change(uint64_t from, uint64_t to)
{
	return (int64_t)(to - from);
}

/* The kernel's own count. */
static const char *grown(struct pen *p, const struct leak_report *l, enum leak_use use)
{
	uint64_t before, after;

	meminfo_of_use(&l->before, use, &before);
	meminfo_of_use(&l->after, use, &after);
	return signed_bytes(p, change(before, after));
}

static void say_change(struct pen *p, const struct leak_report *l)
{
	struct meminfo_split a = meminfo_split(&l->before), b = meminfo_split(&l->after);

	pen_field(p, "Change", "user %s, kernel %s, shared %s, cache %s, free %s", signed_bytes(p, change(a.user, b.user)),
		signed_bytes(p, change(a.kernel, b.kernel)), signed_bytes(p, change(a.shared, b.shared)),
		signed_bytes(p, change(a.cache, b.cache)), signed_bytes(p, change(a.free, b.free)));
	pen_field(p, "", "slab %s, page tables %s, stacks %s, unexplained " S_BOLD "%s" S_END "%s",
		grown(p, l, USE_SLAB_PAGES), grown(p, l, USE_PAGE_TABLES), grown(p, l, USE_KERNEL_STACKS), grown(p, l, USE_DIRECT),
		l->uses[USE_DIRECT].seen ? pen_slot(p, "; direct pages in the recording: %s",
						    signed_bytes(p, l->uses[USE_DIRECT].balance_bytes)) :
					   "");
}

static void say_meminfo(struct pen *p, const struct leak_report *l)
{
	if (!l->before.has)
		return;
	pen_line(p);
	pen_say(p, 0, 0, S_BOLD "By /proc/meminfo" S_END);
	say_split(p, l->after.has ? "Before" : "Then", &l->before);
	if (!l->after.has)
		return;
	say_split(p, "After", &l->after);
	say_change(p, l);
}

static void say_blind(struct pen *p, const struct leak_report *l)
{
	if (!l->blind.nr)
		return;
	pen_line(p);
	pen_say(p, 0, 0, S_BOLD "Blind spots" S_END " of the recorded kernel");
	for (size_t i = 0; i < l->blind.nr; i++)
		pen_say(p, ROW, ROW + 2, "- %s", pen_clean(p, l->blind.s[i]));
}

void text_layers(struct pen *p, const struct leak_report *l)
{
	if (p->verbose >= 0 && (l->analysed[LEAK_SLAB] || l->analysed[LEAK_PAGE]))
		say_uses(p, l);
	say_meminfo(p, l);
	if (p->verbose >= 0)
		say_blind(p, l);
}
