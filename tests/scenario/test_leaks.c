// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * test_leaks.c - a driver with every leak of the field reports, recorded by every kernel: is each found, with its pattern,
 * counted, and told in every output?
 */
#include <stdio.h>
#include <stdlib.h>

#include "analysis/coverage.h"
#include "analysis/passes.h"
#include "ask.h"
#include "export/text/text.h"
#include "export/writers.h"
#include "model/leaks.h"
#include "model/writer.h"
#include "small.h"
#include "vmstall/event.h"

enum { DAEMON = 272, SHELL = 300, ROUNDS = 1000, EACH_NTH = 20, LEFT = ROUNDS / EACH_NTH };

#define HEAP	     UINT64_C(0xffff888100000000)
#define BUSY	     UINT64_C(0xffffffffc0537000)
#define RARE	     UINT64_C(0xffffffffc0538000)
#define COPY_PROCESS UINT64_C(0xffffffff81090000)
#define ALLOC_PID    UINT64_C(0xffffffff810a0000)

static const char symbols[] =
	"ffffffff81090000 t copy_process.part.0\n"
	"ffffffff810a0000 T alloc_pid\n"
	"ffffffff810b0000 T do_exit\n"
	"ffffffffc0537000 t ipmi_busy\t[ipmi]\n"
	"ffffffffc0538000 t ipmi_alloc_msg\t[ipmi]\n"
	"ffffffffc0539000 t ipmi_exit\t[ipmi]\n";

static const char *const kernels[] = { "4.15", "5.4", "5.10", "5.15", "6.1", "6.8", "6.12", "6.18" };
enum { NR_KERNELS = sizeof(kernels) / sizeof(kernels[0]) };

/* The same request is another number on 4.15. */
struct flags { uint64_t kernel, atomic; };

static struct flags flags_of(const char *kernel)
{
	return strcmp(kernel, "4.15") ? (struct flags){ 0xcc0, 0xa20 } : (struct flags){ 0x14000c0, 0x1080020 };
}

static struct scene_at by(int32_t pid, uint64_t ts)
{
	return (struct scene_at){ .ts = ts, .cpu = 1, .pid = pid };
}

static void take(struct scene *s, struct scene_at at, uint64_t site, uint64_t ptr, uint64_t bytes, uint64_t gfp)
{
	scene_event(s, at, "kmem:kmalloc", INT("call_site", site + 0x20), INT("ptr", ptr), INT("bytes_req", bytes),
		INT("bytes_alloc", bytes), INT("gfp_flags", gfp));
}

static void give(struct scene *s, struct scene_at at, uint64_t ptr)
{
	scene_event(s, at, "kmem:kfree", INT("call_site", BUSY), INT("ptr", ptr));
}

static void take_pages(struct scene *s, struct scene_at at, uint64_t pfn, uint64_t order, uint64_t gfp)
{
	scene_event(s, at, "kmem:mm_page_alloc", INT("pfn", pfn), INT("order", order), INT("gfp_flags", gfp));
}

static void give_pages(struct scene *s, struct scene_at at, uint64_t pfn, uint64_t order)
{
	scene_event(s, at, "kmem:mm_page_free", INT("pfn", pfn), INT("order", order));
}

/* Report C: ipmi_busy frees its 512 bytes ten times a round, ipmi_alloc_msg forgets one in EACH_NTH. */
static void hidden(struct scene *s, uint64_t i, uint64_t ts, uint64_t gfp)
{
	for (uint64_t k = 0; k < 10; k++) {
		take(s, by(DAEMON, ts + 2 * k * US), BUSY, HEAP, 512, gfp);
		give(s, by(DAEMON, ts + 2 * k * US + US), HEAP);
	}
	take(s, by(DAEMON, ts + 30 * US), RARE, HEAP + 4096 + i * 512, 512, gfp);
	if (i % EACH_NTH)
		give(s, by(DAEMON, ts + 40 * US), HEAP + 4096 + i * 512);
}

/* Report A: one block in EACH_NTH lies too high, is asked for again below, and forgotten. */
static void retry(struct scene *s, uint64_t i, uint64_t ts, uint64_t gfp)
{
	take_pages(s, by(DAEMON, ts + 50 * US), 0x200000 + i * 4, 2, gfp);
	if (i % EACH_NTH) {
		give_pages(s, by(DAEMON, ts + 60 * US), 0x200000 + i * 4, 2);
		return;
	}
	take_pages(s, by(DAEMON, ts + 55 * US), 0x8000, 2, gfp | 4);
	give_pages(s, by(DAEMON, ts + 60 * US), 0x8000, 2);
}

/* Report B: a receive ring recycles its pages, and loses one in EACH_NTH; whoever runs is interrupted. */
static void ring(struct scene *s, uint64_t i, uint64_t ts, uint64_t gfp)
{
	struct scene_at at = by((int32_t)(1000 + i), ts + 70 * US);

	at.flags = EVENT_FL_SOFTIRQ;
	take_pages(s, at, 0x300000 + i, 0, gfp);
	at.ts += 10 * US;
	if (i % EACH_NTH)
		give_pages(s, at, 0x300000 + i, 0);
}

/* Report C: of every child one thing stays, its task_struct, once in EACH_NTH. */
static void children(struct scene *s, uint64_t i, uint64_t ts, uint64_t gfp)
{
	uint64_t task = HEAP + (UINT64_C(1) << 30) + i * 16384;

	take(s, by(SHELL, ts + 100 * US), COPY_PROCESS, task, 8192, gfp);
	take(s, by(SHELL, ts + 101 * US), ALLOC_PID, task + 8192, 128, gfp);
	give(s, by(0, ts + 5 * MS), task + 8192);
	if (i % EACH_NTH)
		give(s, by(0, ts + 5 * MS + US), task);
}

static struct report *leaks_of(const char *kernel, bool any)
{
	struct scene *s = scene_new(&(struct scene_options){ .kernel = kernel, .nr_cpus = 2, .kallsyms = symbols });
	struct flags gfp = flags_of(kernel);
	struct report *r;

	scene_comm(s, DAEMON, "ipmid");
	scene_comm(s, SHELL, "=sh\033[2J");
	for (uint64_t i = 0; i < ROUNDS; i++) {
		uint64_t which = any ? i : 1, ts = BEGIN + i * 10 * MS;

		hidden(s, which, ts, gfp.kernel);
		retry(s, which, ts, gfp.kernel);
		ring(s, which, ts, gfp.atomic);
		children(s, which, ts, gfp.kernel);
	}
	r = analyse_with(s, &(struct analysis_options){ .to_ns = UINT64_MAX, .passes = leak_passes, .questions = leak_questions });
	assert_non_null(r->leaks);
	return r;
}

static const struct leak_site *pattern(const struct report *r, enum leak_pattern pattern)
{
	const struct leak_site *found = NULL;

	for (size_t i = 0; i < r->leaks->nr_sites; i++)
		if (r->leaks->sites[i].pattern == pattern) {
			assert_null(found);
			found = &r->leaks->sites[i];
		}
	assert_non_null(found);
	assert_int_equal(found->verdict, LEAK_LEAK);
	return found;
}

static void each_leak_is_found_on_every_kernel(void **state)
{
	(void)state;
	for (size_t k = 0; k < NR_KERNELS; k++) {
		struct report *r = leaks_of(kernels[k], true);
		const struct leak_site *s = pattern(r, LEAK_HIDDEN);

		assert_string_equal(s->function, "ipmi_alloc_msg");
		assert_int_equal(s->live, LEFT);
		assert_int_equal(s->live_bytes, LEFT * 512);
		assert_int_equal(s->confidence, CONFIDENCE_HIGH);
		assert_string_equal(s->tasks[0].comm, "ipmid");
		s = pattern(r, LEAK_RETRY);
		assert_int_equal(s->live, LEFT);
		assert_int_equal(s->live_bytes, LEFT * 16384);
		s = pattern(r, LEAK_SOFTIRQ_PAGES);
		assert_int_equal(s->live, LEFT);
		assert_true(s->nr_tasks == 1 && s->tasks[0].pid < 0);
		s = pattern(r, LEAK_OUTLIVED_OWNER);
		assert_string_equal(s->function, "copy_process.part.0");
		assert_true(s->outlived >= LEFT - 3);	/* the youngest orphans are too young */
		for (size_t i = 4; i < r->leaks->nr_sites; i++)
			assert_true(r->leaks->sites[i].verdict < LEAK_SUSPECT);
		done(r);
	}
}

static void without_a_leak_nobody_is_accused_on_any_kernel(void **state)
{
	(void)state;
	for (size_t k = 0; k < NR_KERNELS; k++) {
		struct report *r = leaks_of(kernels[k], false);

		for (size_t i = 0; i < r->leaks->nr_sites; i++)
			assert_true(r->leaks->sites[i].verdict < LEAK_SUSPECT);
		done(r);
	}
}

/* Each pattern, the daily interval and the hostile name, defused, are in every output. */
static void every_output_tells_them(void **state)
{
	struct report *r = leaks_of("6.1", true);
	char *text = written(r, write_leaks_text), *csv = written(r, leak_writers[0]->write),
	     *layers = written(r, leak_writers[1]->write), *json = written(r, leak_writers[2]->write);
	const char *const outputs[] = { text, csv, json };

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		assert_non_null(strstr(outputs[i], "hidden"));
		assert_non_null(strstr(outputs[i], "retry"));
		assert_non_null(strstr(outputs[i], "softirq_pages"));
		assert_non_null(strstr(outputs[i], "outlived_owner"));
		assert_non_null(strstr(outputs[i], "ipmi_alloc_msg"));
		assert_null(strchr(outputs[i], '\033'));
	}
	assert_non_null(strstr(text, " a day ("));
	assert_non_null(strstr(csv, "bytes_per_day_low,bytes_per_day_high"));
	assert_non_null(strstr(csv, ",'=sh[2J,"));
	assert_non_null(strstr(json, "\"bytes_per_day_low\":"));
	assert_non_null(strstr(layers, ",direct pages,"));
	free(text);
	free(csv);
	free(layers);
	free(json);
	done(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_leak_is_found_on_every_kernel),
		cmocka_unit_test(without_a_leak_nobody_is_accused_on_any_kernel),
		cmocka_unit_test(every_output_tells_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
