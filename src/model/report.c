// SPDX-License-Identifier: LGPL-2.1-or-later
/* report.c - how does a report grow, get its order, and get freed? */
#include "model/report.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/activity.h"
#include "model/gfp_audit.h"
#include "model/leaks.h"
#include "model/reclaim_account.h"
#include "util/array.h"
#include "util/order.h"
#include "util/search.h"
#include "util/text.h"

#define DEFINE_ADD(type, list)								\
	struct type *report_add_##type(struct report *r)				\
	{										\
		struct type *all = grow(r->list, &r->cap_##list, r->nr_##list, sizeof(*all)); \
											\
		if (!all)								\
			return NULL;							\
		r->list = all;								\
		return memset(&all[r->nr_##list++], 0, sizeof(*all));			\
	}

DEFINE_ADD(hold, holds)
DEFINE_ADD(stall, stalls)
DEFINE_ADD(victim, victims)
DEFINE_ADD(coverage, coverage)
DEFINE_ADD(pause, pauses)

int report_note(struct report *r, enum quality_level level, const char *fmt, ...)
{
	struct quality_note *notes = grow(r->notes, &r->cap_notes, r->nr_notes, sizeof(*notes));
	struct text t = { 0 };
	va_list ap;
	char *s;

	if (!notes)
		return -ENOMEM;
	r->notes = notes;
	va_start(ap, fmt);
	text_addv(&t, fmt, ap);
	va_end(ap);
	s = text_take(&t);
	if (!s)
		return -ENOMEM;
	notes[r->nr_notes++] = (struct quality_note){ .level = level, .text = s };
	return 0;
}

/* While sorting, the id holds the old place: it decides where all else is equal. */
static int stall_order(const void *a, const void *b)
{
	const struct stall *x = a, *y = b;
	int o = order(x->at.start, y->at.start);

	o = o ? o : order(x->at.end, y->at.end);
	return o ? o : order(x->id, y->id);
}

static int victim_order(const void *a, const void *b)
{
	const struct victim *x = a, *y = b;
	int o = order(x->stall, y->stall);

	o = o ? o : order(y->to - y->from, x->to - x->from);
	o = o ? o : order(x->from, y->from);
	o = o ? o : order((uint32_t)x->pid, (uint32_t)y->pid);
	return o ? o : order(x->kind, y->kind);
}

int report_sort(struct report *r)
{
	uint32_t *place = calloc(r->nr_stalls + 1, sizeof(*place));
	size_t i;

	if (!place)
		return -ENOMEM;
	for (i = 0; i < r->nr_stalls; i++)
		r->stalls[i].id = (uint32_t)i;
	if (r->nr_stalls)
		qsort(r->stalls, r->nr_stalls, sizeof(*r->stalls), stall_order);
	for (i = 0; i < r->nr_stalls; i++) {
		place[r->stalls[i].id] = (uint32_t)i;
		r->stalls[i].id = (uint32_t)i + 1;
	}
	for (i = 0; i < r->nr_victims; i++)
		if (r->victims[i].stall < r->nr_stalls)
			r->victims[i].stall = place[r->victims[i].stall];
	if (r->nr_victims)
		qsort(r->victims, r->nr_victims, sizeof(*r->victims), victim_order);
	free(place);
	return 0;
}

static bool victim_before(const void *victims, size_t i, uint64_t stall)
{
	return ((const struct victim *)victims)[i].stall < stall;
}

/* The index of the first victim of stall @stall or of a later stall. */
static size_t victims_from(const struct report *r, size_t stall)
{
	return count_before(r->victims, r->nr_victims, victim_before, stall);
}

size_t report_victims(const struct report *r, size_t stall, const struct victim **ret)
{
	size_t first = victims_from(r, stall);

	*ret = r->victims ? r->victims + first : NULL;
	return victims_from(r, stall + 1) - first;
}

static uint64_t length_of(const struct stall *s)
{
	return s->at.end > s->at.start ? s->at.end - s->at.start : 0;
}

struct stall *report_longest(const struct report *r)
{
	struct stall *longest = r->nr_stalls ? &r->stalls[0] : NULL;

	for (size_t i = 1; i < r->nr_stalls; i++)
		if (length_of(&r->stalls[i]) > length_of(longest))
			longest = &r->stalls[i];
	return longest;
}

static void stall_clear(struct stall *s)
{
	for (size_t i = 0; i < s->nr_trigger; i++)
		free(s->trigger[i].gfp);
	for (size_t i = 0; i < s->nr_users; i++)
		free(s->users[i].gfp);
	free(s->trigger);
	free(s->users);
	free(s->spans);
	free(s->close_up[0].switches);
	free(s->close_up[1].switches);
	strings_free(&s->why);
}

static void facts_clear(struct recording_facts *f)
{
	for (size_t i = 0; i < f->nr_counts; i++) {
		free(f->counts[i].system);
		free(f->counts[i].name);
	}
	free(f->counts);
	free(f->cpus);
	free(f->path);
	free(f->kernel);
	free(f->machine);
	free(f->clock);
	free(f->compression);
	strings_free(&f->buffers);
	while (f->nr_zones)
		free(f->zone_names[--f->nr_zones]);
	free(f->zone_names);
}

int report_prune(struct report *r)
{
	uint32_t *place = calloc(r->nr_stalls + 1, sizeof(*place));
	size_t stalls = 0, victims = 0;

	if (!place)
		return -ENOMEM;
	for (size_t i = 0; i < r->nr_victims; i++)
		if (r->victims[i].stall < r->nr_stalls && !r->stalls[r->victims[i].stall].dropped)
			r->victims[victims++] = r->victims[i];
	for (size_t i = 0; i < r->nr_stalls; i++) {
		place[i] = (uint32_t)stalls;
		if (r->stalls[i].dropped)
			stall_clear(&r->stalls[i]);
		else
			r->stalls[stalls++] = r->stalls[i];
	}
	for (size_t i = 0; i < victims; i++)
		r->victims[i].stall = place[r->victims[i].stall];
	r->nr_victims = victims;
	r->nr_stalls = stalls;
	free(place);
	return report_sort(r);
}

void report_clear(struct report *r)
{
	if (!r)
		return;
	for (size_t i = 0; i < r->nr_stalls; i++)
		stall_clear(&r->stalls[i]);
	for (size_t i = 0; i < r->nr_notes; i++)
		free(r->notes[i].text);
	for (size_t i = 0; i < r->nr_coverage; i++) {
		free(r->coverage[i].missing);
		free(r->coverage[i].unknown);
		free(r->coverage[i].hint);
	}
	free(r->stalls);
	free(r->holds);
	free(r->victims);
	free(r->notes);
	free(r->coverage);
	free(r->pauses);
	reclaim_account_free(r->reclaim);
	gfp_report_free(r->gfp);
	leak_report_free(r->leaks);
	activity_free(r->activity);
	facts_clear(&r->facts);
	*r = (struct report){ 0 };
}

bool scan_by_generations(const struct rules *rules, struct known nr_requested)
{
	return nr_requested.is && nr_requested.v > (int64_t)rule_ns(rules, RULE_CLASSIC_BATCH);
}
