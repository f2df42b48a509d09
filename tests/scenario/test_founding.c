// SPDX-License-Identifier: LGPL-2.1-or-later
/* test_founding.c - are the two published incidents told as they were? */
#include "ask.h"
#include "founding.h"

static struct report *founding(void)
{
	struct scene *s = scene_new(&(struct scene_options){
		.kernel = "5.15", .nr_cpus = FOUNDING_CPUS, .machine = "aarch64", .release = "5.15.122-tegra" });

	tell_founding(s);
	return analyse(s);
}

static void the_founding_incident_is_one_stall_with_its_published_times(void **state)
{
	struct report *r = founding();
	const struct stall *s = only_stall(r, CAUSE_LRU_LOCK_HOLD);

	(void)state;
	assert_truth(&s->at, FOUNDING_FROM, FOUNDING_TO);
	assert_true(s->at.end_latest - s->at.start_earliest < (FOUNDING_TO - FOUNDING_FROM) * 11 / 10);
	assert_int_equal(s->confidence, CONFIDENCE_HIGH);
	assert_int_equal(r->isolate_events, 1);
	done(r);
}

static void the_founding_incident_is_laid_at_the_scans_door_with_its_figures(void **state)
{
	struct report *r = founding();
	const struct stall *s = only_stall(r, CAUSE_LRU_LOCK_HOLD);

	(void)state;
	assert_string_equal(s->cause_comm, "kswapd0");
	assert_int_equal(s->cause_pid.v, KSWAPD);
	assert_int_equal(s->cause_cpu.v, KSWAPD_CPU);
	assert_int_equal(s->nr_requested.v, 32);
	assert_int_equal(s->nr_scanned.v, 9911718);
	assert_int_equal(s->nr_skipped.v, 9911686);
	assert_int_equal(s->lru.v, LRU_INACTIVE_FILE);
	assert_int_equal(s->classzone.v, 0);
	assert_int_equal(s->scanned_bytes.v, 9911718 * INT64_C(4096));
	assert_in_range((uint64_t)s->ns_per_page, 85, 88);
	done(r);
}

static void every_cpu_but_the_free_one_is_counted_as_frozen(void **state)
{
	struct report *r = founding();
	const struct stall *s = only_stall(r, CAUSE_LRU_LOCK_HOLD);

	(void)state;
	assert_int_equal(s->cpus_frozen.v, 11);
	assert_int_equal(s->cpus_total.v, 12);
	done(r);
}

static void a_task_that_touched_the_lock_spins_from_its_cpus_last_record(void **state)
{
	struct report *r = founding();
	const struct stall *s = only_stall(r, CAUSE_LRU_LOCK_HOLD);

	(void)state;
	for (unsigned int cpu = 0; cpu < FREE_CPU; cpu++) {
		const struct victim *v;

		if (cpu == KSWAPD_CPU)
			continue;
		v = assert_victim(r, s, SPINNER + (int32_t)cpu, VICTIM_SPINNING);
		assert_in_range(v->from, silent_from(cpu) - 20 * US, silent_from(cpu));
		assert_in_range(v->to, FOUNDING_TO, FOUNDING_TO + 30 * US);
	}
	done(r);
}

static void a_publisher_is_late_by_its_timer_and_its_missed_periods_are_counted(void **state)
{
	struct report *r = founding();
	const struct stall *s = only_stall(r, CAUSE_LRU_LOCK_HOLD);

	(void)state;
	for (unsigned int cpu = 0; cpu < FREE_CPU; cpu++) {
		const struct victim *v = assert_victim(r, s, PUBLISHER + (int32_t)cpu, VICTIM_TIMER_LATE);
		uint64_t missed = (FOUNDING_TO - silent_from(cpu)) * 30 / SEC;

		assert_in_range(v->period_ns.v, 33 * MS, 34 * MS);
		assert_in_range(v->missed_periods.v, missed - 1, missed + 1);
		assert_in_range(v->from, silent_from(cpu), silent_from(cpu) + 34 * MS);
	}
	done(r);
}

static void who_could_not_run_or_waits_for_a_frozen_one_is_named_with_its_kind(void **state)
{
	struct report *r = founding();
	const struct stall *s = only_stall(r, CAUSE_LRU_LOCK_HOLD);

	(void)state;
	assert_victim(r, s, BURNER + 2, VICTIM_RUNNABLE);
	assert_victim(r, s, BURNER + 3, VICTIM_RUNNABLE);
	assert_victim(r, s, FREE_SUB, VICTIM_RUNNABLE);
	assert_int_equal(assert_victim(r, s, LOG_SUB, VICTIM_DEPENDENT)->waits_for_pid.v, PUBLISHER + 1);
	done(r);
}

static void nobody_else_is_named(void **state)
{
	struct report *r = founding();
	const struct stall *s = only_stall(r, CAUSE_LRU_LOCK_HOLD);

	(void)state;
	assert_unnamed(r, PUBLISHER + FREE_CPU);
	assert_unnamed(r, BURNER + FREE_CPU);
	assert_unnamed(r, WATCHDOG);
	assert_unnamed(r, KSWAPD);
	assert_unnamed(r, NVGPU);
	assert_int_equal(s->tasks_frozen, 10 + 11 + 4);
	assert_int_equal(r->nr_victims, s->tasks_frozen);
	done(r);
}

static void the_diagnosis_is_zone_mismatch_and_the_cap_would_have_made_it_milliseconds(void **state)
{
	struct report *r = founding();
	const struct stall *s = only_stall(r, CAUSE_LRU_LOCK_HOLD);

	(void)state;
	assert_diagnosis(r, s, DIAGNOSIS_ZONE_MISMATCH);
	assert_true(s->capped_least_ns.is);
	assert_in_range(s->capped_least_ns.v, 2 * MS, 6 * MS);
	assert_non_null(strstr(stall_advice(&r->facts, s)->remedy, "lowmem_reserve_ratio"));
	done(r);
}

static void the_trigger_chain_begins_with_the_task_that_asked_for_dma(void **state)
{
	struct report *r = founding();
	const struct stall *s = only_stall(r, CAUSE_LRU_LOCK_HOLD);

	(void)state;
	assert_int_equal(s->nr_trigger, 2);
	assert_int_equal(s->trigger[0].pid, NVGPU);
	assert_int_equal(s->trigger[0].zid.v, 0);
	assert_non_null(strstr(s->trigger[0].gfp, "GFP_DMA"));
	assert_int_equal(s->trigger[1].pid, KSWAPD);
	done(r);
}

/* KERNEL-FACTS 11: 6.10-rc3, two sockets; the unlock 38 us after the event. */
#define LONG_FROM (UINT64_C(7000000000000))
#define LONG_TO	  (LONG_FROM + UINT64_C(25889317000))
#define LONG_NODE 2

static struct report *long_case(void)
{
	struct scene *s = scene_new(&(struct scene_options){ .kernel = "6.8", .release = "6.10.0-rc3", .nr_cpus = 8 });
	struct machine *m = machine_new(s, LONG_FROM - SEC, LONG_TO + SEC);
	const struct isolate scan = { .classzone = 1, .lru = LRU_ACTIVE_FILE, .requested = 1, .scanned = 156946361,
		.skipped = 156946360, .taken = 1 };
	const struct scene_at event = { .ts = LONG_TO - 38 * US, .cpu = 3, .pid = KSWAPD };

	for (unsigned int cpu = 0; cpu < 8; cpu++)
		machine_periodic(m, cpu, (struct task){ "nginx", PUBLISHER + (int32_t)cpu, 120 }, 50 * MS,
			(5 + cpu) * MS, MS);
	machine_freeze(m, 3, TASK("kswapd1", KSWAPD), LONG_FROM, LONG_TO);
	machine_freeze(m, 4, TASK("fio", SPINNER), LONG_FROM + 30 * MS, LONG_TO + 2 * US);
	machine_play(m);
	story_isolate(s, event, scan);
	return analyse(s);
}

static void the_hold_of_25_889317_seconds_is_found_with_its_figures(void **state)
{
	struct report *r = long_case();
	const struct stall *s = only_stall(r, CAUSE_LRU_LOCK_HOLD);

	(void)state;
	assert_truth(&s->at, LONG_FROM, LONG_TO);
	assert_int_equal(s->nr_scanned.v, 156946361);
	assert_int_equal(s->nr_skipped.v, 156946360);
	assert_int_equal(s->nr_taken.v, 1);
	assert_int_equal(s->lru.v, LRU_ACTIVE_FILE);
	assert_in_range((uint64_t)s->ns_per_page, 160, 170);
	assert_int_equal(s->cpus_frozen.v, 2);
	assert_victim(r, s, SPINNER, VICTIM_SPINNING);
	assert_victim(r, s, PUBLISHER + 3, VICTIM_TIMER_LATE);
	assert_victim(r, s, PUBLISHER + 4, VICTIM_TIMER_LATE);
	assert_int_equal(s->tasks_frozen, 3);
	assert_diagnosis(r, s, DIAGNOSIS_ZONE_MISMATCH);
	done(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_founding_incident_is_one_stall_with_its_published_times),
		cmocka_unit_test(the_founding_incident_is_laid_at_the_scans_door_with_its_figures),
		cmocka_unit_test(every_cpu_but_the_free_one_is_counted_as_frozen),
		cmocka_unit_test(a_task_that_touched_the_lock_spins_from_its_cpus_last_record),
		cmocka_unit_test(a_publisher_is_late_by_its_timer_and_its_missed_periods_are_counted),
		cmocka_unit_test(who_could_not_run_or_waits_for_a_frozen_one_is_named_with_its_kind),
		cmocka_unit_test(nobody_else_is_named),
		cmocka_unit_test(the_diagnosis_is_zone_mismatch_and_the_cap_would_have_made_it_milliseconds),
		cmocka_unit_test(the_trigger_chain_begins_with_the_task_that_asked_for_dma),
		cmocka_unit_test(the_hold_of_25_889317_seconds_is_found_with_its_figures),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
