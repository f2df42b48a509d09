// SPDX-License-Identifier: LGPL-2.1-or-later
/* victims.c - which tasks were frozen, how, and for how long? */
#include "export/text/text.h"

#include <inttypes.h>

enum { SHOWN = 8, ROW = 3, ROW_REST = 6, PERIOD_FROM_WIDTH = 92 };

static const char *missed(struct pen *p, const struct victim *v)
{
	if (!v->missed_periods.is || !v->missed_periods.v)
		return "";
	if (!v->period_ns.is || v->period_ns.v <= 0 || p->width < PERIOD_FROM_WIDTH)
		return pen_slot(p, "  %s missed", pen_known(p, v->missed_periods));
	return pen_slot(p, "  %s x %s missed", pen_known(p, v->missed_periods), pen_span(p, (uint64_t)v->period_ns.v));
}

/* Print the awaited task by name if it is the holder or one of the frozen tasks. */
static const char *awaited(struct pen *p, const struct stall *s, const struct victim *all, size_t n, const struct victim *v)
{
	if (!v->waits_for_pid.is)
		return "";
	if (s->cause_pid.is && s->cause_pid.v == v->waits_for_pid.v)
		return pen_slot(p, "  for %s", pen_clean(p, s->cause_comm));
	for (size_t i = 0; i < n; i++)
		if (all[i].pid == v->waits_for_pid.v && *all[i].comm)
			return pen_slot(p, "  for %s", pen_clean(p, all[i].comm));
	return pen_slot(p, "  for pid %" PRId64, v->waits_for_pid.v);
}

static void say_victim(struct pen *p, const struct stall *s, const struct victim *all, size_t n, const struct victim *v)
{
	const char *cpu = v->cpu.is ? pen_slot(p, "CPU %" PRId64, v->cpu.v) : "";

	pen_row(p, ROW, ROW_REST, "%s %5" PRId32 " %-6s %s .. %s %8s%s%s%s", pen_cell(p, v->comm, 15), v->pid, cpu,
		pen_time(p, v->from), pen_time(p, v->to), pen_span(p, span_of(v->from, v->to)), missed(p, v),
		awaited(p, s, all, n, v), v->confidence == CONFIDENCE_LOW ? "  uncertain" : "");
}

static size_t count_kind(const struct victim *v, size_t n, enum victim_kind kind)
{
	size_t found = 0;

	for (size_t i = 0; i < n; i++)
		found += v[i].kind == kind;
	return found;
}

static void say_kind(struct pen *p, const struct stall *s, const struct victim *v, size_t n, enum victim_kind kind)
{
	size_t all = count_kind(v, n, kind), most = p->verbose > 0 ? SIZE_MAX : SHOWN, shown = 0;

	if (!all)
		return;
	pen_say(p, ROW - 1, ROW + 2, S_YELLOW "%s" S_END " (%zu): %s", victim_kind_name(kind), all, victim_kind_text(kind));
	for (size_t i = 0; i < n && shown < most; i++) {
		if (v[i].kind != kind)
			continue;
		say_victim(p, s, v, n, &v[i]);
		shown++;
	}
	if (shown < all)
		pen_say(p, ROW, ROW, S_DIM "and %zu more: -v, or --victims FILE" S_END, all - shown);
}

void text_victims(struct pen *p, const struct report *r, size_t stall)
{
	static const enum victim_kind order[NR_VICTIM_KINDS] = {	/* tasks that wait for others come last */
		VICTIM_SPINNING, VICTIM_RUNNABLE, VICTIM_TIMER_LATE, VICTIM_BLOCKED, VICTIM_DEPENDENT,
	};
	const struct stall *s = &r->stalls[stall];
	const struct victim *v;
	size_t n = report_victims(r, stall, &v);

	if (s->tasks_unknown)
		pen_field(p, "Frozen", "unknown which tasks: no switch was recorded");
	else
		pen_field(p, "Frozen", "%s, %s of task time; the longest of each kind first",
			pen_many(p, s->tasks_frozen, "task"), pen_span(p, s->frozen_task_ns));
	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++)
		say_kind(p, s, v, n, order[i]);
}
