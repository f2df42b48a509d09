// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * cpu_rows.c - the activity of each CPU around the stall, drawn with plain characters
 *
 * A cell that covers several states shows the gravest one, so that a short hold stays visible.
 */
#include "export/text/text.h"

#include <string.h>

enum { LABEL = 8, COMM = 17, COMM_FROM_WIDTH = 72, ROWS = 24, NR_STATES = CPU_SILENT + 1 };

static const struct look {
	char c;
	const char *style, *text;
	int grave;
} looks[NR_STATES] = {
	[CPU_UNKNOWN]	= { '?', S_DIM, "not recorded", 0 },
	[CPU_IDLE]	= { '_', S_DIM, "idle", 1 },
	[CPU_RUNNING]	= { '.', S_GREEN, "running", 2 },
	[CPU_SILENT]	= { '~', S_YELLOW, "silent, reason not known", 3 },
	[CPU_FROZEN]	= { 'x', S_YELLOW, "frozen", 4 },
	[CPU_SPINNING]	= { '=', S_YELLOW, "waiting for a lock", 5 },
	[CPU_HOLDING]	= { '#', S_RED, "holding lru_lock", 6 },
};

struct drawing {
	struct pen *p;
	uint64_t from, to;
	unsigned int cells;
	bool used[NR_STATES];
};

static unsigned int state_of(const struct cpu_span *l)
{
	return l->state < NR_STATES ? l->state : CPU_UNKNOWN;
}

static unsigned int cell_of(const struct drawing *d, uint64_t ts)
{
	double share = ts <= d->from ? 0 : (double)(ts - d->from) / (double)(d->to - d->from);
	unsigned int cell = (unsigned int)(share * d->cells);

	return cell < d->cells ? cell : d->cells - 1;
}

static void frame(struct drawing *d, struct pen *p, const struct stall *s)
{
	unsigned int comm = p->width >= COMM_FROM_WIDTH ? COMM : 0;

	*d = (struct drawing){ .p = p, .from = s->spans[0].from, .to = s->spans[0].to,
		.cells = p->width - PEN_INDENT - LABEL - comm };
	for (size_t i = 1; i < s->nr_spans; i++) {
		d->from = s->spans[i].from < d->from ? s->spans[i].from : d->from;
		d->to = s->spans[i].to > d->to ? s->spans[i].to : d->to;
	}
}

static void paint(struct drawing *d, const struct cpu_span *l, unsigned char *cells)
{
	unsigned int state = state_of(l), last = cell_of(d, l->to > l->from ? l->to - 1 : l->from);

	for (unsigned int i = cell_of(d, l->from); i <= last; i++)
		if (looks[state].grave >= looks[cells[i]].grave)
			cells[i] = (unsigned char)state;
}

/* The task that occupied the CPU for longest without a switch. */
static const char *stuck_with(const struct cpu_span *l, size_t n)
{
	const struct cpu_span *worst = NULL;

	for (size_t i = 0; i < n; i++)
		if (looks[state_of(&l[i])].grave >= looks[CPU_SILENT].grave && *l[i].comm &&
		    (!worst || span_of(l[i].from, l[i].to) > span_of(worst->from, worst->to)))
			worst = &l[i];
	return worst ? worst->comm : "";
}

static const char *cells_text(struct drawing *d, const unsigned char *cells)
{
	char text[4 * 128], *at = text;

	for (unsigned int i = 0; i < d->cells; i++) {
		const struct look *look = &looks[cells[i]];

		d->used[cells[i]] = true;
		if (!i || cells[i] != cells[i - 1])
			*at++ = look->style[0];
		*at++ = look->c;
		if (i + 1 == d->cells || cells[i] != cells[i + 1])
			*at++ = S_END[0];
	}
	*at = '\0';
	return pen_slot(d->p, "%s", text);
}

static void draw_cpu(struct drawing *d, const struct cpu_span *l, size_t n)
{
	unsigned char cells[128] = { 0 };
	const char *comm = d->p->width >= COMM_FROM_WIDTH ? stuck_with(l, n) : "";

	for (size_t i = 0; i < n; i++)
		paint(d, &l[i], cells);
	pen_say(d->p, PEN_INDENT, PEN_INDENT + LABEL, "CPU %-4u%s%s%s", l->cpu, cells_text(d, cells), *comm ? "  " : "",
		pen_clean(d->p, comm));
}

static void draw_ruler(struct drawing *d, const struct stall *s)
{
	const char *from = pen_time(d->p, d->from), *to = pen_time(d->p, d->to);
	unsigned int start = cell_of(d, s->at.start), end = cell_of(d, s->at.end);
	char bar[129];

	pen_say(d->p, PEN_INDENT, PEN_INDENT, S_BOLD "CPUs    " S_END "%s%*s", from, (int)(d->cells - strlen(from)),
		to);
	memset(bar, ' ', sizeof(bar));
	memset(bar + start, '-', end >= start ? end - start + 1 : 1);
	bar[start] = bar[end >= start ? end : start] = '|';
	bar[(end >= start ? end : start) + 1] = '\0';
	pen_say(d->p, PEN_INDENT, PEN_INDENT, "%*s%s", LABEL, "", bar);
}

static void draw_legend(struct drawing *d)
{
	const char *legend = "";

	for (unsigned int i = 0; i < NR_STATES; i++)
		if (d->used[i])
			legend = pen_slot(d->p, "%s%s%c %s", legend, *legend ? ", " : "", looks[i].c, looks[i].text);
	pen_say(d->p, PEN_INDENT + LABEL, PEN_INDENT + LABEL, S_DIM "%s" S_END, legend);
}

static size_t lanes_of_cpu(const struct stall *s, size_t from)
{
	size_t i = from;

	while (i < s->nr_spans && s->spans[i].cpu == s->spans[from].cpu)
		i++;
	return i - from;
}

void text_cpu_rows(struct pen *p, const struct stall *s)
{
	size_t most = p->verbose > 0 ? SIZE_MAX : ROWS, rows = 0, hidden = 0, n;
	struct drawing d;

	if (!s->nr_spans)
		return;
	frame(&d, p, s);
	if (d.to <= d.from)
		return;
	draw_ruler(&d, s);
	for (size_t i = 0; i < s->nr_spans; i += n) {
		n = lanes_of_cpu(s, i);
		if (rows < most)
			draw_cpu(&d, &s->spans[i], n);
		hidden += rows++ >= most;
	}
	if (hidden)
		pen_say(p, PEN_INDENT, PEN_INDENT, S_DIM "and %zu more CPUs: -v" S_END, hidden);
	draw_legend(&d);
}
