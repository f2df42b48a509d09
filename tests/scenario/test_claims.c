// SPDX-License-Identifier: LGPL-2.1-or-later
/* test_claims.c - does the report claim no more, and deny no more, than the recording shows? */
#include <stdlib.h>

#include "ask.h"
#include "export/text/text.h"
#include "export/writers.h"
#include "small.h"
#include "story.h"

enum { TASK_1 = 5972, CULPRIT = 3211 };

static void the_window_is_told_in_every_form(void **state)
{
	struct scene *s = small_scene("6.1");
	struct report *r;
	char *text;

	(void)state;
	small_stall(s, 1);
	r = analyse_with(s, &(struct analysis_options){ .min_stall_ns = 10 * MS, .from_ns = 101 * SEC, .to_ns = 104 * SEC });
	text = written(r, write_text);
	assert_says(text, "Only stalls that touch 101.000000 .. 104.000000 were asked for");
	free(text);
	text = written(r, stalls_csv_writer.write);
	assert_says(text, ",101000000000,104000000000\r\n");
	free(text);
	text = written(r, json_writer.write);
	assert_says(text, "\"window\":{\"from_ns\":101000000000,\"to_ns\":104000000000}");
	free(text);
	done(r);
}

/* The culprit's name is in the saved cmdlines only. */
static struct report *hold_without_switches(void)
{
	struct scene *s = small_scene("6.8");
	const struct isolate scan = { .lru = LRU_ACTIVE_FILE, .requested = 1, .scanned = 156946361, .skipped = 156946360, .taken = 1 };

	scene_comm(s, CULPRIT, "kswapd0");
	story_isolate(s, (struct scene_at){ .cpu = 1, .ts = BEGIN, .pid = CULPRIT }, (struct isolate){ .requested = 32, .scanned = 32, .taken = 32 });
	story_isolate(s, (struct scene_at){ .cpu = 1, .ts = BEGIN + 26 * SEC, .pid = CULPRIT }, scan);
	story_isolate(s, (struct scene_at){ .cpu = 1, .ts = BEGIN + 27 * SEC, .pid = CULPRIT }, (struct isolate){ .requested = 32, .scanned = 32, .taken = 32 });
	return analyse(s);
}

static void without_switches_it_is_unknown_who_froze(void **state)
{
	struct report *r = hold_without_switches();
	const struct stall *st = only_stall(r, CAUSE_LRU_LOCK_HOLD);
	char *text = written(r, write_text);

	(void)state;
	assert_string_equal(st->cause_comm, "kswapd0");
	assert_false(stall_tasks(st).is);
	assert_says(text, "unknown which tasks froze");
	assert_null(strstr(text, "0 tasks"));
	free(text);
	text = written(r, stalls_csv_writer.write);
	assert_says(text, ",1,4,,,");	/* cpus_frozen, cpus_total, and two empty fields */
	free(text);
	text = written(r, json_writer.write);
	assert_says(text, "\"tasks_frozen\":null,\"frozen_task_ns\":null");
	free(text);
	done(r);
}

/* The look-alike: switches were recorded, and nobody was harmed. */
static void with_switches_nobody_frozen_is_a_finding(void **state)
{
	struct scene *s = small_scene("6.1");
	struct report *r;

	(void)state;
	small_stall(s, 1);
	r = analyse(s);
	assert_true(stall_tasks(only_stall(r, CAUSE_LRU_LOCK_HOLD)).v > 0);
	done(r);
}

static void reclaim_part(struct scene *s, uint64_t *at, uint64_t ns)
{
	story_reclaim_begin(s, (struct scene_at){ .cpu = 1, .ts = *at, .pid = TASK_1 }, "direct", 4, 0);
	story_reclaim_end(s, (struct scene_at){ .cpu = 1, .ts = *at + ns, .pid = TASK_1 }, "direct", 10);
	*at += ns + US;
}

static void compaction_part(struct scene *s, uint64_t *at, uint64_t ns)
{
	scene_event(s, ((struct scene_at){ .cpu = 1, .ts = *at, .pid = TASK_1 }), "compaction:mm_compaction_begin");
	scene_event(s, ((struct scene_at){ .cpu = 1, .ts = *at + ns, .pid = TASK_1 }), "compaction:mm_compaction_end");
	*at += ns + US;
}

static struct scene *one_allocation(int parts)
{
	struct scene *s = small_scene("6.1");
	uint64_t at = BEGIN;

	scene_enable(s, "vmscan");
	for (int i = 0; i < parts; i++) {
		compaction_part(s, &at, 600 * US);
		reclaim_part(s, &at, 500 * US);
	}
	return s;
}

static void a_headline_does_not_deny_what_lay_below_the_limit(void **state)
{
	struct report *r = analyse(one_allocation(16));
	char *text = written(r, write_text);

	(void)state;
	assert_int_equal(r->nr_stalls, 0);
	assert_says(text, "No stall (of one task alone: 100 ms or more) in");
	assert_says(text, "Below that limit: a task (pid 5972) spent 17.600 ms");
	assert_says(text, "memory compaction (9.600 ms");
	assert_says(text, "reclaim (8.000 ms");
	free(text);
	done(r);
}

static void what_is_shorter_than_any_stall_is_not_worth_a_word(void **state)
{
	struct report *r = analyse(one_allocation(4));
	char *text = written(r, write_text);

	(void)state;
	assert_null(strstr(text, "Below"));
	assert_null(strstr(text, "one task alone"));
	free(text);
	done(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_window_is_told_in_every_form),
		cmocka_unit_test(without_switches_it_is_unknown_who_froze),
		cmocka_unit_test(with_switches_nobody_frozen_is_a_finding),
		cmocka_unit_test(a_headline_does_not_deny_what_lay_below_the_limit),
		cmocka_unit_test(what_is_shorter_than_any_stall_is_not_worth_a_word),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
