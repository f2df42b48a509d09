// SPDX-License-Identifier: LGPL-2.1-or-later
/* test_stay.c - which losses can hide something of a task, and which cannot? */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "events.h"
#include "state/stay.h"

enum { TASK = 7, OTHER = 8 };

/* TASK runs on CPU 0 until 200, anywhere until 300, then on CPU 1 until 400. */
static const struct stay moved = { .from = 100, .left = 200, .back = 300, .to = 400, .first = 0, .last = 1 };
static const struct stay stayed = { .from = 100, .left = 400, .back = 400, .to = 400, .first = 0, .last = 0 };

static struct stretch hidden_by(const struct stay *s, unsigned int cpu, uint64_t from, uint64_t to)
{
	struct hidden h = { 0 };
	struct event lost = lost_event(cpu, to, -1);
	struct stretch hull;

	lost.lost.since = from;
	assert_int_equal(hidden_add(&h, &lost), 0);
	hull = stay_hidden(s, &h);
	hidden_clear(&h);
	return hull;
}

static void a_loss_where_the_task_was_hides(void **unused)
{
	(void)unused;
	assert_int_equal(hidden_by(&moved, 0, 120, 150).from, 120);
	assert_int_equal(hidden_by(&moved, 0, 120, 150).to, 150);
	assert_int_equal(hidden_by(&moved, 1, 350, 900).from, 350);
	assert_int_equal(hidden_by(&moved, 1, 350, 900).to, 400);
	assert_int_equal(hidden_by(&moved, 5, 0, 900).from, 200);	/* off its CPU it may have been anywhere */
	assert_int_equal(hidden_by(&moved, 5, 0, 900).to, 300);
	assert_false(stretch_empty(hidden_by(&stayed, 0, 399, 400)));
}

static void a_loss_where_the_task_was_not_hides_nothing(void **unused)
{
	(void)unused;
	assert_true(stretch_empty(hidden_by(&moved, 1, 120, 150)));
	assert_true(stretch_empty(hidden_by(&moved, 0, 320, 390)));
	assert_true(stretch_empty(hidden_by(&moved, 5, 0, 200)));
	assert_true(stretch_empty(hidden_by(&stayed, 1, 0, 900)));
}

static void a_loss_right_before_or_behind_hides_nothing(void **unused)
{
	(void)unused;
	assert_true(stretch_empty(hidden_by(&stayed, 0, 0, 100)));
	assert_true(stretch_empty(hidden_by(&stayed, 0, 400, 900)));
}

static void many_losses_are_kept_in_order(void **unused)
{
	struct hidden h = { 0 };

	(void)unused;
	for (uint64_t i = 1; i <= 1000; i++) {
		struct event lost = lost_event(3, i * 100, -1);

		lost.lost.since = i * 100 - 50;
		assert_int_equal(hidden_add(&h, &lost), 0);
	}
	for (uint64_t i = 1; i <= 1000; i++) {
		struct stretch inside = NO_STRETCH, between = NO_STRETCH;

		hidden_widen(&h, 3, (struct stretch){ i * 100 - 60, i * 100 + 10 }, &inside);
		hidden_widen(&h, 3, (struct stretch){ i * 100, i * 100 + 50 }, &between);
		assert_int_equal(inside.from, i * 100 - 50);
		assert_int_equal(inside.to, i * 100);
		assert_true(stretch_empty(between));
	}
	hidden_clear(&h);
}

/* Two buffers of a CPU may lose at the same time. */
static void losses_that_overlap_are_one(void **unused)
{
	struct event early = lost_event(0, 200, -1), late = lost_event(0, 500, -1), all = lost_event(0, 900, -1);
	struct hidden h = { 0 };

	(void)unused;
	early.lost.since = 100;
	late.lost.since = 300;
	all.lost.since = 150;
	assert_int_equal(hidden_add(&h, &early), 0);
	assert_int_equal(hidden_add(&h, &late), 0);
	assert_int_equal(h.cpus[0].nr, 2);
	assert_int_equal(hidden_add(&h, &all), 0);
	assert_int_equal(h.cpus[0].nr, 1);
	assert_int_equal(h.cpus[0].list[0].from, 100);
	assert_int_equal(h.cpus[0].list[0].to, 900);
	hidden_clear(&h);
}

static struct stay seen(struct trackers *t, const struct event *between, size_t nr)
{
	struct event begin = any_event(EVENT_RECLAIM_BEGIN, 0, 100, TASK), end = any_event(EVENT_RECLAIM_END, 0, 400, TASK);
	struct stay s = stay_begin(t, &begin);

	for (size_t i = 0; i < nr; i++) {
		if (between[i].kind == EVENT_SCHED_SWITCH && between[i].sw.prev_pid == TASK)
			stay_leave(&s, &between[i]);
		assert_int_equal(trackers_event(t, &between[i]), 0);
	}
	stay_end(&s, t, &end);
	trackers_clear(t);
	return s;
}

static void a_task_that_is_not_switched_out_stays(void **unused)
{
	const struct event on = switch_event(0, 50, 0, TASK, 0), other = switch_event(1, 200, 0, OTHER, 0);
	struct trackers t = { 0 };
	struct stay s;

	(void)unused;
	assert_int_equal(trackers_event(&t, &on), 0);
	s = seen(&t, &other, 1);
	assert_int_equal(s.left, 400);
	assert_int_equal(s.back, 400);
}

static void a_task_that_is_switched_out_may_be_anywhere_until_it_is_back(void **unused)
{
	const struct event on = switch_event(0, 50, 0, TASK, 0);
	const struct event between[] = {
		switch_event(0, 150, TASK, OTHER, TASK_ST_PREEMPTED), switch_event(0, 180, OTHER, TASK, TASK_ST_PREEMPTED),
		switch_event(0, 250, TASK, OTHER, TASK_ST_PREEMPTED), switch_event(0, 290, OTHER, TASK, TASK_ST_PREEMPTED),
	};
	struct trackers t = { 0 };
	struct stay s;

	(void)unused;
	assert_int_equal(trackers_event(&t, &on), 0);
	s = seen(&t, between, 4);
	assert_int_equal(s.left, 150);
	assert_int_equal(s.back, 290);
}

static void without_switches_it_may_be_anywhere_all_the_time(void **unused)
{
	struct trackers t = { 0 };
	const struct stay s = seen(&t, NULL, 0);

	(void)unused;
	assert_int_equal(s.left, 100);
	assert_int_equal(s.back, 400);
}

static void a_later_stay_elsewhere_joins_as_a_move(void **unused)
{
	const struct stay there = { .from = 500, .left = 600, .back = 600, .to = 600, .first = 1, .last = 1 };
	const struct stay here = { .from = 700, .left = 800, .back = 800, .to = 800, .first = 0, .last = 0 };
	struct stay s = stayed;

	(void)unused;
	stay_join(&s, &here);
	assert_true(s.left == 800 && s.back == 800 && s.to == 800);
	s = stayed;
	stay_join(&s, &there);
	assert_true(s.left == 400 && s.back == 500 && s.to == 600 && s.last == 1);
	stay_join(&s, &here);
	assert_true(s.left == 400 && s.back == 700 && s.to == 800 && s.last == 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_loss_where_the_task_was_hides),
		cmocka_unit_test(a_loss_where_the_task_was_not_hides_nothing),
		cmocka_unit_test(a_loss_right_before_or_behind_hides_nothing),
		cmocka_unit_test(many_losses_are_kept_in_order),
		cmocka_unit_test(losses_that_overlap_are_one),
		cmocka_unit_test(a_task_that_is_not_switched_out_stays),
		cmocka_unit_test(a_task_that_is_switched_out_may_be_anywhere_until_it_is_back),
		cmocka_unit_test(without_switches_it_may_be_anywhere_all_the_time),
		cmocka_unit_test(a_later_stay_elsewhere_joins_as_a_move),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
