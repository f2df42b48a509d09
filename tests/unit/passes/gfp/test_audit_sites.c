// SPDX-License-Identifier: LGPL-2.1-or-later
/* test_audit_sites.c - which site gets an allocation: an object's page, the caller of an allocator, a stack's entry? */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "audit_lab.h"

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_page_alone_is_likely_wrong),
		cmocka_unit_test(a_page_for_an_object_is_told_by_the_object),
		cmocka_unit_test(a_page_long_before_an_object_is_its_own),
		cmocka_unit_test(the_place_is_whoever_called_the_allocators),
		cmocka_unit_test(a_frame_that_nobody_names_is_a_modules),
		cmocka_unit_test(an_interrupt_may_come_between_an_event_and_its_stack),
		cmocka_unit_test(a_stack_behind_a_loss_or_of_another_task_is_not_its),
		cmocka_unit_test(each_stack_is_a_finding_of_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
