/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * story.h - sentences about a kernel: who ran, who woke whom, who reclaimed
 *
 * Each adds the events that the scene's kernel records for it, with the fields it has.
 */
#ifndef VMSTALL_TEST_STORY_H
#define VMSTALL_TEST_STORY_H

#include "builder.h"

struct task { char comm[16]; int32_t pid, prio; };

struct isolate { int classzone, order, lru; uint64_t requested, scanned, skipped, taken; };

/* "swapper/3" */
struct task idle_task(unsigned int cpu);

/* @state: enum task_state_bits of event.h; on 4.15 it is recorded with that kernel's shift. */
void story_switch(struct scene *s, unsigned int cpu, uint64_t ts, struct task prev, struct task next, int64_t state);
/* The waker is @at.pid on @at.cpu. */
void story_waking(struct scene *s, struct scene_at at, unsigned int target_cpu, struct task task);
void story_wakeup(struct scene *s, struct scene_at at, unsigned int target_cpu, struct task task);
/* Both, the second 1 us later. */
void story_wake(struct scene *s, struct scene_at at, unsigned int target_cpu, struct task task);

/* Written with the lock held: @at gets interrupts off and a preempt count of 1. */
void story_isolate(struct scene *s, struct scene_at at, struct isolate isolate);
void story_wakeup_kswapd(struct scene *s, struct scene_at at, int zid, int order, uint64_t gfp_flags);
void story_kswapd_wake(struct scene *s, struct scene_at at, int zid, int order);
void story_kswapd_sleep(struct scene *s, struct scene_at at);
/* @kind: "direct", "memcg", "memcg_softlimit" */
void story_reclaim_begin(struct scene *s, struct scene_at at, const char *kind, int order, uint64_t gfp_flags);
void story_reclaim_end(struct scene *s, struct scene_at at, const char *kind, uint64_t nr_reclaimed);
/* 6.1 and later. Interrupts are off. */
void story_contention(struct scene *s, struct scene_at begin, uint64_t end_ts, uint64_t lock_addr);

#endif
