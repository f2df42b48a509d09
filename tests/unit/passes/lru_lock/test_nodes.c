// SPDX-License-Identifier: LGPL-2.1-or-later
/* test_nodes.c - are two nodes, each with a kswapd and an lru_lock of its own, kept apart? */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lab.h"
#include "passes/lru_lock/chain.h"

enum { KSWAPD0 = 68, KSWAPD1 = 69, ASKER0 = 300, ASKER1 = 301, EATER = 302 };

static struct lab *lab(void)
{
	static struct lab l;	/* too large for the stack; every test begins and clears it */

	return &l;
}

static struct event kswapd_event(enum event_kind kind, unsigned int cpu, uint64_t ts, int32_t pid, int32_t nid)
{
	struct event ev = any_event(kind, cpu, ts, pid);

	ev.kswapd.nid = nid;
	return ev;
}

static struct event comes(unsigned int cpu, uint64_t ts, int32_t pid, const char *comm)
{
	struct event ev = switch_event(cpu, ts, 0, pid, 0);

	snprintf(ev.sw.next_comm, TASK_COMM_LEN, "%s", comm);
	return ev;
}

static void push_scan(struct lab *l, unsigned int cpu, uint64_t event, int32_t pid, uint64_t scanned)
{
	lab_push(l, isolate_event(cpu, event, pid, scanned, scanned - 32));
	lab_push(l, any_event(EVENT_OTHER, cpu, event + 20 * US, pid));
}

/* kswapd0 on CPU 0 and kswapd1 on CPU 1 are woken, the second later; then kswapd0 scans for long. */
static struct lab *two_kswapds(const char *name0, const char *name1)
{
	struct lab *l = lab();

	lab_begin(l, 4);
	lab_push(l, kswapd_event(EVENT_WAKEUP_KSWAPD, 2, 1 * SEC, ASKER0, 0));
	lab_push(l, comes(0, 1 * SEC + 10 * US, KSWAPD0, name0));
	lab_push(l, kswapd_event(EVENT_KSWAPD_WAKE, 0, 1 * SEC + 20 * US, KSWAPD0, 0));
	lab_push(l, kswapd_event(EVENT_WAKEUP_KSWAPD, 3, 1 * SEC + 30 * US, ASKER1, 1));
	lab_push(l, comes(1, 1 * SEC + 40 * US, KSWAPD1, name1));
	lab_push(l, kswapd_event(EVENT_KSWAPD_WAKE, 1, 1 * SEC + 50 * US, KSWAPD1, 1));
	lab_push(l, kswapd_event(EVENT_WAKEUP_KSWAPD, 3, 1 * SEC + 60 * US, ASKER1, 0));	/* kswapd0 is awake: it did not wake it */
	push_scan(l, 0, 2 * SEC, KSWAPD0, 9000000);
	lab_end(l);
	return l;
}

static void a_kswapd_is_told_who_woke_it_and_not_who_woke_another(void **unused)
{
	struct lab *l = two_kswapds("kswapd0", "kswapd1");
	const struct stall *s = &l->report.stalls[0];

	(void)unused;
	assert_int_equal(l->report.nr_stalls, 1);
	assert_int_equal(s->nr_trigger, 2);
	assert_int_equal(s->trigger[0].pid, ASKER0);
	assert_int_equal(s->trigger[1].pid, KSWAPD0);
	lab_clear(l);
}

/* Its wake is not in the recording: then that of the other node's kswapd says nothing. */
static void a_kswapd_whose_wake_is_missing_is_told_nothing(void **unused)
{
	struct lab *l = lab();

	(void)unused;
	lab_begin(l, 4);
	lab_push(l, comes(0, 1 * SEC, KSWAPD0, "kswapd0"));
	lab_push(l, kswapd_event(EVENT_WAKEUP_KSWAPD, 3, 1 * SEC + 30 * US, ASKER1, 1));
	lab_push(l, kswapd_event(EVENT_KSWAPD_WAKE, 1, 1 * SEC + 50 * US, KSWAPD1, 1));
	push_scan(l, 0, 2 * SEC, KSWAPD0, 9000000);
	lab_end(l);
	assert_int_equal(l->report.nr_stalls, 1);
	assert_int_equal(l->report.stalls[0].nr_trigger, 0);
	lab_clear(l);
}

/* cgroup v1: balance_pgdat() reclaims over soft limits. kswapd was still woken by the asker. */
static void a_soft_limit_inside_of_kswapd_asked_for_nothing(void **unused)
{
	struct lab *l = lab();

	(void)unused;
	lab_begin(l, 4);
	lab_push(l, kswapd_event(EVENT_WAKEUP_KSWAPD, 2, 1 * SEC, ASKER0, 0));
	lab_push(l, comes(0, 1 * SEC + 10 * US, KSWAPD0, "kswapd0"));
	lab_push(l, kswapd_event(EVENT_KSWAPD_WAKE, 0, 1 * SEC + 20 * US, KSWAPD0, 0));
	lab_push(l, reclaim_event(0, 1 * SEC + 30 * US, KSWAPD0, true, RECLAIM_SOFTLIMIT));
	push_scan(l, 0, 2 * SEC, KSWAPD0, 9000000);
	lab_end(l);
	assert_int_equal(l->report.stalls[0].nr_trigger, 2);
	assert_int_equal(l->report.stalls[0].trigger[0].pid, ASKER0);
	lab_clear(l);
}

/* It closes neither: the direct reclaim goes on around it. */
static void a_soft_limit_inside_of_direct_reclaim_is_not_the_one_that_asked(void **unused)
{
	struct lab *l = lab();
	const struct stall *s;

	(void)unused;
	lab_begin(l, 4);
	lab_push(l, comes(0, 1 * SEC, EATER, "eater"));
	lab_push(l, reclaim_event(0, 1 * SEC + 10 * US, EATER, true, RECLAIM_DIRECT));
	lab_push(l, reclaim_event(0, 1 * SEC + 20 * US, EATER, true, RECLAIM_SOFTLIMIT));
	lab_push(l, reclaim_event(0, 1 * SEC + 30 * US, EATER, false, RECLAIM_SOFTLIMIT));
	push_scan(l, 0, 2 * SEC, EATER, 9000000);
	lab_end(l);
	s = &l->report.stalls[0];
	assert_int_equal(s->nr_trigger, 1);
	assert_int_equal(s->trigger[0].at.ts, 1 * SEC + 10 * US);
	assert_non_null(strstr(s->trigger[0].what, "direct_reclaim_begin"));
	lab_clear(l);
}

/* 65 tasks and more reclaim at once, as on a large machine. */
static void among_many_open_reclaims_each_is_found(void **unused)
{
	struct lab *l = lab();

	(void)unused;
	lab_begin(l, 4);
	lab_push(l, comes(0, 1 * SEC, EATER, "eater"));
	lab_push(l, reclaim_event(0, 1 * SEC + 10 * US, EATER, true, RECLAIM_MEMCG));
	for (int32_t i = 1; i <= 2000; i++)
		lab_push(l, reclaim_event(1, 1 * SEC + 10 * US + (uint64_t)i, EATER + i, true, RECLAIM_DIRECT));
	push_scan(l, 0, 2 * SEC, EATER, 9000000);
	lab_end(l);
	assert_int_equal(l->report.stalls[0].nr_trigger, 1);
	assert_int_equal(l->report.stalls[0].trigger[0].pid, EATER);
	assert_non_null(strstr(l->report.stalls[0].trigger[0].what, "memcg_reclaim_begin"));
	lab_clear(l);
}

/* The scan on CPU 1 ends while CPU 0 is silent, and by the costs CPU 0 may have waited for it. */
static struct lab *scan_after_scan(const char *first, const char *second)
{
	struct lab *l = lab();

	lab_begin(l, 4);
	lab_push(l, comes(1, 1 * SEC, KSWAPD1, first));
	lab_push(l, comes(0, 1 * SEC + 10 * MS, KSWAPD0, second));
	push_scan(l, 1, 2 * SEC, KSWAPD1, 10000000);
	push_scan(l, 0, 3 * SEC, KSWAPD0, 10000000);
	lab_end(l);
	assert_int_equal(l->report.nr_holds, 2);
	assert_int_equal(l->report.nr_stalls, 2);
	return l;
}

static void a_hold_of_the_same_node_follows(void **unused)
{
	struct lab *l = scan_after_scan("kswapd0", "kswapd0");	/* one node may have several: kswapd_threads of vendors */

	(void)unused;
	assert_int_equal(l->report.holds[1].after_ns, 2 * SEC);
	assert_int_equal(chain_after(&l->report, &l->report.stalls[0]).nr, 1);
	lab_clear(l);
}

static void holds_of_two_nodes_neither_narrow_each_other_nor_follow(void **unused)
{
	struct lab *l = scan_after_scan("kswapd1", "kswapd0");

	(void)unused;
	assert_int_equal(l->report.holds[1].after_ns, 0);
	assert_int_equal(l->report.holds[1].at.start_earliest, 1 * SEC + 10 * MS);
	assert_int_equal(chain_after(&l->report, &l->report.stalls[0]).nr, 0);
	lab_clear(l);
}

/* kswapd1's scan and one of a task whose node no record names: on a machine of two nodes it may have been either. */
static void a_hold_of_an_unknown_node_is_not_chained_where_there_are_two(void **unused)
{
	struct lab *l = lab();

	(void)unused;
	for (int two = 0; two < 2; two++) {
		lab_begin(l, 4);
		lab_push(l, kswapd_event(EVENT_KSWAPD_SLEEP, 2, 900 * MS, 70, two ? 0 : 1));
		lab_push(l, comes(1, 1 * SEC, KSWAPD1, "kswapd1"));
		lab_push(l, comes(0, 1 * SEC + 10 * MS, EATER, "eater"));
		push_scan(l, 1, 2 * SEC, KSWAPD1, 10000000);
		push_scan(l, 0, 3 * SEC, EATER, 10000000);
		lab_end(l);
		assert_int_equal(l->report.holds[1].after_ns, two ? 0 : 2 * SEC);
		assert_int_equal(l->report.holds[1].nid.is, !two);
		assert_int_equal(l->report.holds[1].node_unclear, two);
		assert_int_equal(chain_after(&l->report, &l->report.stalls[0]).nr, two ? 0 : 1);
		lab_clear(l);
	}
}

/* Without sched events nothing names the tasks. */
static void a_kswapd_without_a_name_is_known_by_its_wake(void **unused)
{
	struct lab *l = lab();

	(void)unused;
	lab_begin(l, 4);
	lab_push(l, kswapd_event(EVENT_KSWAPD_WAKE, 0, 1 * SEC, KSWAPD0, 0));
	lab_push(l, kswapd_event(EVENT_KSWAPD_WAKE, 1, 1 * SEC + 50 * US, KSWAPD1, 1));
	push_scan(l, 0, 2 * SEC, KSWAPD0, 9000000);
	push_scan(l, 1, 3 * SEC, KSWAPD1, 9000000);
	lab_end(l);
	assert_int_equal(l->report.holds[0].nid.v, 0);
	assert_int_equal(l->report.holds[1].nid.v, 1);
	lab_clear(l);
}

/* The first scan took nothing, so reclaim wrote nothing of its node. What it writes of the next scan is not about the first. */
static void a_node_belongs_to_the_last_scan_only(void **unused)
{
	struct event shrink = any_event(EVENT_LRU_SHRINK_INACTIVE, 0, 3 * SEC + 30 * US, EATER);
	struct lab *l = lab();

	(void)unused;
	shrink.present = HAS_NID;
	shrink.shrink.nid = 1;
	lab_begin(l, 4);
	lab_push(l, kswapd_event(EVENT_KSWAPD_SLEEP, 2, 900 * MS, KSWAPD0, 0));
	lab_push(l, comes(0, 1 * SEC, EATER, "eater"));
	push_scan(l, 0, 2 * SEC, EATER, 9000000);
	push_scan(l, 0, 3 * SEC, EATER, 9000000);
	lab_push(l, shrink);
	shrink.ts += 10 * US;
	lab_push(l, shrink);
	lab_end(l);
	assert_true(l->report.holds[0].node_unclear);
	assert_int_equal(l->report.holds[1].nid.v, 1);
	lab_clear(l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_kswapd_is_told_who_woke_it_and_not_who_woke_another),
		cmocka_unit_test(a_kswapd_whose_wake_is_missing_is_told_nothing),
		cmocka_unit_test(a_soft_limit_inside_of_kswapd_asked_for_nothing),
		cmocka_unit_test(a_soft_limit_inside_of_direct_reclaim_is_not_the_one_that_asked),
		cmocka_unit_test(among_many_open_reclaims_each_is_found),
		cmocka_unit_test(a_hold_of_the_same_node_follows),
		cmocka_unit_test(holds_of_two_nodes_neither_narrow_each_other_nor_follow),
		cmocka_unit_test(a_hold_of_an_unknown_node_is_not_chained_where_there_are_two),
		cmocka_unit_test(a_kswapd_without_a_name_is_known_by_its_wake),
		cmocka_unit_test(a_node_belongs_to_the_last_scan_only),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
