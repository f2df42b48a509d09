// SPDX-License-Identifier: LGPL-2.1-or-later
/* coverage.c - which questions does this recording answer, and what is missing for the others? */
#include "analysis/coverage.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "util/text.h"
#include "vmstall/event.h"

const struct question stall_questions[] = {
	{ "lru_lock holds: which scan held the lock, how long", KIND(EVENT_LRU_ISOLATE) },
	{ "frozen tasks: who spun, who could not run", KIND(EVENT_SCHED_SWITCH) },
	{ "late wake-ups: timers that fired late, tasks waiting for a frozen one",
	  KIND(EVENT_SCHED_SWITCH) | KIND(EVENT_SCHED_WAKING) },
	{ "who asked for the reclaim", KIND(EVENT_WAKEUP_KSWAPD) | KIND(EVENT_KSWAPD_WAKE) },
	{ "long direct reclaim", KIND(EVENT_RECLAIM_BEGIN) | KIND(EVENT_RECLAIM_END) },
	{ "slow shrinkers", KIND(EVENT_SHRINK_SLAB_START) | KIND(EVENT_SHRINK_SLAB_END) },
	{ "throttled reclaim", KIND(EVENT_THROTTLED) },
	{ "compaction stalls", KIND(EVENT_COMPACTION_BEGIN) | KIND(EVENT_COMPACTION_END) },
	{ "who takes pages of the low zones", KIND(EVENT_PAGE_ALLOC) },
	{ 0 },
};

const struct question leak_questions[] = {
	{ "slab objects that are not freed", KIND(EVENT_SLAB_ALLOC) | KIND(EVENT_SLAB_FREE) },
	{ "pages that are not freed", KIND(EVENT_PAGE_ALLOC) | KIND(EVENT_PAGE_FREE) },
	{ "who called the allocator, and what pages are for", KIND(EVENT_KERNEL_STACK) },
	{ "task_structs of tasks that are gone", KIND(EVENT_SLAB_ALLOC) | KIND(EVENT_SLAB_FREE) | KIND(EVENT_SCHED_FORK) |
	  KIND(EVENT_SCHED_FREE) },
	{ 0 },
};

const struct question reclaim_questions[] = {
	{ "direct and memcg reclaims: how many, how long, by whom", KIND(EVENT_RECLAIM_BEGIN) | KIND(EVENT_RECLAIM_END) },
	{ "who asked kswapd", KIND(EVENT_WAKEUP_KSWAPD) },
	{ "kswapd's wakes and time awake", KIND(EVENT_KSWAPD_WAKE) | KIND(EVENT_KSWAPD_SLEEP) },
	{ "kswapd's time on a CPU", KIND(EVENT_KSWAPD_WAKE) | KIND(EVENT_KSWAPD_SLEEP) | KIND(EVENT_SCHED_SWITCH) },
	{ "pages scanned and skipped, active lists included", KIND(EVENT_LRU_ISOLATE) },
	{ "pages reclaimed", KIND(EVENT_LRU_SHRINK_INACTIVE) },
	{ 0 },
};

const struct question gfp_questions[] = {
	{ "allocations of kernel objects that may sleep where they must not", KIND(EVENT_SLAB_ALLOC) },
	{ "who takes pages of the low zones", KIND(EVENT_PAGE_ALLOC) },
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

static int describe_missing(struct coverage *c, uint64_t missing)
{
	struct text list = { 0 }, hint = { 0 };

	text_add(&hint, "trace-cmd record");
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (!(missing & KIND(names[i].kind)))
			continue;
		text_add(&list, "%s%s", list.len ? ", " : "", names[i].name);
		if (names[i].kind == EVENT_KERNEL_STACK)
			text_add(&hint, " -T");
		else if (strchr(names[i].name, ','))
			text_add(&hint, " -e kmem");	/* several events are missing; other kernels have still more */
		else
			text_add(&hint, " -e %s", names[i].name);
	}
	c->missing = text_take(&list);
	c->hint = text_take(&hint);
	return c->missing && c->hint ? 0 : -ENOMEM;
}

/* Every file has the formats of ftrace's own events. So only a recorded stack shows that stacks were asked for. */
static bool has_stacks(const struct report *r)
{
	for (size_t i = 0; i < r->facts.nr_counts; i++)
		if (!strcmp(r->facts.counts[i].name, "kernel_stack"))
			return true;
	return false;
}

int coverage_report(struct report *r, const struct question *q, uint64_t recorded)
{
	if (!has_stacks(r))
		recorded &= ~KIND(EVENT_KERNEL_STACK);
	for (; q->analysis; q++) {
		struct coverage *c = report_add_coverage(r);
		uint64_t missing = q->needs & ~recorded;

		if (!c)
			return -ENOMEM;
		c->analysis = q->analysis;
		c->possible = !missing;
		if (missing && describe_missing(c, missing))
			return -ENOMEM;
	}
	return 0;
}
