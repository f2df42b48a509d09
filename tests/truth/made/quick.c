// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * quick.c - machines at the speed of real ones: 20 to 200 ns a page, or large folios, of which a scan walks 512 pages in
 * 2.3 us. The event is written 1 us before the release, and who waited goes on within 20 us of it.
 */
#include "lot.h"

#define FOLIO_PAGES 512
#define FOLIO_NS    2300
#define SMALL_NS    60

static uint64_t small_pages_in(struct lot *l, uint64_t ns)
{
	return ns / (l->page_ns + draw(l, l->page_ns / 8 + 1));
}

static uint64_t folio_pages_in(struct lot *l, uint64_t ns)
{
	(void)l;
	return ns * FOLIO_PAGES / FOLIO_NS;
}

/* Of one machine no two scans see the same share of large folios. */
static uint64_t mixed_pages_in(struct lot *l, uint64_t ns)
{
	uint64_t small = draw(l, ns);

	return small / SMALL_NS + folio_pages_in(l, ns - small);
}

/* Nobody stands still for it: a task that computed for tens of ms on a silent CPU, and then scanned for one. */
static void add_late_scan(struct lot *l, unsigned int cpu, uint64_t at)
{
	struct task who = reclaimer(l, "scanner");
	uint64_t computes = (20 + draw(l, 40)) * MS, pages = 12000, event = at + computes;

	machine_periodic(l->m, cpu, who, 1000 * SEC, at - BEGIN, computes + 3 * MS);
	story_isolate(l->s, (struct scene_at){ .ts = event, .cpu = cpu, .pid = who.pid },
		(struct isolate){ .requested = 32, .scanned = pages, .skipped = pages - 32, .taken = 32, .lru = LRU_INACTIVE_FILE });
}

/* The last CPU has no task of its own. */
static void begin(struct lot *l, const char *kernel, uint64_t incidents)
{
	unsigned int nr_cpus = 3 + (unsigned int)draw(l, MAX_CPUS - 2);

	l->slowest_resume = 19;
	lot_begin(l, (struct scene_options){ .kernel = kernel, .nr_cpus = nr_cpus }, 4 + incidents * 6);
	l->nr_cpus = nr_cpus - 1;
	add_tasks(l);
	l->nr_cpus = nr_cpus;
	story_kswapd_wake(l->s, (struct scene_at){ .ts = BEGIN + SEC, .pid = 68 }, 0, 0);
}

void make_quick(struct lot *l)
{
	static const char *const kernels[] = { "4.15", "5.4", "5.10", "5.15", "6.1", "6.8", "6.12" };
	size_t kernel = draw(l, sizeof(kernels) / sizeof(kernels[0]));
	uint64_t at = BEGIN + 3 * SEC, incidents = 1 + draw(l, 4);

	l->page_ns = 20 + draw(l, 160);
	l->pages_in = small_pages_in;
	begin(l, kernels[kernel], incidents);
	add_late_scan(l, l->nr_cpus - 1, BEGIN + SEC);
	for (uint64_t i = 0; i < incidents; i++) {
		at = chance(l, 85) ? add_hold(l, at) : add_pause(l, at);
		add_late_scan(l, l->nr_cpus - 1, at + 100 * MS);
		at += (400 + draw(l, 2000)) * MS;
	}
}

/* Short ones, whose start the pages alone must not bound. */
static uint64_t add_short_hold(struct lot *l, uint64_t at)
{
	uint64_t length = chance(l, 30) ? (5 + draw(l, 3)) * MS : (12 + draw(l, 14)) * MS;

	hold(l, (unsigned int)draw(l, l->nr_cpus), TASK("kswapd0", 68), at, at + draw_length(l, US, 9), at + length);
	return at + length;
}

void make_folios(struct lot *l)
{
	static const char *const kernels[] = { "6.1", "6.8", "6.12", "6.18" };
	size_t kernel = draw(l, sizeof(kernels) / sizeof(kernels[0]));
	bool capped = kernel == 3;	/* a scan of it ends after 32768 skipped folios, 75 ms */
	uint64_t at = BEGIN + 3 * SEC, incidents = 2 + draw(l, 3);

	l->pages_in = chance(l, 50) ? folio_pages_in : mixed_pages_in;
	begin(l, kernels[kernel], incidents);
	for (uint64_t i = 0; i < incidents; i++) {
		at = capped || chance(l, 40) ? add_short_hold(l, at) : add_hold(l, at);
		at += (400 + draw(l, 2000)) * MS;
	}
}
