// SPDX-License-Identifier: LGPL-2.1-or-later
/* test_twins.c - is one event in two buffers known again, and are two events left two? */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "events.h"
#include "passes/common/twins.h"

enum { KSWAPD = 50, WITHIN = 50 * US };

static struct event scan(uint64_t ts, uint16_t lane, uint64_t scanned)
{
	struct event ev = isolate_event(0, ts, KSWAPD, scanned, 0);

	ev.lane = lane;
	return ev;
}

static bool has(struct twins *t, struct event ev)
{
	return twins_have(t, &ev, WITHIN);
}

static void another_buffers_record_of_an_event_is_known_again(void **unused)
{
	struct twins t = { 0 };

	(void)unused;
	assert_false(has(&t, scan(SEC, 0, 32)));
	assert_true(has(&t, scan(SEC + 2 * US, 1, 32)));
	assert_true(has(&t, scan(SEC + 3 * US, 2, 32)));
}

static void one_buffers_events_are_several_unless_their_stamps_are_one(void **unused)
{
	struct twins t = { 0 };

	(void)unused;
	assert_false(has(&t, scan(SEC, 0, 32)));
	assert_false(has(&t, scan(SEC + 1, 0, 32)));
	assert_true(has(&t, scan(SEC + 1, 0, 32)));
}

static void what_came_long_ago_is_another_event(void **unused)
{
	struct twins t = { 0 };

	(void)unused;
	assert_false(has(&t, scan(SEC, 0, 32)));
	assert_false(has(&t, scan(SEC + WITHIN, 1, 32)));
	assert_true(has(&t, scan(SEC + 2 * WITHIN - 1, 0, 32)));
}

static void what_differs_in_anything_is_another_event(void **unused)
{
	struct event other = scan(SEC + 1, 1, 32);
	struct twins t = { 0 };

	(void)unused;
	assert_false(has(&t, scan(SEC, 0, 32)));
	assert_false(has(&t, scan(SEC + 1, 1, 33)));
	other.pid++;
	assert_false(has(&t, other));
	other = scan(SEC + 1, 1, 32);
	other.kind = EVENT_LRU_SHRINK_ACTIVE;
	assert_false(has(&t, other));
	other = scan(SEC + 1, 1, 32);
	other.isolate.nr_taken++;
	assert_false(has(&t, other));
}

/* One buffer's records may be some events ahead. */
static void events_need_not_take_turns(void **unused)
{
	struct twins t = { 0 };

	(void)unused;
	for (uint64_t i = 0; i < TWINS; i++)
		assert_false(has(&t, scan(SEC + i, 0, i)));
	for (uint64_t i = 0; i < TWINS; i++)
		assert_true(has(&t, scan(SEC + TWINS + i, 1, i)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(another_buffers_record_of_an_event_is_known_again),
		cmocka_unit_test(one_buffers_events_are_several_unless_their_stamps_are_one),
		cmocka_unit_test(what_came_long_ago_is_another_event),
		cmocka_unit_test(what_differs_in_anything_is_another_event),
		cmocka_unit_test(events_need_not_take_turns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
