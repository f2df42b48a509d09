// SPDX-License-Identifier: LGPL-2.1-or-later
/* test_merge.c - do many lanes become one stream in time order, with one thread and with several? */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "events.h"
#include "reader/lanes/merge.h"

/* A lane with events made by the test; @left: fill() fails with @err after this many. */
struct fake { const struct event *events; size_t nr, next, left; int err; };

enum { MAX_LANES = 8 };

struct got { struct event ev[64]; size_t nr, stop_at; };

static int fill(struct lane *lane, struct unpacker *u, struct event *out, size_t max)
{
	struct fake *f = lane->priv;
	size_t n = 0;

	(void)u;
	for (; n < max && f->next < f->nr; f->next++) {
		const struct event *ev = &f->events[f->next];

		if (f->err && f->next == f->left)
			return n ? (int)n : f->err;
		if (ev->ts < lane->from)
			continue;
		out[n] = *ev;
		out[n].cpu = lane->cpu;
		out[n].lane = lane->index;
		out[n].first = !lane->any;
		out[n].prev_ns = lane->any ? lane->seen : ev->ts;
		lane->any = true;
		lane->seen = ev->ts;
		n++;
	}
	return (int)n;
}

static int seek(struct lane *lane)
{
	((struct fake *)lane->priv)->next = 0;
	return 0;
}

static void close_nothing(struct lane *lane)
{
	(void)lane;
}

static const struct lane_ops *fake_ops(void)
{
	static const struct lane_ops ops = { .fill = fill, .seek = seek, .close = close_nothing };

	return &ops;
}

/* Make lanes over @fakes; lane i is of CPU cpus[i]. */
struct lanes { struct lane lane[MAX_LANES], *list[MAX_LANES]; };

static struct lane **make_lanes(struct lanes *l, struct fake *fakes, const uint16_t *cpus, size_t nr)
{
	for (size_t i = 0; i < nr; i++) {
		l->lane[i] = (struct lane){ .ops = fake_ops(), .priv = &fakes[i], .cpu = cpus[i], .index = (uint16_t)i };
		l->list[i] = &l->lane[i];
	}
	return l->list;
}

static int take(void *data, const struct event *ev)
{
	struct got *got = data;

	assert_true(got->nr < sizeof(got->ev) / sizeof(got->ev[0]));
	got->ev[got->nr++] = *ev;
	return got->stop_at && got->nr == got->stop_at ? 42 : 0;
}

static struct got merged(struct lane **lanes, size_t nr, const struct time_window *windows, size_t nr_windows)
{
	struct got got = { .nr = 0 };
	const struct replay replay = { .windows = windows, .nr_windows = nr_windows, .jobs = 1, .fn = take, .data = &got };

	assert_int_equal(merge_lanes(lanes, nr, &replay), 0);
	return got;
}

#define AT(ts_) { .kind = EVENT_OTHER, .ts = (ts_) }
#define LOST(ts_) { .kind = EVENT_LOST, .ts = (ts_), .lost.missed = 1 }
#define FAKE(list) { .events = (list), .nr = sizeof(list) / sizeof((list)[0]) }

static void events_come_by_time_then_cpu_then_lane(void **unused)
{
	static const struct event a[] = { AT(10), AT(30), AT(30) }, b[] = { AT(10), AT(20), AT(30) }, c[] = { AT(10), AT(30) };
	static const struct { uint64_t ts; unsigned int cpu, lane; } expected[] = {
		{ 10, 0, 1 }, { 10, 0, 2 }, { 10, 1, 0 }, { 20, 0, 1 }, { 30, 0, 1 }, { 30, 0, 2 }, { 30, 1, 0 }, { 30, 1, 0 },
	};
	struct fake fakes[] = { FAKE(a), FAKE(b), FAKE(c) };
	struct lanes l;
	struct got got = merged(make_lanes(&l, fakes, (uint16_t[]){ 1, 0, 0 }, 3), 3, NULL, 0);

	(void)unused;
	assert_int_equal(got.nr, 8);
	for (size_t i = 0; i < got.nr; i++) {
		assert_int_equal(got.ev[i].ts, expected[i].ts);
		assert_int_equal(got.ev[i].cpu, expected[i].cpu);
		assert_int_equal(got.ev[i].lane, expected[i].lane);
	}
}

static void a_cpu_is_heard_of_in_all_its_buffers(void **unused)
{
	static const struct event a[] = { AT(10), AT(40) }, b[] = { AT(20), AT(30) }, c[] = { AT(35) };
	struct fake fakes[] = { FAKE(a), FAKE(b), FAKE(c) };
	struct lanes l;
	struct got got = merged(make_lanes(&l, fakes, (uint16_t[]){ 0, 0, 1 }, 3), 3, NULL, 0);

	(void)unused;
	assert_int_equal(got.nr, 5);
	assert_true(got.ev[0].first);
	assert_int_equal(got.ev[0].prev_ns, 10);
	assert_false(got.ev[1].first);			/* the first event of its buffer, but not of its CPU */
	assert_int_equal(got.ev[1].prev_ns, 10);
	assert_int_equal(got.ev[2].prev_ns, 20);
	assert_true(got.ev[3].first);			/* CPU 1 */
	assert_int_equal(got.ev[4].prev_ns, 30);	/* not 10, which is the last one in its own buffer */
}

static void a_loss_is_no_sign_of_life(void **unused)
{
	static const struct event a[] = { AT(10), LOST(30), AT(30) };
	struct fake fakes[] = { FAKE(a) };
	struct lanes l;
	struct got got = merged(make_lanes(&l, fakes, (uint16_t[]){ 0 }, 1), 1, NULL, 0);

	(void)unused;
	assert_int_equal(got.nr, 3);
	assert_int_equal(got.ev[1].kind, EVENT_LOST);
	assert_int_equal(got.ev[1].prev_ns, 10);
}

static void only_what_lies_in_a_window_is_delivered(void **unused)
{
	static const struct event a[] = { AT(10), AT(20), AT(30), AT(40), AT(50) }, b[] = { AT(15), AT(45) };
	static const struct time_window windows[] = { { 20, 30 }, { 45, 50 } };
	struct fake fakes[] = { FAKE(a), FAKE(b) };
	struct lanes l;
	struct got got = merged(make_lanes(&l, fakes, (uint16_t[]){ 0, 1 }, 2), 2, windows, 2);

	(void)unused;
	assert_int_equal(got.nr, 4);
	assert_int_equal(got.ev[0].ts, 20);
	assert_true(got.ev[0].first);
	assert_int_equal(got.ev[1].ts, 30);
	assert_false(got.ev[1].first);
	assert_int_equal(got.ev[2].ts, 45);
	assert_int_equal(got.ev[3].ts, 50);
	assert_true(got.ev[3].first);			/* of CPU 0 in this window: nothing is known of the time between */
}

static void no_window_is_no_event(void **unused)
{
	static const struct event a[] = { AT(10) };
	static const struct time_window none[1];
	struct fake fakes[] = { FAKE(a) };
	struct lanes l;

	(void)unused;
	assert_int_equal(merged(make_lanes(&l, fakes, (uint16_t[]){ 0 }, 1), 1, none, 0).nr, 0);
}

static void without_lanes_there_is_nothing_to_do(void **unused)
{
	(void)unused;
	assert_int_equal(merged(NULL, 0, NULL, 0).nr, 0);
}

static void empty_lanes_are_passed_over(void **unused)
{
	static const struct event a[] = { AT(10) };
	struct fake fakes[] = { { .nr = 0 }, FAKE(a), { .nr = 0 } };
	struct lanes l;

	(void)unused;
	assert_int_equal(merged(make_lanes(&l, fakes, (uint16_t[]){ 0, 1, 2 }, 3), 3, NULL, 0).nr, 1);
}

static void who_has_seen_enough_ends_it(void **unused)
{
	static const struct event a[] = { AT(10), AT(20), AT(30) };
	struct fake fakes[] = { FAKE(a) };
	struct got got = { .stop_at = 2 };
	const struct replay replay = { .jobs = 1, .fn = take, .data = &got };
	struct lanes l;

	(void)unused;
	assert_int_equal(merge_lanes(make_lanes(&l, fakes, (uint16_t[]){ 0 }, 1), 1, &replay), 42);
	assert_int_equal(got.nr, 2);
}

static void an_error_of_a_lane_is_the_result(void **unused)
{
	static const struct event a[] = { AT(10), AT(20), AT(30) }, b[] = { AT(15) };

	(void)unused;
	for (size_t left = 0; left < 3; left++)
		for (unsigned int jobs = 1; jobs < 4; jobs++) {
			struct fake fakes[] = { FAKE(a), FAKE(b) };
			struct got got = { .nr = 0 };
			const struct replay replay = { .jobs = jobs, .fn = take, .data = &got };
			struct lanes l;

			fakes[0].left = left;
			fakes[0].err = -EIO;
			assert_int_equal(merge_lanes(make_lanes(&l, fakes, (uint16_t[]){ 0, 1 }, 2), 2, &replay), -EIO);
			assert_true(got.nr <= left + 1);
		}
}

/* A stream too long for its blocks must be in order, and must hold every event once. */
struct check { uint64_t last, sum; size_t nr, stop_at; };

static int check_order(void *data, const struct event *ev)
{
	struct check *c = data;

	if (ev->ts < c->last)
		return -ERANGE;
	c->last = ev->ts;
	c->sum += ev->ts;
	c->nr++;
	return c->stop_at == c->nr ? 42 : 0;
}

static struct event *many(size_t lane, size_t nr)
{
	struct event *list = calloc(nr, sizeof(*list));

	assert_non_null(list);
	for (size_t i = 0; i < nr; i++)		/* dense here, sparse there: lanes run out at different times */
		list[i] = (struct event){ .kind = EVENT_OTHER, .ts = i * (lane + 1) * 7 + lane };
	return list;
}

static int merge_many(struct fake *fakes, unsigned int jobs, struct check *c)
{
	const struct replay replay = { .jobs = jobs, .fn = check_order, .data = c };
	struct lanes l;

	return merge_lanes(make_lanes(&l, fakes, (uint16_t[]){ 0, 1, 2, 3, 0, 1, 2, 3 }, MAX_LANES), MAX_LANES, &replay);
}

static void threads_that_read_ahead_change_nothing(void **unused)
{
	struct fake fakes[MAX_LANES];
	struct check one = { 0 };

	(void)unused;
	for (size_t i = 0; i < MAX_LANES; i++)
		fakes[i] = (struct fake){ .events = many(i, 20000 + i), .nr = i == 5 ? 0 : 20000 + i };
	assert_int_equal(merge_many(fakes, 1, &one), 0);
	for (unsigned int jobs = 2; jobs <= 200; jobs *= 3) {
		struct check c = { 0 };

		assert_int_equal(merge_many(fakes, jobs, &c), 0);
		assert_int_equal(c.nr, one.nr);
		assert_int_equal(c.sum, one.sum);
	}
	for (size_t i = 0; i < MAX_LANES; i++)
		free((void *)fakes[i].events);
}

static void threads_stop_when_nobody_wants_more(void **unused)
{
	struct fake fakes[MAX_LANES];

	(void)unused;
	for (size_t i = 0; i < MAX_LANES; i++)
		fakes[i] = (struct fake){ .events = many(i, 20000), .nr = 20000 };
	for (size_t stop_at = 1; stop_at < 10000; stop_at *= 10) {
		struct check c = { .stop_at = stop_at };

		assert_int_equal(merge_many(fakes, 3, &c), 42);
		assert_int_equal(c.nr, stop_at);
	}
	for (size_t i = 0; i < MAX_LANES; i++)
		free((void *)fakes[i].events);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(events_come_by_time_then_cpu_then_lane),
		cmocka_unit_test(a_cpu_is_heard_of_in_all_its_buffers),
		cmocka_unit_test(a_loss_is_no_sign_of_life),
		cmocka_unit_test(only_what_lies_in_a_window_is_delivered),
		cmocka_unit_test(no_window_is_no_event),
		cmocka_unit_test(without_lanes_there_is_nothing_to_do),
		cmocka_unit_test(empty_lanes_are_passed_over),
		cmocka_unit_test(who_has_seen_enough_ends_it),
		cmocka_unit_test(an_error_of_a_lane_is_the_result),
		cmocka_unit_test(threads_that_read_ahead_change_nothing),
		cmocka_unit_test(threads_stop_when_nobody_wants_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
