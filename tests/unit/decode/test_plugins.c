// SPDX-License-Identifier: LGPL-2.1-or-later
/* test_plugins.c - do the .so files work in both hosts: vmstall's loader and trace-cmd's? */
#include <dlfcn.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <traceevent/event-parse.h>
#include <traceevent/trace-seq.h>

#include "decode/plugin_set.h"
#include "kernel.h"

/* ---- vmstall's loader ---- */

static struct plugin_set *load(const char *dir)
{
	struct plugin_set *set = NULL;
	char *why = NULL;

	if (plugin_set_load(dir, &set, &why))
		fail_msg("%s", why);
	assert_null(why);
	return set;
}

static char *refusal(const char *dir)
{
	struct plugin_set *set = (struct plugin_set *)-1;
	char *why = NULL;

	assert_int_equal(plugin_set_load(dir, &set, &why), -ENOPKG);
	assert_ptr_equal(set, (struct plugin_set *)-1);
	assert_non_null(why);
	return why;
}

static bool noted(const struct plugin_set *set, const char *what)
{
	size_t nr;
	const char *const *notes = plugin_set_notes(set, &nr);

	for (size_t i = 0; i < nr; i++) {
		if (strstr(notes[i], what))
			return true;
	}
	return false;
}

static void every_table_is_found(void **state)
{
	static const char *const some[][2] = {
		{ "vmscan", "mm_vmscan_lru_isolate" },
		{ "kmem", "mm_page_alloc" },
		{ "sched", "sched_switch" },
		{ "lock", "contention_begin" },
		{ "compaction", "mm_compaction_end" },
		{ "power", "cpu_idle" },
		{ "writeback", "writeback_congestion_wait" },
		{ "ftrace", "kernel_stack" },
	};
	struct plugin_set *set = load("plugins");
	size_t nr;

	(void)state;
	for (size_t i = 0; i < sizeof(some) / sizeof(some[0]); i++)
		assert_non_null(plugin_set_find(set, some[i][0], some[i][1]));
	assert_null(plugin_set_find(set, "sched", "mm_page_alloc"));
	plugin_set_notes(set, &nr);
	assert_int_equal(nr, 0);
	plugin_set_free(set);
}

static void a_missing_directory_is_named(void **state)
{
	char *why = refusal("/nowhere/plugins");

	(void)state;
	assert_non_null(strstr(why, "no vmstall plugins found"));
	assert_non_null(strstr(why, "/nowhere/plugins"));
	free(why);
}

/* This program is in tests/, so the default directory is not beside it. A build has no installed directory. */
static void the_default_places_are_all_named(void **state)
{
	struct plugin_set *set = NULL;
	char *why = NULL;
	int err = plugin_set_load(NULL, &set, &why);

	(void)state;
	if (!err)
		print_message("vmstall is installed here: its own plugins were found\n");
	else
		assert_non_null(strstr(why, "/tests/plugins, "));
	plugin_set_free(set);
	free(why);
}

static void broken_plugins_are_refused_and_the_reason_said(void **state)
{
	char *why = refusal("tests/vendor_broken");

	(void)state;
	assert_non_null(strstr(why, "plugin_abi.so: built for another version"));
	assert_non_null(strstr(why, "plugin_layout.so: an entry of its table does not fit"));
	assert_non_null(strstr(why, "plugin_no_table.so: no vmstall_event_table"));
	assert_non_null(strstr(why, "plugin_text.so: ")); /* not an ELF file: the message is the linker's */
	free(why);
}

static void link_to(const char *target, const char *path)
{
	char *full = realpath(target, NULL);

	assert_non_null(full);
	unlink(path);
	assert_int_equal(symlink(full, path), 0);
	free(full);
}

/* A directory with our plugins and a vendor's plugin. */
static void a_vendors_plugin_adds_and_the_first_name_stands(void **state)
{
	const struct event_spec *spec;
	struct plugin_set *set;

	(void)state;
	mkdir("tests/both", 0755);
	link_to("plugins/plugin_vmscan.so", "tests/both/plugin_vmscan.so");
	link_to("tests/vendor/plugin_vendor.so", "tests/both/plugin_vendor.so");
	set = load("tests/both");
	assert_non_null(plugin_set_find(set, "vendor", "reclaim_begin"));
	assert_null(plugin_set_find(set, "vendor", "printed_only"));
	spec = plugin_set_find(set, "vmscan", "mm_vmscan_direct_reclaim_begin");
	assert_int_equal(spec->tag, 77); /* "vendor" sorts before "vmscan", so the order of the files is tested too */
	assert_true(
		noted(set, "plugin_vmscan.so: vmscan:mm_vmscan_direct_reclaim_begin is decoded by an earlier plugin"));
	plugin_set_free(set);
}

/* Every user gets the same result from the same recording. */
static void home_and_environment_are_not_searched(void **state)
{
	struct plugin_set *set;

	(void)state;
	assert_int_equal(system("mkdir -p tests/home/.local/lib/traceevent/plugins"), 0);
	link_to("tests/vendor/plugin_vendor.so", "tests/home/.local/lib/traceevent/plugins/plugin_vendor.so");
	setenv("HOME", "tests/home", 1);
	setenv("TRACEEVENT_PLUGIN_DIR", "tests/vendor", 1);
	set = load("plugins");
	assert_null(plugin_set_find(set, "vendor", "reclaim_begin"));
	plugin_set_free(set);
	setenv("TRACEEVENT_PLUGIN_DIR", "plugins", 1); /* the same directory twice is no conflict */
	set = load("plugins");
	assert_false(noted(set, "earlier"));
	plugin_set_free(set);
	unsetenv("TRACEEVENT_PLUGIN_DIR");
}

/* libtraceevent opens plugins RTLD_GLOBAL. A visible symbol could replace a function of another program. */
static void only_three_names_are_visible(void **state)
{
	static const char *const hidden[] = { "event_bind", "event_decode", "gfp_string", "zone_symbol", "text_add",
		"plugin_front_load", "fail" };
	void *handle = dlopen("plugins/plugin_vmscan.so", RTLD_NOW | RTLD_LOCAL);

	(void)state;
	assert_non_null(handle);
	assert_non_null(dlsym(handle, EVENT_TABLE_SYMBOL));
	assert_non_null(dlsym(handle, TEP_PLUGIN_LOADER_NAME));
	assert_non_null(dlsym(handle, TEP_PLUGIN_UNLOADER_NAME));
	for (size_t i = 0; i < sizeof(hidden) / sizeof(hidden[0]); i++)
		assert_null(dlsym(handle, hidden[i]));
	dlclose(handle);
}

static void nothing_may_be_freed(void **state)
{
	(void)state;
	assert_null(plugin_set_free(NULL));
}

/* ---- trace-cmd's loader ---- */

static struct tep_plugin_list *load_in(struct tep_handle *tep)
{
	char dir[] = "plugins";
	struct tep_plugin_list *list;

	setenv("HOME", "/nonexistent", 1);
	tep_set_flag(tep, TEP_DISABLE_SYS_PLUGINS);
	assert_int_equal(tep_add_plugin_path(tep, dir, TEP_PLUGIN_FIRST), 0);
	list = tep_load_plugins(tep);
	assert_non_null(list);
	return list;
}

static const char *printed(struct bytes_of *r)
{
	static char text[4096];
	struct tep_record record = { .data = r->data, .size = (int)r->size };
	struct trace_seq s;

	trace_seq_init(&s);
	tep_print_event(r->format->tep, &s, &record, "%s", TEP_PRINT_INFO);
	trace_seq_terminate(&s);
	snprintf(text, sizeof(text), "%s", s.buffer);
	trace_seq_destroy(&s);
	return text;
}

static struct bytes_of founding_incident(struct tep_handle *tep)
{
	struct bytes_of r = record_of(kernel_event(tep, "vmscan", "mm_vmscan_lru_isolate"));

	put(&r, find_field_of(r.format, "highest_zoneidx|classzone_idx")->name, 0);
	put(&r, "nr_requested", 32);
	put(&r, "nr_scanned", 9911718);
	put(&r, "nr_skipped", 9911686);
	put(&r, "nr_taken", 32);
	put(&r, "lru", LRU_INACTIVE_FILE);
	return r;
}

static void an_isolate_event_says_what_it_cost(void **state)
{
	struct tep_handle *tep;
	struct tep_plugin_list *list;
	struct bytes_of r;
	char kernel_text[4096];

	(void)state;
	for (const char *const *kernel = all_kernels; *kernel; kernel++) {
		tep = kernel_open(*kernel, false);
		r = founding_incident(tep);
		snprintf(kernel_text, sizeof(kernel_text), "%s", printed(&r));
		list = load_in(tep);
		assert_memory_equal(printed(&r), kernel_text, strlen(kernel_text));
		assert_string_equal(printed(&r) + strlen(kernel_text),
			" skipped=99.999% amplification=309741.2x walked=37.81GiB zone=DMA");
		tep_unload_plugins(list, tep);
		assert_string_equal(printed(&r), kernel_text);
		tep_free(tep);
	}
}

/*
 * If the page size is not proven, the output says on which assumption its figure rests. Without a zone table it gives
 * no name.
 */
static void what_is_assumed_is_said(void **state)
{
	struct tep_handle *tep = kernel_open("5.15/vmscan", false);
	struct tep_plugin_list *list = load_in(tep);
	struct bytes_of r = founding_incident(tep);

	(void)state;
	assert_non_null(strstr(printed(&r), "walked=37.81GiB(if pages are 4KiB)"));
	assert_null(strstr(printed(&r), " zone="));
	put(&r, "nr_scanned", 0);
	put(&r, "nr_requested", 0);
	assert_null(strstr(printed(&r), " skipped="));
	assert_null(strstr(printed(&r), "amplification="));
	assert_non_null(strstr(printed(&r), "walked=0B"));
	tep_unload_plugins(list, tep);
	tep_free(tep);
}

/* Our text of an event begins with the kernel's own text, on every kernel. */
static void nothing_of_the_kernels_text_is_lost(void **state)
{
	struct plugin_set *set = load("plugins");
	size_t nr, compared = 0;
	const struct event_spec *const *specs = plugin_set_specs(set, &nr);
	char kernel_text[4096];
	struct tep_plugin_list *list;
	struct tep_handle *tep;
	struct tep_event *format;
	struct bytes_of r;
	int flags;

	(void)state;
	for (const char *const *kernel = all_kernels; *kernel; kernel++) {
		tep = kernel_open(*kernel, false);
		list = load_in(tep);
		for (size_t i = 0; i < nr; i++) {
			format = tep_find_event_by_name(tep, specs[i]->system, specs[i]->name);
			if (!format || !format->handler || (unsigned int)format->flags & TEP_EVENT_FL_FAILED)
				continue;
			r = record_of(format);
			flags = format->flags;
			format->flags |= (int)TEP_EVENT_FL_NOHANDLE;
			snprintf(kernel_text, sizeof(kernel_text), "%s", printed(&r));
			format->flags = flags;
			assert_memory_equal(printed(&r), kernel_text, strlen(kernel_text));
			compared++;
		}
		tep_unload_plugins(list, tep);
		tep_free(tep);
	}
	assert_true(compared > 60);
	plugin_set_free(set);
}

static void a_truncated_record_is_left_to_the_kernels_text(void **state)
{
	struct tep_handle *tep = kernel_open("5.15", false);
	struct bytes_of r = founding_incident(tep);
	struct tep_plugin_list *list = load_in(tep);

	(void)state;
	r.size -= 4;
	assert_null(strstr(printed(&r), " skipped="));
	tep_unload_plugins(list, tep);
	tep_free(tep);
}

/* The library cannot parse mm_page_alloc of 5.10 on arm64. */
static void an_allocation_is_printed_where_the_library_fails(void **state)
{
	struct tep_handle *tep = kernel_open("5.10-arm64", false);
	struct bytes_of r = record_of(kernel_event(tep, "kmem", "mm_page_alloc"));
	struct tep_plugin_list *list;

	(void)state;
	put(&r, "pfn", 0x100935);
	put(&r, "order", 3);
	put(&r, "gfp_flags", 0x400dc0);
	put(&r, "migratetype", 1);
	assert_non_null(strstr(printed(&r), "[FAILED TO PARSE]"));
	list = load_in(tep);
	assert_string_equal(printed(&r), " pfn=0x100935 order=3 gfp_flags=4197824 migratetype=1"
					 " gfp=GFP_KERNEL_ACCOUNT|__GFP_ZERO");
	put(&r, "pfn", -1);
	assert_non_null(strstr(printed(&r), "(failed)"));
	tep_unload_plugins(list, tep);
	tep_free(tep);
}

/* The library cannot resolve the format's own table of reasons, so it prints all of them for bit 0. */
static void a_throttle_says_why(void **state)
{
	struct tep_handle *tep = kernel_open("6.1", false);
	struct tep_plugin_list *list = load_in(tep);
	struct bytes_of r = record_of(kernel_event(tep, "vmscan", "mm_vmscan_throttled"));

	(void)state;
	put(&r, "reason", 1 << 1 | 1 << 3);
	assert_non_null(strstr(printed(&r), " because=isolated|congested"));
	tep_unload_plugins(list, tep);
	tep_free(tep);
}

static void a_request_for_kswapd_names_the_zone(void **state)
{
	struct tep_handle *tep = kernel_open("6.12", false);
	struct tep_plugin_list *list = load_in(tep);
	struct bytes_of r = record_of(kernel_event(tep, "vmscan", "mm_vmscan_wakeup_kswapd"));

	(void)state;
	put(&r, "zid", 1);
	assert_non_null(strstr(printed(&r), " zid=1 zone=DMA32"));
	tep_unload_plugins(list, tep);
	tep_free(tep);
}

static void upstreams_prints_are_left_alone(void **state)
{
	static const char *const theirs[][2] = {
		{ "sched", "sched_switch" },
		{ "sched", "sched_wakeup" },
		{ "sched", "sched_wakeup_new" },
		{ "kmem", "kmalloc" },
		{ "kmem", "kfree" },
		{ "kmem", "kmem_cache_alloc" },
		{ "kmem", "kmem_cache_free" },
	};
	struct tep_handle *tep = kernel_open("5.10", false);
	struct tep_plugin_list *list = load_in(tep);

	(void)state;
	for (size_t i = 0; i < sizeof(theirs) / sizeof(theirs[0]); i++)
		assert_null(kernel_event(tep, theirs[i][0], theirs[i][1])->handler);
	tep_unload_plugins(list, tep);
	tep_free(tep);
}

/* ---- trace-cmd itself ---- */

/* Count the lines that have both @line and @also. */
static int count_lines(const char *line, const char *also)
{
	static char text[8192];
	const char *preload = getenv("VMSTALL_PRELOAD");
	int n = 0;
	FILE *f;

	snprintf(text, sizeof(text),
		"ASAN_OPTIONS=detect_leaks=0:detect_odr_violation=0 LD_PRELOAD='%s' TRACEEVENT_PLUGIN_DIR=plugins "
		"trace-cmd report -i " VMSTALL_SAMPLES "/sample-arm64-5.10-dmazone-stall.dat 2>/dev/null",
		preload ? preload : "");
	f = popen(text, "r");
	assert_non_null(f);
	while (fgets(text, sizeof(text), f))
		n += strstr(text, line) && strstr(text, also);
	assert_int_equal(pclose(f), 0);
	return n;
}

static void trace_cmd_reports_the_sample_with_our_plugins(void **state)
{
	(void)state;
	if (system("command -v trace-cmd >/dev/null") != 0) {
		print_message("trace-cmd is not installed\n");
		skip();
	}
	assert_int_equal(count_lines("nr_scanned=10430403 nr_skipped=10430394 nr_taken=9 lru=inactive_file",
				 " skipped=99.999% amplification=1158933.7x walked=39.79GiB"),
		1);
	assert_true(count_lines("mm_page_alloc: ", " gfp=GFP_KERNEL|GFP_DMA|__GFP_NOWARN") > 0);
	assert_int_equal(count_lines("[FAILED TO PARSE]", ""), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_table_is_found),
		cmocka_unit_test(a_missing_directory_is_named),
		cmocka_unit_test(the_default_places_are_all_named),
		cmocka_unit_test(broken_plugins_are_refused_and_the_reason_said),
		cmocka_unit_test(a_vendors_plugin_adds_and_the_first_name_stands),
		cmocka_unit_test(home_and_environment_are_not_searched),
		cmocka_unit_test(only_three_names_are_visible),
		cmocka_unit_test(nothing_may_be_freed),
		cmocka_unit_test(an_isolate_event_says_what_it_cost),
		cmocka_unit_test(what_is_assumed_is_said),
		cmocka_unit_test(nothing_of_the_kernels_text_is_lost),
		cmocka_unit_test(a_truncated_record_is_left_to_the_kernels_text),
		cmocka_unit_test(an_allocation_is_printed_where_the_library_fails),
		cmocka_unit_test(a_throttle_says_why),
		cmocka_unit_test(a_request_for_kswapd_names_the_zone),
		cmocka_unit_test(upstreams_prints_are_left_alone),
		cmocka_unit_test(trace_cmd_reports_the_sample_with_our_plugins),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
