// SPDX-License-Identifier: LGPL-2.1-or-later
/* coverage.c - which questions does this recording answer, and what is missing for the others? */
#include "analysis/coverage.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "util/text.h"
#include "vmstall/event.h"

#define CAUSE(cause) (1U << CAUSE_##cause)

const struct question stall_questions[] = {
	{ "lru_lock holds: which scan held the lock, how long", KIND(EVENT_LRU_ISOLATE), true, CAUSE(LRU_LOCK_HOLD) },
	{ "frozen tasks: who spun, who could not run", KIND(EVENT_SCHED_SWITCH), false, CAUSE(UNEXPLAINED) },
	{ "late wake-ups: timers that fired late, tasks waiting for a frozen one",
	  KIND(EVENT_SCHED_SWITCH) | KIND(EVENT_SCHED_WAKING), false, 0 },
	{ "who asked for the reclaim", KIND(EVENT_WAKEUP_KSWAPD) | KIND(EVENT_KSWAPD_WAKE), false, 0 },
	{ "long direct reclaim", KIND(EVENT_RECLAIM_BEGIN) | KIND(EVENT_RECLAIM_END), false,
	  CAUSE(DIRECT_RECLAIM) | CAUSE(MEMCG_RECLAIM) },
	{ "slow shrinkers", KIND(EVENT_SHRINK_SLAB_START) | KIND(EVENT_SHRINK_SLAB_END), false, CAUSE(SHRINK_SLAB) },
	{ "throttled reclaim", KIND(EVENT_THROTTLED), false, CAUSE(THROTTLE) },
	{ "compaction stalls", KIND(EVENT_COMPACTION_BEGIN) | KIND(EVENT_COMPACTION_END), false, CAUSE(COMPACTION) },
	{ "who takes pages of the low zones", KIND(EVENT_PAGE_ALLOC), false, 0 },
	{ 0 },
};

const struct question leak_questions[] = {
	{ "slab objects that are not freed", KIND(EVENT_SLAB_ALLOC) | KIND(EVENT_SLAB_FREE), true, 0 },
	{ "pages that are not freed", KIND(EVENT_PAGE_ALLOC) | KIND(EVENT_PAGE_FREE), true, 0 },
	{ "who called the allocator, and what pages are for", KIND(EVENT_KERNEL_STACK), false, 0 },
	{ "task_structs of tasks that are gone", KIND(EVENT_SLAB_ALLOC) | KIND(EVENT_SLAB_FREE) | KIND(EVENT_SCHED_FORK) |
	  KIND(EVENT_SCHED_FREE), false, 0 },
	{ 0 },
};

const struct question reclaim_questions[] = {
	{ "direct and memcg reclaims: how many, how long, by whom", KIND(EVENT_RECLAIM_BEGIN) | KIND(EVENT_RECLAIM_END), true, 0 },
	{ "who asked kswapd", KIND(EVENT_WAKEUP_KSWAPD), true, 0 },
	{ "kswapd's wakes and time awake", KIND(EVENT_KSWAPD_WAKE) | KIND(EVENT_KSWAPD_SLEEP), true, 0 },
	{ "kswapd's time on a CPU", KIND(EVENT_KSWAPD_WAKE) | KIND(EVENT_KSWAPD_SLEEP) | KIND(EVENT_SCHED_SWITCH), true, 0 },
	{ "pages scanned and skipped, active lists included", KIND(EVENT_LRU_ISOLATE), true, 0 },
	{ "pages reclaimed", KIND(EVENT_LRU_SHRINK_INACTIVE), true, 0 },
	{ 0 },
};

const struct question gfp_questions[] = {
	{ "allocations of kernel objects that may sleep where they must not", KIND(EVENT_SLAB_ALLOC), true, 0 },
	{ "who takes pages of the low zones", KIND(EVENT_PAGE_ALLOC), true, 0 },
	{ 0 },
};

struct event_name {
	enum event_kind kind;
	const char *name;
};

static const struct event_name names[] = {
	{ EVENT_LRU_ISOLATE, "vmscan:mm_vmscan_lru_isolate" },
	{ EVENT_SCHED_SWITCH, "sched:sched_switch" },
	{ EVENT_SCHED_WAKING, "sched:sched_waking" },
	{ EVENT_WAKEUP_KSWAPD, "vmscan:mm_vmscan_wakeup_kswapd" },
	{ EVENT_KSWAPD_WAKE, "vmscan:mm_vmscan_kswapd_wake" },
	{ EVENT_RECLAIM_BEGIN, "vmscan:mm_vmscan_direct_reclaim_begin" },
	{ EVENT_RECLAIM_END, "vmscan:mm_vmscan_direct_reclaim_end" },
	{ EVENT_KSWAPD_SLEEP, "vmscan:mm_vmscan_kswapd_sleep" },
	{ EVENT_LRU_SHRINK_INACTIVE, "vmscan:mm_vmscan_lru_shrink_inactive" },
	{ EVENT_SHRINK_SLAB_START, "vmscan:mm_shrink_slab_start" },
	{ EVENT_SHRINK_SLAB_END, "vmscan:mm_shrink_slab_end" },
	{ EVENT_THROTTLED, "vmscan:mm_vmscan_throttled" },
	{ EVENT_COMPACTION_BEGIN, "compaction:mm_compaction_begin" },
	{ EVENT_COMPACTION_END, "compaction:mm_compaction_end" },
	{ EVENT_PAGE_ALLOC, "kmem:mm_page_alloc" },
	{ EVENT_PAGE_FREE, "kmem:mm_page_free" },
	{ EVENT_SLAB_ALLOC, "kmem:kmalloc, kmem:kmem_cache_alloc" },
	{ EVENT_SLAB_FREE, "kmem:kfree, kmem:kmem_cache_free" },
	{ EVENT_SCHED_FORK, "sched:sched_process_fork" },
	{ EVENT_SCHED_FREE, "sched:sched_process_free" },
	{ EVENT_KERNEL_STACK, "stacks (-T)" },
};

/* The names of these kinds, comma separated; NULL in @ret: there are none. */
static int list_names(uint64_t kinds, char **ret)
{
	struct text list = { 0 };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (kinds & KIND(names[i].kind))
			text_add(&list, "%s%s", list.len ? ", " : "", names[i].name);
	*ret = kinds ? text_take(&list) : NULL;
	return !kinds || *ret ? 0 : -ENOMEM;
}

static int hint_at(uint64_t kinds, char **ret)
{
	struct text hint = { 0 };

	text_add(&hint, "trace-cmd record");
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (!(kinds & KIND(names[i].kind)))
			continue;
		if (names[i].kind == EVENT_KERNEL_STACK)
			text_add(&hint, " -T");
		else if (strchr(names[i].name, ','))
			text_add(&hint, " -e kmem");	/* several events are missing; other kernels have still more */
		else
			text_add(&hint, " -e %s", names[i].name);
	}
	*ret = text_take(&hint);
	return *ret ? 0 : -ENOMEM;
}

static int describe(struct coverage *c, uint64_t missing, uint64_t unknown)
{
	if (list_names(missing, &c->missing) || list_names(unknown, &c->unknown))
		return -ENOMEM;
	return missing || unknown ? hint_at(missing | unknown, &c->hint) : 0;
}

/* Every file has the formats of ftrace's own events. So only a recorded stack shows that stacks were asked for. */
static bool has_stacks(const struct report *r)
{
	for (size_t i = 0; i < r->facts.nr_counts; i++)
		if (!strcmp(r->facts.counts[i].name, "kernel_stack"))
			return true;
	return false;
}

int coverage_report(struct report *r, const struct question *q, struct recorded recorded)
{
	if (!has_stacks(r))
		recorded.yes &= ~KIND(EVENT_KERNEL_STACK);
	if (!r->facts.events)	/* an empty file shows of nothing that it was recorded */
		recorded = (struct recorded){ .unknown = recorded.yes | recorded.unknown };
	for (; q->analysis; q++) {
		struct coverage *c = report_add_coverage(r);
		uint64_t unknown = q->needs & recorded.unknown, missing = q->needs & ~recorded.yes & ~unknown;

		if (!c)
			return -ENOMEM;
		c->analysis = q->analysis;
		c->decides = q->decides;
		c->causes = q->causes;
		c->possible = !missing && !unknown;
		if (describe(c, missing, unknown))
			return -ENOMEM;
	}
	return 0;
}
