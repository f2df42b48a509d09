// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * tracks.c - stalls, holds and frozen tasks as slices: a line for all stalls, one for each CPU, one for each task
 *
 * Slices nest on a track. So a slice that begins before the last one has ended gets a track of its own, with the same
 * name, and Perfetto draws both in one place. A flow goes from the begin of a hold to the end of a task's freeze. The
 * begin of the freeze is no target, because the bounds allow that the freeze began before the hold.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "export/perfetto/perfetto.h"
#include "util/order.h"

/* A slice to be drawn: element @index of report.stalls, holds or victims, on the line of CPU or task @row. */
struct piece { uint64_t from, to; uint32_t row; size_t index; };

/**
 * struct layer - slices that are drawn in the same way
 * @group, @title, @about: the group of its lines; no title: its line has no group
 * @line:  the name of a piece's line
 * @begin: writes the fields of a slice's begin, its name first; @end: those of its end, may be NULL
 */
struct layer {
	enum track_kind kind;
	enum track_group group;
	const char *title, *about;
	void (*line)(const struct report *r, size_t index, char *buf, size_t len);
	void (*begin)(struct drawing *d, size_t index);
	void (*end)(struct drawing *d, size_t index);
};

int drawing_flush(struct drawing *d)
{
	if (d->b.failed)
		return -ENOMEM;
	if (d->b.len)
		fwrite(d->b.p, 1, d->b.len, d->out);
	pb_reset(&d->b);
	return ferror(d->out) ? -EIO : 0;
}

static bool can_be_drawn(uint64_t to)
{
	return to <= PACKET_MAX_NS;
}

static int piece_order(const void *a, const void *b)
{
	const struct piece *x = a, *y = b;

	if (x->row != y->row)
		return x->row < y->row ? -1 : 1;
	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	return order(x->index, y->index);
}

static uint32_t new_track(struct drawing *d, const struct layer *l, const struct piece *first)
{
	char name[64];

	l->line(d->r, first->index, name, sizeof(name));
	packet_track(&d->b, &(struct track){ .id = track_id(l->kind, d->tracks), .group = l->title ? l->group : GROUP_ALL,
		.rank = l->kind == TRACK_FROZEN ? (int)first->index : (int)first->row, .name = name,
		.about = l->title ? NULL : l->about });
	return d->tracks++;
}

static void draw_piece(struct drawing *d, const struct layer *l, const struct piece *p, uint32_t track)
{
	uint32_t sequence = SEQUENCE_REPORT + track;
	struct packet slice = packet_slice(&d->b, sequence, track_id(l->kind, track), p->from, SLICE_BEGIN);

	l->begin(d, p->index);
	packet_end(&d->b, slice);
	slice = packet_slice(&d->b, sequence, track_id(l->kind, track), p->to, SLICE_END);
	if (l->end)
		l->end(d, p->index);
	packet_end(&d->b, slice);
}

static int draw(struct drawing *d, const struct layer *l, struct piece *pieces, size_t nr)
{
	uint64_t free_from = 0;
	uint32_t track = 0;
	int err = 0;

	if (nr && l->title)
		packet_group(&d->b, l->group, l->title, l->about);
	if (nr)
		qsort(pieces, nr, sizeof(*pieces), piece_order);
	for (size_t i = 0; !err && i < nr; i++) {
		const struct piece *p = &pieces[i];
		bool new_row = !i || p->row != pieces[i - 1].row, fits = new_row || p->from >= free_from;
		uint32_t own = new_row || !fits ? new_track(d, l, p) : track;

		draw_piece(d, l, p, own);
		track = fits ? own : track;
		free_from = fits ? p->to : free_from;
		err = drawing_flush(d);
	}
	free(pieces);
	return err;
}

static struct piece piece_of(uint64_t from, uint64_t to, uint32_t row, size_t index)
{
	return (struct piece){ .from = from, .to = to > from ? to : from, .row = row, .index = index };
}

/* Stalls. */

static uint64_t flow_id(const struct report *r, size_t victim)
{
	return (uint64_t)(r->victims[victim].stall + 1) << 32 | (uint32_t)(victim + 1);
}

static void put_flows(struct drawing *d, size_t stall)
{
	const struct victim *v;
	size_t n = report_victims(d->r, stall, &v);

	for (size_t i = 0; i < n; i++)
		if (can_be_drawn(v[i].to))
			pb_fixed64(&d->b, EVENT_FLOW, flow_id(d->r, (size_t)(v + i - d->r->victims)));
}

static void stall_line(const struct report *r, size_t index, char *buf, size_t len)
{
	(void)r;
	(void)index;
	snprintf(buf, len, "Stalls");
}

static void begin_stall(struct drawing *d, size_t index)
{
	const struct stall *s = &d->r->stalls[index];
	char name[96];

	snprintf(name, sizeof(name), "#%u %s%s%s", s->id, cause_name(s->cause), *s->cause_comm ? " " : "", s->cause_comm);
	pb_text(&d->b, EVENT_NAME, name);
	notes_of_stall(&d->b, d->r, s);
	if (d->source[index] == SIZE_MAX)
		put_flows(d, index);
}

static int draw_stalls(struct drawing *d)
{
	static const struct layer layer = {
		.kind = TRACK_STALLS, .about = "What froze tasks; the arrows of a hold lead to them",
		.line = stall_line, .begin = begin_stall,
	};
	struct piece *pieces = calloc(d->r->nr_stalls + 1, sizeof(*pieces));
	size_t nr = 0;

	for (size_t i = 0; pieces && i < d->r->nr_stalls; i++)
		if (can_be_drawn(d->r->stalls[i].at.end))
			pieces[nr++] = piece_of(d->r->stalls[i].at.start, d->r->stalls[i].at.end, 0, i);
	return pieces ? draw(d, &layer, pieces, nr) : -ENOMEM;
}

/* Holds. */

static void hold_line(const struct report *r, size_t index, char *buf, size_t len)
{
	snprintf(buf, len, "CPU %u", r->holds[index].cpu);
}

static void begin_hold(struct drawing *d, size_t index)
{
	const struct hold *h = &d->r->holds[index];
	char name[48];

	snprintf(name, sizeof(name), "%s %d", h->comm, h->pid);
	pb_text(&d->b, EVENT_NAME, name);
	notes_of_hold(&d->b, d->r, h);
	if (d->stall_of[index] != SIZE_MAX)
		put_flows(d, d->stall_of[index]);
}

static int draw_holds(struct drawing *d)
{
	static const struct layer layer = {
		.kind = TRACK_HOLDS, .group = GROUP_HOLDS, .title = "lru_lock held",
		.about = "Best estimates; the bounds of each are among its arguments. Holds under 0.2 ms are left out.",
		.line = hold_line, .begin = begin_hold,
	};
	struct piece *pieces = calloc(d->r->nr_holds + 1, sizeof(*pieces));
	size_t nr = 0;

	for (size_t i = 0; pieces && i < d->r->nr_holds; i++)
		if (can_be_drawn(d->r->holds[i].at.end))
			pieces[nr++] = piece_of(d->r->holds[i].at.start, d->r->holds[i].at.end, d->r->holds[i].cpu, i);
	return pieces ? draw(d, &layer, pieces, nr) : -ENOMEM;
}

/* Frozen tasks. */

static void victim_line(const struct report *r, size_t index, char *buf, size_t len)
{
	snprintf(buf, len, "%s %d", r->victims[index].comm, r->victims[index].pid);
}

static void begin_victim(struct drawing *d, size_t index)
{
	const struct victim *v = &d->r->victims[index];

	pb_text(&d->b, EVENT_NAME, victim_kind_name(v->kind));
	note_uint(&d->b, "stall_id", d->r->stalls[v->stall].id);
	notes_of_victim(&d->b, v);
}

static void end_victim(struct drawing *d, size_t index)
{
	pb_fixed64(&d->b, EVENT_FLOW, flow_id(d->r, index));
}

/* Does the flow to @v have a begin? That is its hold, or else its stall. */
static bool has_source(const struct drawing *d, const struct victim *v)
{
	size_t hold = d->source[v->stall];

	return can_be_drawn(hold == SIZE_MAX ? d->r->stalls[v->stall].at.end : d->r->holds[hold].at.end);
}

static int draw_victims(struct drawing *d)
{
	static const struct layer layer = {
		.kind = TRACK_FROZEN, .group = GROUP_FROZEN, .title = "Frozen tasks", .about = "Who could not go on, and how",
		.line = victim_line, .begin = begin_victim, .end = end_victim,
	};
	struct piece *pieces = calloc(d->r->nr_victims + 1, sizeof(*pieces));
	size_t nr = 0;

	for (size_t i = 0; pieces && i < d->r->nr_victims; i++) {
		const struct victim *v = &d->r->victims[i];

		if (can_be_drawn(v->to) && has_source(d, v))
			pieces[nr++] = piece_of(v->from, v->to, (uint32_t)v->pid, i);
	}
	return pieces ? draw(d, &layer, pieces, nr) : -ENOMEM;
}

int drawing_tracks(struct drawing *d)
{
	int err = drawing_sources(d);

	if (!err)
		err = draw_stalls(d);
	if (!err)
		err = draw_holds(d);
	return err ? err : draw_victims(d);
}
