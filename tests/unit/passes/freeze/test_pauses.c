// SPDX-License-Identifier: LGPL-2.1-or-later
/* test_pauses.c - nobody wrote anything for long: did the machine stand still, or was there only nothing to do? */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "events.h"
#include "passes/freeze/pauses.h"
#include "state/trackers.h"

enum { BURNER = 10, WAITER = 20, TIMED = 30, SUBSCRIBER = 40 };

#define FROM (100 * SEC)

/* What happened until FROM. Then nothing was recorded for a while. */
struct stage { struct trackers trackers; };

static void tell(struct stage *s, struct event ev)
{
	assert_int_equal(trackers_event(&s->trackers, &ev), 0);
}

static void busy(struct stage *s, unsigned int cpu, uint64_t since)
{
	tell(s, switch_event(cpu, since, 0, BURNER + (int32_t)cpu, 0));
}

/* An interrupt on the idle CPU 3 wakes WAITER, to run on @cpu. */
static void queued(struct stage *s, unsigned int cpu)
{
	tell(s, wake_event(EVENT_SCHED_WAKING, 3, FROM, 0, WAITER + (int32_t)cpu, (int32_t)cpu, EVENT_FL_HARDIRQ));
}

/*
 * TIMED + @cpu is woken on the otherwise idle @cpu, runs for 1 ms and sleeps, @nr times. The intervals are @gaps; the last time is
 * at @last. @by: 0 by the timer, else by the task of that pid.
 */
static void timed(struct stage *s, unsigned int cpu, const uint64_t *gaps, size_t nr, uint64_t last, int32_t by)
{
	const int32_t pid = TIMED + (int32_t)cpu;
	uint64_t at = last;

	for (size_t i = 0; i < nr; i++)
		at -= gaps[i];
	for (size_t i = 0; i <= nr; at += i < nr ? gaps[i] : 0, i++) {
		tell(s, wake_event(EVENT_SCHED_WAKING, cpu, at, by, pid, (int32_t)cpu, by ? 0 : EVENT_FL_HARDIRQ));
		tell(s, switch_event(cpu, at + 10 * US, 0, pid, 0));
		tell(s, switch_event(cpu, at + MS, pid, 0, TASK_ST_INTERRUPTIBLE));
	}
}

static void on_time(struct stage *s, unsigned int cpu, uint64_t last)
{
	static const uint64_t gaps[] = { 100 * MS, 100 * MS, 100 * MS, 100 * MS, 100 * MS };

	timed(s, cpu, gaps, 5, last, 0);
}

/* How many pauses does the silence from FROM make that @ev ends? */
static size_t pauses(struct stage *s, struct event ev)
{
	struct rules rules = rules_of(PROFILE_REAL);
	struct report r = { .rules = rules };
	struct pass_ctx ctx = { .rules = &rules, .trackers = &s->trackers, .report = &r };
	size_t nr;

	assert_int_equal(pauses_look(&ctx, FROM, &ev), 0);
	nr = r.nr_pauses;
	assert_int_equal(r.nr_notes, nr);
	if (nr) {
		assert_int_equal(r.pauses[0].from, FROM);
		assert_int_equal(r.pauses[0].to, ev.ts);
		assert_non_null(strstr(r.notes[0].text, "from 100.000000 to "));
		assert_non_null(strstr(r.notes[0].text, "not counted as a stall"));
	}
	report_clear(&r);
	return nr;
}

static size_t pauses_of(struct stage *s, uint64_t length)
{
	size_t nr = pauses(s, any_event(EVENT_OTHER, 0, FROM + length, 0));

	trackers_clear(&s->trackers);
	return nr;
}

static void a_task_queued_on_one_of_two_busy_cpus_shows_a_pause(void **unused)
{
	struct stage s = { 0 };

	(void)unused;
	busy(&s, 0, FROM - MS);
	busy(&s, 1, FROM - MS);
	queued(&s, 1);
	assert_int_equal(pauses_of(&s, 2 * SEC), 1);
}

static void cpus_that_compute_leave_nothing_undone(void **unused)
{
	struct stage s = { 0 };

	(void)unused;
	for (unsigned int cpu = 0; cpu < 4; cpu++)
		busy(&s, cpu, FROM - MS);
	assert_int_equal(pauses_of(&s, 2 * SEC), 0);
}

static void one_cpu_that_leaves_its_work_undone_is_no_machine(void **unused)
{
	struct stage s = { 0 };

	(void)unused;
	busy(&s, 1, FROM - MS);
	queued(&s, 1);
	assert_int_equal(pauses_of(&s, 2 * SEC), 0);
}

/* It computes, and did so without a record for long before everything fell silent. */
static void a_cpu_that_was_silent_before_all_others_did_not_stop_with_them(void **unused)
{
	struct stage s = { 0 };

	(void)unused;
	busy(&s, 0, FROM - 100 * MS);
	busy(&s, 1, FROM - MS);
	queued(&s, 1);
	assert_int_equal(pauses_of(&s, 2 * SEC), 0);
}

static void timers_that_did_not_fire_on_two_idle_cpus_show_a_pause(void **unused)
{
	struct stage s = { 0 };

	(void)unused;
	on_time(&s, 1, FROM - 52 * MS);
	on_time(&s, 2, FROM - 50 * MS);
	assert_int_equal(pauses_of(&s, 2 * SEC), 1);
}

static void where_all_timers_were_on_time_there_was_nothing_to_do(void **unused)
{
	struct stage s = { 0 };

	(void)unused;
	on_time(&s, 1, FROM - 52 * MS);
	on_time(&s, 2, FROM - 50 * MS);
	assert_int_equal(pauses_of(&s, 48 * MS), 0);		/* the first is due right then */
}

/* Their tasks had no more to do: they did not come at their next time either, when others still wrote. */
static void timers_that_were_due_before_do_not_count(void **unused)
{
	struct stage s = { 0 };

	(void)unused;
	on_time(&s, 1, FROM - 252 * MS);
	on_time(&s, 2, FROM - 250 * MS);
	assert_int_equal(pauses_of(&s, 2 * SEC), 0);
}

/* Who stopped waking them may have had no reason to. */
static void who_is_woken_by_a_task_is_not_due(void **unused)
{
	static const uint64_t gaps[] = { 100 * MS, 100 * MS, 100 * MS, 100 * MS, 100 * MS };
	struct stage s = { 0 };

	(void)unused;
	timed(&s, 1, gaps, 5, FROM - 52 * MS, SUBSCRIBER);
	timed(&s, 2, gaps, 5, FROM - 50 * MS, SUBSCRIBER);
	assert_int_equal(pauses_of(&s, 2 * SEC), 0);
}

/* As a kworker with a deferrable timer does: every 2 s, but later where its CPU sleeps on. */
static void a_timer_that_often_waits_for_its_cpu_is_not_due_until_then(void **unused)
{
	static const uint64_t gaps[] = { 2 * SEC, 2 * SEC, 6 * SEC, 2 * SEC, 2 * SEC, 9 * SEC, 2 * SEC, 2 * SEC };
	struct stage s = { 0 };

	(void)unused;
	for (unsigned int cpu = 1; cpu < 3; cpu++)
		timed(&s, cpu, gaps, 8, FROM - MS - cpu * US, 0);
	assert_int_equal(pauses(&s, any_event(EVENT_OTHER, 0, FROM + 5 * SEC, 0)), 0);
	assert_int_equal(pauses_of(&s, 7 * SEC), 1);		/* that is later than it usually is */
}

/* Without switches a task that was woken once seems to be queued for ever. */
static void where_no_switch_is_recorded_nobody_is_known_to_be_queued(void **unused)
{
	struct stage s = { 0 };

	(void)unused;
	tell(&s, any_event(EVENT_OTHER, 0, FROM - MS, BURNER));
	tell(&s, any_event(EVENT_OTHER, 1, FROM - MS, BURNER + 1));
	queued(&s, 1);
	assert_int_equal(pauses(&s, any_event(EVENT_OTHER, 0, FROM + 2 * SEC, 0)), 0);
	s.trackers.tasks.has_switches = true;
	assert_int_equal(pauses_of(&s, 2 * SEC), 1);
}

static void a_scan_or_a_loss_at_its_end_explains_the_silence(void **unused)
{
	struct stage s = { 0 };

	(void)unused;
	busy(&s, 0, FROM - MS);
	busy(&s, 1, FROM - MS);
	queued(&s, 1);
	assert_int_equal(pauses(&s, isolate_event(0, FROM + 2 * SEC, BURNER, 5000000, 4999968)), 0);
	assert_int_equal(pauses(&s, lost_event(0, FROM + 2 * SEC, 3)), 0);
	assert_int_equal(pauses_of(&s, 2 * SEC), 1);
}

static void before_any_record_there_is_no_pause(void **unused)
{
	struct stage s = { 0 };

	(void)unused;
	assert_int_equal(pauses_of(&s, 2 * SEC), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_task_queued_on_one_of_two_busy_cpus_shows_a_pause),
		cmocka_unit_test(cpus_that_compute_leave_nothing_undone),
		cmocka_unit_test(one_cpu_that_leaves_its_work_undone_is_no_machine),
		cmocka_unit_test(a_cpu_that_was_silent_before_all_others_did_not_stop_with_them),
		cmocka_unit_test(timers_that_did_not_fire_on_two_idle_cpus_show_a_pause),
		cmocka_unit_test(where_all_timers_were_on_time_there_was_nothing_to_do),
		cmocka_unit_test(timers_that_were_due_before_do_not_count),
		cmocka_unit_test(who_is_woken_by_a_task_is_not_due),
		cmocka_unit_test(a_timer_that_often_waits_for_its_cpu_is_not_due_until_then),
		cmocka_unit_test(where_no_switch_is_recorded_nobody_is_known_to_be_queued),
		cmocka_unit_test(a_scan_or_a_loss_at_its_end_explains_the_silence),
		cmocka_unit_test(before_any_record_there_is_no_pause),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
