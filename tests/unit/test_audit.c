// SPDX-License-Identifier: LGPL-2.1-or-later
/* test_audit.c - is an allocation in the wrong context found, whatever the context, and nothing that only looks so? */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <traceevent/event-parse.h>

#include "decode/gfp.h"
#include "kernel.h"
#include "lab.h"
#include "vmstall/gfp_audit.h"

enum { TASK = 42, SITE = 0x5000, OTHER_SITE = 0x6000, KERNEL = 0xcc0, ATOMIC = 0xa20, NOWAIT = 0x800, NOIO = 0xc00, DMA = 1 };

#define T0 (10 * SEC)

struct bench {
	struct lab lab;
	struct gfp_table *gfp;
	struct names names;
	uint64_t now;
};

/* "f5" is from 0x5000 on; the allocators are below 0x3000, the tracer below 0x2000. */
static const char *symbol(const void *data, uint64_t address, uint64_t *ret_offset)
{
	static const char *const names[] = {
		NULL, "trace_event_raw_event_kmalloc", "kmalloc_trace", "f3", "f4", "f5", "f6", "f7"
	};

	(void)data;
	*ret_offset = address & 0xfff;
	return address >> 12 < 8 ? names[address >> 12] : NULL;
}

static const char *comm(const void *data, int32_t pid)
{
	(void)data;
	return pid == TASK ? "cmaidad" : pid == TASK + 1 ? "cmaeventd" : NULL;
}

static struct bench *begin_as(const char *kernel, bool stacks)
{
	struct bench *b = calloc(1, sizeof(*b));
	uint64_t kinds = KIND(EVENT_SLAB_ALLOC) | KIND(EVENT_PAGE_ALLOC) | (stacks ? KIND(EVENT_KERNEL_STACK) : 0);
	struct tep_handle *tep = kernel ? kernel_open(kernel, false) : NULL;

	assert_non_null(b);
	if (tep)
		assert_int_equal(gfp_table_load(tep, &b->gfp), 0);
	tep_free(tep);
	b->names = (struct names){ .symbol = symbol, .comm = comm };
	b->now = T0;
	lab_begin_as(&b->lab, 4, gfp_passes,
		&(struct pass_ctx){ .gfp = b->gfp, .names = &b->names, .recorded = kinds });
	return b;
}

static struct bench *begin(void)
{
	return begin_as("6.1", false);
}

static const struct gfp_report *end(struct bench *b)
{
	lab_end(&b->lab);
	assert_non_null(b->lab.report.gfp);
	return b->lab.report.gfp;
}

static void done(struct bench *b)
{
	lab_clear(&b->lab);
	gfp_table_free(b->gfp);
	free(b);
}

static struct event slab(uint64_t gfp, uint8_t flags, uint8_t preempt)
{
	struct event ev = any_event(EVENT_SLAB_ALLOC, 1, 0, TASK);

	ev.present = HAS_GFP;
	ev.flags = flags;
	ev.preempt = preempt;
	ev.slab = (struct ev_slab){ .call_site = SITE, .ptr = 0x1000, .bytes_req = 64, .bytes_alloc = 64, .gfp_flags = gfp };
	return ev;
}

static struct event page(uint64_t gfp, uint8_t flags, uint8_t preempt, uint32_t order)
{
	struct event ev = any_event(EVENT_PAGE_ALLOC, 1, 0, TASK);

	ev.present = HAS_GFP;
	ev.flags = flags;
	ev.preempt = preempt;
	ev.page = (struct ev_page){ .pfn = 0x9000, .order = order, .gfp_flags = gfp };
	return ev;
}

static struct event stack_of(uint64_t site, uint8_t flags)
{
	struct event ev = any_event(EVENT_KERNEL_STACK, 1, 0, TASK);

	ev.flags = flags;
	ev.stack = (struct ev_stack){ .nr = 4, .callers = { 0x1010, 0x2020, site + 0x28, 0x7040 } };
	return ev;
}

/* Each 1 us after the one before. */
static void push(struct bench *b, struct event ev)
{
	ev.ts = b->now += US;
	lab_push(&b->lab, ev);
}

static void push_many(struct bench *b, struct event ev, int nr)
{
	while (nr--)
		push(b, ev);
}

/* What any recording is full of. */
static void push_usual(struct bench *b)
{
	push_many(b, slab(KERNEL, 0, 0), 100);
	push(b, slab(NOWAIT, EVENT_FL_IRQS_OFF, 2));
}

static const struct gfp_finding *only(const struct gfp_report *g)
{
	assert_int_equal(g->nr_findings, 1);
	return g->findings;
}

static void assert_finding(const struct gfp_finding *f, enum gfp_context context, enum gfp_severity severity,
			   enum confidence confidence)
{
	assert_string_equal(gfp_context_name(f->context), gfp_context_name(context));
	assert_string_equal(gfp_severity_name(f->severity), gfp_severity_name(severity));
	assert_string_equal(confidence_name(f->confidence), confidence_name(confidence));
}

static void what_may_sleep_in_an_interrupt_is_certainly_wrong(void **unused)
{
	static const struct { uint8_t flags; enum gfp_context context; } cases[] = {
		{ EVENT_FL_HARDIRQ | EVENT_FL_IRQS_OFF, GFP_IN_HARDIRQ },
		{ EVENT_FL_SOFTIRQ, GFP_IN_SOFTIRQ },
		{ EVENT_FL_SOFTIRQ | EVENT_FL_IRQS_OFF, GFP_IN_SOFTIRQ },
		{ EVENT_FL_SOFTIRQ | EVENT_FL_HARDIRQ | EVENT_FL_IRQS_OFF, GFP_IN_HARDIRQ },
		{ EVENT_FL_NMI | EVENT_FL_HARDIRQ | EVENT_FL_IRQS_OFF, GFP_IN_NMI },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct bench *b = begin();
		const struct gfp_finding *f;

		push_usual(b);
		push_many(b, slab(KERNEL, cases[i].flags, 1), 3);
		f = only(end(b));
		assert_finding(f, cases[i].context, GFP_CERTAIN, CONFIDENCE_HIGH);
		assert_int_equal(f->count, 3);
		assert_string_equal(f->event, "kmalloc");
		assert_string_equal(f->function, "f5");
		assert_string_equal(f->gfp, "GFP_KERNEL");
		assert_null(f->comms);	/* the interrupted task has no part in it */
		done(b);
	}
}

static void with_interrupts_off_it_is_certainly_wrong(void **unused)
{
	struct bench *b = begin();
	const struct gfp_finding *f;

	(void)unused;
	push_usual(b);
	push(b, slab(KERNEL, EVENT_FL_IRQS_OFF, 1));
	f = only(end(b));
	assert_finding(f, GFP_IRQS_OFF, GFP_CERTAIN, CONFIDENCE_HIGH);
	assert_string_equal(f->comms, "cmaidad");
	assert_int_equal(f->first_ns, f->last_ns);
	assert_true(f->first.is && f->first.ts == f->first_ns);
	done(b);
}

static void with_preemption_off_it_is_certainly_wrong(void **unused)
{
	struct event other = slab(KERNEL, 0, 2);
	struct bench *b = begin();
	const struct gfp_report *g;

	(void)unused;
	other.pid = TASK + 1;
	push_usual(b);
	push_many(b, slab(KERNEL, 0, 1), 5);
	push_many(b, other, 2);
	g = end(b);
	assert_int_equal(g->nr_findings, 2);
	assert_finding(&g->findings[0], GFP_PREEMPT_OFF, GFP_CERTAIN, CONFIDENCE_HIGH);
	assert_int_equal(g->findings[0].count, 5);
	assert_int_equal(g->findings[0].depth, 1);
	assert_string_equal(g->findings[0].comms, "cmaidad");
	assert_int_equal(g->findings[1].depth, 2);
	assert_string_equal(g->findings[1].comms, "cmaeventd");
	assert_int_equal(g->preempt_base.v, 0);
	done(b);
}

/* Report E: only direct reclaim decides; NOIO and NOFS have it, by whichever bit the kernel means it. */
static void noio_and_nofs_may_sleep_too(void **unused)
{
	static const struct { const char *kernel; uint64_t noio, nofs, kernel_flags; } cases[] = {
		{ "4.15", 0x1400000, 0x1400040, 0x14000c0 }, { "6.18", 0xc00, 0xc40, 0xcc0 },
	};

	(void)unused;
	for (size_t i = 0; i < 2; i++) {
		struct bench *b = begin_as(cases[i].kernel, false);
		const struct gfp_report *g;

		push_many(b, slab(cases[i].kernel_flags, 0, 0), 100);
		push_many(b, slab(cases[i].noio, 0, 1), 2);
		push(b, slab(cases[i].nofs, 0, 1));
		g = end(b);
		assert_int_equal(g->nr_findings, 2);
		assert_string_equal(g->findings[0].gfp, "GFP_NOIO");
		assert_string_equal(g->findings[1].gfp, "GFP_NOFS");
		assert_finding(&g->findings[1], GFP_PREEMPT_OFF, GFP_CERTAIN, CONFIDENCE_HIGH);
		done(b);
	}
}

static void what_may_not_sleep_is_right_anywhere(void **unused)
{
	struct bench *b = begin();

	(void)unused;
	push_usual(b);
	push(b, slab(ATOMIC, EVENT_FL_HARDIRQ | EVENT_FL_IRQS_OFF, 1));
	push(b, slab(ATOMIC, EVENT_FL_SOFTIRQ, 0));
	push(b, slab(NOWAIT, 0, 1));
	push(b, slab(NOWAIT, 0, 0));	/* it means it: there is a fallback */
	push(b, slab(ATOMIC, 0, 1));
	push(b, slab(0, EVENT_FL_NMI, 1));
	assert_int_equal(end(b)->nr_findings, 0);
	done(b);
}

/* PREEMPT_COUNT without PREEMPTION: the tracepoint's own count is in every event. */
static void where_every_count_is_one_too_high_one_is_taken_off(void **unused)
{
	struct bench *b = begin();
	const struct gfp_report *g;

	(void)unused;
	push_many(b, slab(KERNEL, 0, 1), 100);
	push_many(b, slab(KERNEL, 0, 2), 4);
	push(b, slab(ATOMIC, 0, 1));
	g = end(b);
	assert_int_equal(g->preempt_base.v, 1);
	assert_int_equal(g->nr_findings, 2);
	assert_finding(&g->findings[0], GFP_PREEMPT_OFF, GFP_CERTAIN, CONFIDENCE_MEDIUM);
	assert_int_equal(g->findings[0].count, 4);
	assert_int_equal(g->findings[0].depth, 1);
	assert_finding(&g->findings[1], GFP_ATOMIC_NOT_NEEDED, GFP_POSSIBLE, CONFIDENCE_LOW);
	done(b);
}

static void of_three_allocations_nobody_can_tell_what_is_usual(void **unused)
{
	struct bench *b = begin();
	const struct gfp_report *g;

	(void)unused;
	push_many(b, slab(KERNEL, 0, 1), 3);
	g = end(b);
	assert_false(g->preempt_base.is);
	assert_finding(only(g), GFP_PREEMPT_OFF, GFP_POSSIBLE, CONFIDENCE_LOW);
	assert_int_equal(only(g)->doubt, GFP_DOUBT_BASE);
	done(b);
}

static void what_half_of_all_have_is_no_bug(void **unused)
{
	struct bench *b = begin();

	(void)unused;
	push(b, slab(KERNEL, 0, 0));
	push_many(b, slab(KERNEL, 0, 1), 100);
	assert_finding(only(end(b)), GFP_PREEMPT_OFF, GFP_POSSIBLE, CONFIDENCE_LOW);
	done(b);
	b = begin();
	push_many(b, slab(KERNEL, EVENT_FL_IRQS_OFF, 0), 100);
	push(b, slab(KERNEL, 0, 0));
	assert_int_equal(only(end(b))->doubt, GFP_DOUBT_SHARE);
	done(b);
}

/* Since 5.15 the high nibble counts migrate_disable(): what PREEMPT_RT has under its spinlocks, where one may sleep. */
static void migration_off_forbids_nothing(void **unused)
{
	struct bench *b = begin();

	(void)unused;
	push_usual(b);
	push_many(b, slab(KERNEL, 0, 0x10), 5);
	push_many(b, slab(KERNEL, 0, 0xf0), 5);
	assert_int_equal(end(b)->nr_findings, 0);
	done(b);
}

/* The flag that a switch is due, and the bit whose meaning changed in 6.13. */
static void a_due_switch_and_an_unknown_bit_forbid_nothing(void **unused)
{
	struct bench *b = begin();

	(void)unused;
	push_usual(b);
	push(b, slab(KERNEL, EVENT_FL_NEED_RESCHED, 0));
	push(b, slab(KERNEL, 0x02, 0));
	push(b, slab(KERNEL, 0x20, 0));
	assert_int_equal(end(b)->nr_findings, 0);
	done(b);
}

static void with_softirqs_off_it_is_likely_wrong(void **unused)
{
	struct bench *b = begin();
	const struct gfp_finding *f;

	(void)unused;
	push_usual(b);
	push(b, slab(KERNEL, EVENT_FL_BH_OFF, 0));
	f = only(end(b));
	assert_finding(f, GFP_PREEMPT_OFF, GFP_LIKELY, CONFIDENCE_MEDIUM);
	assert_int_equal(f->depth, 0);
	assert_int_equal(f->doubt, GFP_DOUBT_BH);
	done(b);
}

static void a_booting_kernel_allocates_in_the_idle_task(void **unused)
{
	struct event boots = slab(KERNEL, EVENT_FL_IRQS_OFF, 1);
	struct bench *b = begin();

	(void)unused;
	boots.pid = 0;
	push_usual(b);
	push(b, boots);
	assert_finding(only(end(b)), GFP_IRQS_OFF, GFP_POSSIBLE, CONFIDENCE_LOW);
	done(b);
}

static void the_idle_task_that_is_interrupted_is_no_excuse(void **unused)
{
	struct event ev = slab(KERNEL, EVENT_FL_HARDIRQ, 1);
	struct bench *b = begin();

	(void)unused;
	ev.pid = 0;
	push_usual(b);
	push(b, ev);
	assert_finding(only(end(b)), GFP_IN_HARDIRQ, GFP_CERTAIN, CONFIDENCE_HIGH);
	done(b);
}

static void while_the_machine_suspends_it_is_only_possibly_wrong(void **unused)
{
	struct event suspend = any_event(EVENT_SUSPEND_RESUME, 0, 0, 1), resumed = suspend;
	struct bench *b = begin();
	const struct gfp_report *g;

	(void)unused;
	suspend.power.start = true;
	push_usual(b);
	push(b, suspend);
	push(b, slab(KERNEL, EVENT_FL_IRQS_OFF, 0));
	push(b, resumed);
	push_many(b, slab(KERNEL, EVENT_FL_IRQS_OFF, 0), 2);
	g = end(b);
	assert_int_equal(g->nr_findings, 2);
	assert_finding(&g->findings[0], GFP_IRQS_OFF, GFP_CERTAIN, CONFIDENCE_HIGH);
	assert_int_equal(g->findings[0].count, 2);
	assert_finding(&g->findings[1], GFP_IRQS_OFF, GFP_POSSIBLE, CONFIDENCE_LOW);
	assert_int_equal(g->findings[1].doubt, GFP_DOUBT_SUSPEND);
	done(b);
}

static void a_page_alone_is_likely_wrong(void **unused)
{
	struct bench *b = begin();
	const struct gfp_finding *f;

	(void)unused;
	push_usual(b);
	push(b, page(KERNEL, EVENT_FL_SOFTIRQ, 1, 2));
	f = only(end(b));
	assert_finding(f, GFP_IN_SOFTIRQ, GFP_LIKELY, CONFIDENCE_MEDIUM);
	assert_string_equal(f->event, "mm_page_alloc");
	assert_int_equal(f->max_order, 2);
	assert_false(f->site.is);
	done(b);
}

static void a_page_for_an_object_is_told_by_the_object(void **unused)
{
	struct bench *b = begin();
	const struct gfp_finding *f;

	(void)unused;
	push_usual(b);
	push(b, page(KERNEL, 0, 1, 0));
	push(b, slab(KERNEL, 0, 1));
	f = only(end(b));
	assert_string_equal(f->event, "kmalloc");
	assert_int_equal(f->count, 1);
	done(b);
}

static void a_page_long_before_an_object_is_its_own(void **unused)
{
	struct bench *b = begin();

	(void)unused;
	push_usual(b);
	push(b, page(KERNEL, 0, 1, 0));
	b->now += 2 * MS;
	push(b, slab(KERNEL, 0, 1));
	assert_int_equal(end(b)->nr_findings, 2);
	done(b);
}

static void the_place_is_whoever_called_the_allocators(void **unused)
{
	struct bench *b = begin_as("6.1", true);
	const struct gfp_finding *f;

	(void)unused;
	push_usual(b);
	push(b, page(KERNEL, EVENT_FL_SOFTIRQ, 0, 0));
	push(b, stack_of(OTHER_SITE, EVENT_FL_SOFTIRQ));
	f = only(end(b));
	assert_string_equal(f->function, "f6");
	assert_int_equal(f->offset, 0x28);
	assert_string_equal(f->stack, "f6;f7");
	done(b);
}

static void a_frame_that_nobody_names_is_a_modules(void **unused)
{
	struct bench *b = begin_as("6.1", true);
	const struct gfp_finding *f;

	(void)unused;
	push_usual(b);
	push(b, slab(KERNEL, EVENT_FL_SOFTIRQ, 0));
	push(b, stack_of(0xc0530000, EVENT_FL_SOFTIRQ));
	f = only(end(b));
	assert_null(f->function);
	assert_int_equal(f->site.v, 0xc0530028);
	assert_string_equal(f->stack, "0xc0530028;f7");
	done(b);
}

static void an_interrupt_may_come_between_an_event_and_its_stack(void **unused)
{
	struct bench *b = begin_as("6.1", true);
	const struct gfp_report *g;

	(void)unused;
	push_usual(b);
	push_many(b, slab(KERNEL, 0, 1), 2);
	push(b, slab(KERNEL, EVENT_FL_HARDIRQ, 1));
	push(b, stack_of(OTHER_SITE, EVENT_FL_HARDIRQ));
	push(b, stack_of(SITE, 0));
	g = end(b);
	assert_int_equal(g->nr_findings, 3);	/* the first of two had no stack of its own */
	for (size_t i = 0; i < 3; i++)
		if (g->findings[i].context == GFP_IN_HARDIRQ)
			assert_string_equal(g->findings[i].stack, "f6;f7");
		else if (g->findings[i].stack)
			assert_string_equal(g->findings[i].stack, "f5;f7");
	done(b);
}

static void a_stack_behind_a_loss_or_of_another_task_is_not_its(void **unused)
{
	struct event other = stack_of(OTHER_SITE, 0);
	struct bench *b = begin_as("6.1", true);
	const struct gfp_finding *f;

	(void)unused;
	other.pid = TASK + 1;
	push_usual(b);
	push(b, slab(KERNEL, 0, 1));
	push(b, other);
	push(b, lost_event(1, 0, 5));
	push(b, stack_of(OTHER_SITE, 0));
	f = only(end(b));
	assert_null(f->stack);
	assert_string_equal(f->function, "f5");
	done(b);
}

static void each_stack_is_a_finding_of_its_own(void **unused)
{
	struct bench *b = begin_as("6.1", true);
	const struct gfp_report *g;

	(void)unused;
	push_usual(b);
	for (int i = 0; i < 5; i++) {
		push(b, slab(KERNEL, 0, 1));
		push(b, stack_of(i < 3 ? SITE : OTHER_SITE, 0));
	}
	g = end(b);
	assert_int_equal(g->nr_findings, 2);
	assert_int_equal(g->findings[0].count, 3);
	assert_int_equal(g->findings[1].count, 2);
	assert_string_equal(g->findings[1].stack, "f6;f7");
	done(b);
}

static void atomic_in_plain_task_context_is_possibly_not_needed(void **unused)
{
	struct bench *b = begin();
	const struct gfp_report *g;

	(void)unused;
	push_usual(b);
	push_many(b, slab(ATOMIC, 0, 0), 7);
	push(b, slab(ATOMIC, EVENT_FL_BH_OFF, 0));
	push(b, slab(ATOMIC, EVENT_FL_IRQS_OFF, 0));
	push(b, page(ATOMIC, EVENT_FL_SOFTIRQ, 0, 3));
	g = end(b);
	assert_finding(only(g), GFP_ATOMIC_NOT_NEEDED, GFP_POSSIBLE, CONFIDENCE_LOW);
	assert_int_equal(only(g)->count, 7);
	assert_int_equal(g->atomic, 10);
	assert_int_equal(g->atomic_high_order, 1);
	done(b);
}

/* A spinlock would leave no trace. */
static void without_a_preempt_count_atomic_is_not_judged(void **unused)
{
	struct bench *b = begin();
	const struct gfp_report *g;

	(void)unused;
	push_many(b, slab(KERNEL, 0, 0), 100);
	push_many(b, slab(ATOMIC, 0, 0), 7);
	g = end(b);
	assert_false(g->preempt_kept);
	assert_int_equal(g->nr_findings, 0);
	done(b);
}

static void without_a_table_of_flags_nothing_is_judged(void **unused)
{
	struct bench *b = begin_as(NULL, false);
	const struct gfp_report *g;

	(void)unused;
	push(b, slab(KERNEL, EVENT_FL_HARDIRQ, 1));
	g = end(b);
	assert_false(g->flags_known);
	assert_int_equal(g->nr_findings + g->checked, 0);
	done(b);
}

static void tasks_beyond_four_are_said_to_be_more(void **unused)
{
	struct event ev = slab(KERNEL, EVENT_FL_IRQS_OFF, 0);
	struct bench *b = begin();

	(void)unused;
	push_usual(b);
	for (int32_t pid = TASK; pid < TASK + 6; pid++) {
		ev.pid = pid;
		push(b, ev);
	}
	assert_string_equal(only(end(b))->comms, "cmaidad, cmaeventd, 44, 45, ...");
	done(b);
}

static void take(struct bench *b, int32_t pid, uint64_t gfp, uint64_t pfn, uint32_t order)
{
	struct event ev = page(gfp, 0, 0, order);

	ev.pid = pid;
	ev.page.pfn = pfn;
	push(b, ev);
}

static void a_zone_ends_where_a_request_for_it_was_served_highest(void **unused)
{
	struct bench *b = begin();
	const struct low_zone *z;
	const struct gfp_report *g;

	(void)unused;
	take(b, TASK, KERNEL, 0x100, 0);		/* before anybody shows that this is in the zone */
	take(b, TASK, KERNEL | DMA, 0x500, 0);
	take(b, TASK + 1, KERNEL, 0x200, 3);
	take(b, TASK + 1, KERNEL, 0x501, 0);		/* above it, for all that is known */
	take(b, TASK + 1, KERNEL, UINT64_MAX, 0);	/* failed */
	take(b, TASK + 1, KERNEL | DMA, UINT64_MAX, 0);
	g = end(b);
	assert_int_equal(g->nr_zones, 1);
	z = &g->zones[0];
	assert_string_equal(z->name, "DMA");
	assert_int_equal(z->end_pfn, 0x501);
	assert_int_equal(z->pages, 10);
	assert_int_equal(z->asked, 1);
	assert_int_equal(z->nr_users, 3);
	assert_string_equal(z->users[0].comm, "cmaeventd");
	assert_int_equal(z->users[0].pages, 8);
	assert_int_equal(z->users[0].allocs, 1);
	assert_true(z->users[0].first_ns == z->users[0].last_ns && z->users[0].first_ns > T0);
	assert_false(z->cut);
	done(b);
}

static void what_an_interrupt_takes_is_no_tasks(void **unused)
{
	struct event ev = page(ATOMIC, EVENT_FL_SOFTIRQ, 0, 0);
	struct bench *b = begin();
	const struct gfp_report *g;

	(void)unused;
	take(b, TASK, KERNEL | DMA, 0x500, 0);
	ev.page.pfn = 0x80;
	push_many(b, ev, 2);
	g = end(b);
	assert_string_equal(g->zones[0].users[0].comm, "(interrupt)");
	assert_int_equal(g->zones[0].users[0].pages, 2);
	done(b);
}

static void pages_are_counted_over_time(void **unused)
{
	struct bench *b = begin();
	const struct low_zone *z;
	uint64_t sum = 0;

	(void)unused;
	for (int i = 0; i < 100; i++) {
		take(b, TASK, KERNEL | DMA, 0x500, 0);
		b->now += 10 * MS;
	}
	z = end(b)->zones;
	assert_true(z->span_ns * LOW_ZONE_SPANS >= 990 * MS);
	assert_true(z->span_ns < 64 * MS);
	for (size_t i = 0; i < LOW_ZONE_SPANS; i++)
		sum += z->spans[i];
	assert_int_equal(sum, 100);
	assert_in_range(z->spans[0], z->span_ns / (10 * MS), z->span_ns / (10 * MS) + 1);
	done(b);
}

static void where_nobody_asks_for_a_low_zone_its_end_is_unknown(void **unused)
{
	struct bench *b = begin();

	(void)unused;
	take(b, TASK, KERNEL, 0x100, 0);
	assert_int_equal(end(b)->nr_zones, 0);
	done(b);
}

static void impossible_orders_and_times_do_no_harm(void **unused)
{
	struct bench *b = begin();
	const struct gfp_report *g;

	(void)unused;
	take(b, TASK, KERNEL | DMA, 0x500, 4000000000u);
	take(b, TASK, KERNEL | DMA, 0x500, 20);
	b->now = UINT64_MAX - SEC;
	take(b, TASK, KERNEL | DMA, 0x400, 0);
	g = end(b);
	assert_int_equal(g->zones[0].pages, (1 << 20) + 1);
	done(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_may_sleep_in_an_interrupt_is_certainly_wrong),
		cmocka_unit_test(with_interrupts_off_it_is_certainly_wrong),
		cmocka_unit_test(with_preemption_off_it_is_certainly_wrong),
		cmocka_unit_test(noio_and_nofs_may_sleep_too),
		cmocka_unit_test(what_may_not_sleep_is_right_anywhere),
		cmocka_unit_test(where_every_count_is_one_too_high_one_is_taken_off),
		cmocka_unit_test(of_three_allocations_nobody_can_tell_what_is_usual),
		cmocka_unit_test(what_half_of_all_have_is_no_bug),
		cmocka_unit_test(migration_off_forbids_nothing),
		cmocka_unit_test(a_due_switch_and_an_unknown_bit_forbid_nothing),
		cmocka_unit_test(with_softirqs_off_it_is_likely_wrong),
		cmocka_unit_test(a_booting_kernel_allocates_in_the_idle_task),
		cmocka_unit_test(the_idle_task_that_is_interrupted_is_no_excuse),
		cmocka_unit_test(while_the_machine_suspends_it_is_only_possibly_wrong),
		cmocka_unit_test(a_page_alone_is_likely_wrong),
		cmocka_unit_test(a_page_for_an_object_is_told_by_the_object),
		cmocka_unit_test(a_page_long_before_an_object_is_its_own),
		cmocka_unit_test(the_place_is_whoever_called_the_allocators),
		cmocka_unit_test(a_frame_that_nobody_names_is_a_modules),
		cmocka_unit_test(an_interrupt_may_come_between_an_event_and_its_stack),
		cmocka_unit_test(a_stack_behind_a_loss_or_of_another_task_is_not_its),
		cmocka_unit_test(each_stack_is_a_finding_of_its_own),
		cmocka_unit_test(atomic_in_plain_task_context_is_possibly_not_needed),
		cmocka_unit_test(without_a_preempt_count_atomic_is_not_judged),
		cmocka_unit_test(without_a_table_of_flags_nothing_is_judged),
		cmocka_unit_test(tasks_beyond_four_are_said_to_be_more),
		cmocka_unit_test(a_zone_ends_where_a_request_for_it_was_served_highest),
		cmocka_unit_test(what_an_interrupt_takes_is_no_tasks),
		cmocka_unit_test(pages_are_counted_over_time),
		cmocka_unit_test(where_nobody_asks_for_a_low_zone_its_end_is_unknown),
		cmocka_unit_test(impossible_orders_and_times_do_no_harm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
