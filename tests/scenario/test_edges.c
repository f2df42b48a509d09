// SPDX-License-Identifier: LGPL-2.1-or-later
/* test_edges.c - is what was lost, or not recorded at all, never taken for a stall? */
#include "ask.h"
#include "small.h"
#include "vmstall/event.h"

/* CPU 2 is busy and has a publisher; a second of it is lost. */
static struct report *after_loss(int64_t count, bool extend_first)
{
	struct scene *s = scene_new(&(struct scene_options){
		.kernel = "5.15", .nr_cpus = SMALL_CPUS, .extend_first = extend_first });
	struct machine *m = small_machine(s, NULL);

	small_burners(m);
	machine_pause(m, 2, HOLD_FROM, HOLD_TO);	/* overdue timers at its end, as after a freeze */
	machine_play(m);
	if (count)
		scene_lost(s, 2, HOLD_TO, count);
	return analyse(s);
}

static void a_loss_of_known_number_is_no_stall_and_is_counted(void **state)
{
	struct report *r = after_loss(812, false);

	(void)state;
	assert_no_stall(r);
	assert_int_equal(r->facts.cpus[2].lost, 812);
	assert_int_equal(r->facts.cpus[1].lost, 0);
	done(r);
}

static void a_loss_of_unknown_number_is_no_stall_and_is_marked(void **state)
{
	struct report *r = after_loss(-1, false);

	(void)state;
	assert_no_stall(r);
	assert_int_equal(r->facts.cpus[2].lost_marks, 1);
	done(r);
}

static void a_loss_before_a_time_extend_is_seen_too(void **state)
{
	struct report *r = after_loss(812, true);

	(void)state;
	assert_no_stall(r);
	assert_int_equal(r->facts.cpus[2].lost, 812);
	done(r);
}

/* The same silence without a loss is one: the tests above rest on the mark. */
static void the_same_silence_without_a_loss_is_reported(void **state)
{
	struct report *r = after_loss(0, false);

	(void)state;
	assert_in_range(only_stall(r, CAUSE_UNEXPLAINED)->at.start, HOLD_FROM - 40 * MS, HOLD_FROM);
	done(r);
}

/* Records of the holder's CPU were lost just before the scan's event. */
static void a_hold_behind_a_loss_has_low_confidence_and_says_why(void **state)
{
	struct scene *s = small_scene("5.15");
	const struct stall *st;
	struct report *r;

	(void)state;
	small_stall(s, 1);
	forget_records(s, 0, HOLD_FROM - 500 * MS, HOLD_FROM + 500 * MS);
	scene_lost(s, 0, HOLD_FROM + 500 * MS, -1);
	r = analyse(s);
	st = only_stall(r, CAUSE_LRU_LOCK_HOLD);
	assert_int_equal(st->confidence, CONFIDENCE_LOW);
	assert_int_equal(st->evidence, EVIDENCE_BOUNDED);
	assert_true(has_reason(st, "lost"));
	assert_in_range(HOLD_FROM, st->at.start_earliest, st->at.start_latest);
	assert_true(st->at.start >= HOLD_FROM);	/* a floor */
	done(r);
}

/* A flight recorder: each CPU's buffer begins where its oldest kept record is. */
static void cpus_that_begin_and_end_at_different_times_are_no_stall(void **state)
{
	struct scene *s = small_scene("5.15");
	struct machine *m = small_machine(s, NULL);
	struct report *r;

	(void)state;
	small_burners(m);
	machine_play(m);
	for (unsigned int cpu = 0; cpu < SMALL_CPUS; cpu++) {
		forget_records(s, cpu, 0, BEGIN + cpu * SEC);
		forget_records(s, cpu, END - cpu * 300 * MS, UINT64_MAX);
	}
	r = analyse(s);
	assert_no_stall(r);
	assert_in_range(r->facts.cpus[3].first_ns, BEGIN + 3 * SEC, BEGIN + 3 * SEC + 40 * MS);
	done(r);
}

/* Of a busy CPU the recording ends before the rest: nothing is known after it. */
static void a_cpu_silent_until_the_end_of_the_recording_is_no_stall(void **state)
{
	struct scene *s = small_scene("5.15");
	struct machine *m = small_machine(s, NULL);
	struct report *r;

	(void)state;
	machine_hog(m, 2, numbered("burner", HOG, 2));
	machine_play(m);
	forget_records(s, 2, HOLD_FROM, UINT64_MAX);
	r = analyse(s);
	assert_no_stall(r);
	done(r);
}

/* The holder's buffer begins with the event itself: its length is what the scan must have taken, not more. */
static void a_hold_that_the_recordings_begin_cuts_is_given_a_floor(void **state)
{
	struct scene *s = small_scene("5.15");
	const struct stall *st;
	struct report *r;

	(void)state;
	small_stall(s, 1);
	forget_all_records(s, 0, HOLD_TO - 10 * MS);
	r = analyse(s);
	assert_int_equal(r->nr_holds, 1);
	assert_int_equal(r->holds[0].at.evidence, EVIDENCE_BOUNDED);
	assert_in_range(r->holds[0].at.start, HOLD_FROM, HOLD_TO - US);
	for (size_t i = 0; i < r->nr_stalls; i++) {
		st = &r->stalls[i];
		assert_int_equal(st->cause, CAUSE_LRU_LOCK_HOLD);
		assert_int_equal(st->evidence, EVIDENCE_BOUNDED);
		assert_int_not_equal(st->confidence, CONFIDENCE_HIGH);
		assert_true(st->at.start >= HOLD_FROM);
	}
	done(r);
}

/* A flight recorder's oldest record is the end of a scan: all CPUs were frozen when the recording begins. */
static void a_hold_that_began_before_the_recording_is_found_and_may_have_been_longer(void **state)
{
	struct scene *s = small_scene("5.15");
	const struct stall *st;
	struct report *r;

	(void)state;
	small_stall(s, SMALL_CPUS - 1);
	forget_all_records(s, 0, HOLD_FROM + 900 * MS);
	r = analyse(s);
	st = only_stall(r, CAUSE_LRU_LOCK_HOLD);
	assert_int_equal(r->facts.first_ns, st->event.ts);
	assert_true(st->at.start_earliest <= HOLD_FROM && st->at.start_latest >= HOLD_FROM);
	assert_in_range(st->at.end - st->at.start, 100 * MS, 300 * MS);	/* 20 ns a page */
	assert_int_equal(st->at.start_rule, BOUND_EDGE);
	assert_int_equal(st->evidence, EVIDENCE_BOUNDED);
	assert_int_not_equal(st->confidence, CONFIDENCE_HIGH);
	assert_false(st->has_ns_per_page || st->capped_least_ns.is);
	done(r);
}

static void cpus_frozen_by_a_hold_that_is_cut_are_its_victims(void **state)
{
	struct scene *s = small_scene("5.15");
	const struct stall *st;
	struct report *r;

	(void)state;
	small_stall(s, 2);
	forget_records(s, 0, 0, HOLD_TO - 10 * US);
	r = analyse(s);
	st = only_stall(r, CAUSE_LRU_LOCK_HOLD);
	assert_inside(&st->at, HOLD_FROM, HOLD_TO);
	assert_true(st->at.start >= HOLD_FROM);
	assert_int_equal(st->evidence, EVIDENCE_BOUNDED);
	assert_int_equal(st->confidence, CONFIDENCE_MEDIUM);
	assert_victim(r, st, WORKER + 1, VICTIM_SPINNING);
	assert_victim(r, st, WORKER + 2, VICTIM_SPINNING);
	assert_victim(r, st, PUB + 1, VICTIM_TIMER_LATE);
	assert_int_equal(victim_of(r, st, WORKER + 1)->evidence, EVIDENCE_BOUNDED);
	done(r);
}

/* Nothing after the event on the holder's CPU: the recording ends there. */
static void a_hold_at_the_recordings_end_is_found_and_bounded(void **state)
{
	struct scene *s = small_scene("5.15");
	const struct stall *st;
	struct report *r;

	(void)state;
	small_stall(s, 0);
	forget_all_records(s, HOLD_TO - US / 2, UINT64_MAX);
	r = analyse(s);
	st = only_stall(r, CAUSE_LRU_LOCK_HOLD);
	assert_in_range(HOLD_FROM, st->at.start_earliest, st->at.start_latest);
	assert_int_equal(st->evidence, EVIDENCE_BOUNDED);
	done(r);
}

/* lonely has computed on CPU 2 since before the recording. It @waits for the lock, or only writes at the same times. */
static struct report *never_switched_in(bool waits)
{
	struct scene *s = small_scene("6.1");
	struct scene_at at = { .ts = HOLD_FROM + 40 * MS, .cpu = 2, .pid = HOG };

	small_stall(s, 1);
	forget_records(s, 2, 0, END);
	scene_comm(s, HOG, "lonely");
	if (waits)
		story_contention(s, at, HOLD_TO + 3 * US, 0x1000);
	for (size_t i = 0; !waits && i < 2; i++, at.ts = HOLD_TO + 3 * US)
		story_waking(s, at, 3, numbered("other", SUB, 3));
	return analyse(s);
}

static void who_was_never_switched_in_is_frozen_where_it_waits(void **state)
{
	struct report *r = never_switched_in(true);
	const struct victim *v = assert_victim(r, only_stall(r, CAUSE_LRU_LOCK_HOLD), HOG, VICTIM_SPINNING);

	(void)state;
	assert_int_equal(v->from, HOLD_FROM + 40 * MS);
	assert_int_equal(v->to, HOLD_TO + 3 * US);
	assert_string_equal(v->comm, "lonely");
	done(r);
}

static void who_was_never_switched_in_and_only_computes_is_not(void **state)
{
	struct report *r = never_switched_in(false);

	(void)state;
	assert_int_equal(only_stall(r, CAUSE_LRU_LOCK_HOLD)->cpus_frozen.v, 2);
	assert_unnamed(r, HOG);
	done(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_loss_of_known_number_is_no_stall_and_is_counted),
		cmocka_unit_test(a_loss_of_unknown_number_is_no_stall_and_is_marked),
		cmocka_unit_test(a_loss_before_a_time_extend_is_seen_too),
		cmocka_unit_test(the_same_silence_without_a_loss_is_reported),
		cmocka_unit_test(a_hold_behind_a_loss_has_low_confidence_and_says_why),
		cmocka_unit_test(cpus_that_begin_and_end_at_different_times_are_no_stall),
		cmocka_unit_test(a_cpu_silent_until_the_end_of_the_recording_is_no_stall),
		cmocka_unit_test(a_hold_that_the_recordings_begin_cuts_is_given_a_floor),
		cmocka_unit_test(a_hold_that_began_before_the_recording_is_found_and_may_have_been_longer),
		cmocka_unit_test(cpus_frozen_by_a_hold_that_is_cut_are_its_victims),
		cmocka_unit_test(a_hold_at_the_recordings_end_is_found_and_bounded),
		cmocka_unit_test(who_was_never_switched_in_is_frozen_where_it_waits),
		cmocka_unit_test(who_was_never_switched_in_and_only_computes_is_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
