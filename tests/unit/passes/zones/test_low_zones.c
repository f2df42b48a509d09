// SPDX-License-Identifier: LGPL-2.1-or-later
/* test_low_zones.c - to which zone do pages belong if no event names it? */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "audit_lab.h"

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
	take(b, TASK, KERNEL, 0x100, 0);		/* before any event shows that this page is in the zone */
	take(b, TASK, KERNEL | DMA, 0x500, 0);
	take(b, TASK + 1, KERNEL, 0x200, 3);
	take(b, TASK + 1, KERNEL, 0x501, 0);		/* as far as is known, above the zone */
	take(b, TASK + 1, KERNEL, UINT64_MAX, 0);	/* the allocation failed */
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
		cmocka_unit_test(a_zone_ends_where_a_request_for_it_was_served_highest),
		cmocka_unit_test(what_an_interrupt_takes_is_no_tasks),
		cmocka_unit_test(pages_are_counted_over_time),
		cmocka_unit_test(where_nobody_asks_for_a_low_zone_its_end_is_unknown),
		cmocka_unit_test(impossible_orders_and_times_do_no_harm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
