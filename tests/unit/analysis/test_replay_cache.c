// SPDX-License-Identifier: LGPL-2.1-or-later
/* test_replay_cache.c - does the cache return exactly the events that were put into it, and know which ones it lacks? */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include <cmocka.h>

#include "analysis/analysis.h"
#include "analysis/replay_cache.h"
#include "analysis/replay_code.h"
#include "digest.h"
#include "events.h"
#include "passes/common/incidents.h"
#include "util/array.h"

#define EVERY_KIND UINT64_MAX
#define BEGIN	   (100 * SEC)
#define SAMPLE	   VMSTALL_SOURCE "/samples/sample-arm64-5.10-dmazone-stall.dat"

struct heard { struct mark { uint64_t ts, digest; bool first; } *marks; size_t nr, cap; };

static int hear(void *data, const struct event *ev)
{
	struct heard *h = data;

	h->marks = grow(h->marks, &h->cap, h->nr, sizeof(*h->marks));
	assert_non_null(h->marks);
	h->marks[h->nr++] = (struct mark){ ev->ts, event_digest(ev), ev->first };
	return 0;
}

static struct heard played(struct replay_cache *t, uint64_t from, uint64_t to)
{
	struct heard h = { 0 };

	assert_true(replay_cache_holds(t, (struct time_window){ from, to }));
	assert_int_equal(replay_cache_replay(t, (struct time_window){ from, to }, hear, &h), 0);
	return h;
}

/* Event @i of an endless stream: a switch every 10 us, from CPU to CPU. */
static struct event switch_no(uint64_t i)
{
	struct event ev = switch_event((unsigned int)(i % 4), BEGIN + i * 10 * US, (int32_t)(i * 7919 % 30000),
				       (int32_t)(i * 104729 % 30000), (int64_t)(i % 3));

	ev.prev_ns = i < 4 ? ev.ts : ev.ts - 40 * US;
	ev.offset = i * 48;
	return ev;
}

#define RECOVERY_NS UINT64_C(1500000000)	/* RULE_RECOVERY */

static struct replay_cache *new_cache(uint64_t wants)
{
	struct rules rules = rules_of(PROFILE_EMULATED);

	return replay_cache_new(&rules, wants);
}

static struct replay_cache *cache_of(uint64_t nr, uint64_t suspect)
{
	struct replay_cache *t = new_cache(EVERY_KIND);

	assert_non_null(t);
	for (uint64_t i = 0; i < nr; i++) {
		struct event ev = switch_no(i);

		replay_cache_add(t, &ev);
		if (suspect && i == suspect)
			replay_cache_keep(t, ev.ts - SEC, ev.ts);
	}
	return t;
}

/* The bytes that a decoder may fill. The bytes behind them are undefined. */
static size_t payload_of(uint16_t kind)
{
	switch (kind) {
	case EVENT_SCHED_SWITCH:
		return sizeof(struct ev_switch);
	case EVENT_KERNEL_STACK:
		return sizeof(struct ev_stack);
	case EVENT_SLAB_ALLOC:
	case EVENT_SLAB_FREE:
		return sizeof(struct ev_slab);
	default:
		return sizeof(struct ev_wakeup);
	}
}

static void an_event_of_any_kind_comes_back_as_it_was(void **unused)
{
	struct replay_code *to = calloc(1, sizeof(*to)), *from = calloc(1, sizeof(*from));
	unsigned char bytes[REPLAY_CODE_MOST];
	struct event *back;

	(void)unused;
	assert_true(to && from);
	for (unsigned int i = 0; i < 20 * EVENT_NR_KINDS; i++) {
		uint16_t kind = (uint16_t)(i % EVENT_NR_KINDS);
		struct event ev = { 0 };

		for (size_t k = 0; k < offsetof(struct event, lost) + payload_of(kind); k++)
			((unsigned char *)&ev)[k] = (unsigned char)((i * 31 + k * 17) % (i % 5 + 1) * 53);
		ev.kind = kind;
		ev.first = i % 2;
		if (ev.kind == EVENT_KERNEL_STACK)
			ev.stack.nr = EVENT_STACK_MAX;
		assert_in_range(replay_encode(to, &ev, bytes), 1, sizeof(bytes));
		replay_decode(from, bytes, &back);
		assert_int_equal(event_digest(back), event_digest(&ev));
		assert_true(back->ts == ev.ts && back->prev_ns == ev.prev_ns && back->first == ev.first);
	}
	free(to);
	free(from);
}

static void a_window_is_what_was_written_between_its_ends(void **unused)
{
	struct replay_cache *t = cache_of(1000, 0);
	struct heard h = played(t, BEGIN + 1000 * US, BEGIN + 2000 * US);

	(void)unused;
	assert_int_equal(h.nr, 101);
	for (size_t i = 0; i < h.nr; i++) {
		struct event ev = switch_no(100 + i);

		assert_int_equal(h.marks[i].digest, event_digest(&ev));
		assert_int_equal(h.marks[i].first, i < 4);	/* nothing is known before the window */
	}
	free(h.marks);
	h = played(t, 0, UINT64_MAX);
	assert_int_equal(h.nr, 1000);
	free(h.marks);
	h = played(t, BEGIN + 1000 * SEC, UINT64_MAX);
	assert_int_equal(h.nr, 0);
	free(h.marks);
	replay_cache_free(t);
}

static void of_what_nobody_wants_only_signs_of_life_are_kept(void **unused)
{
	struct replay_cache *t = new_cache(KIND(EVENT_LOST));
	struct event isolate = isolate_event(0, BEGIN + 50 * MS, 9, 100, 50);
	struct heard h;

	(void)unused;
	for (uint64_t i = 0; i < 1000; i++) {		/* 10 ms of CPU 0 */
		struct event ev = switch_event(0, BEGIN + i * 10 * US, 1, 2, 0);

		ev.prev_ns = i ? ev.ts - 10 * US : ev.ts;
		replay_cache_add(t, &ev);
	}
	h = played(t, 0, UINT64_MAX);
	assert_in_range(h.nr, 10, 12);			/* the first switch, and one a millisecond */
	free(h.marks);
	isolate.prev_ns = BEGIN + 10 * MS;		/* after a silence; and the record after it bounds a hold */
	replay_cache_add(t, &isolate);
	isolate = switch_event(0, BEGIN + 50 * MS + US, 9, 1, 0);
	isolate.prev_ns = BEGIN + 50 * MS;
	replay_cache_add(t, &isolate);
	h = played(t, BEGIN + 50 * MS, UINT64_MAX);
	assert_int_equal(h.nr, 2);
	free(h.marks);
	replay_cache_free(t);
}

/* 1,200,000 events in 12 s need far more memory than the cache may have. */
static void what_was_suspected_is_kept_whatever_comes_after(void **unused)
{
	const uint64_t suspect = 600000, at = BEGIN + suspect * 10 * US;
	struct replay_cache *t = cache_of(1200000, suspect), *unsuspected = cache_of(1200000, 0);
	uint64_t from = at - SEC, to = at + RECOVERY_NS;
	struct heard h = played(t, from, to);

	(void)unused;
	assert_int_equal(h.nr, (to - from) / (10 * US) + 1);
	for (size_t i = 0; i < h.nr; i++) {
		struct event ev = switch_no(i + (from - BEGIN) / (10 * US));

		assert_int_equal(h.marks[i].digest, event_digest(&ev));
	}
	free(h.marks);
	assert_false(replay_cache_holds(t, (struct time_window){ BEGIN, BEGIN + SEC }));
	assert_false(replay_cache_holds(t, (struct time_window){ from, BEGIN + 9 * SEC }));
	assert_false(replay_cache_holds(unsuspected, (struct time_window){ from, to }));
	h = played(unsuspected, BEGIN + 12 * SEC - 100 * MS, UINT64_MAX);
	assert_int_equal(h.nr, 10000);
	free(h.marks);
	replay_cache_free(t);
	replay_cache_free(unsuspected);
}

static void a_cache_without_a_file_holds_nothing(void **unused)
{
	struct replay_cache *t;

	(void)unused;
	setenv("TMPDIR", "/nonexistent", 1);
	t = cache_of(1200000, 600000);
	unsetenv("TMPDIR");
	assert_false(replay_cache_holds(t, (struct time_window){ BEGIN + 11 * SEC, UINT64_MAX }));
	assert_false(replay_cache_holds(NULL, (struct time_window){ 0, UINT64_MAX }));
	replay_cache_keep(NULL, 0, 1);
	replay_cache_free(t);
}

static void a_full_disk_is_no_end(void **unused)
{
	struct rlimit old, little = { .rlim_cur = 100000, .rlim_max = RLIM_INFINITY };
	struct replay_cache *t;

	(void)unused;
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	little.rlim_max = old.rlim_max;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &little), 0);
	t = cache_of(1200000, 600000);
	assert_false(replay_cache_holds(t, (struct time_window){ BEGIN + 5 * SEC, BEGIN + 6 * SEC }));
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
	replay_cache_free(t);
}

/* Put all of @rec into a cache. Each window from the cache must equal the recording's own replay. */
static void assert_windows_same(struct recording *rec, struct replay_cache *t, uint64_t first, uint64_t span)
{
	size_t total = 0;

	for (uint64_t i = 0; i < 10; i++) {
		struct time_window w = { first + span / 10 * i, first + span / 10 * (i + 2) };
		struct heard read = { 0 }, h = played(t, w.from, w.to);

		assert_int_equal(recording_replay(rec, &w, 1, EVERY_KIND, hear, &read), 0);
		assert_int_equal(h.nr, read.nr);
		total += h.nr;
		for (size_t k = 0; k < h.nr; k++)
			assert_true(h.marks[k].ts == read.marks[k].ts && h.marks[k].digest == read.marks[k].digest &&
				    h.marks[k].first == read.marks[k].first);
		free(h.marks);
		free(read.marks);
	}
	assert_true(total > 100000);	/* of 96,245, each in two windows */
}

static int to_cache(void *data, const struct event *ev)
{
	replay_cache_add(data, ev);
	return 0;
}

static void the_cache_of_a_recording_is_the_recording(void **unused)
{
	struct recording_options opts = { .plugin_dir = "plugins", .leave_streams = true };
	struct replay_cache *t = new_cache(EVERY_KIND);
	struct recording *rec = NULL;
	struct report r = { 0 };
	char *why = NULL;

	(void)unused;
	replay_cache_keep(t, 0, UINT64_MAX);
	assert_int_equal(recording_open(SAMPLE, &opts, &rec, &why), 0);
	assert_int_equal(recording_replay(rec, NULL, 0, EVERY_KIND, to_cache, t), 0);
	assert_int_equal(recording_facts(rec, &r), 0);
	assert_windows_same(rec, t, r.facts.first_ns, r.facts.last_ns - r.facts.first_ns);
	report_clear(&r);
	recording_close(rec);
	replay_cache_free(t);
}

static void analyze(bool read_again, struct report *ret)
{
	struct recording_options ropts = { .plugin_dir = "plugins", .leave_streams = true };
	struct analysis_options aopts = { .min_stall_ns = MS, .to_ns = UINT64_MAX, .read_again = read_again };
	char *why = NULL;

	assert_int_equal(analyze_recording(SAMPLE, &ropts, &aopts, ret, &why), 0);
}

static void what_is_kept_gives_the_answer_that_reading_again_does(void **unused)
{
	struct report kept = { 0 }, again = { 0 };

	(void)unused;
	analyze(false, &kept);
	analyze(true, &again);
	assert_true(kept.nr_stalls && kept.nr_victims);
	assert_int_equal(kept.nr_stalls, again.nr_stalls);
	assert_int_equal(kept.nr_victims, again.nr_victims);
	for (size_t i = 0; i < kept.nr_stalls; i++) {
		const struct stall *a = &kept.stalls[i], *b = &again.stalls[i];

		assert_memory_equal(&a->at, &b->at, sizeof(a->at));
		assert_true(a->confidence == b->confidence && a->nr_trigger == b->nr_trigger && a->nr_users == b->nr_users);
		assert_true(a->frozen_task_ns == b->frozen_task_ns && a->cpus_frozen.v == b->cpus_frozen.v);
	}
	for (size_t i = 0; i < kept.nr_victims; i++) {
		const struct victim *a = &kept.victims[i], *b = &again.victims[i];

		assert_true(a->pid == b->pid && a->kind == b->kind && a->from == b->from && a->to == b->to);
		assert_int_equal(a->confidence, b->confidence);
	}
	report_clear(&kept);
	report_clear(&again);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_event_of_any_kind_comes_back_as_it_was),
		cmocka_unit_test(a_window_is_what_was_written_between_its_ends),
		cmocka_unit_test(of_what_nobody_wants_only_signs_of_life_are_kept),
		cmocka_unit_test(what_was_suspected_is_kept_whatever_comes_after),
		cmocka_unit_test(a_cache_without_a_file_holds_nothing),
		cmocka_unit_test(a_full_disk_is_no_end),
		cmocka_unit_test(the_cache_of_a_recording_is_the_recording),
		cmocka_unit_test(what_is_kept_gives_the_answer_that_reading_again_does),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
