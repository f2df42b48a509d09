// SPDX-License-Identifier: LGPL-2.1-or-later
/* test_losses.c - are objects whose free was lost, refused or not seen wrongly called leaks? */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "leak_lab.h"

static struct event lost_between(uint64_t from, uint64_t to, int64_t missed)
{
	struct event ev = lost_event(0, to, missed);

	ev.prev_ns = from;
	return ev;
}

static void lost_frees_are_not_called_leaks(void **state)
{
	const struct leak_report *l;
	const struct leak_site *s;

	(void)state;
	for (uint64_t i = 0; i < 1000; i++) {
		uint64_t ts = SEC + i * 10 * MS;

		leak_push(slab_alloc(ts, F_OTHER, PTR + i * 512, 512));
		if (i % 20)
			leak_push(slab_free(ts + US, PTR + i * 512));
		else
			leak_push(lost_between(ts, ts + MS, 100));
	}
	l = leak_end();
	s = leak_site(l, "drv_other");
	assert_int_equal(s->live, 50);
	assert_int_equal(s->live_sure, 0);
	assert_true(s->verdict < LEAK_SUSPECT && s->confidence == CONFIDENCE_LOW);
	assert_int_equal(s->lost_in_window, 5000);
	assert_true(l->any_loss);
}

/* When the loss began, all objects were far older than drv_rare's objects ever get before a free. So no free was lost. */
static void a_loss_after_all_of_a_leak_explains_none_of_it(void **state)
{
	const struct leak_site *rare;

	(void)state;
	busy_and_rare(25);
	leak_push(lost_between(12 * SEC, 13 * SEC, -1));
	leak_push(slab_free(14 * SEC, PTR));
	rare = leak_site(leak_end(), "drv_rare");
	assert_int_equal(rare->confidence, CONFIDENCE_HIGH);
	assert_int_equal(rare->old_live_sure, 20);
	assert_int_equal(rare->live_sure, 0);	/* by logic alone, each may have been freed in the loss */
}

/* Three of ten seconds are unknown. The other seven show the leak as well, and its rate. */
static void a_loss_within_a_leak_takes_only_its_own_time_away(void **state)
{
	const struct leak_site *s;

	(void)state;
	for (uint64_t i = 0; i < 1000; i++) {
		uint64_t ts = SEC + i * 10 * MS;

		if (i == 600)
			leak_push(lost_between(ts - 3 * SEC, ts, -1));
		if (i >= 300 && i < 600)
			continue;
		if (i % 10)
			use(ts, F_OTHER, PTR, 20 * US);
		else
			leak_push(slab_alloc(ts, F_OTHER, PTR + 4096 + i * 512, 512));
	}
	s = leak_site(leak_end(), "drv_other");
	assert_int_equal(s->verdict, LEAK_LEAK);
	assert_int_equal(s->confidence, CONFIDENCE_HIGH);
	assert_int_equal(s->live, 70);
	/* 10 x 512 bytes a second */
	assert_true(s->bytes_per_day > 0.95 * 5120 * 86400 && s->bytes_per_day < 1.05 * 5120 * 86400);
	assert_true(s->day_low < 5120.0 * 86400 && s->day_high > 5120.0 * 86400 && s->day_low > 0.6 * s->day_high);
}

/* A full buffer refused records; the time of these losses is not known. */
static void records_refused_take_all_certainty(void **state)
{
	struct recording_facts *f = &leak_whole_report()->facts;

	(void)state;
	busy_and_rare(25);
	f->cpus = calloc(1, sizeof(*f->cpus));
	assert_non_null(f->cpus);
	f->nr_cpus = 1;
	f->cpus[0] = (struct cpu_quality){ .has_events = true, .dropped = KNOWN(3) };
	assert_int_equal(leak_site(leak_end(), "drv_rare")->confidence, CONFIDENCE_LOW);
}

/*
 * Most objects are freed by kfree_rcu, which has no record: the free shows only when the address is used again. Few
 * at once.
 */
static void what_is_freed_unseen_is_not_called_a_leak(void **state)
{
	const struct leak_site *s;

	(void)state;
	for (uint64_t i = 0; i < 2000; i++) {
		uint64_t ts = SEC + i * 5 * MS, ptr = PTR + (i * 7 % 64) * 512;

		leak_push(slab_alloc(ts, F_OTHER, ptr, 512));
		if (i % 4 == 0)
			leak_push(slab_free(ts + US, ptr));
	}
	s = leak_site(leak_end(), "drv_other");
	assert_true(s->unseen > 1000);
	assert_true(s->verdict < LEAK_LEAK);
}

/* Without stacks, kmemdup is reported in place of its caller. */
int main(void)
{
	const struct CMUnitTest tests[] = {
		LEAK_TEST(lost_frees_are_not_called_leaks),
		LEAK_TEST(a_loss_after_all_of_a_leak_explains_none_of_it),
		LEAK_TEST(a_loss_within_a_leak_takes_only_its_own_time_away),
		LEAK_TEST(records_refused_take_all_certainty),
		LEAK_TEST(what_is_freed_unseen_is_not_called_a_leak),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
