// SPDX-License-Identifier: LGPL-2.1-or-later
/* test_recorded.c - what was recorded, and what is only a format in the file? And is nothing found an answer? */
#include <stdlib.h>

#include "analysis/coverage.h"
#include "analysis/passes.h"
#include "ask.h"
#include "export/text/text.h"
#include "model/answer.h"
#include "small.h"
#include "story.h"

enum { TASK_1 = 5972 };

static const struct coverage *coverage_of(const struct report *r, const char *analysis)
{
	for (size_t i = 0; i < r->nr_coverage; i++)
		if (strstr(r->coverage[i].analysis, analysis))
			return &r->coverage[i];
	fail_msg("no question about %s", analysis);
	return NULL;
}

/* All that this kernel of the fixtures declares, as trace-cmd extract writes it. */
static void write_all_formats(struct scene *s)
{
	static const char *const systems[] = { "vmscan", "kmem", "sched", "compaction", "power", "irq", "timer" };

	for (size_t i = 0; i < sizeof(systems) / sizeof(systems[0]); i++)
		scene_enable(s, systems[i]);
}

/* An event of a system without a busy one, for two seconds. */
static struct scene *only_others(void)
{
	struct scene *s = small_scene("6.1");

	for (uint64_t t = BEGIN; t < BEGIN + 2 * SEC; t += 100 * MS)
		scene_event(s, ((struct scene_at){ .cpu = 1, .ts = t, .pid = TASK_1 }), "oom:reclaim_retry_zone");
	return s;
}

static struct scene *only_switches(void)
{
	struct scene *s = small_scene("6.1");

	for (uint64_t t = BEGIN; t < BEGIN + 2 * SEC; t += 20 * MS) {
		story_switch(s, 1, t, idle_task(1), TASK("worker", TASK_1), 0);
		story_switch(s, 1, t + MS, TASK("worker", TASK_1), idle_task(1), TASK_ST_INTERRUPTIBLE);
	}
	return s;
}

static void assert_not_known(const struct report *r)
{
	const struct coverage *holds = coverage_of(r, "lru_lock");

	assert_false(holds->possible);
	assert_null(holds->missing);
	assert_string_equal(holds->unknown, "vmscan:mm_vmscan_lru_isolate");
	assert_false(report_answered(r));
}

static void where_nothing_busy_occurs_formats_prove_nothing(void **state)
{
	struct scene *s = only_others();
	struct report *r;
	char *text;

	(void)state;
	write_all_formats(s);
	r = analyse(s);
	assert_not_known(r);
	assert_string_equal(coverage_of(r, "frozen tasks")->missing, "sched:sched_switch");	/* it would occur */
	text = written(r, write_text);
	assert_says(text, "Cannot tell whether anything stalled");
	assert_says(text, "None occurs, and the file has formats of what was not recorded, too.");
	assert_null(strstr(text, "No stall"));
	free(text);
	done(r);
}

static void a_flight_recorder_of_switches_does_not_tell_whether_reclaim_was_recorded(void **state)
{
	struct scene *s = only_switches();
	struct report *r;

	(void)state;
	write_all_formats(s);
	r = analyse(s);
	assert_not_known(r);
	assert_true(coverage_of(r, "frozen tasks")->possible);
	assert_string_equal(coverage_of(r, "late wake-ups")->missing, "sched:sched_waking");
	done(r);
}

/* trace-cmd record -e vmscan -e sched: the look-alike, of a machine that had no need to reclaim. */
static void a_recording_with_the_formats_of_its_events_tells_that_none_occurred(void **state)
{
	struct scene *s = small_scene("6.1");
	struct report *r;
	char *text;

	(void)state;
	machine_play(small_machine(s, NULL));
	scene_enable(s, "vmscan");
	scene_enable(s, "compaction");
	r = analyse(s);
	assert_true(coverage_of(r, "lru_lock")->possible);
	assert_true(report_answered(r));
	text = written(r, write_text);
	assert_says(text, "No stall");
	free(text);
	done(r);
}

static void one_event_of_a_system_shows_that_its_system_was_recorded(void **state)
{
	struct scene *s = only_switches();
	struct report *r;

	(void)state;
	write_all_formats(s);
	story_kswapd_wake(s, (struct scene_at){ .cpu = 2, .ts = BEGIN + SEC, .pid = KSWAPD0 }, 0, 0);
	r = analyse(s);
	assert_true(coverage_of(r, "lru_lock")->possible);
	assert_non_null(coverage_of(r, "compaction")->unknown);
	done(r);
}

/* sched_waking would have occurred: then the events of sched were chosen one by one. */
static void one_event_of_a_system_chosen_one_by_one_shows_nothing_of_the_others(void **state)
{
	struct scene *s = only_switches();
	struct report *r;

	(void)state;
	write_all_formats(s);
	r = analyse_with(s, &(struct analysis_options){ .min_stall_ns = 10 * MS, .to_ns = UINT64_MAX, .passes = leak_passes,
		.questions = leak_questions });
	assert_says(coverage_of(r, "task_structs")->unknown, "sched:sched_process_fork");
	done(r);
}

/* A filter on mm_page_alloc may have let none pass. */
static void one_silent_event_alone_proves_nothing(void **state)
{
	struct scene *s = small_scene("6.1");
	struct report *r;

	(void)state;
	machine_play(small_machine(s, NULL));
	scene_enable(s, "vmscan");
	scene_enable(s, "kmem:mm_page_alloc");
	r = analyse(s);
	assert_true(coverage_of(r, "lru_lock")->possible);
	assert_true(coverage_of(r, "low zones")->possible);
	done(r);
}

static void reclaim_and_leaks_cannot_tell_either(void **state)
{
	struct scene *s = only_others(), *again = only_others();
	struct report *r;
	char *text;

	(void)state;
	write_all_formats(s);
	write_all_formats(again);
	r = analyse_with(s, &(struct analysis_options){ .to_ns = UINT64_MAX, .passes = reclaim_passes, .questions = reclaim_questions });
	text = written(r, write_reclaim_text);
	assert_false(report_answered(r));
	assert_says(text, "Cannot tell what reclaim cost");
	assert_null(strstr(text, "  analysed: direct"));
	free(text);
	done(r);
	r = analyse_with(again, &(struct analysis_options){ .to_ns = UINT64_MAX, .passes = leak_passes, .questions = leak_questions });
	text = written(r, write_leaks_text);
	assert_false(report_answered(r));
	assert_says(text, "Cannot tell whether kernel memory leaks");
	free(text);
	done(r);
}

static void a_stall_is_an_answer_though_vmscan_was_not_recorded(void **state)
{
	struct scene *s = small_scene("6.1");
	struct report *r;

	(void)state;
	scene_event(s, ((struct scene_at){ .cpu = 1, .ts = BEGIN, .pid = TASK_1 }), "compaction:mm_compaction_begin");
	scene_event(s, ((struct scene_at){ .cpu = 1, .ts = BEGIN + 2 * SEC, .pid = TASK_1 }), "compaction:mm_compaction_end");
	r = analyse(s);
	only_stall(r, CAUSE_COMPACTION);
	assert_true(report_answered(r));
	assert_false(question_decided(r));	/* --fail-on lru_lock_hold does not pass */
	assert_true(cause_answered(r, CAUSE_COMPACTION));
	done(r);
}

static void a_window_without_an_event_is_no_answer(void **state)
{
	struct scene *s = small_scene("6.1");
	struct report *r;
	char *text;

	(void)state;
	machine_play(small_machine(s, NULL));
	scene_enable(s, "vmscan");
	r = analyse_with(s, &(struct analysis_options){ .min_stall_ns = 10 * MS, .from_ns = END + SEC, .to_ns = UINT64_MAX });
	assert_false(report_answered(r));
	text = written(r, write_text);
	assert_says(text, "no event of the window");
	assert_says(text, "Only stalls that touch 106.000000 .. the end were asked for");
	free(text);
	done(r);
}

static void a_format_of_another_generation_is_no_damage(void **state)
{
	struct scene *s = only_switches();
	struct report *r;

	(void)state;
	scene_enable(s, "kmem:mm_page_free");
	hide_field(s, "mm_page_free", "pfn");
	r = analyse(s);
	assert_false(has_note(r, "mm_page_free"));
	done(r);
	s = only_switches();
	scene_event(s, ((struct scene_at){ .cpu = 1, .ts = BEGIN, .pid = TASK_1 }), "kmem:mm_page_free");
	hide_field(s, "mm_page_free", "pfn");
	r = analyse(s);
	assert_true(has_note(r, "kmem:mm_page_free: 1 record is not decoded: the format has no readable field pfn"));
	for (size_t i = 0; i < r->nr_notes; i++)
		assert_int_equal(r->notes[i].level, QUALITY_INFO);
	done(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(where_nothing_busy_occurs_formats_prove_nothing),
		cmocka_unit_test(a_flight_recorder_of_switches_does_not_tell_whether_reclaim_was_recorded),
		cmocka_unit_test(a_recording_with_the_formats_of_its_events_tells_that_none_occurred),
		cmocka_unit_test(one_event_of_a_system_shows_that_its_system_was_recorded),
		cmocka_unit_test(one_event_of_a_system_chosen_one_by_one_shows_nothing_of_the_others),
		cmocka_unit_test(one_silent_event_alone_proves_nothing),
		cmocka_unit_test(reclaim_and_leaks_cannot_tell_either),
		cmocka_unit_test(a_stall_is_an_answer_though_vmscan_was_not_recorded),
		cmocka_unit_test(a_window_without_an_event_is_no_answer),
		cmocka_unit_test(a_format_of_another_generation_is_no_damage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
