// SPDX-License-Identifier: LGPL-2.1-or-later
/* test_edit.c - is a recording that was read and written again the same recording? */
#include "edit.h"
#include "readback.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "story.h"

#define SEC UINT64_C(1000000000)
enum { EVENTS = 600, CPUS = 3, LOST = 7 };

struct row { uint64_t ts; int64_t missed; int cpu, pid; };
struct rows { struct row all[4 * EVENTS]; size_t nr; };

static void note(void *data, const struct seen *seen)
{
	struct rows *rows = data;

	assert_true(rows->nr < sizeof(rows->all) / sizeof(*rows->all));
	rows->all[rows->nr++] = (struct row){ seen->ts, seen->missed, seen->cpu, seen->pid };
}

static struct rows *rows_of(const char *path)
{
	struct rows *rows = scene_alloc(NULL, 1, sizeof(*rows));

	rows->nr = 0;
	assert_true(read_back(path, note, rows));
	return rows;
}

/* Steps of 1 us to some seconds, so that times need an extension; a loss of known and one of unknown number. */
static void make_recording(const char *path)
{
	struct scene *s = scene_new(&(struct scene_options){ .nr_cpus = CPUS });

	for (uint64_t i = 0; i < EVENTS; i++) {
		struct scene_at at = { .ts = SEC + i * 1000 + (i / 100) * 3 * SEC, .cpu = (unsigned int)(i % CPUS), .pid = 300 + (int32_t)i };

		story_wakeup(s, at, 0, (struct task){ "camera", 400, 120 });
	}
	scene_lost(s, 0, 7 * SEC, LOST);
	scene_lost(s, 1, 10 * SEC, -1);
	assert_int_equal(scene_write(s, path), 0);
	scene_free(s);
}

static void write_again(const char *from, const char *to, unsigned int page_events)
{
	struct edit *e = edit_read(from);

	e->options.page_events = page_events;
	edit_write(e, to);
	edit_free(e);
}

static void same_rows(const struct rows *a, const struct rows *b)
{
	assert_int_equal(a->nr, EVENTS);
	assert_int_equal(a->nr, b->nr);
	for (size_t i = 0; i < a->nr; i++) {
		assert_int_equal(a->all[i].ts, b->all[i].ts);
		assert_int_equal(a->all[i].missed, b->all[i].missed);
		assert_int_equal(a->all[i].cpu, b->all[i].cpu);
		assert_int_equal(a->all[i].pid, b->all[i].pid);
	}
}

static void written_again_with(unsigned int page_events)
{
	char from[256], to[256];
	struct rows *a, *b;

	snprintf(from, sizeof(from), "%s", scratch_file("from.dat"));
	snprintf(to, sizeof(to), "%s", scratch_file("to.dat"));
	make_recording(from);
	write_again(from, to, page_events);
	a = rows_of(from);
	b = rows_of(to);
	same_rows(a, b);
	free(a);
	free(b);
}

static void written_again_it_has_the_same_records_times_and_losses(void **state)
{
	(void)state;
	written_again_with(0);
}

static void in_smaller_sub_buffers_it_has_the_same_records_times_and_losses(void **state)
{
	(void)state;
	written_again_with(5);
}

static void a_pid_a_cpu_and_a_name_are_found_by_the_files_own_formats(void **state)
{
	const struct edit_event *wakeup;
	struct scene_record *r;
	char path[256];
	struct edit *e;

	(void)state;
	snprintf(path, sizeof(path), "%s", scratch_file("from.dat"));
	make_recording(path);
	e = edit_read(path);
	wakeup = edit_event(e, "sched_wakeup");
	r = &e->buffers[0].lanes[0].records.records[0];
	assert_non_null(wakeup);
	assert_int_equal(edit_id(r), wakeup->id);
	assert_int_equal(edit_field(wakeup, "pid")->kind, EDIT_PID);
	assert_int_equal(edit_get(edit_place(edit_field(wakeup, "pid"), r), 4), 400);
	assert_int_equal(edit_field(wakeup, "target_cpu")->kind, EDIT_CPU);
	assert_int_equal(edit_field(wakeup, "prio")->kind, EDIT_OTHER);
	assert_string_equal((char *)edit_place(edit_field(wakeup, "comm"), r), "camera");
	edit_free(e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(written_again_it_has_the_same_records_times_and_losses),
		cmocka_unit_test(in_smaller_sub_buffers_it_has_the_same_records_times_and_losses),
		cmocka_unit_test(a_pid_a_cpu_and_a_name_are_found_by_the_files_own_formats),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
