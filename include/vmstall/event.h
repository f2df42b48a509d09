/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * event.h - one record of a recording, decoded: what passes, plugins and tests see
 *
 * An event is a value: it holds no pointer into the file and no library type. Times are nanoseconds on the trace clock. A
 * member that the recording's own format does not declare is absent. Ask event_has() before you read an optional member,
 * because an absent member reads as 0.
 */
#ifndef VMSTALL_EVENT_H
#define VMSTALL_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TASK_COMM_LEN 16	/* include/linux/sched.h; comm is always NUL-terminated here */

enum event_kind {
	EVENT_OTHER,		/* recorded, not decoded: it still shows that its CPU was active */
	EVENT_LOST,		/* records were lost on this CPU between prev_ns and ts */
	/* sched (KERNEL-FACTS 1.4) */
	EVENT_SCHED_SWITCH,
	EVENT_SCHED_WAKING,
	EVENT_SCHED_WAKEUP,	/* and sched_wakeup_new: wakeup.is_new */
	EVENT_SCHED_MIGRATE,
	EVENT_SCHED_FORK,
	EVENT_SCHED_EXIT,
	/* vmscan (1.2) */
	EVENT_LRU_ISOLATE,
	EVENT_LRU_SHRINK_INACTIVE,
	EVENT_LRU_SHRINK_ACTIVE,
	EVENT_KSWAPD_WAKE,
	EVENT_KSWAPD_SLEEP,
	EVENT_WAKEUP_KSWAPD,
	EVENT_RECLAIM_BEGIN,	/* direct, memcg, softlimit, node: reclaim.type */
	EVENT_RECLAIM_END,
	EVENT_SHRINK_SLAB_START,
	EVENT_SHRINK_SLAB_END,
	EVENT_THROTTLED,	/* mm_vmscan_throttled, writeback_congestion_wait, wait_iff_congested */
	EVENT_RECLAIM_WRITEBACK,	/* mm_vmscan_writepage, mm_vmscan_write_folio */
	EVENT_COMPACTION_BEGIN,
	EVENT_COMPACTION_END,
	/* kmem (1.3) */
	EVENT_PAGE_ALLOC,
	EVENT_PAGE_FREE,	/* and mm_page_free_batched: page.batched, an additional event for the same page */
	EVENT_SLAB_ALLOC,	/* kmalloc, kmalloc_node, kmem_cache_alloc, kmem_cache_alloc_node */
	EVENT_SLAB_FREE,	/* kfree, kmem_cache_free */
	/* lock, preemptirq, power (1.5) */
	EVENT_CONTENTION_BEGIN,
	EVENT_CONTENTION_END,
	EVENT_LOCK_ACQUIRED,	/* lockdep's lock_acquired; only with CONFIG_LOCK_STAT */
	EVENT_LOCK_RELEASE,
	EVENT_SUSPEND_RESUME,
	EVENT_CPU_IDLE,
	/* stacktraces and the ends of tasks, to find leaks */
	EVENT_KERNEL_STACK,	/* belongs to the record before it on its CPU, in the same context */
	EVENT_SCHED_FREE,	/* sched_process_free: no reference to the task should be left; payload exit */
	EVENT_NR_KINDS
};

#define KIND(k) (UINT64_C(1) << (k))

/* common_flags, KERNEL-FACTS 1.1. Bit 0x02 changed its meaning between 6.12 and 6.17: not used. */
enum event_flag {
	EVENT_FL_IRQS_OFF	= 0x01,
	EVENT_FL_NEED_RESCHED	= 0x04,
	EVENT_FL_HARDIRQ	= 0x08,
	EVENT_FL_SOFTIRQ	= 0x10,
	EVENT_FL_NMI		= 0x40,
	EVENT_FL_BH_OFF		= 0x80,
};

/* prev_state of sched_switch as the kernel prints it; tasks_prev_state() repairs 4.15's shift. */
enum task_state_bits {
	TASK_ST_RUNNABLE	= 0,
	TASK_ST_INTERRUPTIBLE	= 0x01,
	TASK_ST_UNINTERRUPTIBLE	= 0x02,
	TASK_ST_DEAD		= 0x10,
	TASK_ST_ZOMBIE		= 0x20,
	TASK_ST_PREEMPTED	= 0x100,
};

enum reclaim_type { RECLAIM_DIRECT, RECLAIM_MEMCG, RECLAIM_SOFTLIMIT, RECLAIM_NODE };

enum lru_list { LRU_INACTIVE_ANON, LRU_ACTIVE_ANON, LRU_INACTIVE_FILE, LRU_ACTIVE_FILE, LRU_UNEVICTABLE };

/*
 * @missed: > 0: number of lost records; -1: not known. @since: time of the record before the loss in the same buffer; 0: there
 * is none, so the loss may reach back to the begin of the recording
 */
struct ev_lost { int64_t missed; uint64_t since; };
struct ev_switch {
	char prev_comm[TASK_COMM_LEN], next_comm[TASK_COMM_LEN];
	int32_t prev_pid, prev_prio, next_pid, next_prio;
	int64_t prev_state;
};
struct ev_wakeup {
	char comm[TASK_COMM_LEN];
	int32_t pid, prio, target_cpu;
	bool is_new;
};
struct ev_migrate {
	char comm[TASK_COMM_LEN];
	int32_t pid, prio, orig_cpu, dest_cpu;
};
struct ev_fork {
	char parent_comm[TASK_COMM_LEN], child_comm[TASK_COMM_LEN];
	int32_t parent_pid, child_pid;
};
struct ev_exit {
	char comm[TASK_COMM_LEN];
	int32_t pid, prio;
};
/* Counts in base pages since 5.3; list entries before (1.2). classzone: highest_zoneidx or classzone_idx. */
struct ev_lru_isolate {
	int32_t classzone, order, lru;
	uint64_t nr_requested, nr_scanned, nr_skipped, nr_taken;
};
struct ev_lru_shrink {
	int32_t nid, priority;
	uint64_t nr_scanned, nr_reclaimed, nr_taken, nr_deactivated;
	uint32_t reclaim_flags;
};
struct ev_kswapd {		/* wake, sleep, wakeup_kswapd */
	int32_t nid, zid, order;
	uint64_t gfp_flags;
};
struct ev_reclaim {		/* begin and end of the four kinds */
	uint8_t type;		/* enum reclaim_type */
	int32_t order, nid;
	uint64_t gfp_flags, nr_reclaimed;
};
struct ev_shrink_slab {
	uint64_t shrinker, shrink_fn;	/* addresses of the shrinker and of its callback */
	int32_t nid, priority;
	int64_t total_scan, freed;	/* freed: only at the end */
};
struct ev_throttled {
	int32_t nid;
	uint32_t reason;	/* bit mask 1 << {0 WRITEBACK, 1 ISOLATED, 2 NOPROGRESS, 3 CONGESTED} */
	uint64_t usec_timeout, usec_delayed;	/* recorded after the wait, which began usec_delayed before ts */
};
struct ev_reclaim_writeback { uint64_t pfn; uint32_t reclaim_flags; };
struct ev_compaction { uint64_t zone_start, zone_end; uint8_t sync; int32_t status; };
struct ev_page {		/* alloc, free */
	uint64_t pfn;		/* all ones: the allocation failed */
	uint32_t order;
	int32_t migratetype;
	uint64_t gfp_flags;
	bool batched;
};
enum slab_call { SLAB_KMALLOC, SLAB_KMALLOC_NODE, SLAB_CACHE_ALLOC, SLAB_CACHE_ALLOC_NODE };
struct ev_slab {		/* alloc, free */
	uint64_t call_site, ptr, bytes_req, bytes_alloc, gfp_flags;
	int32_t node;
	uint8_t call;		/* alloc only: enum slab_call */
	char cache[24];		/* cache name, cut; empty where the format has none */
};
struct ev_contention { uint64_t lock_addr; uint32_t flags; int32_t ret; };
struct ev_lock { uint64_t lock_addr; char name[32]; };	/* lockdep */
/* Innermost frame first; cut at EVENT_STACK_MAX. */
#define EVENT_STACK_MAX 24
struct ev_stack { uint32_t nr; uint64_t callers[EVENT_STACK_MAX]; };
struct ev_power { char action[24]; int64_t state; int32_t cpu_id; bool start; };

/**
 * struct event - one record
 * @ts:      ns on the trace clock, offsets of the file applied
 * @prev_ns: ts of the previous record of the same CPU, of any kind and buffer; equals @ts in the first record of a CPU
 * @offset:  of the record in the file, in bytes as libtracecmd counts them (tracecmd_read_at()); used as evidence
 * @present: enum event_member bits of the optional members that this recording declares
 * @id:      the recording's event id (common_type)
 * @cpu:     CPU whose buffer held the record
 * @pid:     common_pid: the current task; 0 is the idle task. In interrupts: the interrupted task
 * @kind:    enum event_kind
 * @flags:   common_flags; @preempt: common_preempt_count
 * @lane:    which buffer's lane it came from
 * @first:   this is the first record of its CPU, and nothing is known before it
 */
struct event {
	uint64_t ts, prev_ns, offset;
	uint32_t present;
	int32_t pid;
	uint16_t kind, id, cpu, lane;
	uint8_t flags, preempt;
	bool first;
	union {
		struct ev_lost lost;
		struct ev_switch sw;
		struct ev_wakeup wakeup;
		struct ev_migrate migrate;
		struct ev_fork fork;
		struct ev_exit exit;
		struct ev_lru_isolate isolate;
		struct ev_lru_shrink shrink;
		struct ev_kswapd kswapd;
		struct ev_reclaim reclaim;
		struct ev_shrink_slab slab_shrink;
		struct ev_throttled throttled;
		struct ev_reclaim_writeback writeback;
		struct ev_compaction compaction;
		struct ev_page page;
		struct ev_slab slab;
		struct ev_contention contention;
		struct ev_lock lock;
		struct ev_power power;
		struct ev_stack stack;
	};
};

/* How a field of a record becomes a member of struct event. */
enum field_type { FIELD_INT, FIELD_STRING, FIELD_BOOL, FIELD_STACK };

/* Members that some kernels do not record: event_has(). An event is only decoded if it has all fields without such a bit. */
enum event_member {
	HAS_CLASSZONE	= 1 << 0,
	HAS_ORDER	= 1 << 1,
	HAS_LRU		= 1 << 2,
	HAS_REQUESTED	= 1 << 3,
	HAS_SKIPPED	= 1 << 4,
	HAS_TAKEN	= 1 << 5,
	HAS_NID		= 1 << 6,
	HAS_ZID		= 1 << 7,
	HAS_GFP		= 1 << 8,
	HAS_PRIORITY	= 1 << 9,
	HAS_RECLAIMED	= 1 << 10,
	HAS_REASON	= 1 << 11,
	HAS_CACHE	= 1 << 12,
	HAS_FREED	= 1 << 13,
	HAS_STATUS	= 1 << 14,
	HAS_COMM	= 1 << 15,
	HAS_FLAGS	= 1 << 16,
	HAS_MIGRATETYPE	= 1 << 17,
	HAS_SIZE	= 1 << 18,
	HAS_PRIO	= 1 << 19,
};

/**
 * struct field_spec - one member and the names the kernels gave it
 * @names:  alternatives, newest first, separated by '|': "highest_zoneidx|classzone_idx"
 * @offset: of the member in struct event, @size: of the member, bytes
 * @has:    bit set in event.present when the recording declares the field; 0: the event cannot be decoded without it
 */
struct field_spec {
	const char *names;
	uint16_t offset, size;
	uint8_t type;
	uint32_t has;
};

#define FIELD(payload, member, names_, has_) \
	{ names_, offsetof(struct event, payload.member), sizeof(((struct event *)0)->payload.member), FIELD_INT, has_ }
#define FIELD_FLAG(payload, member, names_, has_) \
	{ names_, offsetof(struct event, payload.member), sizeof(((struct event *)0)->payload.member), FIELD_BOOL, has_ }
#define FIELD_STR(payload, member, names_, has_) \
	{ names_, offsetof(struct event, payload.member), sizeof(((struct event *)0)->payload.member), FIELD_STRING, has_ }
/* An array of addresses up to the end of the record, which goes into a struct ev_stack. */
#define FIELD_ADDRESSES(payload, names_, has_) \
	{ names_, offsetof(struct event, payload), sizeof(((struct event *)0)->payload), FIELD_STACK, has_ }

struct trace_seq;
struct tep_event;

/**
 * struct event_spec - one tracepoint: what it decodes to, and how to print it better than the kernel does
 * @fixup: called after decoding, to set members that are no field (which of two events it was); may be NULL
 * @print: appends to @s; NULL where libtraceevent's own plugins print the event already. Returns 0.
 */
struct event_spec {
	enum event_kind kind;
	const char *system, *name;
	const struct field_spec *fields;
	uint32_t nr_fields;
	void (*fixup)(struct event *ev, const struct event_spec *spec);
	int (*print)(struct trace_seq *s, const struct event *ev, struct tep_event *format);
	int32_t tag;		/* for fixup: tells several tracepoints of one kind apart */
};

#define EVENT_TABLE_ABI 1

/**
 * struct event_table - what a plugin exports as `vmstall_event_table`
 * @abi, @event_size: EVENT_TABLE_ABI and sizeof(struct event) of the build; vmstall refuses a table with others
 */
struct event_table {
	uint32_t abi, event_size;
	const char *about;
	const struct event_spec *specs;
	uint32_t nr_specs;
};

#define EVENT_TABLE_SYMBOL "vmstall_event_table"

/**
 * event_has - does the recording declare the optional member(s) @members (enum event_member)?
 */
static inline bool event_has(const struct event *ev, uint32_t members)
{
	return (ev->present & members) == members;
}

#define SILENCE_NS   100000	/* shorter silences of a CPU do not matter to the report */
#define HEARTBEAT_NS 1000000	/* oldest that the last known sign of life of a CPU may be */

/**
 * shows_life - must an unwanted record at @ts be delivered, to show when its CPU was alive?
 * @prev: time of the record before it; @kept: time of the last delivered record
 */
static inline bool shows_life(uint64_t ts, uint64_t prev, uint64_t kept)
{
	return ts - prev >= SILENCE_NS || ts - kept >= HEARTBEAT_NS;	/* @ts before @prev, too: the difference wraps */
}

static inline bool event_in_interrupt(const struct event *ev)
{
	return ev->flags & (EVENT_FL_HARDIRQ | EVENT_FL_SOFTIRQ | EVENT_FL_NMI);
}

/*
 * Can the task that wrote the record before @ev, with a spinning lock held, still hold that lock at @ev? An event that nobody here
 * knows, of a tracer or a probe, can come from within. Those that are known are not written there.
 */
static inline bool event_within_lock(const struct event *ev)
{
	return ev->kind == EVENT_OTHER && ev->flags & EVENT_FL_IRQS_OFF && !event_in_interrupt(ev);
}

/*
 * How many migrate_disable() deep the current task was, 15 at most: the high nibble of common_preempt_count since 5.15
 * (KERNEL-FACTS 1.1), 0 before. The holder of a PREEMPT_RT spinlock is at least one deep (rt_spin_lock()).
 */
static inline unsigned int event_pinned(const struct event *ev)
{
	return ev->preempt >> 4;
}

#endif
