// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * heap.c - with millions of live objects, how fast is the leak analysis, what does one take, and does it ever pause?
 *
 *	bench_heap OBJECTS SITES
 *
 * Events go straight into the pass, without a file: OBJECTS are allocated from SITES call sites, then as often one is
 * freed and another taken. A second time each event is timed. All times are CPU time, as pauses by others are not ours. Prints, parted by spaces: events a second while it grows and
 * while it does not, bytes of memory for each live object, and ns of the longest event.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "analysis/passes.h"

#define HEAP UINT64_C(0xffff888000000000)
enum { OBJECT = 64 };

struct heap { struct pass_ctx ctx; void *state; uint64_t now, longest, objects, sites; bool timed; };

static uint64_t clock_ns(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

static void push(struct heap *h, const struct event *ev)
{
	uint64_t from = h->timed ? clock_ns(CLOCK_THREAD_CPUTIME_ID) : 0, took;

	if (leaks_pass.event(h->state, &h->ctx, ev) < 0) {
		fprintf(stderr, "bench_heap: out of memory\n");
		exit(1);
	}
	took = h->timed ? clock_ns(CLOCK_THREAD_CPUTIME_ID) - from : 0;
	h->longest = took > h->longest ? took : h->longest;
}

static void take(struct heap *h, uint64_t object)
{
	struct event ev = { .kind = EVENT_SLAB_ALLOC, .ts = h->now += 200, .pid = 1, .present = HAS_GFP };

	ev.slab.ptr = HEAP + object * OBJECT;
	ev.slab.call_site = HEAP + (object * 2654435761) % h->sites * 64;
	ev.slab.bytes_req = ev.slab.bytes_alloc = OBJECT;
	push(h, &ev);
}

static void give(struct heap *h, uint64_t object)
{
	struct event ev = { .kind = EVENT_SLAB_FREE, .ts = h->now += 200, .pid = 1 };

	ev.slab.ptr = HEAP + object * OBJECT;
	push(h, &ev);
}

/* One of those that are there, as chance has it. */
static void churn(struct heap *h)
{
	uint64_t random = 88172645463325252;

	for (uint64_t i = 0; i < h->objects; i++) {
		uint64_t object;

		random ^= random << 13, random ^= random >> 7, random ^= random << 17;
		object = random % h->objects;
		give(h, object);
		take(h, object);
	}
}

static uint64_t resident(void)
{
	unsigned long pages = 0;
	FILE *f = fopen("/proc/self/statm", "r");

	if (!f || fscanf(f, "%*u %lu", &pages) != 1)
		pages = 0;
	if (f)
		fclose(f);
	return pages * (uint64_t)sysconf(_SC_PAGESIZE);
}

/* Events a second of the two halves, and what the objects take. */
static void run(struct heap *h, double ret[3])
{
	uint64_t before = resident(), from = clock_ns(CLOCK_THREAD_CPUTIME_ID), grown, end;

	h->state = calloc(1, leaks_pass.state_size);
	if (!h->state || leaks_pass.begin(h->state, &h->ctx) < 0)
		exit(1);
	for (uint64_t i = 0; i < h->objects; i++)
		take(h, i);
	grown = clock_ns(CLOCK_THREAD_CPUTIME_ID);
	ret[2] = (double)(resident() - before) / (double)h->objects;
	churn(h);
	end = clock_ns(CLOCK_THREAD_CPUTIME_ID);
	ret[0] = (double)h->objects * 1e9 / (double)(grown - from);
	ret[1] = 2 * (double)h->objects * 1e9 / (double)(end - grown);
	leaks_pass.destroy(h->state);
	free(h->state);
}

int main(int argc, char **argv)
{
	struct report report = { 0 };
	struct heap h = { .ctx = { .report = &report }, .objects = argc == 3 ? strtoull(argv[1], NULL, 10) : 0,
		.sites = argc == 3 ? strtoull(argv[2], NULL, 10) : 0 };
	double speed[3], timed[3];

	if (!h.objects || !h.sites) {
		fprintf(stderr, "usage: bench_heap OBJECTS SITES\n");
		return 2;
	}
	run(&h, speed);
	h.timed = true;
	run(&h, timed);
	printf("%.0f %.0f %.1f %" PRIu64 "\n", speed[0], speed[1], speed[2], h.longest);
	return 0;
}
