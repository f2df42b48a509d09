// SPDX-License-Identifier: LGPL-2.1-or-later
/* test_owner.c - which ended tasks left objects behind, and what shows it? */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "leak_lab.h"

/* The objects of a fork by pid 100: task_struct first, another of the same function, then its number. */
static void fork_objects(uint64_t ts, enum function f, uint64_t ptr)
{
	leak_push(by_pid(slab_alloc(ts, f, ptr, 8192), 100));
	leak_push(by_pid(slab_alloc(ts + 1, f, ptr + 8192, 1152), 100));
	leak_push(by_pid(slab_alloc(ts + 2, F_ALLOC_PID, ptr + 12288, 128), 100));
}

/* With the event that names the child. */
static void fork_task(uint64_t ts, int32_t child, uint64_t ptr)
{
	struct event ev = any_event(EVENT_SCHED_FORK, 0, ts + 3, 100);

	fork_objects(ts, F_COPY_PROCESS, ptr);
	ev.fork = (struct ev_fork){ .parent_pid = 100, .child_pid = child };
	leak_push(ev);
}

static void end_task(uint64_t ts, int32_t pid, uint64_t ptr, bool put)
{
	struct event ev = any_event(EVENT_SCHED_FREE, 0, ts, 0);

	ev.exit.pid = pid;
	leak_push(slab_free(ts, ptr + 8192));
	leak_push(ev);
	if (put)
		leak_push(slab_free(ts + US, ptr));
}

static void task_structs_of_tasks_that_are_gone_are_a_leak(void **state)
{
	const struct leak_site *s;

	(void)state;
	for (int i = 0; i < 40; i++) {
		uint64_t ts = SEC + (uint64_t)i * 200 * MS, ptr = PTR + (uint64_t)i * 16384;

		fork_task(ts, 200 + i, ptr);
		end_task(ts + 100 * MS, 200 + i, ptr, i % 4);
	}
	s = leak_site(leak_end(), "copy_process");
	assert_int_equal(s->pattern, LEAK_OUTLIVED_OWNER);
	assert_int_equal(s->verdict, LEAK_LEAK);
	assert_true(s->outlived >= 8);
}

static void task_structs_of_living_tasks_are_none(void **state)
{
	const struct leak_site *s;

	(void)state;
	for (int i = 0; i < 40; i++) {
		uint64_t ts = SEC + (uint64_t)i * 200 * MS, ptr = PTR + (uint64_t)i * 16384;

		fork_task(ts, 200 + i, ptr);
		if (i % 4)
			end_task(ts + 100 * MS, 200 + i, ptr, true);
	}
	s = leak_site(leak_end(), "copy_process");
	assert_int_equal(s->outlived, 0);
	assert_int_equal(s->pattern, LEAK_NO_PATTERN);
	assert_true(s->verdict < LEAK_SUSPECT);
}

/* 40 children live for 100 ms each. The task_struct of every fourth stays. Only kmem events show it. */
static const struct leak_site *forks_without_sched(enum function f, uint64_t late, uint64_t place)
{
	for (int i = 0; i < 40; i++) {
		uint64_t ts = SEC + (uint64_t)i * 200 * MS, ptr = PTR + (uint64_t)i * place;

		fork_objects(ts, f, ptr);
		leak_push(slab_free(ts + 100 * MS, ptr + 8192));
		if (i % 4)
			leak_push(slab_free(ts + 100 * MS + US, ptr));
		leak_push(slab_free(ts + 100 * MS + 2 * US, ptr + 12288));
		if (i % 4 == 0 && late)
			leak_push(slab_free(ts + 100 * MS + late, ptr));
	}
	return &leak_end()->sites[0];
}

static void a_task_is_gone_when_its_number_is(void **state)
{
	const struct leak_site *s;

	(void)state;
	s = forks_without_sched(F_COPY_PROCESS, 0, 16384);
	assert_string_equal(s->function, "copy_process");
	assert_int_equal(s->pattern, LEAK_OUTLIVED_OWNER);
	assert_int_equal(s->verdict, LEAK_LEAK);
	assert_int_equal(s->confidence, CONFIDENCE_HIGH);
	assert_int_equal(s->outlived, 10);
}

static void a_compiler_may_cut_copy_process_in_parts(void **state)
{
	(void)state;
	assert_int_equal(forks_without_sched(F_COPY_PROCESS_PART, 0, 16384)->outlived, 10);
}

static void task_structs_that_go_late_are_none(void **state)
{
	(void)state;
	assert_int_equal(forks_without_sched(F_COPY_PROCESS, 50 * MS, 16384)->outlived, 0);
}

/* The pid of a task outlives the task. It ends when another task gets the address of the task_struct. */
static void a_late_number_accuses_nobody_else(void **state)
{
	(void)state;
	for (int i = 0; i < 20; i++) {
		uint64_t ts = SEC + (uint64_t)i * 200 * MS, number = PTR + (uint64_t)i * 128;

		leak_push(by_pid(slab_alloc(ts, F_COPY_PROCESS, PTR - 65536, 8192), 100));
		leak_push(by_pid(slab_alloc(ts + 2, F_ALLOC_PID, number, 128), 100));
		if (i)
			leak_push(slab_free(ts + MS, number - 128));
		if (i < 19)
			leak_push(slab_free(ts + 100 * MS, PTR - 65536));
	}
	leak_push(slab_free(10 * SEC, PTR - 4096));
	assert_int_equal(leak_site(leak_end(), "copy_process")->outlived, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		LEAK_TEST(task_structs_of_tasks_that_are_gone_are_a_leak),
		LEAK_TEST(task_structs_of_living_tasks_are_none),
		LEAK_TEST(a_task_is_gone_when_its_number_is),
		LEAK_TEST(a_compiler_may_cut_copy_process_in_parts),
		LEAK_TEST(task_structs_that_go_late_are_none),
		LEAK_TEST(a_late_number_accuses_nobody_else),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
