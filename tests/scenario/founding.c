// SPDX-License-Identifier: LGPL-2.1-or-later
/* founding.c - who ran where when kswapd walked 9,911,718 pages */
#include "founding.h"

#include "small.h"
#include "vmstall/event.h"

#define PERIOD (UINT64_C(33333333)) /* 30 Hz */

static const uint64_t silent_after_ms[FOUNDING_CPUS] = { 140, 4, 9, 17, 26, 0, 38, 52, 61, 77, 95, 0 };

uint64_t silent_from(unsigned int cpu)
{
	return FOUNDING_FROM + silent_after_ms[cpu] * MS;
}

struct isolate founding_scan(void)
{
	return (struct isolate){ .classzone = 0,
		.order = 0,
		.lru = LRU_INACTIVE_FILE,
		.requested = 32,
		.scanned = 9911718,
		.skipped = 9911686,
		.taken = 32 };
}

static void add_tasks(struct machine *m)
{
	struct machine_task *pub[FOUNDING_CPUS];

	for (unsigned int cpu = 0; cpu < FOUNDING_CPUS; cpu++)
		pub[cpu] = machine_periodic(m, cpu, numbered("publisher", PUBLISHER, cpu), PERIOD,
			(3 + 2 * cpu) * MS, MS);
	machine_hog(m, 2, numbered("burner", BURNER, 2));
	machine_hog(m, 3, numbered("burner", BURNER, 3));
	machine_hog(m, FREE_CPU, numbered("burner", BURNER, FREE_CPU));
	machine_subscriber(m, FREE_CPU, TASK("log_sub", LOG_SUB), pub[1], MS / 4);
	machine_subscriber(m, 4, TASK("free_sub", FREE_SUB), pub[FREE_CPU], MS / 4);
	machine_periodic(m, 6, TASK("watchdog", WATCHDOG), 10 * SEC, 1 * MS, MS);
}

/* The driver's allocation that kswapd is woken for. */
static void add_trigger(struct scene *s)
{
	const struct scene_at asks = { .ts = FOUNDING_FROM - 60 * US, .cpu = FREE_CPU, .pid = NVGPU };
	const struct scene_at begins = { .ts = FOUNDING_FROM - 4 * US, .cpu = KSWAPD_CPU, .pid = KSWAPD };

	story_wakeup_kswapd(s, asks, 0, 0, 0xcc1);
	story_kswapd_wake(s, begins, 0, 0);
}

void tell_founding(struct scene *s)
{
	struct machine *m = machine_new(s, FOUNDING_FROM - SEC, FOUNDING_TO + SEC);

	add_tasks(m);
	machine_hold(m, KSWAPD_CPU, TASK("kswapd0", KSWAPD), FOUNDING_FROM, FOUNDING_TO, founding_scan());
	for (unsigned int cpu = 0; cpu < FREE_CPU; cpu++)
		if (cpu != KSWAPD_CPU)
			machine_freeze(m, cpu, numbered("map_worker", SPINNER, cpu), silent_from(cpu),
				FOUNDING_TO + (3 + cpu) * US);
	machine_play(m);
	scene_comm(s, NVGPU, "nvgpu_alloc");
	add_trigger(s);
}
