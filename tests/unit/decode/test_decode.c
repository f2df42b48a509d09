// SPDX-License-Identifier: LGPL-2.1-or-later
/* test_decode.c - do the real tables read the records of every kernel, and survive hostile ones? */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>
#include <traceevent/event-parse.h>

#include "decode/decode.h"
#include "decode/plugin_set.h"
#include "kernel.h"

static struct plugin_set *plugins(void **state)
{
	return *state;
}

static struct event_binding bind_spec(struct tep_event *format, const struct event_spec *spec)
{
	struct event_binding b;
	const char *missing = NULL;
	int err = event_bind(format->tep, format, spec, &b, &missing);

	if (err)
		fail_msg("%s: %s", format->name, missing);
	return b;
}

static struct event decode(void **state, const struct bytes_of *r)
{
	const struct event_spec *spec = plugin_set_find(plugins(state), r->format->system, r->format->name);
	struct event_binding b;
	struct event ev;

	assert_non_null(spec);
	memset(&ev, 0x5a, sizeof(ev));
	b = bind_spec(r->format, spec);
	assert_true(event_decode(&b, r->data, r->size, &ev));
	assert_int_equal(ev.kind, spec->kind);
	return ev;
}

/* A table is right for a kernel if none of its required fields is missing. */
static void every_table_binds_every_kernel(void **state)
{
	size_t nr, bound = 0;
	const struct event_spec *const *specs = plugin_set_specs(plugins(state), &nr);
	struct tep_handle *tep;
	struct tep_event *format;

	for (const char *const *kernel = all_kernels; *kernel; kernel++) {
		tep = kernel_open(*kernel, false);
		for (size_t i = 0; i < nr; i++) {
			format = tep_find_event_by_name(tep, specs[i]->system, specs[i]->name);
			if (!format)
				continue;
			bind_spec(format, specs[i]);
			bound++;
		}
		tep_free(tep);
	}
	assert_true(bound > 300);
}

/* A record that is one byte short of its last bound field must not be read, on any kernel. */
static void a_truncated_record_is_refused(void **state)
{
	size_t nr;
	const struct event_spec *const *specs = plugin_set_specs(plugins(state), &nr);
	struct tep_handle *tep = kernel_open("6.18", false);
	struct event_binding b;
	struct tep_event *format;
	unsigned char *data;
	struct event ev;

	for (size_t i = 0; i < nr; i++) {
		format = tep_find_event_by_name(tep, specs[i]->system, specs[i]->name);
		if (!format)
			continue;
		b = bind_spec(format, specs[i]);
		for (size_t size = 0; size < b.min_size; size++) {
			data = test_calloc(1, size + !size); /* exact size: a sanitizer sees a byte too many */
			assert_false(event_decode(&b, data, size, &ev));
			test_free(data);
		}
	}
	tep_free(tep);
}

/* 5.4 calls it classzone_idx; 6.8 dropped isolate_mode, which moves lru. */
static void an_isolate_event_reads_the_same_on_every_kernel(void **state)
{
	struct tep_handle *tep;
	struct bytes_of r;
	struct event ev;

	for (const char *const *kernel = all_kernels; *kernel; kernel++) {
		tep = kernel_open(*kernel, false);
		r = record_of(kernel_event(tep, "vmscan", "mm_vmscan_lru_isolate"));
		put(&r, find_field_of(r.format, "highest_zoneidx|classzone_idx")->name, 1);
		put(&r, "order", -1);
		put(&r, "nr_requested", 32);
		put(&r, "nr_scanned", 9911718);
		put(&r, "nr_skipped", 9911686);
		put(&r, "nr_taken", 31);
		put(&r, "lru", LRU_INACTIVE_FILE);
		ev = decode(state, &r);
		assert_int_equal(ev.isolate.classzone, 1);
		assert_int_equal(ev.isolate.order, -1);
		assert_int_equal(ev.isolate.nr_requested, 32);
		assert_int_equal(ev.isolate.nr_scanned, 9911718);
		assert_int_equal(ev.isolate.nr_skipped, 9911686);
		assert_int_equal(ev.isolate.nr_taken, 31);
		assert_int_equal(ev.isolate.lru, LRU_INACTIVE_FILE);
		assert_true(
			event_has(&ev, HAS_CLASSZONE | HAS_ORDER | HAS_LRU | HAS_REQUESTED | HAS_SKIPPED | HAS_TAKEN));
		assert_int_equal(ev.pid, 42);
		assert_int_equal(ev.flags, EVENT_FL_IRQS_OFF);
		assert_int_equal(ev.preempt, 3);
		assert_int_equal(ev.id, r.format->id);
		tep_free(tep);
	}
}

/* Four bytes up to 5.15, eight from 6.1. On 4.15 it lies behind may_writepage. */
static void gfp_flags_are_read_by_their_declared_size(void **state)
{
	struct tep_handle *tep;
	struct bytes_of r;
	struct event ev;

	for (const char *const *kernel = all_kernels; *kernel; kernel++) {
		tep = kernel_open(*kernel, false);
		r = record_of(kernel_event(tep, "vmscan", "mm_vmscan_memcg_reclaim_begin"));
		memset(r.data + 8, 0xff, r.size - 8);
		put(&r, "gfp_flags", 0x1100cca);
		ev = decode(state, &r);
		assert_int_equal(ev.reclaim.gfp_flags, 0x1100cca);
		assert_int_equal(ev.reclaim.type, RECLAIM_MEMCG);
		assert_int_equal(ev.reclaim.order, -1);
		tep_free(tep);
	}
}

static void big_endian_files_read_the_same(void **state)
{
	struct tep_handle *tep = kernel_open("6.18", true);
	struct bytes_of r = record_of(kernel_event(tep, "sched", "sched_migrate_task"));
	struct event ev;

	put(&r, "pid", 70000);
	put(&r, "orig_cpu", -1);
	put(&r, "dest_cpu", 3);
	put_string(&r, "comm", "lidar_pub");
	ev = decode(state, &r);
	assert_int_equal(ev.migrate.pid, 70000);
	assert_int_equal(ev.migrate.orig_cpu, -1);
	assert_int_equal(ev.migrate.dest_cpu, 3);
	assert_string_equal(ev.migrate.comm, "lidar_pub");
	assert_int_equal(ev.pid, 42);
	assert_int_equal(ev.id, r.format->id);
	tep_free(tep);
}

/* Up to 5.10, `success` lies before target_cpu. */
static void a_wake_up_finds_its_cpu_on_every_kernel(void **state)
{
	struct tep_handle *tep;
	struct bytes_of r;
	struct event ev;

	for (const char *const *kernel = all_kernels; *kernel; kernel++) {
		tep = kernel_open(*kernel, false);
		r = record_of(kernel_event(tep, "sched", "sched_wakeup_new"));
		put_string(&r, "comm", "cam_front");
		put(&r, "pid", 307);
		put(&r, "target_cpu", 11);
		ev = decode(state, &r);
		assert_string_equal(ev.wakeup.comm, "cam_front");
		assert_int_equal(ev.wakeup.pid, 307);
		assert_int_equal(ev.wakeup.target_cpu, 11);
		assert_true(ev.wakeup.is_new);
		r = record_of(kernel_event(tep, "sched", "sched_wakeup"));
		assert_false(decode(state, &r).wakeup.is_new);
		tep_free(tep);
	}
}

/* char[16] up to 6.12, a dynamic string in 6.18. */
static void fork_names_both_tasks_on_every_kernel(void **state)
{
	struct tep_handle *tep;
	struct bytes_of r;
	struct event ev;

	for (const char *const *kernel = all_kernels; *kernel; kernel++) {
		tep = kernel_open(*kernel, false);
		r = record_of(kernel_event(tep, "sched", "sched_process_fork"));
		put_string(&r, "parent_comm", "forker");
		put_string(&r, "child_comm", "a task name of sixteen bytes or more");
		put(&r, "child_pid", 331);
		ev = decode(state, &r);
		assert_string_equal(ev.fork.parent_comm, "forker");
		assert_string_equal(ev.fork.child_comm, "a task name of ");
		assert_int_equal(ev.fork.child_pid, 331);
		tep_free(tep);
	}
}

static void a_string_outside_its_record_is_refused(void **state)
{
	struct tep_handle *tep = kernel_open("6.18", false);
	struct bytes_of r = record_of(kernel_event(tep, "sched", "sched_migrate_task"));
	struct event_binding b = bind_spec(r.format, plugin_set_find(plugins(state), "sched", "sched_migrate_task"));
	struct event ev;

	put(&r, "comm", (int64_t)(4u << 16 | (r.size - 3)));
	assert_false(event_decode(&b, r.data, r.size, &ev));
	assert_int_equal(ev.kind, EVENT_OTHER);
	put(&r, "comm", 0xffffffff);
	assert_false(event_decode(&b, r.data, r.size, &ev));
	put(&r, "comm", (int64_t)r.size);
	assert_true(event_decode(&b, r.data, r.size, &ev));
	assert_string_equal(ev.migrate.comm, "");
	tep_free(tep);
}

/* An absent value is not zero. */
static void members_not_recorded_are_absent(void **state)
{
	struct tep_handle *old = kernel_open("4.15", false), *new = kernel_open("6.18", false);
	struct bytes_of r = record_of(kernel_event(old, "kmem", "kmalloc"));
	struct event ev = decode(state, &r);

	assert_false(event_has(&ev, HAS_NID));
	assert_false(event_has(&ev, HAS_CACHE));
	assert_int_equal(ev.slab.node, 0);
	r = record_of(kernel_event(new, "kmem", "kmem_cache_alloc"));
	put_string(&r, "name", "a_cache_with_a_name_that_is_too_long");
	put(&r, "node", -1);
	ev = decode(state, &r);
	assert_true(event_has(&ev, HAS_NID | HAS_CACHE));
	assert_int_equal(ev.slab.node, -1);
	assert_string_equal(ev.slab.cache, "a_cache_with_a_name_tha");
	r = record_of(kernel_event(old, "vmscan", "mm_vmscan_wakeup_kswapd"));
	ev = decode(state, &r);
	assert_false(event_has(&ev, HAS_GFP));
	assert_true(event_has(&ev, HAS_ZID));
	tep_free(old);
	tep_free(new);
}

static void a_batched_free_says_so(void **state)
{
	struct tep_handle *tep = kernel_open("6.1", false);
	struct bytes_of r = record_of(kernel_event(tep, "kmem", "mm_page_free_batched"));

	assert_true(decode(state, &r).page.batched);
	r = record_of(kernel_event(tep, "kmem", "mm_page_free"));
	assert_false(decode(state, &r).page.batched);
	tep_free(tep);
}

/* The format says 8 addresses, but the record holds only those that there were. */
static void a_stack_is_as_long_as_its_record(void **state)
{
	struct tep_handle *tep = kernel_open("6.1", false);
	struct bytes_of r = record_of(kernel_event(tep, "ftrace", "kernel_stack"));
	uint64_t callers[30] = { 0xffffffff81000010, 0xffffffffc0537020, 0xffffffff81000030, UINT64_MAX, 0x40 };
	struct event ev;

	memcpy(r.data + 16, callers, sizeof(callers));
	r.size = 16 + 2 * sizeof(*callers);
	ev = decode(state, &r);
	assert_int_equal(ev.stack.nr, 2);
	assert_true(ev.stack.callers[1] == 0xffffffffc0537020);
	r.size = 16 + 5 * sizeof(*callers);
	assert_int_equal(decode(state, &r).stack.nr, 3);	/* old kernels end the list with all ones */
	for (int i = 0; i < 30; i++)
		callers[i] = 0xffffffff81000000 + (uint64_t)i;
	memcpy(r.data + 16, callers, sizeof(callers));
	r.size = 16 + sizeof(callers);
	assert_int_equal(decode(state, &r).stack.nr, EVENT_STACK_MAX);
	r.size = 16;
	assert_int_equal(decode(state, &r).stack.nr, 0);
	tep_free(tep);
}

static void idle_ends_with_all_ones(void **state)
{
	struct tep_handle *tep = kernel_open("5.15", false);
	struct bytes_of r = record_of(kernel_event(tep, "power", "cpu_idle"));

	put(&r, "state", 2);
	assert_true(decode(state, &r).power.start);
	put(&r, "state", 0xffffffff);
	assert_false(decode(state, &r).power.start);
	assert_int_equal(decode(state, &r).power.state, -1);
	tep_free(tep);
}

/* A byte of a record becomes a bool that is 0 or 1. With other values, reading the bool would be undefined. */
static void a_flag_is_true_or_false(void **state)
{
	struct tep_handle *tep = kernel_open("5.15", false);
	struct bytes_of r = record_of(kernel_event(tep, "power", "suspend_resume"));
	struct event ev;
	unsigned char byte;

	put(&r, "start", 0x82);
	ev = decode(state, &r);
	memcpy(&byte, &ev.power.start, 1);
	assert_int_equal(byte, 1);
	tep_free(tep);
}

static void a_string_needs_no_terminator(void **state)
{
	struct tep_handle *tep = kernel_open("5.10", false);
	struct bytes_of r = record_of(kernel_event(tep, "sched", "sched_switch"));
	struct event ev;

	put_string(&r, "prev_comm", "0123456789abcdef");
	put(&r, "prev_state", 0x102);
	ev = decode(state, &r);
	assert_string_equal(ev.sw.prev_comm, "0123456789abcde");
	assert_int_equal(ev.sw.prev_state, 0x102);
	tep_free(tep);
}

/* A 32-bit kernel's -1UL. */
static void a_failed_allocation_is_all_ones(void **state)
{
	struct tep_handle *tep = kernel_open("5.10", false);
	struct bytes_of r = record_of(kernel_event(tep, "kmem", "mm_page_alloc"));

	put(&r, "pfn", 0xffffffff);
	assert_true(decode(state, &r).page.pfn == UINT64_MAX);
	put(&r, "pfn", -1);
	assert_true(decode(state, &r).page.pfn == UINT64_MAX);
	tep_free(tep);
}

static int load_plugins(void **state)
{
	struct plugin_set *set = NULL;
	char *why = NULL;
	int err = plugin_set_load("plugins", &set, &why);

	*state = set;
	if (err)
		print_error("%s\n", why);
	return err;
}

static int free_plugins(void **state)
{
	plugin_set_free(*state);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_table_binds_every_kernel),
		cmocka_unit_test(a_truncated_record_is_refused),
		cmocka_unit_test(an_isolate_event_reads_the_same_on_every_kernel),
		cmocka_unit_test(gfp_flags_are_read_by_their_declared_size),
		cmocka_unit_test(big_endian_files_read_the_same),
		cmocka_unit_test(a_wake_up_finds_its_cpu_on_every_kernel),
		cmocka_unit_test(fork_names_both_tasks_on_every_kernel),
		cmocka_unit_test(a_string_outside_its_record_is_refused),
		cmocka_unit_test(members_not_recorded_are_absent),
		cmocka_unit_test(a_batched_free_says_so),
		cmocka_unit_test(a_stack_is_as_long_as_its_record),
		cmocka_unit_test(idle_ends_with_all_ones),
		cmocka_unit_test(a_flag_is_true_or_false),
		cmocka_unit_test(a_string_needs_no_terminator),
		cmocka_unit_test(a_failed_allocation_is_all_ones),
	};

	return cmocka_run_group_tests(tests, load_plugins, free_plugins);
}
