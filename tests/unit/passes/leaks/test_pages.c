// SPDX-License-Identifier: LGPL-2.1-or-later
/* test_pages.c - which pages remain, however their blocks were split, and which of them are leaks? */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "leak_lab.h"

static struct event batched(struct event ev)
{
	ev.page.order = 0;
	ev.page.batched = true;
	return ev;
}

static void the_batched_record_of_a_free_is_no_second_free(void **state)
{
	const struct leak_report *l;

	(void)state;
	leak_push(page_alloc(SEC, 0x100, 0, KERNEL));
	leak_push(page_free(SEC + 1, 0x100, 0));
	leak_push(page_alloc(SEC + 2, 0x100, 0, KERNEL));	/* allocated again before the free is recorded */
	leak_push(on_cpu(batched(page_free(SEC + 3, 0x100, 0)), 1));
	l = leak_end();
	assert_int_equal(l->sites[0].frees, 1);
	assert_int_equal(l->sites[0].live, 1);
	assert_int_equal(l->unknown_frees[LEAK_PAGE], 0);
}

static void where_only_batched_frees_are_recorded_they_count(void **state)
{
	const struct leak_report *l;

	(void)state;
	leak_push(page_alloc(SEC, 0x100, 0, KERNEL));
	leak_push(batched(page_free(SEC + 1, 0x100, 0)));
	l = leak_end();
	assert_int_equal(l->sites[0].frees, 1);
	assert_int_equal(l->sites[0].live, 0);
}

static void a_block_freed_page_by_page_is_freed_once(void **state)
{
	const struct leak_report *l;

	(void)state;
	leak_push(page_alloc(SEC, 0x200, 9, KERNEL));
	for (uint64_t i = 0; i < 512; i++)
		leak_push(page_free(SEC + 1 + i, 0x200 + (i * 37) % 512, 0));
	l = leak_end();
	assert_int_equal(l->nr_sites, 1);
	assert_int_equal(l->sites[0].allocs, 1);
	assert_int_equal(l->sites[0].frees, 1);
	assert_int_equal(l->sites[0].live, 0);
	assert_int_equal(l->unknown_frees[LEAK_PAGE], 0);
}

static void of_a_block_freed_in_part_the_rest_is_left(void **state)
{
	const struct leak_report *l;

	(void)state;
	leak_push(page_alloc(SEC, 0x200, 4, KERNEL));
	leak_push(page_free(SEC + 1, 0x203, 0));
	leak_push(page_free(SEC + 2, 0x208, 3));
	l = leak_end();
	assert_int_equal(l->sites[0].live, 1);
	assert_int_equal(l->sites[0].frees, 0);
	assert_int_equal(l->sites[0].live_bytes, 7 * 4096);
}

static void many_blocks_freed_as_one_are_all_freed(void **state)
{
	const struct leak_report *l;

	(void)state;
	for (uint64_t i = 0; i < 8; i++)
		leak_push(page_alloc(SEC + i, 0x100 + i, 0, KERNEL));
	leak_push(page_free(SEC + 10, 0x100, 3));
	l = leak_end();
	assert_int_equal(l->sites[0].frees, 8);
	assert_int_equal(l->sites[0].live, 0);
}

static void a_block_taken_over_one_in_use_was_freed_unseen(void **state)
{
	const struct leak_report *l;

	(void)state;
	leak_push(page_alloc(SEC, 0x100, 3, KERNEL));
	leak_push(page_alloc(SEC + 1, 0x104, 0, KERNEL));	/* inside the block */
	leak_push(page_alloc(SEC + 2, 0x100, 4, KERNEL));	/* around the block */
	leak_push(page_free(SEC + 3, 0x800, 0));
	l = leak_end();
	assert_int_equal(l->unseen[LEAK_PAGE], 2);
	assert_int_equal(leak_pages(l, 4, 1)->live_bytes, 16 * 4096);
}

static void failed_and_impossible_blocks_are_none(void **state)
{
	const struct leak_report *l;

	(void)state;
	leak_push(page_alloc(SEC, UINT64_MAX, 0, KERNEL));
	leak_push(page_alloc(SEC, 0x101, 2, KERNEL));		/* not aligned */
	leak_push(page_alloc(SEC, 0x100, 31, KERNEL));
	leak_push(page_free(SEC, 0x100, 4000000000));
	leak_push(page_alloc(SEC, 0x100, 0, KERNEL));
	leak_push(page_free(SEC + 1, 0x100, 0));
	l = leak_end();
	assert_int_equal(l->nr_sites, 1);
	assert_int_equal(l->sites[0].allocs, 1);
}

/* Each page has the number of its block. If part of a block is freed, the remaining halves become blocks of their own. */
enum { PAGES = 64, STEPS = 300, RUNS = 100 };

static void model_free(uint64_t *block, uint64_t pfn, uint64_t end, uint64_t *next)
{
	uint64_t whole = block[pfn];

	for (uint64_t i = pfn; i < end; i++)
		block[i] = 0;
	for (uint64_t i = 0; whole && i < PAGES; i++)
		if (block[i] == whole)
			block[i] = *next + (63 - (uint64_t)__builtin_clzll(i ^ pfn));
	*next += 64;
}

static void model_take(uint64_t *block, uint64_t pfn, uint64_t end, uint64_t *next)
{
	for (uint64_t i = pfn; i < end; i++)
		for (uint64_t k = 0, old = block[i]; k < PAGES && old; k++)
			block[k] = block[k] == old ? 0 : block[k];
	for (uint64_t i = pfn; i < end; i++)
		block[i] = *next;
	*next += 64;
}

static void random_step(uint64_t *block, uint64_t ts, uint64_t *random, uint64_t *next)
{
	uint32_t order = (uint32_t)(*random % 5);
	uint64_t pfn = (*random >> 8) % PAGES & ~((UINT64_C(1) << order) - 1), end = pfn + (UINT64_C(1) << order);
	bool take = *random >> 40 & 1;

	leak_push(take ? page_alloc(ts, pfn, order, KERNEL) : page_free(ts, pfn, order));
	(take ? model_take : model_free)(block, pfn, end, next);
	*random ^= *random << 13, *random ^= *random >> 7, *random ^= *random << 17;
}

static void blocks_agree_with_single_pages(void **state)
{
	uint64_t random = 88172645463325252;

	(void)state;
	for (int run = 0; run < RUNS; run++) {
		uint64_t block[PAGES] = { 0 }, next = 64, left = 0;
		const struct leak_report *l;

		leak_begin();
		for (uint64_t step = 0; step < STEPS; step++)
			random_step(block, SEC + step, &random, &next);
		l = leak_end();
		for (size_t i = 0; i < l->nr_sites; i++)
			left += l->sites[i].live_bytes / 4096;
		for (uint64_t i = 0; i < PAGES; i++)
			left -= block[i] != 0;
		assert_int_equal(left, 0);
		leak_clear();
	}
}

/* A transfer buffer every 10 ms. One in ten lies too high and is requested again lower down. */
static void transfers(bool frees_the_first)
{
	for (uint64_t i = 0; i < 1000; i++) {
		uint64_t ts = SEC + i * 10 * MS, first = 0x100000 + i * 4;

		leak_push(page_alloc(ts, first, 2, KERNEL));
		if (i % 10 == 0) {
			leak_push(page_alloc(ts + 20 * US, 0x8000, 2, KERNEL | DMA32));
			leak_push(page_free(ts + 30 * US, 0x8000, 2));
			if (frees_the_first)
				leak_push(page_free(ts + 40 * US, first, 2));
		} else {
			leak_push(page_free(ts + 30 * US, first, 2));
		}
	}
}

static void a_retry_that_forgets_the_first_block_is_a_leak(void **state)
{
	const struct leak_report *l;
	const struct leak_site *s;

	(void)state;
	transfers(false);
	l = leak_end();
	s = leak_pages(l, 2, 100);
	assert_ptr_equal(s, &l->sites[0]);
	assert_int_equal(s->pattern, LEAK_RETRY);
	assert_int_equal(s->verdict, LEAK_LEAK);
	assert_int_equal(s->confidence, CONFIDENCE_HIGH);
	assert_int_equal(s->retries, 100);
	assert_int_equal(s->live_bytes, 100 * 4 * 4096);
	assert_string_equal(s->tasks[0].comm, "cmaidad");
	/* 100 x 16 KiB in 10 s */
	assert_true(s->bytes_per_day > 0.95 * 163840 * 86400 && s->bytes_per_day < 1.05 * 163840 * 86400);
}

static void a_retry_that_frees_the_first_block_is_none(void **state)
{
	const struct leak_report *l;

	(void)state;
	transfers(true);
	l = leak_end();
	for (size_t i = 0; i < l->nr_sites; i++) {
		assert_int_equal(l->sites[i].pattern, LEAK_NO_PATTERN);
		assert_int_equal(l->sites[i].verdict, LEAK_OK);
	}
}

/* In between, slab takes a page for the requested object. */
static void a_request_of_another_size_does_not_hide_a_retry(void **state)
{
	(void)state;
	for (uint64_t i = 0; i < 1000; i++) {
		uint64_t ts = SEC + i * 10 * MS, first = 0x100000 + i * 4;

		leak_push(page_alloc(ts, first, 2, KERNEL));
		leak_push(page_alloc(ts + 10 * US, 0x7000, 0, KERNEL));
		leak_push(page_free(ts + 15 * US, 0x7000, 0));
		if (i % 10 == 0) {
			leak_push(page_alloc(ts + 20 * US, 0x8000, 2, KERNEL | DMA32));
			leak_push(page_free(ts + 30 * US, 0x8000, 2));
		} else {
			leak_push(page_free(ts + 30 * US, first, 2));
		}
	}
	assert_int_equal(leak_pages(leak_end(), 2, 100)->pattern, LEAK_RETRY);
}

/* Two functions of one task allocate in turn and keep their memory. @same: both are one function. */
static const struct leak_report *two_requests(bool same)
{
	static const enum function one[] = { F_DRIVER, F_IOCTL }, other[] = { F_OTHER_DRIVER, F_IOCTL };

	for (uint64_t i = 0; i < 1000; i++) {
		uint64_t ts = SEC + i * 10 * MS;

		leak_push(page_alloc(ts, 0x100000 + i, 0, KERNEL));
		leak_push(stack_event(ts + 1, 2, one));
		leak_push(page_alloc(ts + 20 * US, 0x8000 + i, 0, KERNEL | DMA32));
		leak_push(stack_event(ts + 20 * US + 1, 2, same ? one : other));
	}
	leak_push(page_free(12 * SEC, 0x4000, 0));
	return leak_end();
}

static void requests_of_two_functions_are_no_retry(void **state)
{
	const struct leak_site *s;

	(void)state;
	s = leak_site(two_requests(false), "drv_attr_clone");
	assert_int_equal(s->live, 1000);
	assert_int_equal(s->pattern, LEAK_NO_PATTERN);
}

static void where_nothing_is_freed_a_retry_is_only_suspect(void **state)
{
	const struct leak_site *s;

	(void)state;
	s = leak_site(two_requests(true), "drv_attr_clone");
	assert_int_equal(s->pattern, LEAK_RETRY);
	assert_int_equal(s->verdict, LEAK_SUSPECT);
}

/* A page of the page cache, then a page for its bookkeeping. The second is lower, but no retry. */
static void user_memory_before_kernel_memory_is_no_retry(void **state)
{
	const struct leak_report *l;

	(void)state;
	for (uint64_t i = 0; i < 1000; i++) {
		leak_push(page_alloc(SEC + i * 10 * MS, 0x100000 + i, 0, MOVABLE));
		leak_push(page_alloc(SEC + i * 10 * MS + US, 0x8000, 0, KERNEL));
		leak_push(page_free(SEC + i * 10 * MS + 2 * US, 0x8000, 0));
	}
	l = leak_end();
	for (size_t i = 0; i < l->nr_sites; i++)
		assert_true(l->sites[i].pattern == LEAK_NO_PATTERN && l->sites[i].verdict < LEAK_SUSPECT);
	assert_int_equal(leak_pages(l, 0, 1000)->verdict, LEAK_CACHE);
	assert_int_equal(l->uses[USE_PAGE_CACHE].balance_bytes, 1000 * 4096);
	assert_int_equal(l->uses[USE_DIRECT].balance_bytes, 0);
}

/* A receive ring recycles its pages wrongly: one in 20 stays. */
static void pages_that_interrupts_keep_are_told_as_such(void **state)
{
	const struct leak_report *l;

	(void)state;
	for (uint64_t i = 0; i < 2000; i++) {
		leak_push(in_softirq(by_pid(page_alloc(SEC + i * 5 * MS, 0x9000 + i, 0, ATOMIC), (int32_t)i)));
		if (i % 20)
			leak_push(in_softirq(page_free(SEC + i * 5 * MS + 100 * US, 0x9000 + i, 0)));
	}
	l = leak_end();
	assert_int_equal(l->sites[0].verdict, LEAK_LEAK);
	assert_int_equal(l->sites[0].pattern, LEAK_SOFTIRQ_PAGES);
	assert_true(l->sites[0].interrupt);
	assert_int_equal(l->sites[0].nr_tasks, 1);	/* the interrupted task is not involved */
	assert_true(l->sites[0].tasks[0].pid < 0);
	assert_true(l->uses[USE_DIRECT].growth.is && l->uses[USE_DIRECT].growth.low > 0);
}

/* Pages that never come back. No other request is of their kind. */
static void a_ring_that_frees_nothing_all_along_is_a_leak_of_low_confidence(void **state)
{
	const struct leak_report *l;

	(void)state;
	for (uint64_t i = 0; i < 1000; i++)
		leak_push(in_softirq(page_alloc(SEC + i * 10 * MS, 0x9000 + i, 0, ATOMIC)));
	leak_push(page_free(12 * SEC, 0x4000, 0));
	l = leak_end();
	assert_int_equal(l->sites[0].pattern, LEAK_SOFTIRQ_PAGES);
	assert_int_equal(l->sites[0].verdict, LEAK_LEAK);
	assert_int_equal(l->sites[0].confidence, CONFIDENCE_LOW);
}

/* Many tasks make the same kind of request, so the owner of the remaining pages is not known. */
static void pages_of_many_tasks_are_not_certain_without_stacks(void **state)
{
	const struct leak_report *l;

	(void)state;
	for (uint64_t i = 0; i < 1000; i++) {
		uint64_t ts = SEC + i * 10 * MS;

		leak_push(by_pid(page_alloc(ts, 0x9000 + i, 0, KERNEL), 400 + (int32_t)(i / 20)));
		if (i % 20)
			leak_push(page_free(ts + US, 0x9000 + i, 0));
	}
	l = leak_end();
	assert_int_equal(l->sites[0].verdict, LEAK_LEAK);
	assert_int_equal(l->sites[0].confidence, CONFIDENCE_LOW);
}

/* The address of page pfn 0x8000 + i in the linear map of an x86. */
static void refill(uint64_t ts, uint64_t i, uint64_t map)
{
	leak_push(page_alloc(ts, 0x8000 + i, 0, KERNEL));
	leak_push(slab_alloc(ts + US, F_OTHER, map + ((0x8000 + i) << 12) + 512, 256));
}

/* On kernels with SLAB, its page requests look like any other. The linear map begins elsewhere at each boot. */
static void pages_of_the_objects_that_follow_are_behind_slab(void **state)
{
	static const uint64_t maps[] = { UINT64_C(0xffff888000000000), UINT64_C(0xff11000000000000), UINT64_C(0xffff96b740000000) };

	(void)state;
	for (size_t m = 0; m < sizeof(maps) / sizeof(maps[0]); m++) {
		const struct leak_report *l;

		leak_begin();
		for (uint64_t i = 0; i < 20; i++)
			refill(SEC + i * MS, i, maps[m]);
		leak_push(page_alloc(2 * SEC, 0x7000, 0, KERNEL));	/* a stranger's page; an object of another page */
		leak_push(slab_alloc(2 * SEC + US, F_OTHER, maps[m] + (UINT64_C(0x8001) << 12) + 1024, 256));
		leak_push(page_free(3 * SEC, 0x4000, 0));
		leak_push(slab_free(3 * SEC, 0x40000000));
		l = leak_end();
		assert_int_equal(l->uses[USE_SLAB_PAGES].balance_bytes, 18 * 4096);	/* two came before it was certain */
		assert_int_equal(l->uses[USE_DIRECT].balance_bytes, 3 * 4096);
		leak_clear();
	}
}

#define COMP	   0x40000
#define NOWARN	   0x2000
#define NORETRY	   0x10000
#define NOMEMALLOC 0x80000

/* The gfp flags of 6.1 in the kernel's text: allocate_slab(), mempool_alloc(), page_frag_alloc(), sk_page_frag(). */
static void fragments_of_the_network_are_not_slab(void **state)
{
	const struct leak_report *l;

	(void)state;
	leak_push(page_alloc(SEC, 0x1000, 3, 0xc0 | COMP | NOWARN | NORETRY | NOMEMALLOC));	/* GFP_KERNEL, slab */
	leak_push(page_alloc(SEC, 0x1008, 3, 0x880 | COMP | NOWARN | NORETRY | NOMEMALLOC));	/* slab, of a mempool */
	leak_push(page_alloc(SEC, 0x1010, 3, ATOMIC | COMP | NOWARN | NORETRY));		/* slab */
	leak_push(page_alloc(SEC, 0x2000, 3, ATOMIC | COMP | NOWARN | NORETRY | NOMEMALLOC));
	leak_push(page_alloc(SEC, 0x2008, 3, 0x8c0 | COMP | NOWARN | NORETRY));
	leak_push(page_free(2 * SEC, 0x4000, 0));
	l = leak_end();
	assert_int_equal(l->uses[USE_SLAB_PAGES].balance_bytes, 3 * 8 * 4096);
	assert_int_equal(l->uses[USE_DIRECT].balance_bytes, 2 * 8 * 4096);
}

/* A kmalloc of 16 KiB is recorded as a block of pages and as an object. Both are the same memory. */
static void the_pages_of_a_large_kmalloc_are_behind_slab(void **state)
{
	const struct leak_report *l;

	(void)state;
	leak_push(page_alloc(SEC, 0x8000, 2, KERNEL | 0x40000));
	leak_push(slab_alloc(SEC + 1, F_OTHER, UINT64_C(0xffff888008000000), 16384));
	leak_push(page_alloc(SEC + 2, 0x9000, 2, KERNEL | 0x40000));
	leak_push(page_free(SEC + 3, 0x4000, 0));
	leak_push(slab_free(SEC + 3, UINT64_C(0xffff888009000000)));
	l = leak_end();
	assert_int_equal(l->uses[USE_SLAB_OBJECTS].balance_bytes, 16384);
	assert_int_equal(l->uses[USE_SLAB_PAGES].balance_bytes, 16384);
	assert_int_equal(l->uses[USE_DIRECT].balance_bytes, 16384);
}

static void a_stack_tells_what_pages_are_for(void **state)
{
	static const enum function driver[] = { F_DRIVER, F_IOCTL };
	const struct leak_report *l;

	(void)state;
	leak_push(page_alloc(SEC, 0x8000, 0, KERNEL));
	leak_push(stack_event(SEC + 1, 2, driver));
	leak_push(page_alloc(SEC + 2, 0x8002, 1, KERNEL));
	leak_push(stack_event(SEC + 3, 2, driver));
	leak_push(page_free(SEC + 4, 0x4000, 0));
	l = leak_end();
	assert_int_equal(l->nr_sites, 1);
	assert_string_equal(l->sites[0].function, "drv_attr_clone");
	assert_int_equal(l->sites[0].live_bytes, 3 * 4096);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		LEAK_TEST(the_batched_record_of_a_free_is_no_second_free),
		LEAK_TEST(where_only_batched_frees_are_recorded_they_count),
		LEAK_TEST(a_block_freed_page_by_page_is_freed_once),
		LEAK_TEST(of_a_block_freed_in_part_the_rest_is_left),
		LEAK_TEST(many_blocks_freed_as_one_are_all_freed),
		LEAK_TEST(a_block_taken_over_one_in_use_was_freed_unseen),
		LEAK_TEST(failed_and_impossible_blocks_are_none),
		cmocka_unit_test(blocks_agree_with_single_pages),
		LEAK_TEST(a_retry_that_forgets_the_first_block_is_a_leak),
		LEAK_TEST(a_retry_that_frees_the_first_block_is_none),
		LEAK_TEST(a_request_of_another_size_does_not_hide_a_retry),
		LEAK_TEST(requests_of_two_functions_are_no_retry),
		LEAK_TEST(where_nothing_is_freed_a_retry_is_only_suspect),
		LEAK_TEST(a_ring_that_frees_nothing_all_along_is_a_leak_of_low_confidence),
		LEAK_TEST(pages_of_many_tasks_are_not_certain_without_stacks),
		cmocka_unit_test(pages_of_the_objects_that_follow_are_behind_slab),
		LEAK_TEST(fragments_of_the_network_are_not_slab),
		LEAK_TEST(user_memory_before_kernel_memory_is_no_retry),
		LEAK_TEST(pages_that_interrupts_keep_are_told_as_such),
		LEAK_TEST(the_pages_of_a_large_kmalloc_are_behind_slab),
		LEAK_TEST(a_stack_tells_what_pages_are_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
