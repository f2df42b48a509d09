/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * snapshot.h - what every CPU and task did around one stall, as far as the events say
 *
 * Taken at the moment of release, when the frozen have not moved yet, and completed by what happens
 * next: who resumes when, whom the overdue interrupts wake, who runs again. Facts only; freeze.c and
 * victims.c judge them.
 */
#ifndef VMSTALL_SNAPSHOT_H
#define VMSTALL_SNAPSHOT_H

#include "model/report.h"
#include "passes/lru_lock/chain.h"
#include "state/rhythm.h"
#include "state/trackers.h"
#include "util/table.h"

/* Why a CPU is said to have been frozen and not merely without events (KERNEL-FACTS 4). */
enum freeze_sign {
	SIGN_HOLDER	 = 1 << 0,	/* it held the lock itself */
	SIGN_CONTENTION	 = 1 << 1,	/* its last record is the wait for a spinning lock */
	SIGN_LATE_TIMERS = 1 << 2,	/* on resuming, interrupts woke regular tasks whose time was long past */
	SIGN_UNSERVED	 = 1 << 3,	/* a task woken towards it did not get it */
	SIGN_STARVED	 = 1 << 4,	/* a task queued there did not get its turn for many turns */
	SIGN_LATE_WAKES	 = 1 << 5,	/* as LATE_TIMERS, but of tasks that sleep now long, now short: weak */
	SIGN_NEXT_HOLDER = 1 << 6,	/* it held the lock itself as soon as it was free */
	SIGN_OVERSLEPT	 = 1 << 7,	/* tasks asleep there slept on longer than ever, until it went on: weak */
	WEAK_SIGNS	 = SIGN_LATE_WAKES | SIGN_OVERSLEPT,
};

/**
 * struct snapshot_cpu - one CPU around the release
 * @silent_from: its last record before the release; @silent_to: its first after, valid when @resumed
 * @resume:      that record
 * @current:     who was on it; 0 idle; valid when @has_current
 * @signs:       enum freeze_sign; @frozen: enough of them, for long enough
 * @queued_on:   frozen beyond the release: its turn came only after the holds that followed on the same lock
 * @own_hold:    it held another lru_lock at the release: that is why it was silent
 * @burst:       its overdue interrupts are still coming: nothing was switched yet
 */
struct snapshot_cpu {
	uint64_t silent_from, silent_to;
	struct event_ref resume;
	int32_t current;
	uint16_t last_kind;
	bool seen, has_current, resumed, lost, burst, frozen, queued_on, own_hold;
	uint32_t signs;
};

/* How a suspect was first woken after the release. */
enum wake_how { WOKEN_NOT, WOKEN_BURST, WOKEN_INTERRUPT, WOKEN_BY_TASK };

/**
 * struct snapshot_task - a task that did not run at the release, or ran on a silent CPU
 * @state, @since, @cpu: at the release
 * @woken_at, @ran_at:   first time after it; 0: not in what was replayed
 * @named:             is a victim already
 */
struct snapshot_task {
	struct task task;
	struct rhythm rhythm;
	uint64_t woken_at, ran_at;
	uint16_t woken_cpu;
	uint8_t woken;		/* enum wake_how */
	int32_t waker;
	bool named, queued_on;	/* queued_on: of the accusation, as of a CPU */
	uint64_t frozen_from;	/* of the accusation */
};

/* A wait for a CPU that ended before the release: somebody pulled the task away. */
struct ended_wait { int32_t pid; uint16_t cpu; uint64_t from, to; };

struct snapshot {
	const struct rules *rules;	/* the report's */
	size_t stall;		/* index in the report */
	uint64_t start, release;	/* of the stall, best estimates; release: the moment of the snapshot */
	uint64_t until;		/* followed until then */
	bool taken, lost, over;
	bool lock_sleeps;	/* PREEMPT_RT: who waited slept, no CPU was frozen */
	bool has_wakes;		/* wake-ups are recorded */
	struct snapshot_cpu *cpus;
	size_t nr_cpus;
	struct snapshot_task *tasks;
	size_t nr_tasks;
	struct table by_pid;	/* of tasks */
	struct chain chain;	/* the holds that followed */
	uint64_t least_ns;	/* who lost less is not a victim */
};

/* At the release: copy what the trackers know. @nr_cpus: of the recording. Returns 0 or -ENOMEM. */
int snapshot_take(struct snapshot *snap, const struct trackers *t, size_t nr_cpus);
/* Afterwards: every event, with the trackers' state just before it. */
void snapshot_follow(struct snapshot *snap, const struct event *ev);
/* Its CPUs that were in the midst of a long scan of their own, which did not wait for this one: since 5.11 locks differ. */
void snapshot_note_holders(struct snapshot *snap, const struct report *r);
struct snapshot_task *snapshot_find(const struct snapshot *snap, int32_t pid);
void snapshot_clear(struct snapshot *snap);

#endif
