// SPDX-License-Identifier: LGPL-2.1-or-later
/* test_model.c - are a report's order, names and memory right? */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "sample_report.h"

static void add_stall_at(struct report *r, double start, const char *comm)
{
	struct stall *s = report_add_stall(r);
	struct victim *v = report_add_victim(r);

	s->at.start = SEC(start);
	s->at.end = SEC(start + 1);
	strcpy(s->cause_comm, comm);
	v->stall = (uint32_t)r->nr_stalls - 1;
	strcpy(v->comm, comm);
}

static void sorting_numbers_stalls_by_start_and_victims_follow(void **unused)
{
	struct report r = { 0 };
	const struct victim *v;

	(void)unused;
	add_stall_at(&r, 30, "third");
	add_stall_at(&r, 10, "first");
	add_stall_at(&r, 20, "second");
	assert_int_equal(report_sort(&r), 0);
	for (uint32_t i = 0; i < 3; i++) {
		assert_int_equal(r.stalls[i].id, i + 1);
		assert_int_equal(report_victims(&r, i, &v), 1);
		assert_string_equal(v->comm, r.stalls[i].cause_comm);
	}
	assert_string_equal(r.stalls[0].cause_comm, "first");
	assert_int_equal(report_victims(&r, 3, &v), 0);
	report_clear(&r);
}

static void sorting_twice_changes_nothing(void **unused)
{
	struct report r = { 0 };
	uint64_t before = 0, after = 0;

	(void)unused;
	sample_many(&r, 50);
	for (size_t i = 0; i < r.nr_victims; i++)
		before = before * 31 + (uint64_t)r.victims[i].pid * r.stalls[r.victims[i].stall].id;
	assert_int_equal(report_sort(&r), 0);
	for (size_t i = 0; i < r.nr_victims; i++)
		after = after * 31 + (uint64_t)r.victims[i].pid * r.stalls[r.victims[i].stall].id;
	assert_true(before == after);
	report_clear(&r);
}

static void victims_of_a_stall_come_longest_first(void **unused)
{
	struct report r = { 0 };
	const struct victim *v;
	size_t n;

	(void)unused;
	sample_founding(&r);
	n = report_victims(&r, 0, &v);
	assert_int_equal(n, 15);
	for (size_t i = 1; i < n; i++)
		assert_true(v[i].to - v[i].from <= v[i - 1].to - v[i - 1].from);
	report_clear(&r);
}

static void a_victim_of_no_stall_is_kept_and_belongs_to_none(void **unused)
{
	struct report r = { 0 };
	const struct victim *v;

	(void)unused;
	add_stall_at(&r, 1, "x");
	report_add_victim(&r)->stall = 77;
	assert_int_equal(report_sort(&r), 0);
	assert_int_equal(r.nr_victims, 2);
	assert_int_equal(report_victims(&r, 0, &v), 1);
	report_clear(&r);
}

static void an_empty_report_sorts_and_clears(void **unused)
{
	struct report r = { 0 };

	(void)unused;
	assert_int_equal(report_sort(&r), 0);
	report_clear(&r);
	report_clear(&r);
	report_clear(NULL);
}

static void notes_and_reasons_are_formatted_and_kept(void **unused)
{
	struct report r = { 0 };
	struct stall *s = report_add_stall(&r);

	(void)unused;
	assert_int_equal(report_note(&r, QUALITY_LOSS, "CPU %d lost %s", 3, "some"), 0);
	assert_string_equal(r.notes[0].text, "CPU 3 lost some");
	assert_int_equal(stall_because(s, "%d CPUs", 4), 0);
	assert_int_equal(stall_because(s, "and so on"), 0);
	assert_string_equal(s->why.s[0], "4 CPUs");
	assert_string_equal(s->why.s[1], "and so on");
	report_clear(&r);
}

static void every_value_has_its_own_word(void **unused)
{
	(void)unused;
	for (int i = 0; i < NR_CAUSES; i++)
		for (int k = 0; k < i; k++)
			assert_string_not_equal(cause_name((enum cause)i), cause_name((enum cause)k));
	for (int i = 0; i < NR_DIAGNOSES; i++)
		for (int k = 0; k < i; k++)
			assert_string_not_equal(diagnosis_name((enum diagnosis)i), diagnosis_name((enum diagnosis)k));
	for (int i = 0; i < NR_BOUND_RULES; i++)
		for (int k = 0; k < i; k++)
			assert_string_not_equal(
				bound_rule_name((enum bound_rule)i), bound_rule_name((enum bound_rule)k));
	for (int i = 0; i < NR_VICTIM_KINDS; i++)
		assert_string_not_equal(victim_kind_name((enum victim_kind)i), "?");
	assert_string_equal(victim_kind_name(VICTIM_TIMER_LATE), "timer-late");
	assert_string_equal(cause_name(CAUSE_LRU_LOCK_HOLD), "lru_lock_hold");
}

static void what_is_out_of_range_has_a_word_too(void **unused)
{
	(void)unused;
	assert_string_equal(lru_name(2), "inactive_file");
	assert_string_equal(lru_name(5), "?");
	assert_string_equal(lru_name(-1), "?");
	assert_string_equal(lru_name(INT64_MIN), "?");
	assert_string_equal(cause_name((enum cause)99), "?");
	assert_string_equal(confidence_name(CONFIDENCE_NONE), "");
}

static void zones_are_named_by_the_recording_or_numbered(void **unused)
{
	struct report r = { 0 };
	char buf[24];

	(void)unused;
	sample_founding(&r);
	assert_string_equal(zone_name(&r.facts, 0, buf, sizeof(buf)), "DMA");
	assert_string_equal(zone_name(&r.facts, 2, buf, sizeof(buf)), "2");
	assert_string_equal(zone_name(&r.facts, -7, buf, sizeof(buf)), "-7");
	assert_string_equal(zone_name(&r.facts, INT64_MIN, buf, sizeof(buf)), "-9223372036854775808");
	report_clear(&r);
}

static void every_diagnosis_says_why_what_to_do_and_who_says_so(void **unused)
{
	(void)unused;
	for (int i = DIAGNOSIS_NONE + 1; i < NR_DIAGNOSES; i++) {
		const struct advice *a = diagnosis_advice((enum diagnosis)i);

		assert_true(strlen(a->why) > 40);
		assert_true(strlen(a->remedy) > 20);
		assert_true(strlen(a->source) > 10);
		assert_true(a->remedy[strlen(a->remedy) - 1] != '\n');
	}
	assert_string_equal(diagnosis_advice(DIAGNOSIS_NONE)->remedy, "");
	assert_ptr_equal(diagnosis_advice((enum diagnosis)1000), diagnosis_advice(DIAGNOSIS_NONE));
	assert_non_null(
		strstr(diagnosis_advice(DIAGNOSIS_ZONE_MISMATCH)->remedy, "vm.lowmem_reserve_ratio=\"30 30 30 0\""));
	assert_non_null(strstr(diagnosis_advice(DIAGNOSIS_ZONE_MISMATCH)->remedy, "6.14"));
}

/* The founding remedy is for DMA. It would not help where Movable is the higher zone. */
static void advice_depends_on_the_zone_that_ran_dry(void **unused)
{
	struct report r = { 0 };
	struct stall *s;
	const char *dma, *normal, *unknown;

	(void)unused;
	sample_founding(&r);
	s = &r.stalls[0];
	dma = stall_advice(&r.facts, s)->remedy;
	s->classzone = KNOWN(1);
	normal = stall_advice(&r.facts, s)->remedy;
	s->classzone = KNOWN(7);
	unknown = stall_advice(&r.facts, s)->remedy;
	assert_ptr_equal(strstr(dma, "sysctl -w vm.lowmem_reserve_ratio=\"30 30 30 0\""), dma);
	assert_null(strstr(normal, "lowmem_reserve_ratio"));
	assert_non_null(strstr(normal, "Movable"));
	assert_ptr_equal(strstr(unknown, "If zone DMA ran dry: "), unknown);
	s->diagnosis = DIAGNOSIS_THROTTLED;
	assert_ptr_equal(stall_advice(&r.facts, s), diagnosis_advice(DIAGNOSIS_THROTTLED));
	report_clear(&r);
}

static void pruning_takes_victims_along(void **unused)
{
	struct report r = { 0 };
	const struct victim *v;

	(void)unused;
	add_stall_at(&r, 30, "keep 2");
	add_stall_at(&r, 10, "drop");
	add_stall_at(&r, 20, "keep 1");
	stall_because(&r.stalls[1], "a reason that must be freed");
	r.stalls[1].dropped = true;
	report_add_victim(&r)->stall = 99;
	assert_int_equal(report_prune(&r), 0);
	assert_int_equal(r.nr_stalls, 2);
	assert_int_equal(r.nr_victims, 2);
	for (uint32_t i = 0; i < 2; i++) {
		assert_int_equal(report_victims(&r, i, &v), 1);
		assert_string_equal(v->comm, r.stalls[i].cause_comm);
	}
	assert_string_equal(r.stalls[0].cause_comm, "keep 1");
	report_clear(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sorting_numbers_stalls_by_start_and_victims_follow),
		cmocka_unit_test(sorting_twice_changes_nothing),
		cmocka_unit_test(victims_of_a_stall_come_longest_first),
		cmocka_unit_test(a_victim_of_no_stall_is_kept_and_belongs_to_none),
		cmocka_unit_test(an_empty_report_sorts_and_clears),
		cmocka_unit_test(notes_and_reasons_are_formatted_and_kept),
		cmocka_unit_test(every_value_has_its_own_word),
		cmocka_unit_test(what_is_out_of_range_has_a_word_too),
		cmocka_unit_test(zones_are_named_by_the_recording_or_numbered),
		cmocka_unit_test(advice_depends_on_the_zone_that_ran_dry),
		cmocka_unit_test(pruning_takes_victims_along),
		cmocka_unit_test(every_diagnosis_says_why_what_to_do_and_who_says_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
