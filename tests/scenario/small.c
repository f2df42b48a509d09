// SPDX-License-Identifier: LGPL-2.1-or-later
/* small.c - the small machine, and what can be wrong with its recording */
#include "small.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <event-parse.h>

#include "scene.h"
#include "vmstall/event.h"

#define PERIOD (33 * MS)

struct task numbered(const char *name, int32_t pid, unsigned int cpu)
{
	struct task task = { .pid = pid + (int32_t)cpu, .prio = 120 };

	snprintf(task.comm, sizeof(task.comm), "%.11s%u", name, cpu % 100);
	return task;
}

struct scene *small_scene(const char *kernel)
{
	return scene_new(&(struct scene_options){ .kernel = kernel, .nr_cpus = SMALL_CPUS });
}

struct machine *small_machine(struct scene *s, struct machine_task **ret_pub)
{
	struct machine *m = machine_new(s, BEGIN, END);

	for (unsigned int cpu = 0; cpu < SMALL_CPUS; cpu++) {
		struct machine_task *pub =
			machine_periodic(m, cpu, numbered("pub", PUB, cpu), PERIOD, (5 + 3 * cpu) * MS, MS);

		if (ret_pub)
			ret_pub[cpu] = pub;
	}
	return m;
}

struct isolate small_scan(void)
{
	return (struct isolate){ .classzone = 0, .lru = LRU_INACTIVE_FILE, .requested = 32, .scanned = 10000032,
		.skipped = 10000000, .taken = 32 };
}

void small_hold(struct machine *m)
{
	machine_hold(m, 0, TASK("kswapd0", KSWAPD0), HOLD_FROM, HOLD_TO, small_scan());
}

void small_spin(struct machine *m, unsigned int cpu)
{
	machine_freeze(m, cpu, numbered("worker", WORKER, cpu), HOLD_FROM + 20 * cpu * MS, HOLD_TO + (2 + cpu) * US);
}

void small_stall(struct scene *s, unsigned int waiters)
{
	struct machine *m = small_machine(s, NULL);

	small_hold(m);
	for (unsigned int cpu = 1; cpu <= waiters; cpu++)
		small_spin(m, cpu);
	machine_play(m);
}

void small_burners(struct machine *m)
{
	for (unsigned int cpu = 0; cpu < SMALL_CPUS; cpu++)
		machine_hog(m, cpu, numbered("burner", HOG, cpu));
}

void skew_cpu(struct scene *s, unsigned int cpu, int64_t ns)
{
	for (size_t b = 0; b < s->nr_buffers; b++) {
		struct scene_lane *lane = &s->buffers[b].lanes[cpu];

		for (size_t i = 0; i < lane->nr; i++)
			lane->records[i].ts += (uint64_t)ns;
	}
}

void forget_records(struct scene *s, unsigned int cpu, uint64_t from, uint64_t to)
{
	for (size_t b = 0; b < s->nr_buffers; b++) {
		struct scene_lane *lane = &s->buffers[b].lanes[cpu];
		size_t kept = 0;

		for (size_t i = 0; i < lane->nr; i++) {
			if (lane->records[i].ts >= from && lane->records[i].ts < to)
				free(lane->records[i].data);
			else
				lane->records[kept++] = lane->records[i];
		}
		lane->nr = kept;
	}
}

void forget_all_records(struct scene *s, uint64_t from, uint64_t to)
{
	for (unsigned int cpu = 0; cpu < SMALL_CPUS; cpu++)
		forget_records(s, cpu, from, to);
}

static bool is_of(const struct scene_record *r, const struct scene_format *format)
{
	uint16_t id;

	memcpy(&id, r->data, sizeof(id));
	return id == format->tep->id;
}

static void forget_format(struct scene_lane *lane, const struct scene_format *format)
{
	size_t kept = 0;

	for (size_t i = 0; i < lane->nr; i++) {
		if (is_of(&lane->records[i], format))
			free(lane->records[i].data);
		else
			lane->records[kept++] = lane->records[i];
	}
	lane->nr = kept;
}

void forget_event(struct scene *s, const char *event)
{
	bool found = false;

	for (size_t f = 0; f < s->nr_formats; f++)
		for (size_t b = 0; b < s->nr_buffers; b++)
			for (unsigned int cpu = 0; cpu < SMALL_CPUS; cpu++)
				if (!strcmp(s->formats[f].name, event)) {
					forget_format(&s->buffers[b].lanes[cpu], &s->formats[f]);
					found = true;
				}
	if (!found)
		scene_oops("there is no %s to forget", event);
}

static void pin_record(struct scene_record *r, int32_t pid)
{
	int32_t by;

	memcpy(&by, r->data + 4, sizeof(by));	/* common_pid, behind type, flags and preempt count */
	if (by == pid)
		r->data[3] |= 0x10;
}

void pin_task(struct scene *s, int32_t pid, uint64_t from, uint64_t to)
{
	for (size_t b = 0; b < s->nr_buffers; b++)
		for (unsigned int cpu = 0; cpu < SMALL_CPUS; cpu++) {
			struct scene_lane *lane = &s->buffers[b].lanes[cpu];

			for (size_t i = 0; i < lane->nr; i++)
				if (lane->records[i].ts >= from && lane->records[i].ts < to)
					pin_record(&lane->records[i], pid);
		}
}

void hide_field(struct scene *s, const char *event, const char *field)
{
	bool found = false;

	for (size_t i = 0; i < s->nr_formats; i++) {
		char *at = strcmp(s->formats[i].name, event) ? NULL : s->formats[i].text;

		for (; at && (at = strstr(at, field)); found = true)
			*at = 'x';
	}
	if (!found)
		scene_oops("%s has no %s to hide", event, field);
}
