// SPDX-License-Identifier: LGPL-2.1-or-later
/* test_reclaim_account.c - are the cost and the yield of reclaim booked to the right task? */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "analysis/passes.h"
#include "lab.h"
#include "model/reclaim_account.h"

enum { EATER = 42, KSWAPD = 68 };

#define T0 (10 * SEC)

static struct lab *begin(void)
{
	struct lab *l = calloc(1, sizeof(*l));

	assert_non_null(l);
	lab_begin_with(l, 4, reclaim_passes);
	return l;
}

static const struct reclaim_account *end(struct lab *l)
{
	lab_end(l);
	assert_non_null(l->report.reclaim);
	return l->report.reclaim;
}

static void done(struct lab *l)
{
	lab_clear(l);
	free(l);
}

static struct event ended(uint64_t ts, int32_t pid, enum reclaim_type type, uint64_t freed)
{
	struct event ev = reclaim_event(1, ts, pid, false, type);

	ev.reclaim.nr_reclaimed = freed;
	return ev;
}

static struct event scan(uint64_t ts, int32_t pid, enum lru_list lru, uint64_t scanned, uint64_t skipped)
{
	struct event ev = isolate_event(1, ts, pid, scanned, skipped);

	ev.isolate.lru = lru;
	return ev;
}

static struct event shrink(uint64_t ts, int32_t pid, uint64_t reclaimed)
{
	struct event ev = any_event(EVENT_LRU_SHRINK_INACTIVE, 1, ts, pid);

	ev.present = HAS_RECLAIMED;
	ev.shrink.nr_reclaimed = reclaimed;
	return ev;
}

static struct event kswapd(enum event_kind kind, uint64_t ts, int32_t pid)
{
	struct event ev = any_event(kind, 2, ts, pid);

	ev.present = HAS_ORDER;
	return ev;
}

static void reclaim(struct lab *l, uint64_t from, uint64_t to, enum reclaim_type type)
{
	lab_push(l, reclaim_event(1, from, EATER, true, type));
	lab_push(l, ended(to, EATER, type, 32));
}

static void a_reclaim_lasts_from_its_begin_to_its_end(void **unused)
{
	struct lab *l = begin();
	const struct reclaim_account *a;

	(void)unused;
	reclaim(l, T0, T0 + 3 * MS, RECLAIM_DIRECT);
	reclaim(l, T0 + 10 * MS, T0 + 11 * MS, RECLAIM_DIRECT);
	reclaim(l, T0 + 20 * MS, T0 + 22 * MS, RECLAIM_DIRECT);
	reclaim(l, T0 + 30 * MS, T0 + 80 * MS, RECLAIM_MEMCG);
	a = end(l);
	assert_int_equal(a->nr_tasks, 1);
	assert_int_equal(a->tasks[0].pid, EATER);
	assert_int_equal(a->tasks[0].direct.nr, 3);
	assert_int_equal(a->tasks[0].direct.total_ns, 6 * MS);
	assert_int_equal(a->tasks[0].direct.median_ns, 2 * MS);
	assert_int_equal(a->tasks[0].direct.max_ns, 3 * MS);
	assert_int_equal(a->tasks[0].direct.worst.ts, T0 + 3 * MS);
	assert_int_equal(a->tasks[0].memcg.nr, 1);
	assert_int_equal(a->tasks[0].memcg.total_ns, 50 * MS);
	assert_int_equal(a->tasks[0].node.nr, 0);
	assert_int_equal(a->tasks[0].pages.freed, 4 * 32);
	assert_int_equal(a->direct.total_ns, 6 * MS);
	assert_int_equal(a->memcg.max_ns, 50 * MS);
	done(l);
}

static void the_longest_in_reclaim_comes_first(void **unused)
{
	struct lab *l = begin();
	const struct reclaim_account *a;

	(void)unused;
	reclaim(l, T0, T0 + MS, RECLAIM_DIRECT);
	lab_push(l, reclaim_event(1, T0 + 2 * MS, 43, true, RECLAIM_DIRECT));
	lab_push(l, ended(T0 + 9 * MS, 43, RECLAIM_DIRECT, 1));
	a = end(l);
	assert_int_equal(a->nr_tasks, 2);
	assert_int_equal(a->tasks[0].pid, 43);
	assert_int_equal(a->direct.nr, 2);
	assert_int_equal(a->direct.worst.ts, T0 + 9 * MS);
	done(l);
}

static void what_is_scanned_belongs_to_the_reclaim_that_is_open(void **unused)
{
	struct lab *l = begin();
	const struct reclaim_account *a;

	(void)unused;
	lab_push(l, reclaim_event(1, T0, EATER, true, RECLAIM_DIRECT));
	lab_push(l, scan(T0 + 1, EATER, LRU_INACTIVE_FILE, 1000, 900));
	lab_push(l, shrink(T0 + 2, EATER, 50));
	lab_push(l, ended(T0 + 3, EATER, RECLAIM_DIRECT, 60));
	lab_push(l, reclaim_event(1, T0 + 4, EATER, true, RECLAIM_MEMCG));
	lab_push(l, scan(T0 + 5, EATER, LRU_INACTIVE_ANON, 32, 0));
	lab_push(l, ended(T0 + 6, EATER, RECLAIM_MEMCG, 0));
	lab_push(l, scan(T0 + 7, EATER, LRU_INACTIVE_FILE, 7, 0));	/* MADV_PAGEOUT */
	a = end(l);
	assert_int_equal(a->by[RECLAIM_BY_DIRECT].scanned, 1000);
	assert_int_equal(a->by[RECLAIM_BY_DIRECT].skipped, 900);
	assert_int_equal(a->by[RECLAIM_BY_DIRECT].taken, 100);
	assert_int_equal(a->by[RECLAIM_BY_DIRECT].reclaimed, 50);
	assert_int_equal(a->by[RECLAIM_BY_DIRECT].freed, 60);
	assert_int_equal(a->by[RECLAIM_BY_MEMCG].scanned, 32);
	assert_int_equal(a->by[RECLAIM_BY_OTHER].scanned, 7);
	assert_int_equal(a->by[RECLAIM_BY_KSWAPD].scanned, 0);
	assert_int_equal(a->tasks[0].pages.scanned, 1039);
	assert_int_equal(a->all.scanned, 1039);
	done(l);
}

static void pages_of_active_lists_are_scanned_and_told_apart(void **unused)
{
	struct lab *l = begin();
	const struct reclaim_account *a;
	double efficiency, skipped;

	(void)unused;
	lab_push(l, kswapd(EVENT_KSWAPD_WAKE, T0, KSWAPD));
	lab_push(l, scan(T0 + 1, KSWAPD, LRU_ACTIVE_FILE, 300, 100));
	lab_push(l, scan(T0 + 2, KSWAPD, LRU_ACTIVE_ANON, 600, 0));
	lab_push(l, scan(T0 + 3, KSWAPD, LRU_INACTIVE_FILE, 100, 0));
	lab_push(l, shrink(T0 + 4, KSWAPD, 80));
	lab_push(l, kswapd(EVENT_KSWAPD_SLEEP, T0 + 5, KSWAPD));
	a = end(l);
	assert_int_equal(a->nr_kswapds, 1);
	assert_int_equal(a->kswapds[0].pages.scanned, 1000);
	assert_int_equal(a->kswapds[0].pages.scanned_active, 900);
	assert_true(reclaim_efficiency(a, &a->kswapds[0].pages, &efficiency));
	assert_true(efficiency > 0.799 && efficiency < 0.801);	/* 80 of 100, not of 1000 */
	assert_true(reclaim_skip_ratio(a, &a->all, &skipped));
	assert_true(skipped > 0.099 && skipped < 0.101);
	assert_int_equal(a->nr_tasks, 0);
	done(l);
}

static void without_begin_or_end_there_is_no_time(void **unused)
{
	struct lab *l = begin();
	const struct reclaim_account *a;

	(void)unused;
	lab_push(l, ended(T0, EATER, RECLAIM_DIRECT, 5));				/* begun before the recording */
	lab_push(l, reclaim_event(1, T0 + MS, EATER, true, RECLAIM_DIRECT));	/* the end of this reclaim was lost */
	reclaim(l, T0 + 5 * MS, T0 + 6 * MS, RECLAIM_DIRECT);
	lab_push(l, reclaim_event(1, T0 + 7 * MS, EATER, true, RECLAIM_DIRECT));	/* this reclaim has not ended */
	a = end(l);
	assert_int_equal(a->direct.nr, 1);
	assert_int_equal(a->direct.total_ns, MS);
	assert_int_equal(a->direct.unbegun, 1);
	assert_int_equal(a->direct.unfinished, 2);
	assert_int_equal(a->all.freed, 37);
	done(l);
}

static void an_end_of_another_kind_closes_nothing(void **unused)
{
	struct lab *l = begin();
	const struct reclaim_account *a;

	(void)unused;
	lab_push(l, reclaim_event(1, T0, EATER, true, RECLAIM_DIRECT));
	lab_push(l, ended(T0 + MS, EATER, RECLAIM_MEMCG, 5));
	a = end(l);
	assert_int_equal(a->direct.nr + a->memcg.nr, 0);
	assert_int_equal(a->direct.unfinished, 1);
	assert_int_equal(a->memcg.unbegun, 1);
	done(l);
}

static void a_loss_inside_makes_a_reclaim_doubtful(void **unused)
{
	struct lab *l = begin();
	const struct reclaim_account *a;

	(void)unused;
	reclaim(l, T0, T0 + MS, RECLAIM_DIRECT);
	lab_push(l, reclaim_event(1, T0 + 2 * MS, EATER, true, RECLAIM_DIRECT));
	lab_push(l, any_event(EVENT_OTHER, 3, T0 + 2500 * US, 0));
	lab_push(l, lost_event(3, T0 + 3 * MS, 10));
	lab_push(l, ended(T0 + 4 * MS, EATER, RECLAIM_DIRECT, 1));
	reclaim(l, T0 + 5 * MS, T0 + 6 * MS, RECLAIM_DIRECT);
	a = end(l);
	assert_int_equal(a->direct.nr, 3);
	assert_int_equal(a->direct.doubtful, 1);
	assert_int_equal(a->direct.total_ns, 3500 * US);	/* without the 500 us that are missing */
	assert_int_equal(a->lost_marks, 1);
	done(l);
}

/* shrink_zones() and balance_pgdat() call it. The reclaim around it continues. */
static void reclaim_over_a_soft_limit_is_inside_another(void **unused)
{
	struct lab *l = begin();
	const struct reclaim_account *a;

	(void)unused;
	lab_push(l, reclaim_event(1, T0, EATER, true, RECLAIM_DIRECT));
	reclaim(l, T0 + MS, T0 + 2 * MS, RECLAIM_SOFTLIMIT);
	lab_push(l, ended(T0 + 5 * MS, EATER, RECLAIM_DIRECT, 40));
	a = end(l);
	assert_int_equal(a->direct.nr, 1);
	assert_int_equal(a->direct.total_ns, 5 * MS);
	assert_int_equal(a->direct.unfinished, 0);
	assert_int_equal(a->softlimit, 1);
	assert_int_equal(a->all.freed, 40);
	done(l);
}

static void a_wake_of_who_is_awake_is_a_rewake(void **unused)
{
	struct lab *l = begin();
	const struct reclaim_kswapd *k;

	(void)unused;
	lab_push(l, kswapd(EVENT_KSWAPD_WAKE, T0, KSWAPD));
	lab_push(l, kswapd(EVENT_KSWAPD_WAKE, T0 + 10 * MS, KSWAPD));
	lab_push(l, kswapd(EVENT_KSWAPD_WAKE, T0 + 20 * MS, KSWAPD));
	lab_push(l, kswapd(EVENT_KSWAPD_SLEEP, T0 + 50 * MS, KSWAPD));
	lab_push(l, kswapd(EVENT_KSWAPD_WAKE, T0 + 90 * MS, KSWAPD));
	lab_push(l, kswapd(EVENT_KSWAPD_SLEEP, T0 + 91 * MS, KSWAPD));
	k = end(l)->kswapds;
	assert_int_equal(k->wakes, 2);
	assert_int_equal(k->rewakes, 2);
	assert_int_equal(k->sleeps, 2);
	assert_int_equal(k->awake_ns.v, 51 * MS);
	assert_false(k->cut);
	assert_false(k->ran_ns.is);	/* no switch was recorded */
	done(l);
}

static void awake_at_the_recordings_edges_is_a_floor(void **unused)
{
	struct lab *l = begin();
	const struct reclaim_kswapd *k;

	(void)unused;
	lab_push(l, any_event(EVENT_OTHER, 0, T0, 1));
	lab_push(l, kswapd(EVENT_KSWAPD_SLEEP, T0 + 5 * MS, KSWAPD));
	lab_push(l, kswapd(EVENT_KSWAPD_WAKE, T0 + 20 * MS, KSWAPD));
	lab_push(l, any_event(EVENT_OTHER, 0, T0 + 30 * MS, 1));
	k = end(l)->kswapds;
	assert_int_equal(k->awake_ns.v, 15 * MS);
	assert_true(k->cut);
	done(l);
}

static void time_on_a_cpu_is_told_from_time_awake(void **unused)
{
	struct lab *l = begin();
	const struct reclaim_kswapd *k;

	(void)unused;
	lab_push(l, switch_event(2, T0 - MS, 0, KSWAPD, 0));
	lab_push(l, kswapd(EVENT_KSWAPD_WAKE, T0, KSWAPD));
	lab_push(l, switch_event(2, T0 + 10 * MS, KSWAPD, 7, TASK_ST_PREEMPTED));
	lab_push(l, switch_event(2, T0 + 30 * MS, 7, KSWAPD, 1));
	lab_push(l, kswapd(EVENT_KSWAPD_SLEEP, T0 + 50 * MS, KSWAPD));
	k = end(l)->kswapds;
	assert_int_equal(k->awake_ns.v, 50 * MS);
	assert_true(k->ran_ns.is);
	assert_int_equal(k->ran_ns.v, 30 * MS);
	assert_string_equal(k->comm, "t68");
	done(l);
}

static void a_kswapd_that_neither_woke_nor_slept_is_known_by_its_name(void **unused)
{
	struct event on = switch_event(2, T0, 0, KSWAPD, 0);
	struct lab *l = begin();
	const struct reclaim_account *a;

	(void)unused;
	memcpy(on.sw.next_comm, "kswapd0", sizeof("kswapd0"));
	lab_push(l, on);
	lab_push(l, scan(T0 + 1, KSWAPD, LRU_INACTIVE_FILE, 32, 0));
	a = end(l);
	assert_int_equal(a->by[RECLAIM_BY_KSWAPD].scanned, 32);
	assert_int_equal(a->by[RECLAIM_BY_OTHER].scanned, 0);
	assert_int_equal(a->nr_kswapds, 1);
	assert_false(a->kswapds[0].awake_ns.is);
	done(l);
}

static void an_interrupt_that_wakes_kswapd_is_no_tasks_doing(void **unused)
{
	struct event asked = any_event(EVENT_WAKEUP_KSWAPD, 1, T0, EATER);
	struct lab *l = begin();
	const struct reclaim_account *a;

	(void)unused;
	lab_push(l, asked);
	asked.flags = EVENT_FL_SOFTIRQ;
	lab_push(l, asked);
	lab_push(l, asked);
	a = end(l);
	assert_int_equal(a->woke_kswapd, 3);
	assert_int_equal(a->by_interrupt, 2);
	assert_int_equal(a->tasks[0].woke_kswapd, 1);
	done(l);
}

/* Kernel 6.1 with the multi-generation LRU. */
static void freed_without_a_scan_leaves_scans_unknown(void **unused)
{
	struct lab *l = begin();
	const struct reclaim_account *a;
	double ratio;

	(void)unused;
	reclaim(l, T0, T0 + MS, RECLAIM_DIRECT);
	a = end(l);
	assert_false(a->has_scans);
	assert_false(a->has_reclaimed);
	assert_false(reclaim_skip_ratio(a, &a->all, &ratio));
	assert_false(reclaim_efficiency(a, &a->all, &ratio));
	done(l);
}

static void where_nothing_was_reclaimed_nothing_was_scanned(void **unused)
{
	struct lab *l = begin();
	const struct reclaim_account *a;

	(void)unused;
	lab_push(l, any_event(EVENT_OTHER, 0, T0, 1));
	a = end(l);
	assert_true(a->has_scans);
	assert_int_equal(a->nr_tasks + a->nr_kswapds, 0);
	done(l);
}

static void orders_are_counted(void **unused)
{
	struct lab *l = begin();
	struct event ev = reclaim_event(1, T0, EATER, true, RECLAIM_DIRECT);
	const struct reclaim_account *a;
	const int32_t orders[] = { 0, 3, 3, 100, -1 };

	(void)unused;
	ev.present = HAS_ORDER;
	for (size_t i = 0; i < 5; i++) {
		ev.reclaim.order = orders[i];
		lab_push(l, ev);
	}
	a = end(l);
	assert_int_equal(a->direct_orders[0], 2);
	assert_int_equal(a->direct_orders[3], 2);
	assert_int_equal(a->direct_orders[RECLAIM_ORDERS - 1], 1);
	done(l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_reclaim_lasts_from_its_begin_to_its_end),
		cmocka_unit_test(the_longest_in_reclaim_comes_first),
		cmocka_unit_test(what_is_scanned_belongs_to_the_reclaim_that_is_open),
		cmocka_unit_test(pages_of_active_lists_are_scanned_and_told_apart),
		cmocka_unit_test(without_begin_or_end_there_is_no_time),
		cmocka_unit_test(an_end_of_another_kind_closes_nothing),
		cmocka_unit_test(a_loss_inside_makes_a_reclaim_doubtful),
		cmocka_unit_test(reclaim_over_a_soft_limit_is_inside_another),
		cmocka_unit_test(a_wake_of_who_is_awake_is_a_rewake),
		cmocka_unit_test(awake_at_the_recordings_edges_is_a_floor),
		cmocka_unit_test(time_on_a_cpu_is_told_from_time_awake),
		cmocka_unit_test(a_kswapd_that_neither_woke_nor_slept_is_known_by_its_name),
		cmocka_unit_test(an_interrupt_that_wakes_kswapd_is_no_tasks_doing),
		cmocka_unit_test(freed_without_a_scan_leaves_scans_unknown),
		cmocka_unit_test(where_nothing_was_reclaimed_nothing_was_scanned),
		cmocka_unit_test(orders_are_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
