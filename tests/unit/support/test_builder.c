// SPDX-License-Identifier: LGPL-2.1-or-later
/* test_builder.c - can libtracecmd and trace-cmd read the files of the recording builder? */
#include "builder.h"
#include "readback.h"

#include <event-parse.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "vmstall/event.h"

#define SEC UINT64_C(1000000000)
enum { SWITCHES = 400, FAR_CPU = 2, EMPTY_CPU = 3 };

struct told {
	const char *buffer, *event;
	struct scene_at at;
	int64_t missed;
};

/* The expected content of a file of a variant. */
struct story_told {
	struct told told[2 * SWITCHES];
	size_t nr, seen;
	bool loss_is_dropped;
};

static void tell(struct story_told *st, const char *buffer, const char *event, struct scene_at at, int64_t missed)
{
	assert_true(st->nr < sizeof(st->told) / sizeof(*st->told));
	st->told[st->nr++] = (struct told){ buffer, event, at, missed };
}

/* CPU 0: a field of each kind. The reader goes buffer by buffer and CPU by CPU, so add the events in that order. */
static void tell_reclaim(struct scene *s, struct story_told *st)
{
	struct scene_at at = { .ts = 5 * SEC + 1, .cpu = 0, .pid = 68 };

	scene_event(s, at, "vmscan:mm_vmscan_kswapd_wake", INT("nid", 0), INT("zid", 2), INT("order", 3));
	tell(st, "", "mm_vmscan_kswapd_wake", at, 0);
	at = (struct scene_at){ .ts = 6 * SEC, .cpu = 0, .pid = 68, .flags = EVENT_FL_IRQS_OFF, .preempt = 1 };
	scene_event(s, at, "vmscan:mm_vmscan_lru_isolate", INT("highest_zoneidx|classzone_idx", 0), INT("order", 0),
		INT("nr_requested", 32), INT("nr_scanned", 9911718), INT("nr_skipped", 9911686), INT("nr_taken", 0),
		INT("?isolate_mode", 0), INT("lru", 2));
	tell(st, "", "mm_vmscan_lru_isolate", at, 0);
	at = (struct scene_at){ .ts = 6 * SEC, .cpu = 0, .pid = 68 }; /* same time: the order of adding decides */
	scene_event(
		s, at, "kmem:kmem_cache_free", INT("call_site", 0x1234), INT("ptr", 0x5678), STR("?name", "dentry"));
	tell(st, "", "kmem_cache_free", at, 0);
	at.ts = 9 * SEC;
	scene_event(s, at, "kmem:mm_page_alloc", INT("pfn", 77), INT("order", 2), INT("gfp_flags", 0xcc0));
	tell(st, "", "mm_page_alloc", at, 7);
	scene_lost(s, 0, 8 * SEC, 7);
}

/* CPU 2: more pages than one, in reverse, deltas that need a TIME_EXTEND, a loss of unknown number. */
static void tell_switches(struct scene *s, struct story_told *st)
{
	struct scene_at at = { .cpu = FAR_CPU };

	for (int i = 0; i < SWITCHES; i++) {
		at = (struct scene_at){ .ts = SEC + (uint64_t)i * 1000, .cpu = FAR_CPU, .pid = 1000 + i };
		at.ts += i >= 200 ? 10 * SEC : 0;
		at.ts += i >= 300 ? UINT64_C(1) << 40 : 0;
		tell(st, "", "sched_switch", at, i == 200 ? -1 : 0);
	}
	scene_lost(s, FAR_CPU, 2 * SEC, -1);
	for (size_t i = st->nr - 1; st->told[i].at.cpu == FAR_CPU; i--)
		scene_event(s, st->told[i].at, "sched:sched_switch", STR("prev_comm", "cam_front"),
			INT("prev_pid", st->told[i].at.pid), INT("prev_state", -1), STR("next_comm", "swapper/2"),
			INT("next_prio", 120));
}

static void tell_second_buffer(struct scene *s, struct story_told *st)
{
	struct scene_at at = { .ts = 7 * SEC, .cpu = 1, .pid = 12, .flags = EVENT_FL_HARDIRQ };

	scene_buffer(s, "second");
	scene_event(s, at, "irq:softirq_entry", INT("vec", 1));
	tell(st, "second", "softirq_entry", at, 0);
	scene_buffer(s, NULL);
}

static void compare(void *data, const struct seen *seen)
{
	struct story_told *st = data;
	const struct told *t = &st->told[st->seen++];

	assert_true(st->seen <= st->nr);
	assert_non_null(seen->format);
	assert_string_equal(seen->format->name, t->event);
	assert_string_equal(seen->buffer, t->buffer);
	assert_int_equal(seen->ts, t->at.ts);
	assert_int_equal(seen->cpu, t->at.cpu);
	assert_int_equal(seen->pid, t->at.pid);
	assert_int_equal(seen->flags, t->at.flags);
	assert_int_equal(seen->preempt, t->at.preempt);
	assert_int_equal(seen->missed, st->loss_is_dropped ? 0 : t->missed);
	if (!strcmp(t->event, "mm_vmscan_lru_isolate"))
		assert_int_equal(seen_number(seen, "nr_skipped"), 9911686);
	if (!strcmp(t->event, "kmem_cache_free"))
		assert_string_equal(seen_string(seen, "name"), "dentry");
	if (!strcmp(t->event, "sched_switch")) {
		assert_string_equal(seen_string(seen, "next_comm"), "swapper/2");
		assert_int_equal(seen_number(seen, "prev_state"), -1);
		assert_int_equal(seen_number(seen, "prev_pid"), t->at.pid);
	}
}

static void write_variant(const struct scene_options *o, const char *path, struct story_told *st)
{
	struct scene *s = scene_new(o);

	*st = (struct story_told){ .loss_is_dropped = o->extend_first };
	tell_reclaim(s, st);
	tell_switches(s, st);
	tell_second_buffer(s, st);
	scene_comm(s, 68, "kswapd0");
	assert_int_equal(scene_write(s, path), 0);
	scene_free(s);
}

static const struct variant {
	const char *name;
	struct scene_options o;
} variants[] = {
	{ "v7", { .kernel = "5.15" } },
	{ "v7-zstd", { .kernel = "6.1", .compression = SCENE_ZSTD } },
	{ "v6", { .kernel = "5.15", .version = 6 } },
	{ "v7-big-endian", { .kernel = "6.8", .big_endian = true } },
	{ "v6-big-endian", { .kernel = "6.8", .version = 6, .big_endian = true } },
	{ "v7-zstd-big-endian-32-bit",
		{ .kernel = "6.1", .big_endian = true, .long_size = 4, .compression = SCENE_ZSTD } },
	{ "v7-32-bit", { .kernel = "6.18", .long_size = 4 } },
	{ "v6-32-bit", { .kernel = "6.12", .version = 6, .long_size = 4 } },
	{ "v7-16k-pages", { .kernel = "6.12", .page_size = 16384, .compression = SCENE_ZSTD } },
	{ "v7-few-events-a-page", { .kernel = "5.15", .page_events = 3, .compression = SCENE_ZSTD } },
	{ "v7-extend-first", { .kernel = "5.15", .extend_first = true } },
};

static void a_file_reads_back_as_it_was_told(void **state)
{
	const struct variant *v = *state;
	struct story_told st;
	char path[128];

	snprintf(path, sizeof(path), "%s", scratch_file("builder.dat"));
	write_variant(&v->o, path, &st);
	assert_true(read_back(path, compare, &st));
	assert_int_equal(st.seen, st.nr);
	remove(path);
}

/* Run trace-cmd on @path. Returns how many lines of its output contain @what, -1 if it failed. */
static int report_lines(const char *options, const char *path, const char *what)
{
	char command[256], line[4096];
	int found = 0;
	FILE *p;

	snprintf(command, sizeof(command), "trace-cmd report -N %s -i %s 2>&1", options, path);
	p = popen(command, "r");
	assert_non_null(p);
	while (fgets(line, sizeof(line), p))
		found += !!strstr(line, what);
	return pclose(p) ? -1 : found;
}

static void trace_cmd_itself_reports_it(void **state)
{
	const struct variant *v = *state;
	struct story_told st;
	char path[128];

	if (system("command -v trace-cmd >/dev/null")) {
		print_message("trace-cmd is not installed: skipped\n");
		skip();
	}
	snprintf(path, sizeof(path), "%s", scratch_file("report.dat"));
	write_variant(&v->o, path, &st);
	assert_int_equal(report_lines("", path, "nr_requested=32 nr_scanned=9911718 nr_skipped=9911686"), 1);
	assert_int_equal(report_lines("", path, "sched_switch:"), SWITCHES);
	assert_int_equal(report_lines("", path, "softirq_entry:"), 1);
	assert_int_equal(report_lines("", path, "kswapd0-68"), 4);
	assert_int_equal(report_lines("--uname", path, "Linux car "), 1);
	assert_int_equal(report_lines("--stat", path, "overrun: 7"), 1);
	remove(path);
}

static void zlib_is_named_in_the_header(void **state)
{
	char head[32] = { 0 };
	struct story_told st;
	FILE *f;

	(void)state;
	write_variant(&(struct scene_options){ .compression = SCENE_ZLIB }, scratch_file("zlib.dat"), &st);
	f = fopen(scratch_file("zlib.dat"), "rb");
	assert_non_null(f);
	assert_int_equal(fread(head, 1, sizeof(head), f), sizeof(head));
	fclose(f);
	assert_string_equal(head + 18, "zlib");
	remove(scratch_file("zlib.dat"));
}

/* Add it in a child, and check that it aborts. */
static bool aborts(void (*tell_wrong)(struct scene *s))
{
	pid_t child = fork();
	int status = 0;

	assert_true(child >= 0);
	if (!child) {
		struct scene *s = scene_new(&(struct scene_options){ .kernel = "5.15" });

		fclose(stderr);
		signal(SIGABRT, SIG_DFL);
		tell_wrong(s);
		_exit(scene_write(s, "/dev/null"));
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

static const struct scene_at somewhere = { .ts = SEC, .cpu = 1, .pid = 1 };

static void right(struct scene *s)
{
	scene_event(
		s, somewhere, "sched:sched_switch", INT("prev_pid", INT32_MAX), STR("prev_comm", "fifteen_letters"));
}

static void unknown_field(struct scene *s)
{
	scene_event(s, somewhere, "sched:sched_switch", INT("prev_pit", 1));
}

static void unknown_event(struct scene *s)
{
	scene_event(s, somewhere, "vmscan:mm_vmscan_write_folio");
}

static void number_too_large(struct scene *s)
{
	scene_event(s, somewhere, "sched:sched_switch", INT("prev_pid", INT64_C(1) << 32));
}

static void string_too_long(struct scene *s)
{
	scene_event(s, somewhere, "sched:sched_switch", STR("prev_comm", "sixteen_letters_"));
}

static void no_such_cpu(struct scene *s)
{
	scene_lost(s, 4, SEC, 1);
}

static void loss_without_event(struct scene *s)
{
	right(s);
	scene_lost(s, 1, SEC + 1, 1);
}

static void a_mistake_in_a_scenario_aborts(void **state)
{
	(void)state;
	assert_false(aborts(right));
	assert_true(aborts(unknown_field));
	assert_true(aborts(unknown_event));
	assert_true(aborts(number_too_large));
	assert_true(aborts(string_too_long));
	assert_true(aborts(no_such_cpu));
	assert_true(aborts(loss_without_event));
}

int main(void)
{
	enum { NR = sizeof(variants) / sizeof(*variants) };
	struct CMUnitTest tests[2 * NR + 2] = { 0 };

	for (size_t i = 0; i < NR; i++) {
		void *v = (void *)&variants[i];

		tests[i] = (struct CMUnitTest){ variants[i].name, a_file_reads_back_as_it_was_told, NULL, NULL, v };
		tests[NR + i] = (struct CMUnitTest){ variants[i].name, trace_cmd_itself_reports_it, NULL, NULL, v };
	}
	tests[2 * NR] = (struct CMUnitTest)cmocka_unit_test(zlib_is_named_in_the_header);
	tests[2 * NR + 1] = (struct CMUnitTest)cmocka_unit_test(a_mistake_in_a_scenario_aborts);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
