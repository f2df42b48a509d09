/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* events.h - events as values, as the decoder would have made them; a task's comm is "t" and its pid */
#ifndef VMSTALL_TEST_EVENTS_H
#define VMSTALL_TEST_EVENTS_H

#include <stdio.h>
#include <string.h>

#include "vmstall/event.h"

#define US  UINT64_C(1000)
#define MS  UINT64_C(1000000)
#define SEC UINT64_C(1000000000)

static inline void name_task(char comm[TASK_COMM_LEN], int32_t pid)
{
	snprintf(comm, TASK_COMM_LEN, pid ? "t%d" : "swapper", pid);
}

static inline struct event any_event(enum event_kind kind, unsigned int cpu, uint64_t ts, int32_t pid)
{
	return (struct event){ .kind = (uint16_t)kind, .cpu = (uint16_t)cpu, .ts = ts, .prev_ns = ts, .pid = pid };
}

static inline struct event switch_event(unsigned int cpu, uint64_t ts, int32_t prev, int32_t next, int64_t state)
{
	struct event ev = any_event(EVENT_SCHED_SWITCH, cpu, ts, prev);

	ev.sw = (struct ev_switch){ .prev_pid = prev, .next_pid = next, .prev_state = state, .prev_prio = 120, .next_prio = 120 };
	name_task(ev.sw.prev_comm, prev);
	name_task(ev.sw.next_comm, next);
	return ev;
}

/* @by wakes @pid from @cpu, towards @target; @flags: EVENT_FL_HARDIRQ when it is a timer. */
static inline struct event wake_event(enum event_kind kind, unsigned int cpu, uint64_t ts, int32_t by, int32_t pid,
				      int32_t target, uint8_t flags)
{
	struct event ev = any_event(kind, cpu, ts, by);

	ev.flags = flags;
	ev.wakeup = (struct ev_wakeup){ .pid = pid, .prio = 120, .target_cpu = target };
	name_task(ev.wakeup.comm, pid);
	return ev;
}

static inline struct event isolate_event(unsigned int cpu, uint64_t ts, int32_t pid, uint64_t scanned, uint64_t skipped)
{
	struct event ev = any_event(EVENT_LRU_ISOLATE, cpu, ts, pid);

	ev.flags = EVENT_FL_IRQS_OFF;
	ev.present = HAS_CLASSZONE | HAS_ORDER | HAS_LRU | HAS_REQUESTED | HAS_SKIPPED | HAS_TAKEN;
	ev.isolate = (struct ev_lru_isolate){
		.lru = LRU_INACTIVE_FILE, .nr_requested = 32, .nr_scanned = scanned, .nr_skipped = skipped,
		.nr_taken = scanned - skipped
	};
	return ev;
}

static inline struct event lost_event(unsigned int cpu, uint64_t ts, int64_t missed)
{
	struct event ev = any_event(EVENT_LOST, cpu, ts, 0);

	ev.lost.missed = missed;
	return ev;
}

static inline struct event reclaim_event(unsigned int cpu, uint64_t ts, int32_t pid, bool begin, enum reclaim_type type)
{
	struct event ev = any_event(begin ? EVENT_RECLAIM_BEGIN : EVENT_RECLAIM_END, cpu, ts, pid);

	ev.reclaim = (struct ev_reclaim){ .type = (uint8_t)type, .nr_reclaimed = begin ? 0 : 32 };
	return ev;
}

#endif
