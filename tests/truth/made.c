// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * made.c - a machine drawn by lot, its recording, and the truth beside it
 *
 * Usage: made SEED BASE. Writes BASE.dat, and BASE.holds.csv, BASE.waits.csv, BASE.publishers.txt as they are measured
 * beside a real recording, so that score.py judges both alike. Drawn are the kernel, the CPUs, the tasks, and up to
 * four incidents: a hold that freezes all, some or none of the other CPUs, late or at once; a chain of two holds; a
 * machine that was paused, which is no stall.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bytes.h"
#include "machine.h"
#include "vmstall/event.h"

enum { MAX_CPUS = 12, MAX_LOSSES = 65536, PUBLISHER = 300, FOLLOWER = 500, BURNER = 700, RARE = 800, RECLAIMER = 1000 };

#define BEGIN (100 * SEC)

struct loss { struct task who; uint64_t from, to; };

struct lot {
	uint64_t state;
	struct scene *s;
	struct machine *m;
	unsigned int nr_cpus;
	uint64_t end, page_ns;
	int32_t next_pid;
	FILE *holds, *waits;
	struct task tasks[256];
	size_t nr_tasks, nr_losses;
	struct loss losses[MAX_LOSSES];
};

/* splitmix64: the same everywhere. */
static uint64_t draw(struct lot *l, uint64_t below)
{
	uint64_t z = (l->state += UINT64_C(0x9e3779b97f4a7c15));

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return (z ^ (z >> 31)) % below;
}

/* Of each order of magnitude as many. */
static uint64_t draw_length(struct lot *l, uint64_t least, uint64_t doublings)
{
	uint64_t base = least << draw(l, doublings);

	return base + draw(l, base);
}

static bool chance(struct lot *l, uint64_t percent)
{
	return draw(l, 100) < percent;
}

static struct task named(struct lot *l, const char *name, int32_t pid)
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

static void add_tasks(struct lot *l)
{
	struct machine_task *pub[MAX_CPUS];

	for (unsigned int cpu = 0; cpu < l->nr_cpus; cpu++) {
		uint64_t period = (5 + draw(l, 60)) * MS;

		pub[cpu] = machine_periodic(l->m, cpu, named(l, "pub", PUBLISHER + (int32_t)cpu), period,
					    draw(l, period), 100 * US + draw(l, MS));
		if (chance(l, 40))
			machine_hog(l->m, cpu, named(l, "burner", BURNER + (int32_t)cpu));
		if (chance(l, 30))	/* sleeps through most of it, unharmed more often than not */
			machine_periodic(l->m, cpu, named(l, "rare", RARE + (int32_t)cpu), (2000 + draw(l, 4000)) * MS,
					 draw(l, 2 * SEC), MS);
	}
	for (unsigned int cpu = 0; cpu < l->nr_cpus; cpu++)
		if (chance(l, 60))
			machine_subscriber(l->m, cpu, named(l, "sub", FOLLOWER + (int32_t)cpu), pub[draw(l, l->nr_cpus)],
					   50 * US + draw(l, 300 * US));
}

static double seconds(uint64_t ns)
{
	return (double)ns / 1e9;
}

static struct isolate scan_of(struct lot *l, uint64_t length)
{
	/* On one machine a page costs up to twice as much as at other times. */
	uint64_t scanned = length / (l->page_ns + draw(l, l->page_ns)) + 64, taken = chance(l, 20) ? 0 : 1 + draw(l, 32);

	return (struct isolate){ .classzone = (int)draw(l, 2), .lru = chance(l, 80) ? LRU_INACTIVE_FILE : LRU_ACTIVE_ANON,
		.requested = 32, .scanned = scanned, .skipped = scanned - taken, .taken = taken };
}

/* @cpu falls silent at @from, has the lock from @locked on, and lets go at @to. */
static void hold(struct lot *l, unsigned int cpu, struct task who, uint64_t from, uint64_t locked, uint64_t to)
{
	struct isolate scan = scan_of(l, to - locked);

	machine_hold(l->m, cpu, who, from, to, scan);
	fprintf(l->holds, "%.9f,%.9f,%u,%d,%s,%llu,%llu,iso_acq,%.9f,,,,\n", seconds(locked), seconds(to), cpu, who.pid, who.comm,
		(unsigned long long)scan.scanned, (unsigned long long)scan.skipped, seconds(to - US));
}

static void wait_for_it(struct lot *l, unsigned int cpu, struct task who, uint64_t from, uint64_t to)
{
	fprintf(l->waits, "%.9f,%.9f,%u,%d,%s,0x1\n", seconds(from), seconds(to), cpu, who.pid, who.comm);
}

static struct task reclaimer(struct lot *l, const char *name)
{
	return named(l, name, l->next_pid++);
}

/* Returns when all of it is over. */
static uint64_t add_hold(struct lot *l, uint64_t at)
{
	uint64_t length = draw_length(l, 20 * MS, 6), release = at + length, last = release;
	unsigned int holder = (unsigned int)draw(l, l->nr_cpus), next = l->nr_cpus, share = (unsigned int)draw(l, 5) * 25;
	bool chain = chance(l, 25);

	hold(l, holder, chance(l, 70) ? TASK("kswapd0", 68) : reclaimer(l, "reclaimer"), at, at + draw_length(l, US, 10), release);
	for (unsigned int cpu = 0; cpu < l->nr_cpus; cpu++) {
		uint64_t from = at + 5 * US + draw(l, chance(l, 80) ? length / 8 : length - length / 10);
		struct task who;

		if (cpu == holder || !chance(l, share))
			continue;
		who = reclaimer(l, "worker");
		if (chain && next == l->nr_cpus) {	/* the first in the queue scans for long, too */
			next = cpu;
			last = release + draw_length(l, 40 * MS, 4);
			hold(l, cpu, who, from, release + 2 * US, last);
			wait_for_it(l, cpu, who, from, release + 2 * US);
			continue;
		}
		machine_freeze(l->m, cpu, who, from, last + (2 + draw(l, 40)) * US);
		wait_for_it(l, cpu, who, from, last + 2 * US);
	}
	return last;
}

/* Since 5.11 a cgroup has a lock of its own: two long scans at once, each with those who wait for it. */
static uint64_t add_two_holds(struct lot *l, uint64_t at)
{
	uint64_t from[2], to[2];

	for (unsigned int i = 0; i < 2; i++) {
		from[i] = at + i * draw(l, 100 * MS);
		to[i] = from[i] + draw_length(l, 100 * MS, 4);
		hold(l, i, reclaimer(l, "reclaimer"), from[i], from[i] + draw_length(l, US, 10), to[i]);
	}
	for (unsigned int cpu = 2; cpu < l->nr_cpus; cpu++) {
		unsigned int which = (unsigned int)draw(l, 3);
		struct task who;
		uint64_t since;

		if (which == 2)
			continue;
		who = reclaimer(l, "worker");
		since = from[which] + 5 * US + draw(l, (to[which] - from[which]) / 4);
		machine_freeze(l->m, cpu, who, since, to[which] + (2 + draw(l, 40)) * US);
		wait_for_it(l, cpu, who, since, to[which] + 2 * US);
	}
	return to[0] > to[1] ? to[0] : to[1];
}

/* A hypervisor takes one CPU away for a moment: that is nobody's stall. */
static void steal(struct lot *l, uint64_t from, uint64_t to)
{
	unsigned int cpu = (unsigned int)draw(l, l->nr_cpus);
	uint64_t at = from + draw(l, to - from - 80 * MS);

	machine_pause(l->m, cpu, at, at + draw_length(l, 2 * MS, 5));
}

static uint64_t add_pause(struct lot *l, uint64_t at)
{
	uint64_t length = draw_length(l, 50 * MS, 4);

	for (unsigned int cpu = 0; cpu < l->nr_cpus; cpu++)
		machine_pause(l->m, cpu, at + draw(l, 2 * US), at + length + draw(l, 20 * US));
	return at + length;
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

static void make(struct lot *l)
{
	static const char *const kernels[] = { "4.15", "5.4", "5.10", "5.15", "6.1", "6.8", "6.12" };
	size_t kernel = draw(l, sizeof(kernels) / sizeof(kernels[0]));
	uint64_t at = BEGIN + 3 * SEC, incidents = draw(l, 5), calm;

	l->nr_cpus = 2 + (unsigned int)draw(l, MAX_CPUS - 1);
	l->next_pid = RECLAIMER;
	l->page_ns = 60 + draw(l, 60);
	l->s = scene_new(&(struct scene_options){ .kernel = kernels[kernel], .nr_cpus = l->nr_cpus });
	l->end = BEGIN + 4 * SEC + incidents * 6 * SEC;
	l->m = machine_new(l->s, BEGIN, l->end);
	machine_watch(l->m, note_loss, l);
	add_tasks(l);
	story_kswapd_wake(l->s, (struct scene_at){ .ts = BEGIN + SEC, .pid = 68 }, 0, 0);	/* the one node */
	steal(l, BEGIN + SEC, at);
	for (uint64_t i = 0; i < incidents; i++) {
		if (kernel > 2 && chance(l, 20))
			at = add_two_holds(l, at);
		else
			at = chance(l, 85) ? add_hold(l, at) : add_pause(l, at);
		calm = (200 + draw(l, 2000)) * MS;
		steal(l, at + 10 * MS, at + calm - 10 * MS);
		at += calm;
	}
	machine_play(l->m);
}

int main(int argc, char **argv)
{
	struct lot *l = scene_alloc(NULL, 1, sizeof(*l));
	char path[4096];
	int err;

	if (argc != 3) {
		fprintf(stderr, "usage: made SEED BASE\n");
		return 2;
	}
	memset(l, 0, sizeof(*l));
	l->state = strtoull(argv[1], NULL, 10);
	l->holds = table(argv[2], "holds", "lock_hold_start_s,lock_hold_end_s,cpu,pid,comm,nr_scanned,nr_skipped,kind,isolate_event_s,"
			 "last_main_event_before_on_cpu_s,last_main_event_before,main_event_after_on_cpu_s,main_event_after");
	l->waits = table(argv[2], "waits", "wait_start_s,wait_end_s,cpu,pid,comm,lock");
	make(l);
	write_losses(l, argv[2]);
	snprintf(path, sizeof(path), "%s.dat", argv[2]);
	err = scene_write(l->s, path);
	scene_free(l->s);
	fclose(l->holds);
	fclose(l->waits);
	free(l);
	if (err)
		fprintf(stderr, "made: %s: %s\n", path, strerror(-err));
	return err ? 1 : 0;
}
