// SPDX-License-Identifier: LGPL-2.1-or-later
/* test_clocks.c - what is said when the clock is skewed, counts cycles, or is no clock? */
#include "ask.h"
#include "scene.h"
#include "small.h"

/* A hold of a second with two waiters; the options' kernel and CPUs are ours. */
static struct scene *freeze_on(struct scene_options o)
{
	struct scene *s;

	o.kernel = "5.15";
	o.nr_cpus = SMALL_CPUS;
	s = scene_new(&o);
	small_stall(s, 2);
	return s;
}

static void assert_the_freeze(const struct report *r)
{
	const struct stall *st = only_stall(r, CAUSE_LRU_LOCK_HOLD);

	assert_truth(&st->at, HOLD_FROM, HOLD_TO);
	assert_int_equal(st->cpus_frozen.v, 3);
	assert_victim(r, st, WORKER + 1, VICTIM_SPINNING);
	assert_victim(r, st, WORKER + 2, VICTIM_SPINNING);
	assert_victim(r, st, PUB + 0, VICTIM_TIMER_LATE);
	assert_victim(r, st, PUB + 1, VICTIM_TIMER_LATE);
	assert_victim(r, st, PUB + 2, VICTIM_TIMER_LATE);
	assert_unnamed(r, PUB + 3);
}

static void local_clocks_50_us_apart_give_the_same_stall(void **state)
{
	(void)state;
	for (int64_t sign = -1; sign <= 1; sign += 2) {
		struct scene *s = freeze_on((struct scene_options){ .clock = "local" });
		struct report *r;

		skew_cpu(s, 1, sign * 50000);
		skew_cpu(s, 3, -sign * 50000);
		r = analyse(s);
		assert_the_freeze(r);
		assert_false(r->facts.clock_is_global);
		done(r);
	}
}

static void a_counter_is_refused(void **state)
{
	struct report *r = analyse(freeze_on((struct scene_options){ .clock = "counter" }));

	(void)state;
	assert_no_stall(r);
	assert_true(r->time_refused);
	assert_false(r->facts.clock_is_time);
	assert_true(r->facts.events > 0);
	done(r);
}

static void cycles_without_their_multiplier_are_refused(void **state)
{
	struct report *r = analyse(freeze_on((struct scene_options){ .clock = "x86-tsc" }));

	(void)state;
	assert_no_stall(r);
	assert_true(r->time_refused);
	done(r);
}

/* 2 cycles a ns. */
static void cycles_with_their_multiplier_are_time(void **state)
{
	struct scene *s = freeze_on((struct scene_options){ .clock = "x86-tsc", .tsc_mult = 1 << 19, .tsc_shift = 20 });
	struct report *r;

	(void)state;
	for (unsigned int cpu = 0; cpu < SMALL_CPUS; cpu++)
		for (size_t i = 0; i < s->buffers[0].lanes[cpu].nr; i++)
			s->buffers[0].lanes[cpu].records[i].ts *= 2;
	r = analyse(s);
	assert_false(r->time_refused);
	assert_the_freeze(r);
	done(r);
}

static void an_offset_of_the_file_is_applied(void **state)
{
	struct scene *s = freeze_on((struct scene_options){ .ts_offset = 7 * (int64_t)SEC });
	struct report *r;

	(void)state;
	for (unsigned int cpu = 0; cpu < SMALL_CPUS; cpu++)
		skew_cpu(s, cpu, -7 * (int64_t)SEC);
	r = analyse(s);
	assert_the_freeze(r);
	done(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(local_clocks_50_us_apart_give_the_same_stall),
		cmocka_unit_test(a_counter_is_refused),
		cmocka_unit_test(cycles_without_their_multiplier_are_refused),
		cmocka_unit_test(cycles_with_their_multiplier_are_time),
		cmocka_unit_test(an_offset_of_the_file_is_applied),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
