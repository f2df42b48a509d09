// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * gfp.c - which allocation is in the wrong context, and how can it be mended?
 *
 * First come the wrong allocations, then the wasteful ones, then the users of the low zones. Last comes what the
 * recording could not show.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "export/text/text.h"
#include "model/answer.h"
#include "model/gfp_audit.h"
#include "util/text.h"

enum { TOLD = 10, REVERSE_TOLD = 5, USERS_TOLD = 10, ROW = 2, ROW_REST = 6, USER_REST = 26 };

static const char *severity(enum gfp_severity s)
{
	static const char *const texts[NR_GFP_SEVERITIES] = {
		[GFP_POSSIBLE] = "possible", [GFP_LIKELY] = S_YELLOW "likely" S_END, [GFP_CERTAIN] = S_RED "certain" S_END,
	};

	return texts[s];
}

static const char *site(struct pen *p, const struct gfp_finding *f)
{
	if (f->function)
		return pen_slot(p, "%s+0x%" PRIx64, pen_clean(p, f->function), f->offset);
	return f->site.is ? pen_slot(p, "0x%" PRIx64, (uint64_t)f->site.v) : "an unknown place";
}

static const char *where(struct pen *p, const struct gfp_finding *f)
{
	static const char *const texts[NR_GFP_CONTEXTS] = {
		[GFP_IN_HARDIRQ] = "in a hardware interrupt", [GFP_IN_SOFTIRQ] = "in a softirq", [GFP_IN_NMI] = "in an NMI",
		[GFP_IRQS_OFF] = "with interrupts off", [GFP_ATOMIC_NOT_NEEDED] = "where sleeping was fine",
	};

	if (f->context != GFP_PREEMPT_OFF)
		return texts[f->context];
	if (!f->depth)
		return "with softirqs off";
	return pen_slot(p, "with preemption off, %" PRIu32 " deep: under a spinlock or the like", f->depth);
}

static bool is_wrong(const struct gfp_finding *f)
{
	return f->context != GFP_ATOMIC_NOT_NEEDED;
}

static size_t count_of(const struct gfp_report *g, bool wrong, enum gfp_severity least)
{
	size_t nr = 0;

	for (size_t i = 0; i < g->nr_findings; i++)
		nr += is_wrong(&g->findings[i]) == wrong && g->findings[i].severity >= least;
	return nr;
}

/* "  Stack      kmalloc_trace < cma_table_grow < ..." */
static void say_stack(struct pen *p, const char *stack)
{
	struct text t = { 0 };
	char *s;

	for (size_t n; *stack; stack += n + (stack[n] == ';')) {
		n = strcspn(stack, ";");
		text_add(&t, "%s%.*s", t.len ? " < " : "", (int)n, stack);
	}
	s = text_take(&t);
	p->failed |= !s;
	pen_field(p, "Stack", "%s", pen_clean(p, s));
	free(s);
}

static void say_finding(struct pen *p, const struct gfp_finding *f)
{
	pen_line(p);
	pen_say(p, ROW, ROW_REST, "%s  " S_BOLD "%s" S_END " at " S_BOLD "%s" S_END ", %s, %s %s", severity(f->severity), f->event,
		site(p, f), pen_clean(p, f->gfp), pen_many(p, f->count, "time"), where(p, f));
	pen_field(p, "When", "%s .. %s%s%s", pen_time(p, f->first_ns), pen_time(p, f->last_ns), f->comms ? ", by " : "",
		f->comms ? pen_clean(p, f->comms) : ", in whatever task was interrupted");
	if (f->stack)
		say_stack(p, f->stack);
	pen_field(p, "Sure", "%s confidence%s%s", confidence_name(f->confidence), *gfp_doubt_text(f->doubt) ? ": " : "",
		gfp_doubt_text(f->doubt));
}

static void say_wrong(struct pen *p, const struct gfp_report *g)
{
	size_t all = count_of(g, true, GFP_POSSIBLE), most = p->verbose > 0 ? SIZE_MAX : TOLD, told = 0;

	for (size_t i = 0; i < g->nr_findings && told < most; i++) {
		if (!is_wrong(&g->findings[i]))
			continue;
		say_finding(p, &g->findings[i]);
		told++;
	}
	if (told < all)
		pen_say(p, ROW, ROW, S_DIM "and %zu more: -v, or --csv FILE" S_END, all - told);
	if (!count_of(g, true, GFP_LIKELY))
		return;
	pen_line(p);
	pen_field(p, "What to do", "allocate before the lock is taken or the interrupt comes, or use GFP_NOWAIT or GFP_ATOMIC and "
		"handle failure. GFP_NOIO and GFP_NOFS may sleep: they are no remedy. CONFIG_DEBUG_ATOMIC_SLEEP makes the kernel "
		"report such calls itself.");
}

static void say_reverse(struct pen *p, const struct gfp_report *g)
{
	size_t all = count_of(g, false, GFP_POSSIBLE), most = p->verbose > 0 ? SIZE_MAX : REVERSE_TOLD, told = 0;

	if (!all)
		return;
	pen_line(p);
	pen_say(p, 0, 0, S_BOLD "Atomic without a visible need" S_END " (%s, possible): these use the emergency reserves "
		"where waiting might do", pen_many(p, all, "finding"));
	for (size_t i = 0; i < g->nr_findings && told < most; i++) {
		const struct gfp_finding *f = &g->findings[i];

		if (is_wrong(f))
			continue;
		pen_row(p, ROW, ROW_REST, "%9s  %s at %s, %s%s%s%s", pen_count(p, f->count), f->event, site(p, f),
			pen_clean(p, f->gfp), f->comms ? ", by " : "", f->comms ? pen_clean(p, f->comms) : "",
			f->max_order ? pen_slot(p, "; up to order %" PRIu32 ", first to fail", f->max_order) : "");
		told++;
	}
	if (told < all)
		pen_say(p, ROW, ROW, S_DIM "and %zu more: -v, or --csv FILE" S_END, all - told);
}

static const char *timeline(struct pen *p, const struct low_zone *z)
{
	static const char marks[] = " .:-=+*#";
	char line[LOW_ZONE_SPANS + 1] = "";
	uint64_t most = 1;
	size_t last = 0;

	for (size_t i = 0; i < LOW_ZONE_SPANS; i++) {
		most = z->spans[i] > most ? z->spans[i] : most;
		last = z->spans[i] ? i : last;
	}
	for (size_t i = 0; i <= last; i++)
		line[i] = marks[z->spans[i] ? 1 + (size_t)((double)z->spans[i] / (double)most * 6) : 0];
	return pen_slot(p, "%s", line);
}

static void say_users(struct pen *p, const struct low_zone *z)
{
	size_t most = p->verbose > 0 || z->nr_users < USERS_TOLD ? z->nr_users : USERS_TOLD;

	pen_say(p, ROW, USER_REST, S_BOLD "%-15s %7s %11s %13s .. %-13s  %s" S_END, "task", "pid", "pages", "from", "to", "flags");
	for (size_t i = 0; i < most; i++) {
		const struct zone_user *u = &z->users[i];

		pen_say(p, ROW, USER_REST, "%s %7s %11s %13s .. %-13s  %s", pen_cell(p, u->comm, 15),
			u->pid < 0 ? "-" : pen_slot(p, "%" PRId32, u->pid), pen_count(p, u->pages),
			pen_time(p, u->first_ns), pen_time(p, u->last_ns), pen_clean(p, u->gfp));
	}
	if (most < z->nr_users)
		pen_say(p, ROW, ROW, S_DIM "and %zu more: -v, or --zones FILE" S_END, z->nr_users - most);
}

static void say_zone(struct pen *p, const struct low_zone *z)
{
	uint64_t page = p->facts->page_size ? p->facts->page_size : 4096;

	pen_line(p);
	pen_say(p, 0, 0, S_BOLD "Zone %s" S_END ": %s%s taken below pfn 0x%" PRIx64 " (%s), %s of them by requests for this zone or a "
		"lower one", z->name, pen_many(p, z->pages, "page"), z->cut ? " or more" : "", z->end_pfn,
		pen_bytes(p, z->end_pfn < UINT64_MAX / page ? z->end_pfn * page : UINT64_MAX),
		pen_percent(p, z->asked, z->pages));
	pen_field(p, "Over time", "|%s| from %s, %s a mark", timeline(p, z), pen_time(p, z->from_ns), pen_span(p, z->span_ns));
	say_users(p, z);
}

static size_t nr_possible(const struct report *r)
{
	size_t nr = 0;

	for (size_t i = 0; i < r->nr_coverage; i++)
		nr += r->coverage[i].possible;
	return nr;
}

/* Report "none" only for findings that the recording could have shown. */
static void say_none(struct pen *p, const struct report *r, size_t doubtful)
{
	const struct gfp_report *g = r->gfp;
	bool all = nr_possible(r) == r->nr_coverage && g->preempt_kept && g->preempt_base.is;

	pen_say(p, 0, 2, "%sNo allocation that may sleep %s" S_END "%s, of %s checked in %s", doubtful || !all ? S_YELLOW : S_GREEN,
		g->preempt_kept ? "where it must not" : "in an interrupt or with interrupts off",
		doubtful ? pen_slot(p, " for sure, %s in doubt", pen_many(p, doubtful, "place")) : "",
		pen_count(p, g->checked), text_recording_name(p));
}

static void say_verdict(struct pen *p, const struct report *r)
{
	const struct gfp_report *g = r->gfp;
	size_t sure = count_of(g, true, GFP_LIKELY);

	if (!report_answered(r))
		text_unanswered(p, r);
	else if (sure)
		pen_say(p, 0, 2, S_RED "%s with flags that may sleep where it must not" S_END ", in %s",
			sure == 1 ? "One place allocates" : pen_slot(p, "%s allocate", pen_many(p, sure, "place")),
			text_recording_name(p));
	else if (!g->checked && !g->atomic)
		pen_say(p, 0, 2, S_YELLOW "Nothing to check" S_END ": no allocation occurs in %s", text_recording_name(p));
	else
		say_none(p, r, count_of(g, true, GFP_POSSIBLE));
	text_input(p);
}

static void say_blind(struct pen *p, const struct report *r)
{
	const struct gfp_report *g = r->gfp;

	if (!g->checked)
		return;
	pen_line(p);
	pen_say(p, 0, 0, S_BOLD "What cannot be seen" S_END);
	if (!g->preempt_kept)
		pen_say(p, ROW, ROW + 2, "no event shows a preempt count: this kernel keeps none, or nothing ran with preemption off. "
			"Spinlocks that leave interrupts on leave no trace then, and atomic allocations were not judged");
	else if (!g->preempt_base.is)
		pen_say(p, ROW, ROW + 2, "too few allocations tell what the preempt count of plain task context is");
	else if (g->preempt_base.v)
		pen_say(p, ROW, ROW + 2, "the preempt count includes the tracepoint's own: 1 was taken off each");
	pen_say(p, ROW, ROW + 2, "RCU read sections where RCU is preemptible; on PREEMPT_RT spinlocks, which may sleep there");
	if (g->cut)
		pen_say(p, ROW, ROW + 2, S_YELLOW "more places than can be held: some are not listed" S_END);
}

static void say_audit(struct pen *p, const struct report *r)
{
	const struct gfp_report *g = r->gfp;

	say_verdict(p, r);
	say_wrong(p, g);
	if (p->verbose < 0)
		return;
	say_reverse(p, g);
	if (g->atomic)
		pen_say(p, 0, 0, "%s%s", pen_slot(p, "%s from the emergency reserves (GFP_ATOMIC)", pen_many(p, g->atomic, "allocation")),
			g->atomic_high_order ? pen_slot(p, ", %s of them of more than one page", pen_count(p, g->atomic_high_order)) : "");
	for (size_t i = 0; i < g->nr_zones; i++)
		say_zone(p, &g->zones[i]);
	say_blind(p, r);
}

int write_gfp_text(const struct report *r, const struct writer_options *opts, FILE *out)
{
	struct pen p;

	pen_begin(&p, r, opts, out);
	if (r->time_refused)
		text_refused(&p, r);
	else if (r->gfp)
		say_audit(&p, r);
	if (p.verbose >= 0) {
		text_coverage(&p, r);
		text_quality(&p, r);
	}
	return pen_end(&p);
}
