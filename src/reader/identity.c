// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * identity.c - tell which CPU each lane belongs to, by the name of its idle task
 *
 * The idle task of CPU n is called swapper/n, and every switch to or from it has that name. Lanes lie in the file in the
 * order of their CPUs, but CPUs without records have no lane. So the order identifies a lane only between two lanes that
 * are known by name.
 */
#include "reader/identity.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "reader/lanes/pages.h"

enum { PAGES = 8192 };	/* of a lane are searched; a CPU that was never idle for so long is identified by its neighbours */

#define UNKNOWN_CPU UINT32_MAX

static uint32_t idle_of(const char *comm, int32_t pid)
{
	unsigned int cpu;

	return !pid && sscanf(comm, "swapper/%u", &cpu) == 1 && cpu < MAX_CPUS ? cpu : UNKNOWN_CPU;
}

/* Find the CPU by the idle task's name. Sets @known if a record in the page has a format. */
static uint32_t cpu_in_page(const struct decoder *d, const unsigned char *page, const struct subbuf_layout *layout, bool *known)
{
	uint32_t cpu = UNKNOWN_CPU;
	const unsigned char *data;
	struct subbuf sb;
	size_t size;

	subbuf_open(&sb, page, layout);
	while (cpu == UNKNOWN_CPU && (data = subbuf_next(&sb, &size))) {
		const struct known_id *id = decoder_id(d, data, size);
		struct event ev = { 0 };

		*known |= id->slot != 0;
		if (id->kind != EVENT_SCHED_SWITCH || !decoder_decode(d, data, size, &ev))
			continue;
		cpu = idle_of(ev.sw.next_comm, ev.sw.next_pid);
		if (cpu == UNKNOWN_CPU)
			cpu = idle_of(ev.sw.prev_comm, ev.sw.prev_pid);
	}
	return cpu;
}

/* Find the CPU that the lane's switches name. Returns 0 with that CPU or UNKNOWN_CPU in *@ret; or -ENOMEM. */
static int cpu_in_lane(const struct container *c, const struct buffer_map *b, const struct extent *e,
		       const struct decoder *d, uint32_t *ret, bool *known)
{
	struct subbuf_layout layout = d->layout;
	struct unpacker u = { 0 };
	const unsigned char *page;
	struct pages p;
	int got = 1;

	*ret = UNKNOWN_CPU;
	layout.page_size = b->page_size;
	pages_init(&p, c, b, e, &layout);
	for (int i = 0; got > 0 && i < PAGES && *ret == UNKNOWN_CPU; i++) {
		got = pages_next(&p, &u, &page);
		if (got > 0)
			*ret = cpu_in_page(d, page, &layout, known);
	}
	pages_clear(&p);
	unpacker_clear(&u);
	return got < 0 ? got : 0;
}

/**
 * struct roll - the CPUs of a buffer's table, and which lanes they were given
 * @named:  by lane: the CPU that its switches name, or UNKNOWN_CPU
 * @listed: by CPU: the table has this CPU, and no lane was given to it yet
 */
struct roll {
	struct buffer_map *b;
	uint32_t *named;
	bool *listed;
	size_t nr_named, nr_lanes;
	bool in_order;		/* only the order of the lanes tells their CPUs */
	bool known;		/* there are records that have a format */
};

static int call(struct roll *r, const struct container *c, const struct decoder *d)
{
	int err = 0;

	for (size_t i = 0; !err && i < r->b->nr_lanes; i++) {
		r->listed[r->b->lanes[i].cpu] = true;
		r->named[i] = UNKNOWN_CPU;
		if (r->b->lanes[i].size)
			err = cpu_in_lane(c, r->b, &r->b->lanes[i], d, &r->named[i], &r->known);
		r->nr_lanes += r->b->lanes[i].size != 0;
	}
	for (size_t i = 0; !err && i < r->b->nr_lanes; i++)
		if (r->named[i] != UNKNOWN_CPU) {
			r->listed[r->named[i]] = false;
			r->nr_named++;
		}
	return err;
}

/* The next CPU of the table without a lane, from @from on, wrapping around; @other if there is none. */
static uint32_t next_free(struct roll *r, uint32_t from, uint32_t other)
{
	for (uint32_t i = 0; i < MAX_CPUS; i++) {
		uint32_t cpu = (from + i) % MAX_CPUS;

		if (!r->listed[cpu])
			continue;
		r->listed[cpu] = false;
		return cpu;
	}
	return other;
}

/*
 * A lane with a name gets the CPU of that name. A lane without one gets the next free CPU behind the lane before it. The
 * CPUs that remain had no records. A CPU whose place was before another's lost none.
 */
static void assign(struct roll *r)
{
	uint32_t last = 0, highest = 0;

	for (size_t i = 0; i < r->b->nr_lanes; i++) {
		struct extent *e = &r->b->lanes[i];

		if (e->size)
			e->cpu = last = r->named[i] != UNKNOWN_CPU ? r->named[i] : next_free(r, last, e->cpu);
		highest = last > highest ? last : highest;
	}
	for (size_t i = 0; i < r->b->nr_lanes; i++) {
		struct extent *e = &r->b->lanes[i];
		uint32_t cpu = e->size ? 0 : next_free(r, 0, UNKNOWN_CPU);

		if (e->size)
			continue;
		e->torn &= cpu != UNKNOWN_CPU && !(r->in_order && cpu < highest);
		e->cpu = cpu != UNKNOWN_CPU ? cpu : e->cpu;
	}
}

static int identify(struct container *c, struct buffer_map *b, const struct decoder *d)
{
	struct roll r = { .b = b, .in_order = !c->cpustat };
	int err = -ENOMEM;

	r.named = calloc(b->nr_lanes ? b->nr_lanes : 1, sizeof(*r.named));
	r.listed = calloc(MAX_CPUS, sizeof(*r.listed));
	if (r.named && r.listed)
		err = call(&r, c, d);
	if (!err && b->headless && !r.known)
		err = -EBADMSG;
	if (!err)
		assign(&r);
	if (!err && r.nr_lanes)
		err = container_lacks(c, "which CPU wrote which records: %zu of %zu CPUs are known by the name of their idle task%s",
				      r.nr_named, r.nr_lanes, r.nr_named < r.nr_lanes ? ", the others by their order" : "");
	free(r.named);
	free(r.listed);
	return err;
}

int identify_lanes(struct container *c, const struct decoder *d)
{
	int err = 0;

	for (size_t i = 0; !err && i < c->nr_buffers; i++)
		if (c->buffers[i].guessed)
			err = identify(c, &c->buffers[i], d);
	return err;
}
