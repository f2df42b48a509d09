// SPDX-License-Identifier: LGPL-2.1-or-later
/* test_words.c - are kernel functions recognised by name, and similar names not? */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "passes/common/words.h"

/* A name that is too short is no match. A name must begin with a whole word. */
static void allocators_are_known_and_their_callers_are_none(void **unused)
{
	static const char *const allocators[] = {
		"kmalloc_trace", "__kmalloc_node_track_caller", "kmem_cache_alloc_lru", "__alloc_pages_noprof", "vma_alloc_folio_noprof",
		"___slab_alloc.constprop.0", "new_slab", "trace_event_raw_event_kmalloc", "__alloc_skb", "devm_kzalloc",
	};
	static const char *const others[] = {
		"", "k", "kmallo", "kfree", "kmem_cache_free", "free_pages", "cma_table_grow", "xkmalloc", "KMALLOC", "alloc_pid",
		"skb_clone", "vfs_write", "copy_process",
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(allocators) / sizeof(allocators[0]); i++)
		if (!is_allocator(allocators[i]))
			fail_msg("%s is taken for a caller", allocators[i]);
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (is_allocator(others[i]))
			fail_msg("%s is taken for an allocator", others[i]);
}

static void who_keeps_memory_is_known_by_the_name(void **unused)
{
	static const struct { const char *function; enum holder holder; } cases[] = {
		{ "xas_alloc", HOLDER_CACHE }, { "__d_alloc", HOLDER_CACHE }, { "ext4_alloc_inode", HOLDER_CACHE },
		{ "jbd2_journal_add_journal_head", HOLDER_CACHE }, { "btrfs_alloc_inode.cold", HOLDER_CACHE },
		{ "alloc_vmap_area", HOLDER_LAZY }, { "kvfree_call_rcu", HOLDER_LAZY }, { "fill_pool", HOLDER_LAZY },
		{ "dup_task_struct", HOLDER_HANDLE }, { "alloc_empty_file_noaccount", HOLDER_HANDLE },
		{ "vm_area_dup", HOLDER_HANDLE }, { "sk_prot_alloc.isra.0", HOLDER_HANDLE }, { "single_open_size", HOLDER_HANDLE },
		{ "bpf_map_area_alloc", HOLDER_HANDLE },
		{ "__alloc_skb", HOLDER_BATCH }, { "skb_clone", HOLDER_BATCH }, { "napi_build_skb", HOLDER_BATCH },
		{ "kmalloc_reserve.isra.0", HOLDER_BATCH }, { "pskb_expand_head", HOLDER_BATCH }, { "skb_cl", HOLDER_UNKNOWN },
		{ "ext4_writepages", HOLDER_UNKNOWN }, { "my_xas_alloc", HOLDER_UNKNOWN }, { "call_rc", HOLDER_UNKNOWN },
		{ "dup_task", HOLDER_UNKNOWN }, { "jbd_alloc", HOLDER_UNKNOWN }, { "cma_open", HOLDER_UNKNOWN }, { "", HOLDER_UNKNOWN },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (holder_of(cases[i].function) != cases[i].holder)
			fail_msg("%s has the holder %d", cases[i].function, holder_of(cases[i].function));
}

static void what_a_page_is_for_is_known_by_the_name(void **unused)
{
	static const struct { const char *function; enum leak_use use; } cases[] = {
		{ "allocate_slab", USE_SLAB_PAGES }, { "___kmalloc_large_node", USE_SLAB_PAGES },
		{ "page_cache_ra_unbounded", USE_PAGE_CACHE }, { "__filemap_get_folio", USE_PAGE_CACHE },
		{ "shmem_alloc_folio", USE_PAGE_CACHE },
		{ "pte_alloc_one", USE_PAGE_TABLES }, { "__pmd_alloc", USE_PAGE_TABLES }, { "_pgd_alloc", USE_PAGE_TABLES },
		{ "alloc_thread_stack_node", USE_KERNEL_STACKS }, { "dup_task_struct", USE_KERNEL_STACKS },
		{ "do_anonymous_page", USE_ANONYMOUS }, { "wp_page_copy", USE_ANONYMOUS }, { "handle_mm_fault", USE_ANONYMOUS },
	};
	static const char *const others[] = { "pte_free", "pmd_populate", "do_anonymous", "page_pool_alloc_pages", "dma_alloc_attrs", "" };
	enum leak_use use;

	(void)unused;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (!use_of(cases[i].function, &use) || use != cases[i].use)
			fail_msg("%s is for %s", cases[i].function, leak_use_name(use));
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		assert_false(use_of(others[i], &use));
		assert_int_equal(use, USE_DIRECT);
	}
}

static void names_that_are_nearly_alike_are_told_apart(void **unused)
{
	(void)unused;
	assert_int_equal(holder_of("mem_cgroup_css_alloc"), HOLDER_CACHE);
	assert_int_equal(holder_of("cgroup_create"), HOLDER_HANDLE);
	assert_int_equal(holder_of("security_inode_alloc"), HOLDER_CACHE);
	assert_int_equal(holder_of("security_file_alloc"), HOLDER_HANDLE);
	assert_int_equal(holder_of("__alloc_object"), HOLDER_LAZY);
	assert_int_equal(holder_of("__alloc_file"), HOLDER_HANDLE);
}

static void a_name_may_answer_more_than_one_question(void **unused)
{
	enum leak_use use;

	(void)unused;
	assert_true(is_allocator("single_open"));
	assert_int_equal(holder_of("single_open"), HOLDER_HANDLE);
	assert_true(is_allocator("allocate_slab") && use_of("allocate_slab", &use));
	assert_int_equal(use, USE_SLAB_PAGES);
	assert_int_equal(holder_of("pgd_alloc"), HOLDER_HANDLE);
	assert_true(use_of("pgd_alloc", &use));
	assert_int_equal(use, USE_PAGE_TABLES);
}

static void who_keeps_memory_is_known_by_its_cache_too(void **unused)
{
	(void)unused;
	assert_int_equal(holder_in("skbuff_head_cache"), HOLDER_BATCH);
	assert_int_equal(holder_in("skbuff_small_head"), HOLDER_BATCH);
	assert_int_equal(holder_in("maple_node"), HOLDER_HANDLE);
	assert_int_equal(holder_in("kmalloc-512"), HOLDER_UNKNOWN);
	assert_int_equal(holder_in(""), HOLDER_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(allocators_are_known_and_their_callers_are_none),
		cmocka_unit_test(who_keeps_memory_is_known_by_the_name),
		cmocka_unit_test(who_keeps_memory_is_known_by_its_cache_too),
		cmocka_unit_test(what_a_page_is_for_is_known_by_the_name),
		cmocka_unit_test(names_that_are_nearly_alike_are_told_apart),
		cmocka_unit_test(a_name_may_answer_more_than_one_question),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
