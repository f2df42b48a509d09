// SPDX-License-Identifier: LGPL-2.1-or-later
/* test_story.c - does the simulated machine behave as the kernel does around a freeze? */
#include "machine.h"
#include "readback.h"

#include <event-parse.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "vmstall/event.h"

enum { NR_CPUS = 4, MAX_SEEN = 8192, CAM = 307, CAM_SUB = 308, RADAR = 313, BURNER = 323, KSWAPD = 68, WORKER = 325 };

#define FROM      (100 * SEC)
#define HOLD_FROM (101 * SEC)
#define HOLD_TO   (102 * SEC)

struct row {
	uint64_t ts;
	int cpu, pid, flags, task, prev, state, target;
	char event[32];
};
struct rows {
	struct row row[MAX_SEEN];
	size_t nr;
};

static void keep(void *data, const struct seen *seen)
{
	struct rows *rows = data;
	struct row *r = &rows->row[rows->nr++];

	assert_true(rows->nr < MAX_SEEN);
	*r = (struct row){ .ts = seen->ts, .cpu = seen->cpu, .pid = seen->pid, .flags = seen->flags };
	snprintf(r->event, sizeof(r->event), "%.31s", seen->format->name);
	if (!strcmp(r->event, "sched_switch")) {
		r->prev = (int)seen_number(seen, "prev_pid");
		r->task = (int)seen_number(seen, "next_pid");
		r->state = (int)seen_number(seen, "prev_state");
	} else if (!strncmp(r->event, "sched_wak", 9)) {
		r->task = (int)seen_number(seen, "pid");
		r->target = (int)seen_number(seen, "target_cpu");
	}
}

/* CPU 0: kswapd holds; CPU 1: a worker spins; CPU 2: a burner, not frozen; CPU 3: idle except for the subscriber. */
static void play(const char *kernel, struct rows *rows)
{
	struct scene *s = scene_new(&(struct scene_options){ .kernel = kernel, .nr_cpus = NR_CPUS });
	struct machine *m = machine_new(s, FROM, FROM + 3 * SEC);
	struct machine_task *cam = machine_periodic(m, 1, TASK("cam_front", CAM), 33 * MS, 5 * MS, MS);

	machine_subscriber(m, 0, TASK("cam_front_sub", CAM_SUB), cam, MS / 2);
	machine_periodic(m, 2, TASK("radar0", RADAR), 33 * MS, 7 * MS, MS);
	machine_hog(m, 2, TASK("burner0", BURNER));
	machine_hold(m, 0, TASK("kswapd0", KSWAPD), HOLD_FROM, HOLD_TO,
		(struct isolate){ .lru = 2, .requested = 32, .scanned = 9911718, .skipped = 9911686 });
	machine_freeze(m, 1, TASK("map_worker0", WORKER), HOLD_FROM + 200 * MS, HOLD_TO + 3 * US);
	machine_play(m);
	assert_int_equal(scene_write(s, scratch_file("story.dat")), 0);
	scene_free(s);
	rows->nr = 0;
	assert_true(read_back(scratch_file("story.dat"), keep, rows));
	remove(scratch_file("story.dat"));
}

static struct rows *told(void)
{
	static struct rows rows;

	if (!rows.nr)
		play("5.15", &rows);
	return &rows;
}

/* The first @event of @task at or after @ts. Fails the test if there is none. */
static const struct row *find(const char *event, int task, uint64_t ts)
{
	const struct rows *rows = told();
	const struct row *best = NULL;

	for (size_t i = 0; i < rows->nr; i++) {
		const struct row *r = &rows->row[i];

		if (!strcmp(r->event, event) && r->task == task && r->ts >= ts && (!best || r->ts < best->ts))
			best = r;
	}
	assert_non_null(best);
	return best;
}

static void every_cpu_has_one_task_at_a_time(void **state)
{
	int current[NR_CPUS] = { 0 };
	uint64_t before[NR_CPUS] = { 0 };
	const struct rows *rows = told();

	(void)state;
	assert_true(rows->nr > 500);
	for (size_t i = 0; i < rows->nr; i++) {
		const struct row *r = &rows->row[i];

		assert_true(r->ts > before[r->cpu]);
		assert_int_equal(r->pid, current[r->cpu]);
		before[r->cpu] = r->ts;
		if (strcmp(r->event, "sched_switch"))
			continue;
		assert_int_equal(r->prev, current[r->cpu]);
		current[r->cpu] = r->task;
	}
}

static void a_frozen_cpu_records_nothing_but_the_isolate_event(void **state)
{
	const struct rows *rows = told();
	int inside = 0;

	(void)state;
	for (size_t i = 0; i < rows->nr; i++) {
		const struct row *r = &rows->row[i];

		if ((r->cpu == 0 && r->ts > HOLD_FROM && r->ts < HOLD_TO) ||
			(r->cpu == 1 && r->ts > HOLD_FROM + 200 * MS && r->ts < HOLD_TO)) {
			assert_string_equal(r->event, "mm_vmscan_lru_isolate");
			assert_int_equal(r->ts, HOLD_TO - US);
			assert_true(r->flags & EVENT_FL_IRQS_OFF);
			inside++;
		}
	}
	assert_int_equal(inside, 1);
}

static void a_late_timer_fires_after_the_thaw_in_hardirq_context(void **state)
{
	const struct row *r = find("sched_waking", CAM, HOLD_FROM + 200 * MS);

	(void)state;
	assert_true(r->ts >= HOLD_TO + 3 * US && r->ts < HOLD_TO + 20 * US);
	assert_true(r->flags & EVENT_FL_HARDIRQ);
	assert_int_equal(r->pid, WORKER);
	assert_int_equal(find("sched_switch", CAM, HOLD_FROM + 200 * MS)->cpu, 1);
}

static void the_rhythm_goes_on_where_it_was(void **state)
{
	const struct row *r = find("sched_waking", CAM, HOLD_TO + 40 * MS);

	(void)state;
	assert_int_equal((find("sched_waking", CAM, FROM)->ts - FROM) % (33 * MS), 5 * MS);
	assert_int_equal((r->ts - FROM) % (33 * MS), 5 * MS);
}

static void a_wakeup_sent_to_a_frozen_cpu_waits(void **state)
{
	const struct row *waking = find("sched_waking", CAM_SUB, HOLD_FROM);
	const struct row *wakeup = find("sched_wakeup", CAM_SUB, HOLD_FROM);

	(void)state;
	assert_int_equal(waking->cpu, 1);
	assert_int_equal(waking->target, 0);
	assert_true(waking->ts < HOLD_FROM + 33 * MS);
	assert_int_equal(wakeup->cpu, 0);
	assert_true(wakeup->ts >= HOLD_TO);
}

static void a_hog_is_preempted_and_comes_back(void **state)
{
	const struct row *r = find("sched_switch", RADAR, HOLD_FROM);

	(void)state;
	assert_int_equal(r->prev, BURNER);
	assert_int_equal(r->state, TASK_ST_PREEMPTED);
	assert_true(r->ts < HOLD_FROM + 33 * MS);
	r = find("sched_switch", BURNER, r->ts);
	assert_int_equal(r->prev, RADAR);
	assert_int_equal(r->state, TASK_ST_INTERRUPTIBLE);
}

static void old_kernels_shift_the_state(void **state)
{
	struct rows *rows = malloc(sizeof(*rows));
	int shifted = 0;

	(void)state;
	play("4.15", rows);
	for (size_t i = 0; i < rows->nr; i++)
		if (!strcmp(rows->row[i].event, "sched_switch") && rows->row[i].prev == CAM)
			shifted += rows->row[i].state == TASK_ST_INTERRUPTIBLE << 1;
	assert_true(shifted > 30);
	free(rows);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_cpu_has_one_task_at_a_time),
		cmocka_unit_test(a_frozen_cpu_records_nothing_but_the_isolate_event),
		cmocka_unit_test(a_late_timer_fires_after_the_thaw_in_hardirq_context),
		cmocka_unit_test(the_rhythm_goes_on_where_it_was),
		cmocka_unit_test(a_wakeup_sent_to_a_frozen_cpu_waits),
		cmocka_unit_test(a_hog_is_preempted_and_comes_back),
		cmocka_unit_test(old_kernels_shift_the_state),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
