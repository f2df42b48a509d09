/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * snapshot.h - what every CPU and task did around one stall, as far as the events say
 *
 * A snapshot is taken at the release, before any frozen task moves. The records that follow complete it:
 * when each CPU resumes, which tasks the overdue interrupts wake, and when each task runs again.
 * A snapshot holds facts only; frozen_cpus.c and frozen_tasks.c judge them.
 */
#ifndef VMSTALL_SNAPSHOT_H
#define VMSTALL_SNAPSHOT_H

#include "model/report.h"
#include "passes/lru_lock/chain.h"
#include "state/rhythm.h"
#include "state/trackers.h"
#include "util/table.h"

/* What shows that a CPU was frozen and not merely without events (KERNEL-FACTS 4). */
enum freeze_sign {
	SIGN_HOLDER	 = 1 << 0,	/* it held the lock itself */
	SIGN_CONTENTION	 = 1 << 1,	/* its last record is the wait for a spinning lock */
	SIGN_LATE_TIMERS = 1 << 2,	/* when it resumed, interrupts woke regular tasks that were long due */
	SIGN_UNSERVED	 = 1 << 3,	/* a task woken onto it did not get to run */
	SIGN_STARVED	 = 1 << 4,	/* a task queued there waited for many turns without running */
	SIGN_LATE_WAKES	 = 1 << 5,	/* as LATE_TIMERS, but for tasks that sleep irregularly: weak */
	SIGN_NEXT_HOLDER = 1 << 6,	/* it held the lock itself as soon as the lock was free */
	SIGN_OVERSLEPT	 = 1 << 7,	/* tasks asleep there slept longer than ever, until it went on: weak */
	SIGN_WENT_ON	 = 1 << 8,	/* it went on right at the release, which is no coincidence: see chance.h */
	WEAK_SIGNS	 = SIGN_LATE_WAKES | SIGN_OVERSLEPT,
};

/**
 * struct snapshot_cpu - one CPU around the release
 * @silent_from: its last record before the release
 * @silent_to:   its first record after the release; valid when @resumed
 * @resume:      a reference to the record at @silent_to
 * @current:     the pid that ran on it; 0 idle; valid when @has_current
 * @signs:       enum freeze_sign
 * @frozen:      it shows enough signs, for long enough
 * @queued_on:   frozen beyond the release: it got the lock only after the holds that followed on the same lock
 * @own_hold:    it held another lru_lock at the release: that is why it was silent
 * @burst:       its overdue interrupts are still arriving: there was no switch yet
 * @by_itself:   no other CPU made it go on: its first record is of the task on it, or a timer's
 * @chance:      that it shows these signs without being frozen
 */
struct snapshot_cpu {
	uint64_t silent_from, silent_to;
	struct event_ref resume;
	int32_t current;
	uint16_t last_kind;
	bool seen, has_current, resumed, lost, burst, by_itself, frozen, queued_on, own_hold;
	uint32_t signs;
	double chance;
};

/* How a task was first woken after the release. */
enum wake_how { WOKEN_NOT, WOKEN_BURST, WOKEN_INTERRUPT, WOKEN_BY_TASK };

/**
 * struct snapshot_task - a task that did not run at the release, or ran on a silent CPU
 * @task:      its state, since when and on which CPU, at the release
 * @woken_at:  its first wake-up after the release; 0: not among the replayed records
 * @ran_at:    its first run after the release; 0: not among the replayed records
 * @habits:    what it does when nothing holds it up; NULL: not known. The trackers own it
 * @hidden:    records are missing since it was seen to be in its state
 * @named:     is a victim already
 * @chance:    once named: that it would have stood still like this anyway
 */
struct snapshot_task {
	struct task task;
	struct rhythm rhythm;
	uint64_t woken_at, ran_at;
	uint16_t woken_cpu;
	uint8_t woken;		/* enum wake_how */
	int32_t waker;
	bool hidden, named, queued_on;	/* queued_on: frozen beyond the release, as for a CPU; set when named */
	uint64_t frozen_from;	/* set when named */
	double chance;
	const struct habits *habits;
};

/* A wait for a CPU that ended before the release: another CPU pulled the task away. */
struct ended_wait { int32_t pid; uint16_t cpu; uint64_t from, to; };

struct snapshot {
	const struct rules *rules;	/* the report's */
	size_t stall;		/* index in the report */
	uint64_t start, release;	/* of the stall, best estimates; release: the moment of the snapshot */
	uint64_t start_earliest;	/* of the stall */
	uint64_t until;		/* records are followed until then */
	bool taken, lost, over;
	bool lock_sleeps;	/* PREEMPT_RT: waiters slept, no CPU was frozen */
	bool has_wakes;		/* wake-ups are recorded */
	bool has_switches;	/* switches are recorded */
	struct snapshot_cpu *cpus;
	size_t nr_cpus;
	struct snapshot_task *tasks;
	size_t nr_tasks;
	struct table by_pid;	/* of tasks */
	struct chain chain;	/* the holds that followed */
	uint64_t least_ns;	/* a task that lost less is not a victim */
};

/* Call it at the release: copies what the trackers know. @nr_cpus: of the recording. Returns 0 or -ENOMEM. */
int snapshot_take(struct snapshot *snap, const struct trackers *t, size_t nr_cpus);
/* Call it for every later event, while the trackers still have the state just before that event. */
void snapshot_follow(struct snapshot *snap, const struct event *ev);
/* Let the tasks' habits be known, as the whole scan saw them. They are valid until the trackers see the next event. */
void snapshot_take_habits(struct snapshot *snap, const struct trackers *t);
/*
 * Mark the CPUs that were in the middle of a long scan of their own at the release. Since 5.11 there are many lru_locks, so
 * such a scan need not have waited for this stall's lock.
 */
void snapshot_note_holders(struct snapshot *snap, const struct report *r);
struct snapshot_task *snapshot_find(const struct snapshot *snap, int32_t pid);
/*
 * May @s have been in another state, for all that is recorded? One that was queued was so if it ran again without a wake-up. A sleeper
 * with a rhythm shows by when it is woken that it was late. Valid once the snapshot is complete.
 */
bool snapshot_doubtful(const struct snapshot *snap, const struct snapshot_task *s);
/* A thread that runs when others give it work: that it sleeps for longer than ever shows only that nobody did. */
bool snapshot_runs_on_demand(const struct snapshot_task *s);
void snapshot_clear(struct snapshot *snap);

#endif
