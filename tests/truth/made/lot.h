/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lot.h - machines drawn by lot: what they share */
#ifndef VMSTALL_TRUTH_LOT_H
#define VMSTALL_TRUTH_LOT_H

#include <stdio.h>

#include "machine.h"
#include "vmstall/event.h"

enum { MAX_CPUS = 12, MAX_LOSSES = 65536, MAX_NAMED = 256 };
enum { PUBLISHER = 300, FOLLOWER = 500, BURNER = 700, RARE = 800, RECLAIMER = 1000 };

#define BEGIN (100 * SEC)

struct loss { struct task who; uint64_t from, to; };

struct lot {
	uint64_t state;
	struct scene *s;
	struct machine *m;
	unsigned int nr_cpus;
	uint64_t end;
	uint64_t (*pages_in)(struct lot *l, uint64_t ns);	/* that a scan walks in this time */
	uint64_t page_ns, slowest_resume;			/* us after the release */
	int32_t next_pid;
	FILE *holds, *waits, *triggers;
	struct task tasks[MAX_NAMED];
	size_t nr_tasks, nr_losses;
	struct loss losses[MAX_LOSSES];
};

/* lot.c: the lot itself, and the truth as it is written down. */
struct lot *lot_new(const char *seed, const char *base);
/* The machine of the scene, with its tasks watched; it is recorded for @seconds. */
void lot_begin(struct lot *l, struct scene_options options, uint64_t seconds);
/* Play the machine, write all of it, and free the lot; 0 or a negative errno. */
int lot_end(struct lot *l, const char *base);

uint64_t draw(struct lot *l, uint64_t below);
uint64_t draw_length(struct lot *l, uint64_t least, uint64_t doublings);	/* of each order of magnitude as many */
bool chance(struct lot *l, uint64_t percent);
struct task named(struct lot *l, const char *name, int32_t pid);	/* of which every gap is known */
struct task reclaimer(struct lot *l, const char *name);		/* a new one */

/* @cpu falls silent at @from, has the lock from @locked on, and lets go at @to. */
void hold(struct lot *l, unsigned int cpu, struct task who, uint64_t from, uint64_t locked, uint64_t to);
void wait_for_it(struct lot *l, unsigned int cpu, struct task who, uint64_t from, uint64_t to);
/* Who asked for the reclaim whose isolate event comes at @event. */
void asked_for(struct lot *l, struct task asker, uint64_t event);

/* incidents.c; each of them returns when all of it is over. */
void add_tasks(struct lot *l);
uint64_t add_hold(struct lot *l, uint64_t at);
/* Since 5.11 a cgroup has a lock of its own: two long scans at once, each with those who wait for it. */
uint64_t add_two_holds(struct lot *l, uint64_t at);
uint64_t add_pause(struct lot *l, uint64_t at);		/* of the whole machine */
/* A hypervisor takes one CPU away for a moment between these times: that is nobody's stall. */
void steal(struct lot *l, uint64_t from, uint64_t to);

/* cgroup.c: a computing task on this CPU, and some of a light cgroup that wait behind it. */
void add_groups(struct lot *l, unsigned int cpu);
/* alone.c: from this CPU on, one task each that computes, with silences of its own. */
void add_silent_solvers(struct lot *l, unsigned int first);

/* The kinds. */
void make_any(struct lot *l);
void make_quick(struct lot *l);
void make_folios(struct lot *l);
void make_numa(struct lot *l);
void make_cgroup(struct lot *l);
void make_alone(struct lot *l);
void make_calm(struct lot *l);

#endif
