// SPDX-License-Identifier: LGPL-2.1-or-later
/* sample_report.c - reports made by hand, such as the passes would make */
#include "sample_report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CPUS = 12 };

static void set_comm(char *comm, const char *name)
{
	snprintf(comm, TASK_COMM_LEN, "%.15s", name);
}

static void facts(struct report *r, const char *path)
{
	struct recording_facts *f = &r->facts;

	f->path = strdup(path);
	f->kernel = strdup("5.15.122-rt-tegra");
	f->machine = strdup("aarch64");
	f->clock = strdup("mono");
	f->clock_is_time = f->clock_is_global = true;
	f->file_version = 7;
	f->compression = strdup("zstd");
	f->long_size = 8;
	f->page_size = 4096;
	f->bytes = 23456789;
	f->events = 2612334;
	f->first_ns = SEC(5100.000001);
	f->last_ns = SEC(5160.5);
	f->nr_cpus = CPUS;
	f->cpus = calloc(CPUS, sizeof(*f->cpus));
	for (uint32_t i = 0; i < CPUS; i++)
		f->cpus[i] = (struct cpu_quality){ .events = 217694, .first_ns = f->first_ns, .last_ns = f->last_ns,
			.overrun = KNOWN(0), .has_events = true };
	f->counts = calloc(2, sizeof(*f->counts));
	f->counts[0] = (struct event_count){ strdup("sched"), strdup("sched_switch"), 1600000, true };
	f->counts[1] = (struct event_count){ strdup("irq"), strdup("irq_handler_entry"), 12334, false };
	f->nr_counts = 2;
	strings_add(&f->buffers, "%s", "");
	f->zone_names = calloc(2, sizeof(*f->zone_names));
	f->zone_names[f->nr_zones++] = strdup("DMA");
	f->zone_names[f->nr_zones++] = strdup("Normal");
	r->isolate_events = 27678;
	r->longest_hold_ns = 15012345;
}

static struct coverage *coverage(struct report *r, const char *analysis, const char *missing, const char *hint)
{
	struct coverage *c = report_add_coverage(r);

	c->analysis = analysis;
	c->possible = !missing;
	c->missing = missing ? strdup(missing) : NULL;
	c->hint = hint ? strdup(hint) : NULL;
	return c;
}

/* The question that decides whether anything stalled. */
static void holds_coverage(struct report *r, const char *missing)
{
	struct coverage *c = coverage(r, "lru_lock holds, from isolate events", missing, missing ? "trace-cmd record -e vmscan" : NULL);

	c->decides = true;
	c->causes = 1U << CAUSE_LRU_LOCK_HOLD;
}

static void add_lane(struct stall *s, uint16_t cpu, double from, double to, enum cpu_doing state, const char *comm)
{
	s->spans = realloc(s->spans, (s->nr_spans + 1) * sizeof(*s->spans));
	s->spans[s->nr_spans] = (struct cpu_span){
		.from = SEC(from), .to = SEC(to), .cpu = cpu, .state = (uint8_t)state, .pid = 100 + cpu
	};
	set_comm(s->spans[s->nr_spans++].comm, comm);
}

static void add_step(
	struct stall *s, double at, uint16_t cpu, const char *comm, int32_t pid, const char *what, int zone)
{
	struct trigger_step *t;

	s->trigger = realloc(s->trigger, (s->nr_trigger + 1) * sizeof(*s->trigger));
	t = &s->trigger[s->nr_trigger++];
	*t = (struct trigger_step){ .at = { SEC(at), 8123456, cpu, 301, true }, .pid = pid, .order = KNOWN(0),
		.zid = KNOWN(zone), .gfp = strdup("GFP_DMA|__GFP_NOWARN|__GFP_ZERO") };
	set_comm(t->comm, comm);
	snprintf(t->what, sizeof(t->what), "%s", what);
}

static void add_user(struct stall *s, const char *comm, int32_t pid, uint64_t pages)
{
	s->users = realloc(s->users, (s->nr_users + 1) * sizeof(*s->users));
	s->users[s->nr_users] = (struct zone_user){ .pid = pid, .pages = pages, .allocs = pages / 4,
		.gfp = strdup("GFP_HIGHUSER_MOVABLE") };
	set_comm(s->users[s->nr_users++].comm, comm);
}

static struct victim *add_victim(struct report *r, const char *comm, int32_t pid, int cpu, enum victim_kind kind,
		double from, double to)
{
	struct victim *v = report_add_victim(r);

	set_comm(v->comm, comm);
	v->stall = (uint32_t)r->nr_stalls - 1;
	v->pid = pid;
	v->cpu = KNOWN(cpu);
	v->kind = kind;
	v->from = SEC(from);
	v->to = SEC(to);
	v->resume_lag_ns = KNOWN(54000);
	v->evidence = EVIDENCE_INFERRED;
	v->confidence = CONFIDENCE_HIGH;
	return v;
}

static void founding_victims(struct report *r)
{
	static const char *const publishers[] = { "cam_front", "cam_rear", "lidar_pub", "radar0", "gnss_pub", "imu_pub",
		"encoder0", "can_bridge", "cam_left", "cam_right" };

	add_victim(r, "log_writer", 401, 1, VICTIM_SPINNING, 5144.5431, 5145.40312);
	add_victim(r, "map_worker0", 402, 2, VICTIM_SPINNING, 5144.5512, 5145.40317);
	add_victim(r, "kworker/3:1H", 77, 3, VICTIM_RUNNABLE, 5144.61, 5145.4033);
	for (int i = 0; i < 10; i++) {
		struct victim *v =
			add_victim(r, publishers[i], 500 + i, i, VICTIM_TIMER_LATE, 5144.56 + i * 0.003, 5145.40325);

		v->period_ns = KNOWN(33333333);
		v->missed_periods = KNOWN(25);
	}
	add_victim(r, "planner", 600, 4, VICTIM_DEPENDENT, 5144.6, 5145.4036)->waits_for_pid = KNOWN(502);
	add_victim(r, "sync", 700, 6, VICTIM_BLOCKED, 5144.7, 5145.41)->confidence = CONFIDENCE_LOW;
}

static void founding_lanes(struct stall *s)
{
	for (uint16_t cpu = 0; cpu < CPUS; cpu++) {
		double stuck = 5144.56 + cpu * 0.03;
		bool idle = cpu == 11;

		add_lane(s, cpu, 5144.40, cpu == 5 ? 5144.543 : stuck, idle ? CPU_IDLE : CPU_RUNNING, "");
		add_lane(s, cpu, cpu == 5 ? 5144.543 : stuck, 5145.40303,
			cpu == 5  ? CPU_HOLDING
			: cpu % 3 ? CPU_SPINNING
				  : CPU_FROZEN,
			cpu == 5 ? "kswapd0" : "log_writer");
		add_lane(s, cpu, 5145.40303, 5145.55, CPU_RUNNING, "");
	}
}

static void founding_event(struct stall *s)
{
	s->cause = CAUSE_LRU_LOCK_HOLD;
	set_comm(s->cause_comm, "kswapd0");
	s->cause_pid = KNOWN(128);
	s->cause_cpu = KNOWN(5);
	s->event = (struct event_ref){ SEC(5145.403), 9437184, 5, 288, true };
	s->first = (struct event_ref){ SEC(5144.542995), 9400000, 5, 300, true };
	s->worst = s->event;
	s->last = (struct event_ref){ SEC(5145.4032), 9437300, 1, 300, true };
	s->lru = KNOWN(LRU_INACTIVE_FILE);
	s->classzone = KNOWN(0);
	s->order = KNOWN(0);
	s->nr_requested = KNOWN(32);
	s->nr_scanned = KNOWN(9911718);
	s->nr_skipped = KNOWN(9911686);
	s->nr_taken = KNOWN(32);
	s->scanned_bytes = KNOWN(INT64_C(9911718) * 4096);
	s->has_ns_per_page = true;
	s->ns_per_page = 86.77;
	s->capped_least_ns = s->capped_most_ns = KNOWN(2843000);
}

static void founding_bounds(struct bounds *at)
{
	*at = (struct bounds){ .start = SEC(5144.543),
		.start_earliest = SEC(5144.542995),
		.start_latest = SEC(5144.5431),
		.end = SEC(5145.40303),
		.end_earliest = SEC(5145.403),
		.end_latest = SEC(5145.403065),
		.start_rule = BOUND_PREV_EVENT,
		.end_rule = BOUND_RELEASE,
		.evidence = EVIDENCE_INFERRED };
}

static void founding_verdict(struct stall *s)
{
	s->cpus_frozen = KNOWN(CPUS);
	s->cpus_total = KNOWN(CPUS);
	s->tasks_frozen = 15;
	s->frozen_task_ns = SEC(12.4);
	s->parts = 1;
	s->diagnosis = DIAGNOSIS_ZONE_MISMATCH;
	s->evidence = EVIDENCE_INFERRED;
	s->confidence = CONFIDENCE_HIGH;
	stall_because(s,
		"The isolate event was written with interrupts off, on a CPU that recorded nothing for %s before it.",
		"860 ms");
	stall_because(s, "11 other CPUs fell silent one after the other and went on within 120 us of each other.");
	stall_because(s, "86.8 ns a page is what this recording's other large scans cost.");
}

void sample_founding(struct report *r)
{
	struct hold *h;
	struct stall *s;

	facts(r, "drive-0815/trace.dat");
	s = report_add_stall(r);
	founding_event(s);
	founding_bounds(&s->at);
	founding_verdict(s);
	founding_lanes(s);
	add_step(s, 5144.5301, 2, "camera_drv", 311, "mm_vmscan_wakeup_kswapd", 0);
	add_step(s, 5144.5303, 5, "kswapd0", 128, "mm_vmscan_kswapd_wake", 0);
	add_user(s, "log_writer", 401, 180000);
	founding_victims(r);
	h = report_add_hold(r);
	*h = (struct hold){ .at = s->at, .event = s->event, .cpu = 5, .pid = 128, .classzone = s->classzone,
		.order = s->order, .lru = s->lru, .nr_requested = s->nr_requested, .nr_scanned = s->nr_scanned,
		.nr_skipped = s->nr_skipped, .nr_taken = s->nr_taken, .lock_addr = KNOWN(INT64_C(-140737488355328)),
		.irqs_off = true, .plausible = true };
	set_comm(h->comm, "kswapd0");
	holds_coverage(r, NULL);
	coverage(r, "who was frozen, from scheduling events", NULL, NULL);
	coverage(r, "compaction stalls", NULL, NULL)->causes = 1U << CAUSE_COMPACTION;
	coverage(r, "who takes the low zone's pages", "kmem:mm_page_alloc",
		"trace-cmd record -C mono -e vmscan -e sched -e kmem:mm_page_alloc -e kmem:mm_page_free -e "
		"kmem:mm_page_alloc -b 20000");
	report_note(r, QUALITY_LOSS, "CPU %d lost 130 events between 5120.100000 and 5120.104000", 3);
	r->facts.cpus[3].lost = 130;
	r->facts.cpus[3].lost_marks = 1;
	r->facts.cpus[3].overrun = KNOWN(130);
	report_sort(r);
}

void sample_healthy(struct report *r)
{
	facts(r, "healthy.dat");
	holds_coverage(r, NULL);
	coverage(r, "who was frozen, from scheduling events", NULL, NULL);
}

void sample_many(struct report *r, size_t nr)
{
	facts(r, "many.dat");
	for (size_t i = 0; i < nr; i++) {
		struct stall *s = report_add_stall(r);
		double start = 5100 + (double)(i * 37 % nr) * 0.5, length = 0.01 * (double)(1 + i * 13 % 40);

		founding_bounds(&s->at);
		s->at.start = s->at.start_earliest = s->at.start_latest = SEC(start);
		s->at.end = s->at.end_earliest = s->at.end_latest = SEC(start + length);
		s->cause = (enum cause)(i % NR_CAUSES);
		s->diagnosis = (enum diagnosis)(i % NR_DIAGNOSES);
		s->confidence = (enum confidence)(i % 4);
		s->cause_pid = KNOWN(i);
		s->parts = (uint32_t)(i % 3) + 1;
		s->has_split = i % 2;
		s->running_ns = 1000;
		s->tasks_frozen = 1;
		snprintf(s->cause_comm, sizeof(s->cause_comm), "task%u", (unsigned int)i % 100000);
		add_victim(r, s->cause_comm, (int32_t)i, 0, (enum victim_kind)(i % NR_VICTIM_KINDS), start,
			start + length);
	}
	report_sort(r);
}

#define ATTACK "=cmd|' /C calc'!A0"
#define ESCAPE "\033[2J\033]0;x\007"

void sample_hostile(struct report *r)
{
	static const char *const comms[] = { "=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\r=x", ESCAPE, "a\"b,c\nd",
		"\xff\xfe\x80", "\xc0\xaf\xed\xa0\x80",
		"\xe2\x80\xae"
		"evil",
		" lead",
		"\xef\xbc\x9d"
		"1",
		"\x01=2", "<b>&amp;", "\x1b" };
	struct stall *s;

	facts(r, ATTACK ESCAPE ".dat");
	s = report_add_stall(r);
	founding_event(s);
	founding_bounds(&s->at);
	founding_verdict(s);
	founding_lanes(s);
	add_step(s, 5144.5301, 2, ESCAPE, 311, "\033[31m", 0);
	add_user(s, "\xff=", 401, 180000);
	set_comm(s->cause_comm, ATTACK);
	set_comm(s->spans[1].comm, ESCAPE);
	stall_because(s, "woken by %s", ESCAPE);
	for (size_t i = 0; i < sizeof(comms) / sizeof(comms[0]); i++)
		add_victim(r, comms[i], (int32_t)i, 0, VICTIM_SPINNING, 5144.55, 5145.4)->waits_for_pid = KNOWN(6);
	coverage(r, "x", ESCAPE ",\xff", ESCAPE);
	report_note(r, QUALITY_ERROR, "%s%s", ESCAPE, "\xff");
	free(r->facts.kernel);
	r->facts.kernel = strdup(ESCAPE "\xff");
	free(r->facts.zone_names[0]);
	r->facts.zone_names[0] = strdup("\033[1m\xfe");
	report_sort(r);
}

void sample_counter(struct report *r)
{
	facts(r, "counter.dat");
	free(r->facts.clock);
	r->facts.clock = strdup("counter");
	r->facts.clock_is_time = false;
	r->time_refused = true;
}

void sample_blind(struct report *r)
{
	facts(r, "blind.dat");
	r->isolate_events = 0;
	holds_coverage(r, "vmscan:mm_vmscan_lru_isolate");
	coverage(r, "who was frozen, from scheduling events", NULL, NULL);
}
