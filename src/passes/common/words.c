// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * words.c - what does a function's name say?
 *
 * Beginnings of names, for compilers add .part.0, .isra.0 and .constprop.0, and kernels a _noprof. A name not
 * here costs nothing but a vaguer answer.
 */
#include "passes/common/words.h"

#include <string.h>

static bool begins_with_any(const char *s, const char *const *words)
{
	for (; *words; words++)
		if (!strncmp(s, *words, strlen(*words)))
			return true;
	return false;
}

bool is_allocator(const char *function)
{
	static const char *const words[] = {
		"trace_event_raw_event_", "perf_trace_", "__bpf_trace_", "__traceiter_", "__trace_stack", "ftrace_stacktrace",
		"trace_event_buffer_commit", "kmalloc", "__kmalloc", "kmem_cache_alloc", "__kmem_cache_alloc", "kvmalloc",
		"__kvmalloc", "kzalloc", "kcalloc", "krealloc", "__do_krealloc", "kmemdup", "kstrdup", "kstrndup", "kvmemdup",
		"__do_kmalloc", "slab_alloc", "__slab_alloc", "___slab_alloc", "slab_post_alloc", "allocate_slab", "new_slab",
		"alloc_slab_page", "cache_grow_begin", "cache_alloc_refill", "____cache_alloc", "mempool_alloc",
		"mempool_kmalloc", "mempool_create", "mempool_init", "alloc_pages", "__alloc_pages", "__alloc_frozen_pages",
		"alloc_frozen_pages", "alloc_page_interleave", "__get_free_page", "get_free_pages", "get_zeroed_page",
		"__folio_alloc", "folio_alloc", "vma_alloc_folio", "alloc_pages_exact", "make_alloc_exact",
		"__page_frag_alloc", "page_frag_alloc", "__page_frag_cache", "__vmalloc", "vmalloc", "vzalloc",
		"__alloc_skb", "alloc_skb", "__build_skb", "build_skb", "__netdev_alloc", "__napi_alloc", "napi_alloc",
		"__napi_build_skb", "kmalloc_reserve", "skb_page_frag_refill", "sock_alloc_send", "devm_kmalloc", "devm_kzalloc",
		"dma_alloc_attrs", "dma_alloc_coherent", "dma_direct_alloc", "__dma_direct_alloc", "__dma_alloc", "dma_alloc_from",
		"dma_pool_alloc", "iommu_dma_alloc", "single_open", "seq_open", "__seq_open", NULL
	};

	return begins_with_any(function, words);
}

enum holder holder_of(const char *function)
{
	static const char *const cache[] = {
		"xas_alloc", "xas_create", "xas_nomem", "radix_tree_node_alloc", "radix_tree_extend", "idr_get_free", "__d_alloc",
		"d_alloc", "alloc_inode", "new_inode", "alloc_buffer_head", "alloc_page_buffers", "security_inode_alloc",
		"ext4_alloc_inode", "ext4_es_", "__es_", "jbd2_", "journal_", "start_this_handle", "xfs_inode_alloc",
		"xfs_buf_", "btrfs_alloc_inode", "alloc_extent_state", "kernfs_", "__kernfs_", "sysfs_", "mb_cache_",
		"nfs_alloc_inode", "fuse_alloc_inode", "shmem_alloc_inode", "proc_alloc_inode", "sock_alloc_inode",
		"bdev_alloc_inode", "inode_alloc_security", "avc_alloc_node", "dst_alloc", "neigh_alloc", "___neigh_create",
		"fib6_", "rt_dst_alloc", "inet_getpeer", "page_pool_", "bio_alloc", "mem_cgroup_css_alloc",
		"ring_buffer_alloc_read_page", "add_to_swap", "swap_", "z3fold_", "zs_malloc", "zbud_", "zram_", NULL
	};
	static const char *const lazy[] = {
		"alloc_vmap_area", "preload_this_cpu_lock", "call_rcu", "kvfree_call_rcu", "kfree_rcu", "fill_pool",
		"debug_objects", "__alloc_object", "create_object", NULL
	};
	static const char *const handle[] = {
		"copy_process", "dup_task_struct", "dup_mm", "mm_alloc", "vm_area_", "anon_vma_", "__anon_vma", "mas_alloc",
		"mt_alloc", "mas_store", "alloc_pid", "prepare_creds", "prepare_kernel_cred", "cred_alloc_blank", "copy_fs_struct",
		"copy_namespaces", "create_new_namespaces", "dup_fd", "alloc_fdtable", "alloc_thread_stack", "security_task_alloc",
		"security_prepare_creds", "security_cred_alloc", "security_file_alloc", "lsm_", "__alloc_file", "alloc_file",
		"alloc_empty_file", "alloc_pipe_info", "get_pipe_inode", "__get_vm_area_node", "__vmalloc_node_range",
		"__vmalloc_area_node", "sk_prot_alloc", "sk_alloc", "security_sk_alloc", "inet_twsk_", "inet_reqsk_", "reqsk_",
		"nf_conntrack", "__nf_conntrack", "nf_ct_", "ep_insert", "do_epoll_create",
		"eventfd_", "do_timerfd", "__do_sys_timer", "posix_timer", "inotify_", "fsnotify_", "io_uring", "alloc_bprm",
		"mmap_region", "__mmap", "__split_vma", "proc_reg_open", "single_open", "__sigqueue_alloc", "ptrace_", "sem_",
		"newary", "newseg", "newque", "load_msg", "alloc_msg", "shm_", "sched_autogroup", "autogroup_create",
		"alloc_fair_sched_group", "mpol_", "cgroup_", "seccomp_", "bpf_", "pgd_alloc", "init_new_context", "hw_breakpoint",
		"perf_event_", "taskstats_", "acct_", NULL
	};

	if (begins_with_any(function, cache))
		return HOLDER_CACHE;
	if (begins_with_any(function, lazy))
		return HOLDER_LAZY;
	return begins_with_any(function, handle) ? HOLDER_HANDLE : HOLDER_UNKNOWN;
}

bool use_of(const char *function, enum leak_use *ret)
{
	static const char *const slab[] = {
		"allocate_slab", "new_slab", "___slab_alloc", "__slab_alloc", "alloc_slab_page", "cache_grow_begin",
		"kmalloc_large", "__kmalloc_large", "___kmalloc_large", "kmalloc_order", NULL
	};
	static const char *const cache[] = {
		"page_cache_ra", "__do_page_cache_readahead", "ondemand_readahead", "filemap_", "__filemap_", "pagecache_",
		"grab_cache_page", "page_cache_alloc", "__page_cache_alloc", "generic_file_", "generic_perform_write", "shmem_",
		"do_read_cache", "read_cache_", "iomap_", "block_write_begin", "grow_dev", "ext4_mpage", "mpage_readahead",
		"add_to_page_cache", "simple_write_begin", "cont_write_begin", NULL
	};
	static const char *const tables[] = {
		"pte_alloc", "__pte_alloc", "__pmd_alloc", "__pud_alloc", "__p4d_alloc", "pgd_alloc", "_pgd_alloc", "pmd_alloc",
		"alloc_pgtable", "pud_alloc", NULL
	};
	static const char *const stacks[] = { "alloc_thread_stack", "dup_task_struct", "scs_alloc", NULL };
	static const char *const anonymous[] = {
		"do_anonymous_page", "wp_page_copy", "do_cow_fault", "do_swap_page", "__handle_mm_fault", "handle_mm_fault",
		"do_huge_pmd_anonymous", "get_arg_page", "setup_arg_pages", "copy_present_p", "page_copy_prealloc",
		"folio_prealloc", "alloc_anon_folio", "khugepaged", "collapse_huge_page", "migrate_pages",
		"alloc_migration_target", "alloc_misplaced", NULL
	};

	*ret = begins_with_any(function, slab)	    ? USE_SLAB_PAGES :
	       begins_with_any(function, cache)	    ? USE_PAGE_CACHE :
	       begins_with_any(function, tables)    ? USE_PAGE_TABLES :
	       begins_with_any(function, stacks)    ? USE_KERNEL_STACKS :
	       begins_with_any(function, anonymous) ? USE_ANONYMOUS :
						      USE_DIRECT;
	return *ret != USE_DIRECT;
}
