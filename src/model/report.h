/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * report.h - what vmstall found in one recording: holds, stalls, victims, and what they rest on
 *
 * Passes fill a report, writers print it; neither knows the other. All times are nanoseconds on the
 * recording's clock. A value that is not known is absent (struct known), never 0. Strings come from the
 * recording unchanged and may be hostile: a writer escapes them for its format. A report owns all it points to.
 */
#ifndef VMSTALL_REPORT_H
#define VMSTALL_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/rules.h"
#include "util/strings.h"
#include "vmstall/event.h"

/* A value that may be absent. */
struct known { bool is; int64_t v; };
#define KNOWN(x) ((struct known){ .is = true, .v = (int64_t)(x) })
#define UNKNOWN  ((struct known){ 0 })

enum evidence {
	EVIDENCE_NONE,
	EVIDENCE_MEASURED,	/* start and end seen: lock, contention events */
	EVIDENCE_BOUNDED,	/* cut by lost events or the recording's edge: a floor or a ceiling */
	EVIDENCE_INFERRED,	/* by a named rule; the interval says how far off it can be */
};

enum confidence { CONFIDENCE_NONE, CONFIDENCE_LOW, CONFIDENCE_MEDIUM, CONFIDENCE_HIGH };

enum cause {
	CAUSE_LRU_LOCK_HOLD,
	CAUSE_DIRECT_RECLAIM,
	CAUSE_MEMCG_RECLAIM,
	CAUSE_SHRINK_SLAB,
	CAUSE_COMPACTION,
	CAUSE_THROTTLE,
	CAUSE_WRITEBACK,
	CAUSE_UNEXPLAINED,
	NR_CAUSES
};

enum victim_kind {
	VICTIM_SPINNING,	/* on its CPU, waiting for the lock with interrupts off */
	VICTIM_RUNNABLE,	/* woken or preempted, queued on a CPU that could not switch */
	VICTIM_TIMER_LATE,	/* asleep; its timer's CPU had interrupts off */
	VICTIM_DEPENDENT,	/* asleep until a frozen task woke it */
	VICTIM_BLOCKED,		/* D state in reclaim, or waiting for a task in reclaim */
	NR_VICTIM_KINDS
};

enum diagnosis {
	DIAGNOSIS_NONE,			/* not asked for, or not enough is recorded */
	DIAGNOSIS_ZONE_MISMATCH,	/* the scan skipped pages of higher zones and found its target in the end */
	DIAGNOSIS_LIST_EXHAUSTED,	/* scanned == skipped: nothing eligible on the list at all */
	DIAGNOSIS_SKIP_CAP,		/* kernel >= 6.14: the scan ended at 32768 skipped folios */
	DIAGNOSIS_CMA_SKIP,		/* skips with every zone allowed: CMA pages */
	DIAGNOSIS_BUSY_PAGES,		/* scanned much, skipped little, took less: busy or mapped pages */
	DIAGNOSIS_LONG_LIST,		/* many pages examined and taken */
	DIAGNOSIS_HOLDER_PAUSED,	/* few pages, long hold: the holder's CPU did not execute */
	DIAGNOSIS_RECLAIM_PRESSURE,	/* a task reclaims for itself, over and over */
	DIAGNOSIS_MEMCG_LIMIT,
	DIAGNOSIS_SLOW_SHRINKER,
	DIAGNOSIS_COMPACTION,
	DIAGNOSIS_THROTTLED,
	DIAGNOSIS_LOCK_OTHER,		/* CPUs waited for a lock that is not lru_lock */
	DIAGNOSIS_MACHINE_PAUSED,
	DIAGNOSIS_STOP_MACHINE,
	DIAGNOSIS_LOCK_TURNS,		/* short scans of other CPUs, in turn, may have had lru_lock all the time */
	DIAGNOSIS_GENERATIONS,		/* a scan of the multi-generation LRU that took few folios: its counts do not say why */
	NR_DIAGNOSES
};

/* One record that a finding rests on. */
struct event_ref {
	uint64_t ts, offset;	/* offset in bytes, as tracecmd_read_at() takes it */
	uint16_t cpu, id;
	bool is;
};

static inline struct event_ref ref_to(const struct event *ev)
{
	return (struct event_ref){ .ts = ev->ts, .offset = ev->offset, .cpu = ev->cpu, .id = ev->id, .is = true };
}

/* When something began and ended, and how sure that is. Always earliest <= best <= latest. */
struct bounds {
	uint64_t start, start_earliest, start_latest;
	uint64_t end, end_earliest, end_latest;
	uint32_t start_rule, end_rule;		/* enum bound_rule, of the best estimates */
	enum evidence evidence;
};

enum bound_rule {
	BOUND_NONE,
	BOUND_PREV_EVENT,	/* start: the CPU's previous event; interrupts were off since before the lock */
	BOUND_OTHER_HOLD,	/* start: the previous hold of the same lock ended there */
	BOUND_SCAN_COST,		/* start: pages x the recording's own cost per page */
	BOUND_CONTENTION,	/* start: contention_end of the holder */
	BOUND_WAITER,		/* start: a CPU was waiting for the lock by then */
	BOUND_LOCK_EVENT,	/* lockdep events */
	BOUND_ISOLATE_EVENT,	/* end: the event is written just before the unlock */
	BOUND_NEXT_EVENT,	/* end: the CPU's next event */
	BOUND_RELEASE,		/* end: the holder woke a task that slept for the lock (PREEMPT_RT) */
	BOUND_EDGE,		/* the recording's edge or a loss cuts it */
	BOUND_BEGIN_END,		/* a begin and an end event */
	BOUND_OWN_EVENT,		/* start: the task's own last event without the lock; waiters sleep (PREEMPT_RT) */
	NR_BOUND_RULES
};

/* A row of holds.csv. */
struct hold {
	struct bounds at;
	struct event_ref event;		/* the isolate event */
	uint16_t cpu;
	int32_t pid;
	char comm[TASK_COMM_LEN];
	struct known classzone, order, lru, nid, nr_requested, nr_scanned, nr_skipped, nr_taken;
	struct known lock_addr;		/* from contention events */
	uint64_t after_ns;		/* the isolate event of the hold that this one waited for; 0: none is known */
	uint64_t ran_on_ns;		/* when the task ran again, preempted seemingly with the lock; 0: it was not */
	bool irqs_off;			/* the event's own flag; false: PREEMPT_RT, and no CPU is frozen */
	bool resched_due;		/* the event's own flag, on a preemptible kernel: a switch is due at the unlock */
	bool woke_waiter;		/* the record that ends it wakes a task from uninterruptible sleep */
	bool pending_came;		/* the CPU's next record is from an interrupt, or is the switch that was due */
	bool only_scan;			/* switches are recorded, so nothing but this task ran on its CPU in the silence before the event */
	bool folios;			/* an entry of the scanned list may be a folio of many pages */
	bool plausible;			/* the scan explains the length */
	bool lost_in_window;
	bool node_unclear;		/* there are several nodes, and nothing says on which it was */
};

/* A row of victims.csv. */
struct victim {
	uint32_t stall;			/* index in report.stalls */
	char comm[TASK_COMM_LEN];
	int32_t pid;
	struct known cpu;
	enum victim_kind kind;
	uint64_t from, to;		/* ns; frozen_ns = to - from */
	struct known resume_lag_ns;	/* from the stall's end until it ran again */
	struct known missed_periods, period_ns, waits_for_pid;
	bool has_chance;
	double chance;			/* that it would have stood still like this anyway, by this recording: 0 to 1 */
	enum evidence evidence;
	enum confidence confidence;
};

/* What a CPU did around a stall, for the timeline. */
enum cpu_doing { CPU_UNKNOWN, CPU_RUNNING, CPU_IDLE, CPU_HOLDING, CPU_SPINNING, CPU_FROZEN, CPU_SILENT };
struct cpu_span {
	uint64_t from, to;
	uint16_t cpu;
	uint8_t state;			/* enum cpu_doing */
	int32_t pid;
	char comm[TASK_COMM_LEN];
};

/* From @ts on a task of activity.tasks ran on @cpu. */
struct task_switch { uint64_t ts; uint32_t task; uint16_t cpu; };

/* Every switch in [@from, @to), ns, by time. The entries at @from say which task was on each CPU, where that is known. */
struct close_up { uint64_t from, to; struct task_switch *switches; size_t nr; };

/* One step of the request for the reclaim. */
struct trigger_step {
	struct event_ref at;
	int32_t pid;
	char comm[TASK_COMM_LEN];
	char what[80];			/* "wakeup_kswapd", "direct_reclaim_begin", ... */
	struct known order, zid;
	char *gfp;			/* by the recording's own table; NULL: not recorded */
};

/* A task that took pages of the wanted zone in the run-up. Only the longest of several close stalls has these. */
struct zone_user { char comm[TASK_COMM_LEN]; int32_t pid; char *gfp; uint64_t pages, allocs, first_ns, last_ns; };

/* A row of stalls.csv. */
struct stall {
	uint32_t id;			/* from 1, by start */
	struct bounds at;
	enum cause cause;
	char cause_comm[TASK_COMM_LEN];
	struct known cause_pid, cause_cpu;
	struct event_ref event, first, worst, last;	/* the holder's event; the first, worst and last evidence */
	struct known lru, classzone, order, nr_requested, nr_scanned, nr_skipped, nr_taken;
	struct known scanned_bytes;
	bool has_ns_per_page; double ns_per_page;
	struct known cpus_frozen, cpus_total;
	bool lock_sleeps;		/* a hold of PREEMPT_RT: its waiters slept, their CPUs went on */
	uint32_t tasks_frozen;
	uint64_t frozen_task_ns;
	bool tasks_unknown;		/* no switch was recorded: nobody is named, and nobody can be */
	struct trigger_step *trigger;	/* earliest first */
	size_t nr_trigger;
	struct zone_user *users;	/* most pages first */
	size_t nr_users;
	struct cpu_span *spans;	/* around the stall, by cpu, then time */
	size_t nr_spans;
	struct close_up close_up[2];	/* of its start and its end; only one if they meet; empty: not asked for */
	enum diagnosis diagnosis;
	enum evidence evidence;
	enum confidence confidence;
	struct strings why;		/* sentences: the reasons for the verdict and the confidence */
	uint64_t running_ns, runnable_ns, blocked_ns;	/* reclaim stalls: how the task spent the time */
	bool has_split;
	uint32_t parts;			/* reclaims, or holds, that make it up */
	/* The hold predicted with the cap of 32768 skipped folios, ns: exact if both are equal, which small folios allow. */
	struct known capped_least_ns, capped_most_ns;
	struct known first_row, last_row;	/* in KernelShark's table: the last records not after start and end */
	bool dropped;			/* it was only a candidate: report_prune() removes it */
	uint64_t lost_in_window;	/* losses on any CPU inside; UINT64_MAX: unknown number */
};

/* How many tasks it froze, and for how long in all; absent where the recording cannot show them. */
static inline struct known stall_tasks(const struct stall *s)
{
	return s->tasks_unknown ? UNKNOWN : KNOWN(s->tasks_frozen);
}

static inline struct known stall_task_ns(const struct stall *s)
{
	return s->tasks_unknown ? UNKNOWN : KNOWN(s->frozen_task_ns);
}

/* Damage and limits: each is reported, none is passed over in silence. */
enum quality_level { QUALITY_INFO, QUALITY_LOSS, QUALITY_ERROR };
struct quality_note { enum quality_level level; char *text; };

/* An analysis, and whether the recording allows it. */
struct coverage {
	const char *analysis;		/* static: the pass's summary */
	bool possible;
	bool decides;			/* the verb's own question has no answer without one to such a question */
	uint32_t causes;		/* 1 << enum cause: the stalls that it finds */
	char *missing;			/* events not recorded, comma separated; NULL: none */
	char *unknown;			/* events of which the file does not tell whether they were recorded; NULL: none */
	char *hint;			/* what would allow it: a trace-cmd record line; NULL when possible */
};

struct cpu_quality {
	uint64_t events, first_ns, last_ns;
	uint64_t lost;			/* events known lost; marks without a number in lost_marks */
	uint64_t lost_marks;
	struct known overrun, commit_overrun, dropped;	/* CPUSTAT, KERNEL-FACTS 9 */
	bool has_events;
	bool torn;			/* its last records, or all of them, are not in the file */
};

struct event_count { char *system, *name; uint64_t count; bool decoded; };

struct recording_facts {
	char *path, *kernel, *machine, *clock;		/* kernel, machine: NULL when not in the file */
	struct strings buffers;
	uint32_t file_version;
	char *compression;				/* NULL: none */
	bool big_endian;
	uint32_t long_size, page_size;
	bool page_size_assumed;
	uint32_t nr_cpus;
	struct cpu_quality *cpus;
	struct event_count *counts;			/* most frequent first */
	size_t nr_counts;
	uint64_t bytes, events, first_ns, last_ns;
	bool clock_is_time;				/* false: counter; durations are impossible */
	bool clock_is_global;				/* false: local; CPUs may be skewed */
	bool clock_moved;				/* the file adds an offset: times are not the clock's own (--date) */
	bool partial;					/* salvaged or cut */
	bool unfinished;				/* the pieces of a recording that was killed: each lacks its end */
	char **zone_names;				/* by index; NULL elements are not known */
	size_t nr_zones;
	bool zones_inferred;				/* from requests, not from a table: some may be missing */
	struct known has_folios;			/* files may lie in large folios: by the events that it declares */
};

/*
 * The longest time that a task spent in reclaim and compaction, back to back, without its being a stall: too short to stop
 * more than this task.
 */
struct short_reclaim {
	bool is;
	char comm[TASK_COMM_LEN];
	int32_t pid;
	uint64_t from, to, reclaim_ns, compaction_ns, limit_ns;
	uint32_t reclaims, compactions;
};

/* All CPUs were silent at once: the machine or its tracing was paused. */
struct pause { uint64_t from, to; };

struct activity;
struct reclaim_account;
struct gfp_report;
struct leak_report;

struct report {
	struct recording_facts facts;
	struct rules rules;			/* the rules by which the report was made */
	struct hold *holds;		size_t nr_holds, cap_holds;
	struct stall *stalls;		size_t nr_stalls, cap_stalls;
	struct victim *victims;		size_t nr_victims, cap_victims;
	struct quality_note *notes;	size_t nr_notes, cap_notes;
	struct coverage *coverage;	size_t nr_coverage, cap_coverage;
	struct pause *pauses;		size_t nr_pauses, cap_pauses;
	uint64_t isolate_events, longest_hold_ns;
	struct short_reclaim below;
	struct reclaim_account *reclaim;	/* reclaim_account.h; NULL: not asked for */
	struct gfp_report *gfp;			/* gfp_audit.h; the same */
	struct leak_report *leaks;	/* leaks.h; the same */
	struct activity *activity;	/* activity.h; the same */
	uint64_t steps, longest_step_ns;	/* from sched_waking to sched_wakeup: how many, and the longest: a CPU stood still in it */
	bool time_refused;		/* the clock is no time: nothing was analysed */
	struct known from_ns, to_ns;	/* only stalls that touch this window were asked for; absent: to that edge */
};

/* report.c: lists that grow. Each returns the new, zeroed element, or NULL: out of memory. */
struct hold *report_add_hold(struct report *r);
struct stall *report_add_stall(struct report *r);
struct victim *report_add_victim(struct report *r);
struct coverage *report_add_coverage(struct report *r);
struct pause *report_add_pause(struct report *r);
int report_note(struct report *r, enum quality_level level, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
#define stall_because(stall, ...) strings_add(&(stall)->why, __VA_ARGS__)
/* Sort stalls by start and number them from 1; sort victims by stall, longest first. Returns 0 or -ENOMEM. */
int report_sort(struct report *r);
/* Remove the dropped stalls and their victims, then report_sort(). Returns 0 or -ENOMEM. */
int report_prune(struct report *r);
/* The victims of stalls[@stall] in a sorted report; returns how many. */
size_t report_victims(const struct report *r, size_t stall, const struct victim **ret);
/* The longest stall, of several the first; NULL: there is none. */
struct stall *report_longest(const struct report *r);
void report_clear(struct report *r);

/* Is a scan that was asked for @nr_requested one of the multi-generation LRU? There, skipped does not mean a higher zone. */
bool scan_by_generations(const struct rules *rules, struct known nr_requested);

/* names.c: the words of columns and reports. Static strings; never NULL. */
const char *cause_name(enum cause cause);
const char *victim_kind_name(enum victim_kind kind);
const char *evidence_name(enum evidence evidence);
const char *confidence_name(enum confidence confidence);
const char *diagnosis_name(enum diagnosis diagnosis);
const char *bound_rule_name(enum bound_rule rule);
const char *victim_kind_text(enum victim_kind kind);	/* what it means, as part of a sentence */
const char *bound_rule_text(uint32_t rule);		/* "by ...", the same */
const char *lru_name(int64_t lru);	/* "?" when out of range */
/* "DMA" by the recording's table, else the number, in @buf (at least 24 bytes). */
const char *zone_name(const struct recording_facts *facts, int64_t zone, char *buf, size_t len);

/* advice.c: what a diagnosis means and what to do. @remedy: alternatives, a line each, most direct first. */
struct advice { const char *why, *remedy, *source; };
const struct advice *diagnosis_advice(enum diagnosis diagnosis);
/* The same, for the zone that the stall was about. */
const struct advice *stall_advice(const struct recording_facts *facts, const struct stall *s);

#endif
