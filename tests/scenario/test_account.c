// SPDX-License-Identifier: LGPL-2.1-or-later
/* test_account.c - is the reclaim account the same whichever kernel recorded it, and told in every output? */
#include <stdio.h>
#include <stdlib.h>

#include "analysis/coverage.h"
#include "analysis/passes.h"
#include "ask.h"
#include "export/text/text.h"
#include "export/writers.h"
#include "model/reclaim_account.h"
#include "model/writer.h"
#include "small.h"
#include "vmstall/event.h"

enum { EATER = 700, GFP_KERNEL = 0xcc0 };

static const struct task eater = { "eater_of_pages", EATER, 120 }, kswapd = { "kswapd0", KSWAPD0, 120 };

static struct scene_at eats(uint64_t ts)
{
	return (struct scene_at){ .ts = ts, .cpu = 1, .pid = EATER };
}

static struct scene_at sweeps(uint64_t ts)
{
	return (struct scene_at){ .ts = ts, .cpu = 2, .pid = KSWAPD0 };
}

static void shrinks(struct scene *s, struct scene_at at, uint64_t scanned, uint64_t reclaimed)
{
	scene_event(s, at, "vmscan:mm_vmscan_lru_shrink_inactive", INT("nid", 0), INT("nr_scanned", scanned),
		INT("nr_reclaimed", reclaimed), INT("priority", 12));
}

static struct isolate scan(enum lru_list lru, uint64_t scanned, uint64_t skipped)
{
	return (struct isolate){ .classzone = 1, .lru = lru, .requested = 32, .scanned = scanned, .skipped = skipped,
		.taken = scanned - skipped };
}

/* kswapd wakes, is asked again, scans lists of both kinds and sleeps; the eater reclaims twice. */
static struct scene *life(const char *kernel)
{
	struct scene *s = small_scene(kernel);

	story_switch(s, 1, BEGIN, idle_task(1), eater, TASK_ST_RUNNABLE);
	story_wakeup_kswapd(s, eats(BEGIN + MS), 1, 0, GFP_KERNEL);
	story_switch(s, 2, BEGIN + 2 * MS, idle_task(2), kswapd, TASK_ST_RUNNABLE);
	story_kswapd_wake(s, sweeps(BEGIN + 3 * MS), 1, 0);
	story_isolate(s, sweeps(BEGIN + 4 * MS), scan(LRU_INACTIVE_FILE, 5032, 5000));
	shrinks(s, sweeps(BEGIN + 5 * MS), 5032, 30);
	story_isolate(s, sweeps(BEGIN + 6 * MS), scan(LRU_ACTIVE_FILE, 1000, 968));
	story_kswapd_wake(s, sweeps(BEGIN + 7 * MS), 1, 3);
	story_kswapd_sleep(s, sweeps(BEGIN + 103 * MS));
	story_switch(s, 2, BEGIN + 104 * MS, kswapd, idle_task(2), TASK_ST_INTERRUPTIBLE);
	for (uint64_t i = 0; i < 2; i++) {
		uint64_t at = BEGIN + (200 + 100 * i) * MS;

		story_reclaim_begin(s, eats(at), "direct", 0, GFP_KERNEL);
		story_isolate(s, eats(at + MS), scan(LRU_INACTIVE_ANON, 64, 32));
		shrinks(s, eats(at + 2 * MS), 64, 20);
		story_reclaim_end(s, eats(at + (4 + 2 * i) * MS), "direct", 25);
	}
	story_reclaim_begin(s, eats(BEGIN + 500 * MS), "memcg", 0, GFP_KERNEL);
	story_reclaim_end(s, eats(BEGIN + 507 * MS), "memcg", 3);
	story_switch(s, 1, BEGIN + 600 * MS, eater, idle_task(1), TASK_ST_INTERRUPTIBLE);
	return s;
}

static struct report *account_of(struct scene *s)
{
	struct report *r = analyse_with(s,
		&(struct analysis_options){ .to_ns = UINT64_MAX, .passes = reclaim_passes, .questions = reclaim_questions });

	assert_non_null(r->reclaim);
	assert_int_equal(r->nr_stalls, 0);
	return r;
}

static void assert_life(const struct reclaim_account *a)
{
	assert_int_equal(a->nr_tasks, 1);
	assert_int_equal(a->tasks[0].pid, EATER);
	assert_string_equal(a->tasks[0].comm, "eater_of_pages");
	assert_int_equal(a->tasks[0].direct.nr, 2);
	assert_int_equal(a->tasks[0].direct.total_ns, 10 * MS);
	assert_int_equal(a->tasks[0].direct.max_ns, 6 * MS);
	assert_int_equal(a->tasks[0].memcg.nr, 1);
	assert_int_equal(a->tasks[0].memcg.total_ns, 7 * MS);
	assert_int_equal(a->tasks[0].pages.scanned, 128);
	assert_int_equal(a->tasks[0].pages.skipped, 64);
	assert_int_equal(a->tasks[0].pages.reclaimed, 40);
	assert_int_equal(a->tasks[0].pages.freed, 53);
	assert_int_equal(a->tasks[0].woke_kswapd, 1);
	assert_int_equal(a->nr_kswapds, 1);
	assert_string_equal(a->kswapds[0].comm, "kswapd0");
	assert_int_equal(a->kswapds[0].wakes, 1);
	assert_int_equal(a->kswapds[0].rewakes, 1);
	assert_int_equal(a->kswapds[0].awake_ns.v, 100 * MS);
	assert_int_equal(a->kswapds[0].ran_ns.v, 100 * MS);
	assert_int_equal(a->kswapds[0].pages.scanned, 6032);
	assert_int_equal(a->kswapds[0].pages.scanned_active, 1000);
	assert_int_equal(a->kswapds[0].pages.skipped, 5968);
	assert_int_equal(a->kswapds[0].pages.reclaimed, 30);
	assert_int_equal(a->wake_orders[0], 1);
	assert_int_equal(a->wake_orders[3], 1);
}

static void it_is_the_same_on_every_kernel(void **state)
{
	static const char *const kernels[] = {
		"4.15", "5.4", "5.10", "5.10-arm64", "5.15", "6.1", "6.1-arm64", "6.8", "6.12", "6.18",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(kernels) / sizeof(kernels[0]); i++) {
		struct report *r = account_of(life(kernels[i]));

		assert_life(r->reclaim);
		done(r);
	}
}

static void the_text_tells_the_sums_then_each_task(void **state)
{
	struct report *r = account_of(life("6.1"));
	char *text = written(r, write_reclaim_text);

	(void)state;
	assert_says(text, "3 reclaims by tasks, 17 ms of their time");
	assert_says(text, "2 by 1 task, 10 ms of task time; median 4 ms");
	assert_says(text, "the longest 6 ms, by eater_of_pages (pid 700)");
	assert_says(text, "woke 1 time, asked for more 1 time before it slept; awake 100 ms, 100 ms of it on a CPU");
	assert_says(text, "kswapd           6,032         1,000         5,968    98.9 %           30      0.6 %");
	assert_says(text, "eater_of_pages     700        3      1    17 ms     4 ms     6 ms     7 ms         128  50.0 %");
	free(text);
	done(r);
}

static void the_csv_has_a_row_for_each_kswapd_and_task(void **state)
{
	struct report *r = account_of(life("5.15"));
	char *csv = written(r, reclaim_writers[0]->write);

	(void)state;
	assert_says(csv, "recording,kind,comm,pid,nid,direct_reclaims,direct_total_ns,");
	assert_says(csv, ",kswapd,kswapd0,68,0,,,,,,,,,,,,,,,6032,1000,5968,64,30,,0.989390,0.005962,,1,1,100000000,"
		"100000000,measured\r\n");
	assert_says(csv, ",task,eater_of_pages,700,,2,10000000,4000000,6000000,6000000,1,7000000,7000000,7000000,7000000,0,,"
		"0,0,128,0,64,64,40,53,0.500000,0.312500,1,,,,,measured\r\n");
	free(csv);
	done(r);
}

static void the_json_tells_it_too(void **state)
{
	struct report *r = account_of(life("6.18"));
	char *json = written(r, reclaim_writers[1]->write);

	(void)state;
	assert_says(json, "\"reclaim\": {\"totals\":{\"direct\":{\"count\":2,");
	assert_says(json, "\"isolate_events\":null,");	/* not asked here */
	assert_says(json, "\"comm\":\"eater_of_pages\",\"pid\":700,\"direct\":{\"count\":2,");
	free(json);
	done(r);
}

/* No figure, and no line that looks like health. */
static void without_events_of_reclaim_it_says_that_nothing_was_analysed(void **state)
{
	struct scene *s = small_scene("6.1");
	struct report *r;
	char *text, *csv;

	(void)state;
	story_switch(s, 1, BEGIN, idle_task(1), eater, TASK_ST_RUNNABLE);
	r = account_of(s);
	text = written(r, write_reclaim_text);
	csv = written(r, reclaim_writers[0]->write);
	assert_says(text, "Cannot tell what reclaim cost");
	assert_says(text, "missing: vmscan:mm_vmscan_lru_isolate");
	assert_null(strstr(text, "No reclaim"));
	assert_null(strstr(csv, "task"));
	free(text);
	free(csv);
	done(r);
}

static void a_quiet_machine_is_told_from_one_not_recorded(void **state)
{
	struct scene *s = small_scene("6.1");
	struct report *r;
	char *text;

	(void)state;
	scene_enable(s, "vmscan");
	story_switch(s, 1, BEGIN, idle_task(1), eater, TASK_ST_RUNNABLE);
	r = account_of(s);
	text = written(r, write_reclaim_text);
	assert_says(text, "No reclaim in ");
	free(text);
	done(r);
}

/* 6.1: reclaim frees pages and no isolate event tells of a scan. */
static void scans_that_the_kernel_does_not_tell_are_unknown_in_every_output(void **state)
{
	struct scene *s = small_scene("6.1");
	struct report *r;
	char *text, *csv;

	(void)state;
	scene_enable(s, "vmscan");
	story_switch(s, 1, BEGIN, idle_task(1), eater, TASK_ST_RUNNABLE);
	story_reclaim_begin(s, eats(BEGIN + MS), "direct", 0, GFP_KERNEL);
	story_reclaim_end(s, eats(BEGIN + 2 * MS), "direct", 64);
	r = account_of(s);
	text = written(r, write_reclaim_text);
	csv = written(r, reclaim_writers[0]->write);
	assert_says(text, "How many pages were scanned is not known");
	assert_says(csv, ",0,,0,0,,,,,,64,,,0,");
	free(text);
	free(csv);
	done(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_is_the_same_on_every_kernel),
		cmocka_unit_test(the_text_tells_the_sums_then_each_task),
		cmocka_unit_test(the_csv_has_a_row_for_each_kswapd_and_task),
		cmocka_unit_test(the_json_tells_it_too),
		cmocka_unit_test(without_events_of_reclaim_it_says_that_nothing_was_analysed),
		cmocka_unit_test(a_quiet_machine_is_told_from_one_not_recorded),
		cmocka_unit_test(scans_that_the_kernel_does_not_tell_are_unknown_in_every_output),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
