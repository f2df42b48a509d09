// SPDX-License-Identifier: LGPL-2.1-or-later
/* story.c - which events does a kernel record for what happens? */
#include "story.h"

#include <stdio.h>
#include <string.h>

#include "vmstall/event.h"

enum { CONTENTION_SPIN = 1, MICROSECOND = 1000 };

struct task idle_task(unsigned int cpu)
{
	struct task idle = { .prio = 120 };

	snprintf(idle.comm, sizeof(idle.comm), "swapper/%u", cpu);
	return idle;
}

/* 4.15 writes every state but "preempted" one bit too high. */
static int64_t recorded_state(const struct scene *s, int64_t state)
{
	if (strcmp(scene_options(s)->kernel, "4.15") || state == TASK_ST_PREEMPTED)
		return state;
	return state ? state << 1 : 1;
}

void story_switch(struct scene *s, unsigned int cpu, uint64_t ts, struct task prev, struct task next, int64_t state)
{
	struct scene_at at = { .ts = ts, .cpu = cpu, .pid = prev.pid, .flags = EVENT_FL_IRQS_OFF, .preempt = 2 };

	scene_event(s, at, "sched:sched_switch", STR("prev_comm", prev.comm), INT("prev_pid", prev.pid),
		INT("prev_prio", prev.prio), INT("prev_state", recorded_state(s, state)), STR("next_comm", next.comm),
		INT("next_pid", next.pid), INT("next_prio", next.prio));
}

static void wake_event(struct scene *s, struct scene_at at, const char *event, unsigned int cpu, struct task task)
{
	scene_add(s, at, event,
		(const struct scene_field[]){ STR("comm", task.comm), INT("pid", task.pid), INT("prio", task.prio),
			INT("?success", 1), INT("target_cpu", cpu), { .name = NULL } });
}

void story_waking(struct scene *s, struct scene_at at, unsigned int target_cpu, struct task task)
{
	wake_event(s, at, "sched:sched_waking", target_cpu, task);
}

void story_wakeup(struct scene *s, struct scene_at at, unsigned int target_cpu, struct task task)
{
	wake_event(s, at, "sched:sched_wakeup", target_cpu, task);
}

void story_wake(struct scene *s, struct scene_at at, unsigned int target_cpu, struct task task)
{
	story_waking(s, at, target_cpu, task);
	at.ts += MICROSECOND;
	story_wakeup(s, at, target_cpu, task);
}

void story_isolate(struct scene *s, struct scene_at at, struct isolate i)
{
	at.flags |= EVENT_FL_IRQS_OFF;
	at.preempt = 1;
	scene_event(s, at, "vmscan:mm_vmscan_lru_isolate", INT("highest_zoneidx|classzone_idx", i.classzone),
		INT("order", i.order), INT("nr_requested", i.requested), INT("nr_scanned", i.scanned),
		INT("nr_skipped", i.skipped), INT("nr_taken", i.taken), INT("lru", i.lru));
}

void story_wakeup_kswapd(struct scene *s, struct scene_at at, int zid, int order, uint64_t gfp_flags)
{
	scene_event(s, at, "vmscan:mm_vmscan_wakeup_kswapd", INT("nid", 0), INT("zid", zid), INT("order", order),
		INT("?gfp_flags", gfp_flags));
}

void story_kswapd_wake(struct scene *s, struct scene_at at, int zid, int order)
{
	scene_event(s, at, "vmscan:mm_vmscan_kswapd_wake", INT("nid", 0), INT("zid", zid), INT("order", order));
}

void story_kswapd_sleep(struct scene *s, struct scene_at at)
{
	scene_event(s, at, "vmscan:mm_vmscan_kswapd_sleep", INT("nid", 0));
}

static const char *reclaim_event(const char *kind, const char *end, char *buf, size_t len)
{
	snprintf(buf, len, "vmscan:mm_vmscan_%s_reclaim_%s", kind, end);
	return buf;
}

void story_reclaim_begin(struct scene *s, struct scene_at at, const char *kind, int order, uint64_t gfp_flags)
{
	char event[80];

	scene_event(s, at, reclaim_event(kind, "begin", event, sizeof(event)), INT("order", order),
		INT("gfp_flags", gfp_flags));
}

void story_reclaim_end(struct scene *s, struct scene_at at, const char *kind, uint64_t nr_reclaimed)
{
	char event[80];

	scene_event(s, at, reclaim_event(kind, "end", event, sizeof(event)), INT("nr_reclaimed", nr_reclaimed));
}

void story_contention(struct scene *s, struct scene_at begin, uint64_t end_ts, uint64_t lock_addr)
{
	begin.flags |= EVENT_FL_IRQS_OFF;
	begin.preempt = 1;
	scene_event(s, begin, "lock:contention_begin", INT("lock_addr", lock_addr), INT("flags", CONTENTION_SPIN));
	begin.ts = end_ts;
	scene_event(s, begin, "lock:contention_end", INT("lock_addr", lock_addr), INT("ret", 0));
}
