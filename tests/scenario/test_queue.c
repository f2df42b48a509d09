// SPDX-License-Identifier: LGPL-2.1-or-later
/* test_queue.c - several reclaimers on one lock, or on two: whose hold froze whom? */
#include "ask.h"
#include "small.h"
#include "vmstall/event.h"

enum { EATER = 700 }; /* reclaims for itself */

#define SECOND_TO (HOLD_TO + 600 * MS)

static struct isolate scan_of(uint64_t skipped)
{
	struct isolate scan = small_scan();

	scan.skipped = skipped;
	scan.scanned = skipped + 32;
	return scan;
}

static void name_the_node(struct scene *s, unsigned int cpu, int32_t pid, uint64_t ts)
{
	const struct scene_at at = { .ts = ts, .cpu = cpu, .pid = pid };

	scene_event(s, at, "vmscan:mm_vmscan_lru_shrink_inactive", INT("nid", 0), INT("nr_scanned", 32),
		INT("nr_reclaimed", 30));
}

/*
 * kswapd0 holds on CPU 0; eater on CPU 1 queues 100 ms after it began, and holds from its release to SECOND_TO. CPU 2 waits
 * for the first only, CPU 3 falls silent during the second.
 */
static struct report *two_in_a_row(const char *kernel)
{
	struct scene *s = small_scene(kernel);
	struct machine *m = small_machine(s, NULL);
	const struct scene_at asks = { .ts = HOLD_FROM + 100 * MS - 5 * US, .cpu = 1, .pid = EATER };

	small_hold(m);
	machine_hold(m, 1, TASK("eater", EATER), HOLD_FROM + 100 * MS, SECOND_TO, scan_of(6000000));
	machine_freeze(m, 2, numbered("worker", WORKER, 2), HOLD_FROM + 40 * MS, HOLD_TO + 3 * US);
	machine_freeze(m, 3, numbered("worker", WORKER, 3), HOLD_TO + 50 * MS, SECOND_TO + 3 * US);
	machine_play(m);
	story_reclaim_begin(s, asks, "direct", 0, 0xcc1);
	name_the_node(s, 0, KSWAPD0, HOLD_TO + 10 * US);
	name_the_node(s, 1, EATER, SECOND_TO + 10 * US);
	return analyse(s);
}

static void two_holds_in_a_row_are_both_found_and_do_not_overlap(void **state)
{
	struct report *r = two_in_a_row("5.10");
	const struct stall *first = stall_by(r, KSWAPD0), *second = stall_by(r, EATER);

	(void)state;
	assert_int_equal(r->nr_stalls, 2);
	assert_truth(&first->at, HOLD_FROM, HOLD_TO);
	assert_truth(&second->at, HOLD_TO, SECOND_TO);
	assert_true(second->at.start_earliest >= first->at.end_earliest);
	done(r);
}

static void each_of_two_holds_in_a_row_has_its_own_victims(void **state)
{
	struct report *r = two_in_a_row("5.10");
	const struct stall *first = stall_by(r, KSWAPD0), *second = stall_by(r, EATER);

	(void)state;
	assert_victim(r, first, WORKER + 2, VICTIM_SPINNING);
	assert_victim(r, first, PUB + 2, VICTIM_TIMER_LATE);
	assert_null(victim_of(r, second, WORKER + 2));
	assert_victim(r, second, WORKER + 3, VICTIM_SPINNING);
	assert_victim(r, second, PUB + 3, VICTIM_TIMER_LATE);
	assert_null(victim_of(r, first, WORKER + 3));
	done(r);
}

static void who_queues_behind_a_hold_is_its_victim_and_holds_in_turn(void **state)
{
	struct report *r = two_in_a_row("5.10");
	const struct stall *first = stall_by(r, KSWAPD0);
	const struct victim *v = assert_victim(r, first, EATER, VICTIM_SPINNING);

	(void)state;
	assert_in_range(v->from, HOLD_FROM + 99 * MS, HOLD_FROM + 101 * MS);
	assert_null(victim_of(r, stall_by(r, EATER), EATER));
	done(r);
}

/* First in, first out: CPU 3 queued behind eater, and goes on after its hold only. */
static void who_waits_through_two_holds_is_frozen_by_each_in_turn(void **state)
{
	struct scene *s = small_scene("5.10");
	struct machine *m = small_machine(s, NULL);
	const struct stall *first, *second;
	struct report *r;

	(void)state;
	small_hold(m);
	machine_hold(m, 1, TASK("eater", EATER), HOLD_FROM + 100 * MS, SECOND_TO, scan_of(6000000));
	machine_freeze(m, 3, numbered("worker", WORKER, 3), HOLD_FROM + 200 * MS, SECOND_TO + 3 * US);
	machine_play(m);
	name_the_node(s, 1, EATER, SECOND_TO + 10 * US);
	r = analyse(s);
	first = stall_by(r, KSWAPD0);
	second = stall_by(r, EATER);
	assert_in_range(assert_victim(r, first, WORKER + 3, VICTIM_SPINNING)->from, HOLD_FROM + 199 * MS,
		HOLD_FROM + 200 * MS);
	assert_true(victim_of(r, first, WORKER + 3)->to <= victim_of(r, second, WORKER + 3)->from);
	assert_victim(r, second, WORKER + 3, VICTIM_SPINNING);
	assert_victim(r, first, PUB + 3, VICTIM_TIMER_LATE);
	assert_victim(r, second, PUB + 3, VICTIM_TIMER_LATE);
	done(r);
}

/* Since 5.11 the event does not say which memcg's lock: the same records must not be forced apart. */
static void where_the_lock_is_per_memcg_the_bounds_allow_both(void **state)
{
	struct report *r = two_in_a_row("5.15");
	const struct stall *second = stall_by(r, EATER);

	(void)state;
	assert_inside(&stall_by(r, KSWAPD0)->at, HOLD_FROM, HOLD_TO);
	assert_in_range(HOLD_TO, second->at.start_earliest, second->at.start_latest);
	assert_in_range(HOLD_FROM + 100 * MS, second->at.start_earliest, second->at.start_latest);
	done(r);
}

/* Its pages account for 0.6 s, not for 1.5: it waited for the first. That is likely, not sure. */
static void where_the_lock_is_per_memcg_the_scans_cost_says_who_waited(void **state)
{
	struct report *r = two_in_a_row("5.15");
	const struct stall *second = stall_by(r, EATER);

	(void)state;
	assert_truth(&second->at, HOLD_TO, SECOND_TO);
	assert_int_equal(second->at.start_rule, BOUND_SCAN_COST);
	assert_int_equal(assert_victim(r, stall_by(r, KSWAPD0), EATER, VICTIM_SPINNING)->confidence, CONFIDENCE_LOW);
	assert_null(victim_of(r, second, WORKER + 2));
	done(r);
}

/* Two memcg locks, held at the same time for real. */
static void two_memcg_locks_held_at_once_are_not_forced_apart(void **state)
{
	struct scene *s = small_scene("5.15");
	struct machine *m = small_machine(s, NULL);
	struct report *r;

	(void)state;
	small_hold(m);
	machine_hold(m, 1, TASK("eater", EATER), HOLD_FROM + 300 * MS, SECOND_TO, scan_of(13000000));
	machine_freeze(m, 2, numbered("worker", WORKER, 2), HOLD_FROM + 40 * MS, HOLD_TO + 3 * US);
	machine_freeze(m, 3, numbered("worker", WORKER, 3), HOLD_FROM + 400 * MS, SECOND_TO + 3 * US);
	machine_play(m);
	name_the_node(s, 0, KSWAPD0, HOLD_TO + 10 * US);
	name_the_node(s, 1, EATER, SECOND_TO + 10 * US);
	r = analyse(s);
	assert_int_equal(r->nr_stalls, 2);
	assert_truth(&stall_by(r, KSWAPD0)->at, HOLD_FROM, HOLD_TO);
	assert_truth(&stall_by(r, EATER)->at, HOLD_FROM + 300 * MS, SECOND_TO);
	assert_victim(r, stall_by(r, KSWAPD0), WORKER + 2, VICTIM_SPINNING);
	assert_victim(r, stall_by(r, EATER), WORKER + 3, VICTIM_SPINNING);
	assert_null(victim_of(r, stall_by(r, KSWAPD0), WORKER + 3));
	assert_null(victim_of(r, stall_by(r, KSWAPD0), EATER));
	done(r);
}

/* Two nodes of 5.10: two locks. */
static void two_nodes_held_at_once_are_not_forced_apart(void **state)
{
	struct scene *s = small_scene("5.10");
	struct machine *m = small_machine(s, NULL);
	struct report *r;

	(void)state;
	small_hold(m);
	machine_hold(m, 1, TASK("kswapd1", EATER), HOLD_FROM + 300 * MS, SECOND_TO, scan_of(13000000));
	machine_play(m);
	r = analyse(s);
	assert_int_equal(r->nr_stalls, 2);
	assert_truth(&stall_by(r, KSWAPD0)->at, HOLD_FROM, HOLD_TO);
	assert_truth(&stall_by(r, EATER)->at, HOLD_FROM + 300 * MS, SECOND_TO);
	done(r);
}

/* kswapd waits for an eater's hold, then scans 32 pages: its event ends a silence of a second, and it is innocent. */
static void kswapd_that_waited_and_scanned_little_is_not_blamed(void **state)
{
	for (const char *const *kernel = (const char *const[]){ "5.10", "5.15", NULL }; *kernel; kernel++) {
		struct scene *s = small_scene(*kernel);
		struct machine *m = small_machine(s, NULL);
		const struct isolate little = { .lru = LRU_INACTIVE_FILE, .requested = 32, .scanned = 32, .taken = 32 };
		struct report *r;

		machine_hold(m, 1, TASK("eater", EATER), HOLD_FROM, HOLD_TO, scan_of(10000000));
		machine_hold(m, 0, TASK("kswapd0", KSWAPD0), HOLD_FROM + 10 * MS, HOLD_TO + 20 * US, little);
		machine_play(m);
		r = analyse(s);
		assert_truth(&only_stall(r, CAUSE_LRU_LOCK_HOLD)->at, HOLD_FROM, HOLD_TO);
		assert_int_equal(r->stalls[0].cause_pid.v, EATER);
		assert_victim(r, &r->stalls[0], KSWAPD0, VICTIM_SPINNING);
		done(r);
	}
	(void)state;
}

/* kswapd waited a second for a lock whose holder wrote nothing: no event accounts for it. */
static void a_short_scan_behind_another_locks_wait_is_no_lru_lock_stall(void **state)
{
	struct scene *s = small_scene("5.15");
	struct machine *m = small_machine(s, NULL);
	const struct isolate little = { .lru = LRU_INACTIVE_FILE, .requested = 32, .scanned = 32, .taken = 32 };
	struct report *r;

	(void)state;
	machine_hold(m, 0, TASK("kswapd0", KSWAPD0), HOLD_FROM + 10 * MS, HOLD_TO, little);
	machine_freeze(m, 1, numbered("worker", WORKER, 1), HOLD_FROM, HOLD_TO - 2 * US);
	machine_play(m);
	r = analyse(s);
	assert_int_equal(nr_of(r, CAUSE_LRU_LOCK_HOLD), 0);
	done(r);
}

/* Where the waiters' contention is recorded, its end is where the holder's hold began. */
static void contention_says_when_the_second_hold_began(void **state)
{
	struct scene *s = small_scene("6.1");
	struct machine *m = small_machine(s, NULL);
	const struct scene_at waits = { .ts = HOLD_FROM + 100 * MS, .cpu = 1, .pid = EATER };
	const struct stall *second;
	struct report *r;

	(void)state;
	small_hold(m);
	machine_hold(m, 1, TASK("eater", EATER), HOLD_FROM + 100 * MS, SECOND_TO, scan_of(6000000));
	machine_play(m);
	story_contention(s, waits, HOLD_TO + 1 * US, 0xffff888100001000);
	r = analyse(s);
	second = stall_by(r, EATER);
	assert_truth(&second->at, HOLD_TO + 1 * US, SECOND_TO);
	assert_int_equal(second->at.start_rule, BOUND_CONTENTION);
	assert_truth(&stall_by(r, KSWAPD0)->at, HOLD_FROM, HOLD_TO);
	done(r);
}

/*
 * eater's scan begins 7 ms after kswapd0's ended. An emulated CPU 2, which was not run in between, met the second hold as soon
 * as it had got out of the first: no record shows it going on.
 */
static void who_goes_from_one_hold_into_the_next_is_frozen_by_both(void **state)
{
	struct scene *s = small_scene("6.12");
	struct machine *m = small_machine(s, NULL);
	const struct stall *first, *second;
	struct report *r;

	(void)state;
	small_hold(m);
	small_spin(m, 1);
	machine_hold(m, 1, TASK("eater", EATER), HOLD_TO + 7 * MS, SECOND_TO, scan_of(6000000));
	machine_freeze(m, 2, numbered("worker", WORKER, 2), HOLD_FROM + 40 * MS, SECOND_TO + 3 * US);
	machine_play(m);
	r = analyse(s);
	first = stall_by(r, KSWAPD0);
	second = stall_by(r, EATER);
	assert_victim(r, first, WORKER + 2, VICTIM_SPINNING);
	assert_victim(r, first, PUB + 2, VICTIM_TIMER_LATE);
	assert_victim(r, second, WORKER + 2, VICTIM_SPINNING);
	assert_victim(r, second, PUB + 2, VICTIM_TIMER_LATE);
	assert_null(victim_of(r, first, PUB + 3));
	done(r);
}

/*
 * A lock per memcg: kswapd0 has one. eater's scan on CPU 1, silent since @from, ends after kswapd0's. Its pages cost as much as
 * kswapd0's if it waited for kswapd0, but it need not have.
 */
static struct report *two_scans_and_one_cost(uint64_t from)
{
	struct scene *s = small_scene("5.15");
	struct machine *m = small_machine(s, NULL);

	small_hold(m);
	machine_hold(m, 1, TASK("eater", EATER), from, SECOND_TO, scan_of(6000000));
	small_spin(m, 2);
	machine_play(m);
	return analyse(s);
}

static void who_only_its_cost_says_to_have_waited_is_named_with_doubt(void **state)
{
	struct report *r = two_scans_and_one_cost(HOLD_FROM + 20 * MS);
	const struct victim *v = assert_victim(r, stall_by(r, KSWAPD0), EATER, VICTIM_SPINNING);

	(void)state;
	assert_int_equal(v->confidence, CONFIDENCE_LOW);
	assert_true(v->chance >= 0.05);
	done(r);
}

/* The timer of CPU 1 was due before kswapd0 can have had the lock, and did not fire: eater did not begin to wait for it. */
static void whose_interrupts_were_off_before_the_hold_did_not_wait_for_it(void **state)
{
	struct report *r = two_scans_and_one_cost(HOLD_FROM - 200 * MS);
	const struct stall *first = stall_by(r, KSWAPD0);

	(void)state;
	assert_null(victim_of(r, first, EATER));
	assert_null(victim_of(r, first, PUB + 1));
	assert_victim(r, first, WORKER + 2, VICTIM_SPINNING);
	done(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_holds_in_a_row_are_both_found_and_do_not_overlap),
		cmocka_unit_test(each_of_two_holds_in_a_row_has_its_own_victims),
		cmocka_unit_test(who_queues_behind_a_hold_is_its_victim_and_holds_in_turn),
		cmocka_unit_test(who_waits_through_two_holds_is_frozen_by_each_in_turn),
		cmocka_unit_test(who_goes_from_one_hold_into_the_next_is_frozen_by_both),
		cmocka_unit_test(who_only_its_cost_says_to_have_waited_is_named_with_doubt),
		cmocka_unit_test(whose_interrupts_were_off_before_the_hold_did_not_wait_for_it),
		cmocka_unit_test(where_the_lock_is_per_memcg_the_bounds_allow_both),
		cmocka_unit_test(where_the_lock_is_per_memcg_the_scans_cost_says_who_waited),
		cmocka_unit_test(two_memcg_locks_held_at_once_are_not_forced_apart),
		cmocka_unit_test(two_nodes_held_at_once_are_not_forced_apart),
		cmocka_unit_test(kswapd_that_waited_and_scanned_little_is_not_blamed),
		cmocka_unit_test(a_short_scan_behind_another_locks_wait_is_no_lru_lock_stall),
		cmocka_unit_test(contention_says_when_the_second_hold_began),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
