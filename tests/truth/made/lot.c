// SPDX-License-Identifier: LGPL-2.1-or-later
/* lot.c - what is drawn by lot, and what is written down of the truth about it */
#include "lot.h"

#include <stdlib.h>
#include <string.h>

#include "bytes.h"

/* splitmix64: the same everywhere. */
uint64_t draw(struct lot *l, uint64_t below)
{
	uint64_t z = (l->state += UINT64_C(0x9e3779b97f4a7c15));

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return (z ^ (z >> 31)) % below;
}

uint64_t draw_length(struct lot *l, uint64_t least, uint64_t doublings)
{
	uint64_t base = least << draw(l, doublings);

	return base + draw(l, base);
}

bool chance(struct lot *l, uint64_t percent)
{
	return draw(l, 100) < percent;
}

struct task named(struct lot *l, const char *name, int32_t pid)
{
	struct task task = { .pid = pid, .prio = 120 };

	snprintf(task.comm, sizeof(task.comm), "%.10s%u", name, (unsigned int)pid % 1000);
	l->tasks[l->nr_tasks++] = task;
	return task;
}

static void note_loss(void *data, struct task who, uint64_t from, uint64_t to)
{
	struct lot *l = data;

	if (to - from >= 5 * MS && l->nr_losses < MAX_LOSSES)
		l->losses[l->nr_losses++] = (struct loss){ who, from, to };
}

static double seconds(uint64_t ns)
{
	return (double)ns / 1e9;
}

static struct isolate scan_of(struct lot *l, uint64_t length)
{
	uint64_t scanned = l->pages_in(l, length) + 64, taken = chance(l, 20) ? 0 : 1 + draw(l, 32);

	return (struct isolate){ .classzone = (int)draw(l, 2), .lru = chance(l, 80) ? LRU_INACTIVE_FILE : LRU_ACTIVE_ANON,
		.requested = 32, .scanned = scanned, .skipped = scanned - taken, .taken = taken };
}

void hold(struct lot *l, unsigned int cpu, struct task who, uint64_t from, uint64_t locked, uint64_t to)
{
	struct isolate scan = scan_of(l, to - locked);

	machine_hold(l->m, cpu, who, from, to, scan);
	fprintf(l->holds, "%.9f,%.9f,%u,%d,%s,%llu,%llu,iso_acq,%.9f,,,,\n", seconds(locked), seconds(to), cpu, who.pid, who.comm,
		(unsigned long long)scan.scanned, (unsigned long long)scan.skipped, seconds(to - US));
}

void wait_for_it(struct lot *l, unsigned int cpu, struct task who, uint64_t from, uint64_t to)
{
	fprintf(l->waits, "%.9f,%.9f,%u,%d,%s,0x1\n", seconds(from), seconds(to), cpu, who.pid, who.comm);
}

struct task reclaimer(struct lot *l, const char *name)
{
	return named(l, name, l->next_pid++);
}

static void write_losses(const struct lot *l, const char *base)
{
	char path[4096];
	FILE *out;

	snprintf(path, sizeof(path), "%s.publishers.txt", base);
	out = fopen(path, "w");
	if (!out)
		scene_oops("%s cannot be written", path);
	for (size_t i = 0; i < l->nr_tasks; i++) {
		fprintf(out, "name=%s pid=%d loops=1\n", l->tasks[i].comm, l->tasks[i].pid);
		for (size_t j = 0; j < l->nr_losses; j++)
			if (l->losses[j].who.pid == l->tasks[i].pid)
				fprintf(out, "gap start_s=%.9f end_s=%.9f\n", seconds(l->losses[j].from), seconds(l->losses[j].to));
	}
	fclose(out);
}

static FILE *table(const char *base, const char *what, const char *header)
{
	char path[4096];
	FILE *out;

	snprintf(path, sizeof(path), "%s.%s.csv", base, what);
	out = fopen(path, "w");
	if (!out)
		scene_oops("%s cannot be written", path);
	fprintf(out, "%s\n", header);
	return out;
}

void asked_for(struct lot *l, struct task asker, uint64_t event)
{
	fprintf(l->triggers, "%.9f,%d,%s\n", seconds(event), asker.pid, asker.comm);
}

struct lot *lot_new(const char *seed, const char *base)
{
	struct lot *l = scene_alloc(NULL, 1, sizeof(*l));

	memset(l, 0, sizeof(*l));
	l->state = strtoull(seed, NULL, 10);
	l->next_pid = RECLAIMER;
	l->slowest_resume = 40;
	l->holds = table(base, "holds", "lock_hold_start_s,lock_hold_end_s,cpu,pid,comm,nr_scanned,nr_skipped,kind,isolate_event_s,"
			 "last_main_event_before_on_cpu_s,last_main_event_before,main_event_after_on_cpu_s,main_event_after");
	l->waits = table(base, "waits", "wait_start_s,wait_end_s,cpu,pid,comm,lock");
	l->triggers = table(base, "triggers", "isolate_event_s,pid,comm");
	return l;
}

void lot_begin(struct lot *l, struct scene_options options, uint64_t length)
{
	l->nr_cpus = options.nr_cpus;
	l->s = scene_new(&options);
	l->end = BEGIN + length * SEC;
	l->m = machine_new(l->s, BEGIN, l->end);
	machine_watch(l->m, note_loss, l);
}

int lot_end(struct lot *l, const char *base)
{
	char path[4096];
	int err;

	machine_play(l->m);
	write_losses(l, base);
	snprintf(path, sizeof(path), "%s.dat", base);
	err = scene_write(l->s, path);
	scene_free(l->s);
	fclose(l->holds);
	fclose(l->waits);
	fclose(l->triggers);
	free(l);
	return err;
}
