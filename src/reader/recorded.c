// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * recorded.c - which events were recorded? What a format in the file proves, and what it does not
 *
 * trace-cmd record -e writes the formats of what it records. trace-cmd extract writes those of all events. No option in the
 * file says which of the two it was. But some events occur on every machine at work: where the file has their formats and
 * nothing of their systems occurs, it has formats of what was not recorded. Then only what occurs proves anything.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <event-parse.h>

#include "reader/recording_private.h"

/* No machine writes records for long without these. */
static const struct { const char *system, *name; } busy[] = {
	{ "sched", "sched_switch" }, { "sched", "sched_waking" }, { "sched", "sched_wakeup" },
	{ "kmem", "kmalloc" }, { "kmem", "kmem_cache_alloc" }, { "kmem", "mm_page_alloc" },
	{ "irq", "irq_handler_entry" }, { "irq", "softirq_entry" },
	{ "timer", "timer_start" }, { "timer", "timer_expire_entry" },
	{ "timer", "hrtimer_start" }, { "timer", "hrtimer_expire_entry" },
	{ "workqueue", "workqueue_queue_work" }, { "workqueue", "workqueue_execute_start" },
	{ "raw_syscalls", "sys_enter" }, { "raw_syscalls", "sys_exit" }, { "power", "cpu_idle" },
};

/* @silent: how many of the system's busy events have a format and do not occur; @occurs: any of its events does. */
struct system { const char *name; unsigned int silent; bool occurs; };
struct systems { struct system *all; size_t nr; };

static bool is_busy(const struct tep_event *format)
{
	for (size_t i = 0; i < sizeof(busy) / sizeof(busy[0]); i++)
		if (!strcmp(format->system, busy[i].system) && !strcmp(format->name, busy[i].name))
			return true;
	return false;
}

static struct system *system_of(struct systems *s, const char *name)
{
	size_t i = 0;

	while (i < s->nr && strcmp(s->all[i].name, name))
		i++;
	if (i == s->nr)
		s->all[s->nr++].name = name;
	return &s->all[i];
}

static const struct tep_event *format_of(const struct recording *rec, size_t slot)
{
	const struct tep_event *format = tep_find_event(rec->tep, rec->decoder.slot_ids[slot]);

	return format && format->system && format->name ? format : NULL;
}

static void count_systems(const struct recording *rec, struct systems *s)
{
	for (size_t slot = 1; slot < rec->decoder.nr_slots; slot++) {
		const struct tep_event *format = format_of(rec, slot);
		struct system *of = format ? system_of(s, format->system) : NULL;

		if (of && recording_count(rec, slot))
			of->occurs = true;
		else if (of)
			of->silent += is_busy(format);
	}
}

static unsigned int nr_silent(const struct systems *s)
{
	unsigned int nr = 0;

	for (size_t i = 0; i < s->nr; i++)
		nr += s->all[i].occurs ? 0 : s->all[i].silent;
	return nr;
}

/*
 * Of a system that occurs, the other events were recorded as well, unless one is missing that would have occurred: then
 * they were chosen one by one.
 */
static void judge_slot(const struct recording *rec, size_t slot, struct systems *s, struct recorded *ret)
{
	const struct known_id *id = &rec->decoder.ids[rec->decoder.slot_ids[slot]];
	const struct tep_event *format = id->binding ? format_of(rec, slot) : NULL;
	const struct system *of = format ? system_of(s, format->system) : NULL;

	if (!of)
		return;
	if (recording_count(rec, slot) || (of->occurs && !of->silent))
		ret->yes |= KIND(id->kind);
	else if (!is_busy(format))
		ret->unknown |= KIND(id->kind);
}

int recording_recorded(const struct recording *rec, unsigned int silent, struct recorded *ret)
{
	struct systems s = { .all = calloc(rec->decoder.nr_slots, sizeof(*s.all)) };

	*ret = (struct recorded){ 0 };
	if (!s.all)
		return -ENOMEM;
	count_systems(rec, &s);
	if (nr_silent(&s) < silent)
		ret->yes = rec->decoder.kinds;
	else
		for (size_t slot = 1; slot < rec->decoder.nr_slots; slot++)
			judge_slot(rec, slot, &s, ret);
	free(s.all);
	ret->unknown &= ~ret->yes;
	return 0;
}
