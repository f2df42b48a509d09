// SPDX-License-Identifier: LGPL-2.1-or-later
/* test_slab.c - which objects remain, and which of them are leaks? */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "leak_lab.h"

static void who_forgets_one_in_fifty_is_the_leak_not_who_is_busy(void **state)
{
	const struct leak_report *l;
	const struct leak_site *rare, *busy;

	(void)state;
	busy_and_rare(25);
	l = leak_end();
	rare = leak_site(l, "drv_rare");
	busy = leak_site(l, "drv_busy");
	assert_ptr_equal(rare, &l->sites[0]);
	assert_int_equal(rare->verdict, LEAK_LEAK);
	assert_int_equal(rare->confidence, CONFIDENCE_HIGH);
	assert_int_equal(rare->pattern, LEAK_HIDDEN);
	assert_int_equal(rare->allocs, 500);
	assert_int_equal(rare->frees, 480);
	assert_int_equal(rare->live, 20);
	assert_int_equal(rare->live_bytes, 20 * 512);
	assert_string_equal(rare->tasks[0].comm, "cmaidad");
	assert_int_equal(busy->verdict, LEAK_OK);
	assert_int_equal(busy->live, 0);
}

static void a_leak_is_projected_by_what_is_never_freed(void **state)
{
	const struct leak_site *rare;

	(void)state;
	busy_and_rare(25);
	rare = leak_site(leak_end(), "drv_rare");
	/* 20 x 512 bytes in 10 s */
	assert_true(rare->has_projection);
	assert_true(rare->bytes_per_day > 0.95 * 1024 * 86400 && rare->bytes_per_day < 1.05 * 1024 * 86400);
	assert_true(rare->growth.is && rare->growth.low < rare->growth.mean && rare->growth.mean < rare->growth.high);
	assert_true(rare->growth.low < 1024.0 * 3600 && rare->growth.high > 1024.0 * 3600);
}

static void what_frees_everything_is_no_leak(void **state)
{
	const struct leak_report *l;

	(void)state;
	busy_and_rare(0);
	l = leak_end();
	for (size_t i = 0; i < l->nr_sites; i++)
		assert_int_equal(l->sites[i].verdict, LEAK_OK);
}

static void null_and_zero_size_pointers_mean_nothing(void **state)
{
	const struct leak_report *l;

	(void)state;
	leak_push(slab_alloc(SEC, F_OTHER, 0, 512));	/* the allocation failed */
	leak_push(slab_alloc(SEC, F_OTHER, PTR, 512));
	leak_push(slab_free(SEC + 1, 0));
	leak_push(slab_free(SEC + 2, 16));
	leak_push(slab_free(SEC + 3, PTR));
	l = leak_end();
	assert_int_equal(l->unknown_frees[LEAK_SLAB], 0);
	assert_int_equal(leak_site(l, "drv_other")->allocs, 1);
	assert_int_equal(leak_site(l, "drv_other")->frees, 1);
}

static void frees_of_what_was_allocated_before_balance_nothing(void **state)
{
	const struct leak_report *l;

	(void)state;
	leak_push(slab_alloc(SEC, F_OTHER, PTR, 512));
	for (uint64_t i = 1; i < 100; i++)
		leak_push(slab_free(SEC + i, PTR + i * 512));
	l = leak_end();
	assert_int_equal(l->unknown_frees[LEAK_SLAB], 99);
	assert_int_equal(leak_site(l, "drv_other")->live, 1);
}

static void an_address_allocated_again_was_freed_unseen(void **state)
{
	const struct leak_report *l;
	const struct leak_site *s;

	(void)state;
	leak_push(slab_alloc(SEC, F_OTHER, PTR, 512));
	leak_push(slab_alloc(2 * SEC, F_BUSY, PTR, 256));
	leak_push(slab_free(3 * SEC, PTR));
	l = leak_end();
	s = leak_site(l, "drv_other");
	assert_int_equal(s->unseen, 1);
	assert_int_equal(s->frees, 0);
	assert_int_equal(s->live, 0);
	assert_int_equal(leak_site(l, "drv_busy")->frees, 1);
	assert_int_equal(l->unseen[LEAK_SLAB], 1);
}

/* Up to 5.15, kmem_cache_free is traced after the object is free. So the record of the next owner may come first. */
static void a_free_that_comes_late_from_another_cpu_is_the_old_owners(void **state)
{
	const struct leak_report *l;

	(void)state;
	leak_push(slab_alloc(SEC, F_OTHER, PTR, 512));
	leak_push(on_cpu(slab_alloc(2 * SEC, F_BUSY, PTR, 512), 1));
	leak_push(slab_free(2 * SEC + 5 * US, PTR));
	l = leak_end();
	assert_int_equal(leak_site(l, "drv_other")->frees, 1);
	assert_int_equal(leak_site(l, "drv_other")->unseen, 0);
	assert_int_equal(leak_site(l, "drv_busy")->live, 1);
}

static void a_free_that_is_too_late_is_the_new_owners(void **state)
{
	const struct leak_report *l;

	(void)state;
	leak_push(slab_alloc(SEC, F_OTHER, PTR, 512));
	leak_push(on_cpu(slab_alloc(2 * SEC, F_BUSY, PTR, 512), 1));
	leak_push(slab_free(2 * SEC + 2 * MS, PTR));
	l = leak_end();
	assert_int_equal(leak_site(l, "drv_other")->unseen, 1);
	assert_int_equal(leak_site(l, "drv_busy")->live, 0);
}

static void on_one_cpu_no_free_is_late(void **state)
{
	const struct leak_report *l;

	(void)state;
	leak_push(slab_alloc(SEC, F_OTHER, PTR, 512));
	leak_push(slab_alloc(2 * SEC, F_BUSY, PTR, 512));
	leak_push(slab_free(2 * SEC + 5 * US, PTR));
	l = leak_end();
	assert_int_equal(leak_site(l, "drv_other")->unseen, 1);
	assert_int_equal(leak_site(l, "drv_busy")->frees, 1);
}

static void one_that_was_interrupted_may_free_late_on_its_own_cpu(void **state)
{
	const struct leak_report *l;

	(void)state;
	leak_push(slab_alloc(SEC, F_OTHER, PTR, 512));
	leak_push(in_softirq(slab_alloc(2 * SEC, F_BUSY, PTR, 512)));
	leak_push(slab_free(2 * SEC + 5 * US, PTR));
	l = leak_end();
	assert_int_equal(leak_site(l, "drv_other")->frees, 1);
	assert_int_equal(leak_site(l, "drv_busy")->live, 1);
}

/* drv_other takes an object every 10 ms for the first @of of 1000, and frees none. */
static const struct leak_site *only_taken(unsigned int of, int32_t pid)
{
	for (uint64_t i = 0; i < 1000; i++) {
		use(SEC + i * 10 * MS, F_BUSY, PTR, US);
		if (i < of)
			leak_push(by_pid(slab_alloc(SEC + i * 10 * MS + MS, F_OTHER, PTR + 512 + i * 512, 512), pid));
	}
	return leak_site(leak_end(), "drv_other");
}

static void what_grows_all_along_and_is_never_freed_is_suspect_no_more(void **state)
{
	const struct leak_site *s;

	(void)state;
	s = only_taken(1000, CMAIDAD);
	assert_int_equal(s->verdict, LEAK_SUSPECT);
	assert_int_equal(s->confidence, CONFIDENCE_LOW);
	assert_true(s->growth.steady);
	assert_int_equal(s->live, 1000);
}

/* Slab's own tables behave like this: one in ten is freed soon, the others live as long as the slab. */
static void what_keeps_most_of_what_it_takes_fills_something(void **state)
{
	const struct leak_site *s;

	(void)state;
	for (uint64_t i = 0; i < 1000; i++) {
		leak_push(slab_alloc(SEC + i * 10 * MS, F_OTHER, PTR + i * 512, 512));
		if (i % 10 == 0)
			leak_push(slab_free(SEC + i * 10 * MS + 5 * MS, PTR + i * 512));
	}
	s = leak_site(leak_end(), "drv_other");
	assert_int_equal(s->live, 900);
	assert_true(s->verdict < LEAK_LEAK);
	assert_int_equal(s->confidence, CONFIDENCE_LOW);
}

static void what_grows_and_then_stays_is_not_even_suspect(void **state)
{
	const struct leak_site *s;

	(void)state;
	s = only_taken(700, CMAIDAD);
	assert_true(s->verdict < LEAK_SUSPECT);
	assert_false(s->growth.steady);
}

static void what_the_recorder_takes_is_told_as_such(void **state)
{
	const struct leak_site *s;

	(void)state;
	s = only_taken(1000, TRACE_CMD);
	assert_int_equal(s->verdict, LEAK_GROWTH);
	assert_non_null(strstr(s->why.s[0], "trace-cmd"));
}

/* A driver that starts keeps its memory: all objects are of one time. */
static void survivors_of_one_moment_are_no_leak(void **state)
{
	const struct leak_site *s;

	(void)state;
	for (uint64_t i = 0; i < 1000; i++) {
		use(SEC + i * 10 * MS, F_OTHER, PTR, US);
		if (i >= 300 && i < 340)
			leak_push(slab_alloc(SEC + i * 10 * MS + MS, F_OTHER, PTR + 512 + i * 512, 512));
	}
	s = leak_site(leak_end(), "drv_other");
	assert_int_equal(s->live, 40);
	assert_true(s->verdict < LEAK_SUSPECT);
}

static void a_steady_leak(enum function f)
{
	for (uint64_t i = 0; i < 1000; i++) {
		use(SEC + i * 10 * MS, f, PTR, US);
		if (i % 20 == 0)
			leak_push(slab_alloc(SEC + i * 10 * MS + MS, f, PTR + 512 + i * 512, 512));
	}
}

static void a_cache_that_fills_is_a_cache(void **state)
{
	const struct leak_site *s;

	(void)state;
	a_steady_leak(F_XAS_ALLOC);
	s = leak_site(leak_end(), "xas_alloc");
	assert_int_equal(s->verdict, LEAK_CACHE);
	assert_int_equal(s->live, 50);
	assert_true(s->why.nr > 0);
}

static void what_living_tasks_keep_is_growth(void **state)
{
	(void)state;
	a_steady_leak(F_VM_AREA_DUP);
	assert_int_equal(leak_site(leak_end(), "vm_area_dup")->verdict, LEAK_GROWTH);
}

static void a_site_without_a_name_is_told_by_its_address(void **state)
{
	const struct leak_report *l;

	(void)state;
	a_steady_leak(F_NO_NAME);
	l = leak_end();
	assert_null(l->sites[0].function);
	assert_true(l->sites[0].address == at(F_NO_NAME));
	assert_int_equal(l->sites[0].verdict, LEAK_LEAK);
}

static void a_leak_behind_a_helper_is_not_certain_without_stacks(void **state)
{
	const struct leak_site *s;

	(void)state;
	for (uint64_t i = 0; i < 1000; i++) {
		use(SEC + i * 10 * MS, F_KMEMDUP, PTR, US);
		if (i % 20 == 0)
			leak_push(by_pid(slab_alloc(SEC + i * 10 * MS + MS, F_KMEMDUP, PTR + 512 + i * 512, 512), 400 + (int32_t)i));
	}
	s = leak_site(leak_end(), "kmemdup");
	assert_int_equal(s->verdict, LEAK_LEAK);
	assert_int_equal(s->confidence, CONFIDENCE_LOW);
}

static const enum function through_kmemdup[] = { F_KMALLOC, F_KMEMDUP, F_DRIVER, F_IOCTL };

/* kmemdup is the call site. The stack has its caller. */
static void a_stack_names_the_first_function_outside_the_allocator(void **state)
{
	const struct leak_report *l;
	const struct leak_site *s;

	(void)state;
	leak_push(slab_alloc(SEC, F_KMEMDUP, PTR, 512));
	leak_push(stack_event(SEC + 1, 4, through_kmemdup));
	leak_push(slab_free(2 * SEC, PTR + 512));
	l = leak_end();
	assert_null(leak_site(l, "kmemdup"));
	s = leak_site(l, "drv_attr_clone");
	assert_int_equal(s->live, 1);
	assert_int_equal(s->frames.nr, 2);
	assert_string_equal(s->frames.s[1], "drv_ioctl");
	assert_true(l->has_stacks);
}

static void an_interrupt_between_an_object_and_its_stack_has_its_own(void **state)
{
	static const enum function irq[] = { F_KMALLOC, F_OTHER };
	const struct leak_report *l;

	(void)state;
	leak_push(slab_alloc(SEC, F_KMEMDUP, PTR, 512));
	leak_push(in_softirq(slab_alloc(SEC + 1, F_OTHER, PTR + 512, 256)));
	leak_push(in_softirq(stack_event(SEC + 2, 2, irq)));
	leak_push(stack_event(SEC + 3, 4, through_kmemdup));
	leak_push(slab_free(2 * SEC, PTR + 1024));
	l = leak_end();
	assert_int_equal(leak_site(l, "drv_attr_clone")->live_bytes, 512);
	assert_int_equal(leak_site(l, "drv_other")->live_bytes, 256);
}

static void a_stack_after_a_free_is_nobodys(void **state)
{
	const struct leak_report *l;

	(void)state;
	leak_push(slab_alloc(SEC, F_OTHER, PTR, 512));
	leak_push(slab_free(SEC + 1, PTR + 512));
	leak_push(stack_event(SEC + 2, 4, through_kmemdup));
	l = leak_end();
	assert_null(leak_site(l, "drv_attr_clone"));
	assert_int_equal(leak_site(l, "drv_other")->live, 1);
}

static void without_a_free_nothing_is_analysed(void **state)
{
	const struct leak_report *l;

	(void)state;
	for (uint64_t i = 0; i < 100; i++)
		leak_push(slab_alloc(SEC + i * MS, F_OTHER, PTR + i * 512, 512));
	l = leak_end();
	assert_false(l->analysed[LEAK_SLAB]);
	assert_int_equal(l->nr_sites, 0);
}

/* Of 16,000 that it takes, drv_other frees two in three without a record: their address comes again, from whoever asks. */
static void take_unseen(bool some_recorded)
{
	for (uint64_t i = 0; i < 16000; i++) {
		uint64_t ts = SEC + i * MS, ptr = PTR + 512 + (i % 3 ? i % 1500 : i) * 512;

		use(ts, F_BUSY, PTR, US);
		leak_push(slab_alloc(ts + 10 * US, F_OTHER, ptr, 512));
		if (some_recorded && i % 10 == 1)
			leak_push(slab_free(ts + 20 * US, ptr));
	}
}

/* As skbs freed in bulk, kfree_rcu and per-CPU caches do. */
static void what_unseen_frees_explain_is_never_projected(void **state)
{
	(void)state;
	for (int recorded = 0; recorded < 2; recorded++) {
		const struct leak_site *s;

		if (recorded) {
			leak_clear();
			leak_begin();
		}
		take_unseen(recorded);
		s = leak_site(leak_end(), "drv_other");
		assert_true(s->unseen > 5000 && s->live > 3000);
		assert_false(s->has_projection);
		assert_true(s->verdict <= LEAK_SUSPECT && s->confidence <= CONFIDENCE_LOW);
	}
}

/* The real leak beside it frees most, with their records, and some never: a few unseen frees excuse nothing. */
static void a_leak_with_a_few_unseen_frees_is_still_named(void **state)
{
	const struct leak_site *s;

	(void)state;
	for (uint64_t i = 0; i < 8000; i++) {
		uint64_t ts = SEC + i * 2 * MS, ptr = PTR + (UINT64_C(1) << 30) + i * 512;

		leak_push(slab_alloc(ts, F_RARE, ptr, 512));
		if (i % 8)
			leak_push(slab_free(ts + 50 * US, ptr));
		if (i % 4000 == 1)	/* taken again at once: one was freed unseen */
			leak_push(slab_alloc(ts + 60 * US, F_RARE, ptr - 512, 512));
	}
	s = leak_site(leak_end(), "drv_rare");
	assert_int_equal(s->unseen, 2);
	assert_int_equal(s->verdict, LEAK_LEAK);
	assert_int_equal(s->confidence, CONFIDENCE_HIGH);
	assert_true(s->has_projection);
}

/* Objects of these caches are freed in bulk by design, even where no address came again: growth, and no projection. */
static void of_a_kind_that_is_freed_in_bulk_growth_is_no_suspicion(void **state)
{
	static const char *const caches[] = { "skbuff_head_cache", "kmalloc-512" };

	(void)state;
	for (int i = 0; i < 2; i++) {
		const struct leak_site *s;

		if (i) {
			leak_clear();
			leak_begin();
		}
		for (uint64_t k = 0; k < 2000; k++) {
			struct event ev = slab_alloc(SEC + k * 10 * MS, F_OTHER, PTR + 512 + k * 512, 512);

			ev.present |= HAS_CACHE;
			snprintf(ev.slab.cache, sizeof(ev.slab.cache), "%s", caches[i]);
			leak_push(ev);
			use(SEC + k * 10 * MS + MS, F_BUSY, PTR, US);
		}
		s = leak_site(leak_end(), "drv_other");
		assert_int_equal(s->verdict, i ? LEAK_SUSPECT : LEAK_GROWTH);	/* of any other kind it is suspect */
		assert_int_equal(s->has_projection, i);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		LEAK_TEST(who_forgets_one_in_fifty_is_the_leak_not_who_is_busy),
		LEAK_TEST(a_leak_is_projected_by_what_is_never_freed),
		LEAK_TEST(what_frees_everything_is_no_leak),
		LEAK_TEST(null_and_zero_size_pointers_mean_nothing),
		LEAK_TEST(frees_of_what_was_allocated_before_balance_nothing),
		LEAK_TEST(an_address_allocated_again_was_freed_unseen),
		LEAK_TEST(a_free_that_comes_late_from_another_cpu_is_the_old_owners),
		LEAK_TEST(a_free_that_is_too_late_is_the_new_owners),
		LEAK_TEST(on_one_cpu_no_free_is_late),
		LEAK_TEST(one_that_was_interrupted_may_free_late_on_its_own_cpu),
		LEAK_TEST(what_grows_all_along_and_is_never_freed_is_suspect_no_more),
		LEAK_TEST(what_keeps_most_of_what_it_takes_fills_something),
		LEAK_TEST(what_grows_and_then_stays_is_not_even_suspect),
		LEAK_TEST(what_the_recorder_takes_is_told_as_such),
		LEAK_TEST(survivors_of_one_moment_are_no_leak),
		LEAK_TEST(a_cache_that_fills_is_a_cache),
		LEAK_TEST(what_living_tasks_keep_is_growth),
		LEAK_TEST(a_site_without_a_name_is_told_by_its_address),
		LEAK_TEST(a_leak_behind_a_helper_is_not_certain_without_stacks),
		LEAK_TEST(a_stack_names_the_first_function_outside_the_allocator),
		LEAK_TEST(an_interrupt_between_an_object_and_its_stack_has_its_own),
		LEAK_TEST(a_stack_after_a_free_is_nobodys),
		LEAK_TEST(without_a_free_nothing_is_analysed),
		LEAK_TEST(what_unseen_frees_explain_is_never_projected),
		LEAK_TEST(a_leak_with_a_few_unseen_frees_is_still_named),
		LEAK_TEST(of_a_kind_that_is_freed_in_bulk_growth_is_no_suspicion),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
