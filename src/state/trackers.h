/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* trackers.h - the state that passes share: what every CPU and every task is doing at the moment */
#ifndef VMSTALL_TRACKERS_H
#define VMSTALL_TRACKERS_H

#include "state/hidden.h"
#include "state/tasks.h"

/**
 * struct cpu_state - one CPU
 * @last:    its last record of any kind; @seen: there was one
 * @current: pid running there, 0 idle; valid when @has_current
 * @since:   when @current began to run; or, if that was not seen, when it was first known
 * @lost_ns: time of the last loss on it, 0: none
 * @waking:  the task that its last record woke, where that is a sched_waking
 */
struct cpu_state {
	uint64_t last, since, lost_ns;
	int32_t current;
	bool seen, has_current;
	uint16_t last_kind;
	int32_t last_pid, waking;
};

struct trackers {
	struct tasks tasks;
	struct cpu_state *cpus;
	size_t nr_cpus;
	struct hidden hidden;	/* the losses so far. A loss is known only when it is over */
};

/* The events that the trackers must see. An event of another kind only shows that its CPU is alive. */
#define TRACKERS_WANT (KIND(EVENT_LOST) | KIND(EVENT_SCHED_SWITCH) | KIND(EVENT_SCHED_WAKING) | KIND(EVENT_SCHED_WAKEUP) | \
		       KIND(EVENT_SCHED_MIGRATE) | KIND(EVENT_SCHED_FORK) | KIND(EVENT_SCHED_EXIT))

/* Follow one event; call after the passes saw it. Returns 0 or -ENOMEM. */
int trackers_event(struct trackers *t, const struct event *ev);
/* Forget states, keep names. Call it where the replay jumps. */
void trackers_forget(struct trackers *t);
void trackers_clear(struct trackers *t);

/* NULL: there is no record of that CPU yet. */
const struct cpu_state *trackers_cpu(const struct trackers *t, unsigned int cpu);
/* "" when no event named it. */
const char *trackers_comm(const struct trackers *t, int32_t pid);

#endif
