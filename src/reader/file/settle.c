// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * settle.c - are the places of the CPUs' records possible, and if not, where are the records?
 *
 * trace-cmd copies the records of one CPU behind those of the other, each to a multiple of the sub-buffer size. So the
 * place of a lane can be checked against its neighbours. A place that fits neither neighbour is damaged, and the lane is
 * searched for (carve.c). All lanes are searched for if the table is missing or was never filled in.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "reader/file/carve.h"
#include "reader/file/container_private.h"
#include "reader/file/cpustat.h"

enum { SLACK = 4 };	/* some versions of trace-cmd include the number of chunks in a lane's size, some do not */

/**
 * struct slot - a line of the table
 * @sure:   the lane certainly begins where the table says
 * @wrote:  the CPU has records, or had some
 * @found:  @e is where the records are
 */
struct slot { struct extent e; bool sure, wrote, found; };

struct table {
	const struct container *c;
	struct buffer_map *b;
	struct slot *slots;
	size_t nr;
	bool cut;	/* records are missing at the end */
};

/* All lanes are inside the file, in order, and do not overlap. */
static bool is_sound(const struct container *c, const struct buffer_map *b)
{
	uint64_t slack = b->compressed ? SLACK : 0, end = b->from;

	for (size_t i = 0; i < b->nr_lanes; i++) {
		const struct extent *e = &b->lanes[i];

		if (!e->size && !e->astray)
			continue;
		if (e->astray || e->offset % b->page_size || e->offset < end || e->offset > c->size ||
		    e->size > c->size - e->offset)
			return false;
		end = e->offset + (e->size > slack ? e->size - slack : e->size);
	}
	return b->lanes;
}

static uint64_t end_of(const struct extent *e)
{
	return e->size > UINT64_MAX - e->offset ? UINT64_MAX : e->offset + e->size;
}

/* Does @next begin exactly where @e ends? */
static bool are_linked(const struct buffer_map *b, const struct extent *e, const struct extent *next)
{
	uint64_t end = end_of(e);

	return carve_aligned(b, end) == next->offset ||
	       (b->compressed && end > SLACK && carve_aligned(b, end - SLACK) == next->offset);
}

static bool can_begin(const struct buffer_map *b, const struct extent *e)
{
	return !e->astray && e->offset >= b->from && e->offset % b->page_size == 0;
}

/*
 * The begin of a lane is sure in three cases: the lane before ends there, or it is the first possible place, or the lane's
 * end is where the next one begins.
 */
static void judge(struct table *t)
{
	struct slot *before = NULL;

	for (size_t i = 0; i < t->nr; i++) {
		struct slot *s = &t->slots[i];
		bool linked = before && are_linked(t->b, &before->e, &s->e);

		if (!s->wrote)
			continue;
		if (linked)
			before->sure = can_begin(t->b, &before->e);
		if (linked || (!before && s->e.offset - t->b->from < 2ULL * t->b->page_size))
			s->sure = can_begin(t->b, &s->e);
		before = s;
	}
	for (size_t i = 0; i < t->nr; i++)
		t->cut |= t->slots[i].sure && end_of(&t->slots[i].e) > t->b->to;
}

static int from_lanes(struct table *t)
{
	t->slots = calloc(t->b->nr_lanes ? t->b->nr_lanes : 1, sizeof(*t->slots));
	if (!t->slots)
		return -ENOMEM;
	t->nr = t->b->nr_lanes;
	for (size_t i = 0; i < t->nr; i++)
		t->slots[i] = (struct slot){ .e = t->b->lanes[i], .wrote = t->b->lanes[i].size || t->b->lanes[i].astray };
	judge(t);
	return 0;
}

/* A buffer without a table has a line for each CPU that wrote into it, if the file says which. Else for every CPU. */
static int from_nothing(struct table *t, size_t nr)
{
	uint32_t cpus = t->c->cpus < MAX_CPUS ? t->c->cpus : MAX_CPUS, wrote;
	bool *has = calloc(MAX_CPUS, sizeof(*has));

	wrote = has ? cpustat_wrote(t->c->cpustat, nr, has, MAX_CPUS) : 0;
	t->nr = wrote ? wrote : cpus;
	t->slots = calloc(t->nr ? t->nr : 1, sizeof(*t->slots));
	for (uint32_t cpu = 0, i = 0; has && t->slots && i < t->nr; cpu++)
		if (!wrote || has[cpu])
			t->slots[i++] = (struct slot){ .e = { .cpu = cpu, .astray = true }, .wrote = wrote || t->b->open };
	free(has);
	return has && t->slots ? 0 : -ENOMEM;
}

/* List where lanes certainly begin. Other lanes are searched for only if one is missing. */
static int set_hints(const struct table *t, struct carving *k, uint64_t **ret_hints)
{
	uint64_t *hints = calloc(t->nr ? t->nr : 1, sizeof(*hints)), last = 0;

	*ret_hints = hints;
	if (!hints)
		return -ENOMEM;
	k->hints = hints;
	k->guess = !t->nr;
	for (size_t i = 0; i < t->nr; i++) {
		const struct slot *s = &t->slots[i];

		k->guess |= s->e.astray || (s->wrote && !s->sure);
		if (s->sure && s->e.offset > last && s->e.offset < t->b->to)
			hints[k->nr_hints++] = last = s->e.offset;
	}
	return 0;
}

/* The line for the lane at @offset: the one with that offset, else the next missing one, both from *@from on. */
static struct slot *slot_for(struct table *t, uint64_t offset, size_t *from)
{
	struct slot *free_one = NULL;

	for (size_t i = *from; i < t->nr; i++) {
		struct slot *s = &t->slots[i];

		if (s->sure && s->e.offset == offset) {
			*from = i + 1;
			return s;
		}
		if (!free_one && !s->sure && (s->wrote || s->e.astray))
			free_one = s;
	}
	if (free_one)
		*from = (size_t)(free_one - t->slots) + 1;
	return free_one;
}

/* There are more lanes than lines, so the file has a CPU that its table does not list. Add a line for this CPU. */
static struct slot *one_more(struct table *t)
{
	struct slot *bigger = reallocarray(t->slots, t->nr + 1, sizeof(*bigger));
	uint32_t cpu = bigger && t->nr ? bigger[t->nr - 1].e.cpu + 1 : 0;

	if (!bigger)
		return NULL;
	t->slots = bigger;
	bigger[t->nr] = (struct slot){ .e = { .cpu = cpu < MAX_CPUS ? cpu : MAX_CPUS - 1 }, .wrote = true };
	return &bigger[t->nr++];
}

/*
 * The lane ends where the table says, or at the last data that looks like its records, whichever is later. It always ends
 * before @next.
 */
static void put(const struct buffer_map *b, struct slot *s, const struct extent *found, uint64_t next)
{
	uint64_t end = s->sure ? end_of(&s->e) : 0, seen = end_of(found);
	bool torn = found->torn || (s->sure && end > b->to);
	uint32_t cpu = s->e.cpu;

	end = end > seen ? end : seen;
	s->e = *found;
	s->e.cpu = cpu;
	s->e.torn = torn;
	s->e.size = (end < next ? end : next) - found->offset;
	s->found = true;
}

static int put_all(struct table *t, const struct carving *k)
{
	size_t from = 0;

	for (size_t i = 0; i < k->nr; i++) {
		struct slot *s = slot_for(t, k->found[i].offset, &from);

		if (!s) {
			s = one_more(t);
			from = t->nr;
		}
		if (!s)
			return -ENOMEM;
		put(t->b, s, &k->found[i], i + 1 < k->nr ? k->found[i + 1].offset : t->b->to);
	}
	return 0;
}

static int to_lanes(struct table *t)
{
	free(t->b->lanes);
	if (container_make_lanes(t->b, t->nr))
		return -ENOMEM;
	for (size_t i = 0; i < t->nr; i++) {
		const struct slot *s = &t->slots[i];

		t->b->lanes[i] = s->found ? s->e : (struct extent){ .cpu = s->e.cpu, .torn = s->wrote };
	}
	return 0;
}

/*
 * Record what was wrong with the table. Records that a lane lacks are reported with the lane, when it has been read.
 */
static int tell(struct container *c, const struct table *t, const struct carving *k)
{
	const char *name = *t->b->name ? t->b->name : "top";

	if (!k->nr)
		return container_lacks(c, "buffer \"%s\": none of its records are in the file", name);
	if (!k->guess && t->cut)
		return container_lacks(c, "cut at byte %zu", c->size);
	if (!k->guess)
		return container_lacks(c, "buffer \"%s\": the places of its CPUs' records do not fit together", name);
	return container_lacks(c, "buffer \"%s\": the file no longer says where its CPUs' records are; they were found by what "
			       "they look like", name);
}

static int settle(struct container *c, struct table *t, size_t nr)
{
	struct carving k = { 0 };
	uint64_t *hints = NULL;
	int err = t->b->lanes ? from_lanes(t) : from_nothing(t, nr);

	if (!err)
		err = set_hints(t, &k, &hints);
	if (!err)
		err = carve(c, t->b, &k);
	if (!err)
		err = put_all(t, &k);
	if (!err)
		err = to_lanes(t);
	t->b->guessed = k.guess;
	if (!err)
		err = tell(c, t, &k);
	free(k.found);
	free(hints);
	return err;
}

/* The data of the next buffer limits this one's. Version 6 has no field that says where the next one begins. */
static void bound(const struct container *c, struct buffer_map *b)
{
	for (size_t i = 0; i < c->nr_buffers; i++)
		if (c->buffers[i].from > b->from && c->buffers[i].from < b->to)
			b->to = c->buffers[i].from;
}

int container_settle(struct container *c, struct buffer_map *b, size_t nr)
{
	struct table t = { .c = c, .b = b };
	int err;

	if (is_sound(c, b))
		return 0;
	bound(c, b);
	err = settle(c, &t, nr);
	free(t.slots);
	return err;
}
