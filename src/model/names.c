// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * names.c - the word for each value in columns and reports
 *
 * These words are an interface: scripts compare them. New ones are added, old ones stay.
 */
#include "model/report.h"

#include <inttypes.h>
#include <stdio.h>

#define NAME_OF(table, i) ((size_t)(i) < sizeof(table) / sizeof((table)[0]) && (table)[i] ? (table)[i] : "?")

static const char *const causes[NR_CAUSES] = {
	[CAUSE_LRU_LOCK_HOLD]	= "lru_lock_hold",
	[CAUSE_DIRECT_RECLAIM]	= "direct_reclaim",
	[CAUSE_MEMCG_RECLAIM]	= "memcg_reclaim",
	[CAUSE_SHRINK_SLAB]	= "shrink_slab",
	[CAUSE_COMPACTION]	= "compaction",
	[CAUSE_THROTTLE]	= "throttle",
	[CAUSE_WRITEBACK]	= "writeback",
	[CAUSE_UNEXPLAINED]	= "unexplained",
};

static const char *const victim_kinds[NR_VICTIM_KINDS] = {
	[VICTIM_SPINNING]	= "spinning",
	[VICTIM_RUNNABLE]	= "runnable",
	[VICTIM_TIMER_LATE]	= "timer-late",
	[VICTIM_DEPENDENT]	= "dependent",
	[VICTIM_BLOCKED]	= "blocked",
};

static const char *const evidences[] = {
	[EVIDENCE_NONE]		= "",
	[EVIDENCE_MEASURED]	= "measured",
	[EVIDENCE_BOUNDED]	= "bounded",
	[EVIDENCE_INFERRED]	= "inferred",
};

static const char *const confidences[] = {
	[CONFIDENCE_NONE]	= "",
	[CONFIDENCE_LOW]	= "low",
	[CONFIDENCE_MEDIUM]	= "medium",
	[CONFIDENCE_HIGH]	= "high",
};

static const char *const diagnoses[NR_DIAGNOSES] = {
	[DIAGNOSIS_NONE]		= "",
	[DIAGNOSIS_ZONE_MISMATCH]	= "zone_mismatch",
	[DIAGNOSIS_LIST_EXHAUSTED]	= "list_exhausted",
	[DIAGNOSIS_SKIP_CAP]		= "skip_cap",
	[DIAGNOSIS_CMA_SKIP]		= "cma_skip",
	[DIAGNOSIS_BUSY_PAGES]		= "busy_pages",
	[DIAGNOSIS_LONG_LIST]		= "long_list",
	[DIAGNOSIS_HOLDER_PAUSED]	= "holder_paused",
	[DIAGNOSIS_RECLAIM_PRESSURE]	= "reclaim_pressure",
	[DIAGNOSIS_MEMCG_LIMIT]		= "memcg_limit",
	[DIAGNOSIS_SLOW_SHRINKER]	= "slow_shrinker",
	[DIAGNOSIS_COMPACTION]		= "compaction",
	[DIAGNOSIS_THROTTLED]		= "throttled",
	[DIAGNOSIS_LOCK_OTHER]		= "lock_other",
	[DIAGNOSIS_MACHINE_PAUSED]	= "machine_paused",
	[DIAGNOSIS_STOP_MACHINE]	= "stop_machine",
	[DIAGNOSIS_LOCK_TURNS]		= "lock_turns",
	[DIAGNOSIS_GENERATIONS]		= "generations",
};

static const char *const bound_rules[NR_BOUND_RULES] = {
	[BOUND_NONE]		= "",
	[BOUND_PREV_EVENT]	= "previous_event",
	[BOUND_OTHER_HOLD]	= "other_hold",
	[BOUND_SCAN_COST]	= "scan_cost",
	[BOUND_CONTENTION]	= "contention",
	[BOUND_WAITER]		= "waiter",
	[BOUND_LOCK_EVENT]	= "lock_event",
	[BOUND_ISOLATE_EVENT]	= "isolate_event",
	[BOUND_NEXT_EVENT]	= "next_event",
	[BOUND_RELEASE]		= "release",
	[BOUND_EDGE]		= "edge",
	[BOUND_BEGIN_END]	= "begin_end",
	[BOUND_OWN_EVENT]	= "own_event",
};

static const char *const kind_texts[NR_VICTIM_KINDS] = {
	[VICTIM_SPINNING]	= "on its CPU, waiting for the lock with interrupts off",
	[VICTIM_RUNNABLE]	= "ready to run, on a CPU that did not switch to it",
	[VICTIM_TIMER_LATE]	= "asleep; the CPU of its timer had interrupts off",
	[VICTIM_DEPENDENT]	= "asleep, waiting for a frozen task",
	[VICTIM_BLOCKED]	= "in reclaim, at work or asleep there, or waiting for a task that is",
};

static const char *const rule_texts[NR_BOUND_RULES] = {
	[BOUND_NONE]		= "a rule not stated",
	[BOUND_PREV_EVENT]	= "the CPU's event before it",
	[BOUND_OTHER_HOLD]	= "the end of the hold before it on the same lock",
	[BOUND_SCAN_COST]	= "the number of pages scanned and what a page costs in this recording",
	[BOUND_CONTENTION]	= "the end of the holder's own wait for the lock",
	[BOUND_WAITER]		= "another CPU's wait for the lock",
	[BOUND_LOCK_EVENT]	= "a lock event",
	[BOUND_ISOLATE_EVENT]	= "the event, which is written just before the unlock",
	[BOUND_NEXT_EVENT]	= "the CPU's next event",
	[BOUND_RELEASE]		= "the holder's wake-up of a waiter",
	[BOUND_EDGE]		= "lost events or the edge of the recording, which cut it",
	[BOUND_BEGIN_END]	= "its own event",
	[BOUND_OWN_EVENT]	= "the task's own last event without a lock",
};

static const char *const lrus[] = {
	[LRU_INACTIVE_ANON]	= "inactive_anon",
	[LRU_ACTIVE_ANON]	= "active_anon",
	[LRU_INACTIVE_FILE]	= "inactive_file",
	[LRU_ACTIVE_FILE]	= "active_file",
	[LRU_UNEVICTABLE]	= "unevictable",
};

const char *cause_name(enum cause cause)
{
	return NAME_OF(causes, cause);
}

const char *victim_kind_name(enum victim_kind kind)
{
	return NAME_OF(victim_kinds, kind);
}

const char *evidence_name(enum evidence evidence)
{
	return NAME_OF(evidences, evidence);
}

const char *confidence_name(enum confidence confidence)
{
	return NAME_OF(confidences, confidence);
}

const char *diagnosis_name(enum diagnosis diagnosis)
{
	return NAME_OF(diagnoses, diagnosis);
}

const char *bound_rule_name(enum bound_rule rule)
{
	return NAME_OF(bound_rules, rule);
}

const char *victim_kind_text(enum victim_kind kind)
{
	return NAME_OF(kind_texts, kind);
}

const char *bound_rule_text(uint32_t rule)
{
	return NAME_OF(rule_texts, rule < NR_BOUND_RULES ? rule : BOUND_NONE);
}

const char *lru_name(int64_t lru)
{
	return NAME_OF(lrus, lru);
}

const char *zone_name(const struct recording_facts *facts, int64_t zone, char *buf, size_t len)
{
	if (zone >= 0 && (uint64_t)zone < facts->nr_zones && facts->zone_names[zone])
		return facts->zone_names[zone];
	snprintf(buf, len, "%" PRId64, zone);
	return buf;
}
