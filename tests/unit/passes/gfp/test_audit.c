// SPDX-License-Identifier: LGPL-2.1-or-later
/* test_audit.c - are allocations in the wrong context found in every context, and allocations that only look wrong not? */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "audit_lab.h"

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
		assert_null(f->comms);	/* the interrupted task is not involved */
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

/* Report E: only direct reclaim decides. NOIO and NOFS allow it, whichever bit the kernel uses for it. */
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
	push(b, slab(NOWAIT, 0, 0));	/* this is intended: there is a fallback */
	push(b, slab(ATOMIC, 0, 1));
	push(b, slab(0, EVENT_FL_NMI, 1));
	assert_int_equal(end(b)->nr_findings, 0);
	done(b);
}

/* PREEMPT_COUNT without PREEMPTION: the preempt count of every event includes the tracepoint's own. */
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

/*
 * Since 5.15 the high nibble counts migrate_disable(). PREEMPT_RT uses it under its spinlocks, where sleeping is
 * allowed.
 */
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

/* The flag for a pending switch, and the bit whose meaning changed in 6.13. */
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

/* A spinlock leaves no trace. */
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
		cmocka_unit_test(atomic_in_plain_task_context_is_possibly_not_needed),
		cmocka_unit_test(without_a_preempt_count_atomic_is_not_judged),
		cmocka_unit_test(without_a_table_of_flags_nothing_is_judged),
		cmocka_unit_test(tasks_beyond_four_are_said_to_be_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
