// SPDX-License-Identifier: LGPL-2.1-or-later
/* test_report.c - is the report on the terminal complete, does it fit, and can it not harm the terminal? */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include <cmocka.h>

#include "export/text/text.h"
#include "sample_report.h"
#include "written.h"

static unsigned int columns(const char *line, size_t n)
{
	wchar_t wide[512];
	char copy[1024];
	size_t count;

	assert_true(n < sizeof(copy));
	memcpy(copy, line, n);
	copy[n] = '\0';
	count = mbstowcs(wide, copy, 511);
	assert_true(count != (size_t)-1);
	return (unsigned int)wcswidth(wide, count);
}

static void assert_fits(const char *s, unsigned int width)
{
	while (*s) {
		size_t n = strcspn(s, "\n");

		if (columns(s, n) > width)
			fail_msg("wider than %u: %.*s", width, (int)n, s);
		s += n + (s[n] == '\n');
	}
}

static void sample_any(struct report *r, int which)
{
	static void (*const samples[])(
		struct report * r) = { sample_founding, sample_healthy, sample_hostile, sample_counter };

	if (which < 4)
		samples[which](r);
	else
		sample_many(r, which == 4 ? 8 : 60);
	if (which == 2) {	/* wide characters, and a word longer than any line */
		strcpy(r->victims[0].comm, "\xe7\x8c\xab\xe7\x8c\xab\xe7\x8c\xab");
		free(r->facts.path);
		r->facts.path = calloc(1, 600);
		memset(r->facts.path, 'x', 500);
	}
}

static void no_line_is_wider_than_the_terminal(void **unused)
{
	(void)unused;
	for (int which = 0; which < 6; which++) {
		struct report r = { 0 };

		sample_any(&r, which);
		for (unsigned int width = 40; width <= 200; width++) {
			struct writer_options opts = { .width = width, .unicode = true };
			char *s = text_of(&r, width, width % 2 ? 0 : 1), *info = written(write_info, &r, &opts);

			assert_fits(s, width);
			assert_fits(info, width);
			free(s);
			free(info);
		}
		report_clear(&r);
	}
}

static void names_cannot_act_on_the_terminal(void **unused)
{
	struct report r = { 0 };
	struct writer_options plain = { .width = 100 };

	(void)unused;
	sample_hostile(&r);
	for (int i = 0; i < 4; i++) {
		char *s;

		plain.unicode = i % 2;
		s = written(i < 2 ? write_text : write_info, &r, &plain);
		for (const unsigned char *c = (unsigned char *)s; *c; c++)
			assert_true(*c == '\n' || (*c >= 0x20 && *c != 0x7f && (plain.unicode || *c < 0x80)));
		assert_null(strstr(s, "\xe2\x80\xae"));
		assert_non_null(strstr(s, "?[2J?]0;x?"));
		free(s);
	}
	report_clear(&r);
}

/* Colour only adds escapes. */
static void without_its_escapes_the_coloured_report_is_the_plain_one(void **unused)
{
	struct writer_options opts = { .width = 90, .color = true, .unicode = true, .min_stall_ns = 10000000 };
	struct report r = { 0 };
	char *plain, *color, *to;

	(void)unused;
	sample_founding(&r);
	plain = text_of(&r, 90, 0);
	assert_null(strchr(plain, '\033'));
	color = to = written(write_text, &r, &opts);
	assert_non_null(strstr(color, "\033[1;31m"));
	for (const char *c = color; *c;) {
		if (*c == '\033')
			c += strcspn(c, "m") + 1;
		else
			*to++ = *c++;
	}
	*to = '\0';
	assert_string_equal(color, plain);
	free(color);
	free(plain);
	report_clear(&r);
}

/* Join the lines, because line breaks depend on the width. */
static char *flat(const char *s)
{
	char *all = calloc(1, strlen(s) + 1), *to = all;

	for (; *s; s++)
		if ((*s != ' ' && *s != '\n') || (to > all && to[-1] != ' '))
			*to++ = *s == '\n' ? ' ' : *s;
	return all;
}

static void assert_says(const char *text, const char *words)
{
	char *all = flat(text);

	if (!strstr(all, words))
		fail_msg("\"%s\" is not said in:\n%s", words, text);
	free(all);
}

static void the_verdict_comes_first_and_says_it_all(void **unused)
{
	struct report r = { 0 };
	char *s;

	(void)unused;
	sample_founding(&r);
	s = text_of(&r, 120, -1);
	assert_begins(s, "1 stall of 10 ms or more in drive-0815/trace.dat\n");
	assert_says(s, "860 ms at 5144.543000: kswapd0 (pid 128) on CPU 5 held lru_lock in one mm_vmscan_lru_isolate");
	assert_says(s, "9,911,718 pages for classzone DMA and skipped 9,911,686");
	assert_says(s, "15 tasks and all 12 CPUs froze");
	assert_says(s, " Why ");
	assert_says(s, " What to do ");
	assert_says(s, "vm.lowmem_reserve_ratio=\"30 30 30 0\"");
	assert_null(strstr(s, "Evidence"));	/* --quiet prints no more than that */
	free(s);
	report_clear(&r);
}

static void the_report_tells_what_the_verdict_rests_on(void **unused)
{
	struct report r = { 0 };
	char *s;

	(void)unused;
	sample_founding(&r);
	s = text_of(&r, 120, 0);
	assert_says(s, "Start 5144.543000 (5144.542995 .. 5144.543100), by the CPU's event before it");
	assert_says(s, "Length 860.030 ms (859.900 ms .. 860.070 ms), inferred");
	assert_says(s, "skipped 9,911,686 (99.9996 %)");
	assert_says(s, "timer-late (10)");
	assert_says(s, "25 x 33.3 ms missed");
	assert_says(s, "for lidar_pub");
	assert_says(s, "and 2 more: -v, or --victims FILE");
	assert_says(
		s, "camera_drv (pid 311) on CPU 2: mm_vmscan_wakeup_kswapd, order 0, zone DMA, GFP_DMA|__GFP_NOWARN");
	assert_says(s, "11 other CPUs fell silent one after the other");
	assert_says(s, "file offset 9437184");
	assert_says(s, "would have taken about 2.8 ms");
	assert_says(s, "not analysed: who takes the low zone's pages; missing: kmem:mm_page_alloc");
	assert_says(s, "trace-cmd record -C mono -e sched -e vmscan -e kmem:mm_page_alloc -e kmem:mm_page_free ");
	assert_says(s, "CPU 3: 130 events lost, 1 loss of unknown size, overrun 130");
	free(s);
	s = text_of(&r, 120, 1);
	assert_says(s, "cam_right");
	assert_null(strstr(s, "more: -v"));
	free(s);
	report_clear(&r);
}

static size_t count(const char *s, const char *what)
{
	size_t n = 0;

	for (; (s = strstr(s, what)); s += strlen(what))
		n++;
	return n;
}

static void every_cause_has_its_sentence(void **unused)
{
	static const char *const sentences[NR_CAUSES] = {
		[CAUSE_LRU_LOCK_HOLD] = "held lru_lock in 3 scans in a row, the worst an mm_vmscan_lru_isolate",
		[CAUSE_DIRECT_RECLAIM] = "had to reclaim memory itself (direct reclaim), 3 times back to back",
		[CAUSE_MEMCG_RECLAIM] = "had to reclaim memory of its own cgroup",
		[CAUSE_SHRINK_SLAB] = "was in a slab shrinker",
		[CAUSE_COMPACTION] = "had to wait for memory compaction",
		[CAUSE_THROTTLE] = "was put to sleep by reclaim",
		[CAUSE_WRITEBACK] = "waited in reclaim for pages under writeback",
		[CAUSE_UNEXPLAINED] = ": silence that no recorded reclaim event accounts for",
	};

	(void)unused;
	for (int cause = 0; cause < NR_CAUSES; cause++) {
		struct report r = { 0 };
		char *s;

		sample_founding(&r);
		r.stalls[0].cause = (enum cause)cause;
		r.stalls[0].parts = 3;
		s = text_of(&r, 120, -1);
		assert_says(s, sentences[cause]);
		free(s);
		report_clear(&r);
	}
}

static void what_is_not_sure_is_not_said_for_sure(void **unused)
{
	struct report r = { 0 };
	struct stall *stall;
	char *s;

	(void)unused;
	sample_founding(&r);
	stall = &r.stalls[0];
	stall->confidence = CONFIDENCE_LOW;
	stall->at.evidence = EVIDENCE_BOUNDED;
	stall->cause_pid = stall->cpus_total = UNKNOWN;
	stall->cpus_frozen = KNOWN(3);
	stall->lost_in_window = UINT64_MAX;
	s = text_of(&r, 120, 0);
	assert_says(s, "#1 about 860 ms at 5144.543000: perhaps a task on CPU 5 held");
	assert_says(s, "15 tasks and 3 CPUs froze. [low confidence, inferred]");
	assert_says(s, "Events were lost within the stall, an unknown number.");
	free(s);
	stall->lost_in_window = 7;
	stall->cpus_frozen = UNKNOWN;
	stall->nr_skipped = UNKNOWN;
	s = text_of(&r, 120, 0);
	assert_says(s, "that scanned 9,911,718 pages for classzone DMA.");
	assert_says(s, "15 tasks froze.");
	assert_says(s, "skipped unknown, taken 32");
	assert_says(s, "7 events lost within the stall.");
	free(s);
	report_clear(&r);
}

/* One cause with two diagnoses: the remedy is printed once. */
static void the_same_remedy_is_not_repeated(void **unused)
{
	struct report r = { 0 };
	char *s;

	(void)unused;
	sample_many(&r, 3);
	for (size_t i = 0; i < 3; i++)
		r.stalls[i].diagnosis = i ? DIAGNOSIS_ZONE_MISMATCH : DIAGNOSIS_LIST_EXHAUSTED;
	s = text_of(&r, 120, 0);
	assert_says(s, "Why #2, #3: The reclaim wanted");
	assert_says(s, "What to do as for #1");
	assert_int_equal(count(s, "6.14 or later"), 2);	/* in full once for each diagnosis, for three stalls */
	assert_says(s, "zone_mismatch. What can be done: see above.");
	free(s);
	report_clear(&r);
}

static void the_timeline_shows_each_cpu_and_the_hold(void **unused)
{
	struct report r = { 0 };
	char *s, *row;

	(void)unused;
	sample_founding(&r);
	s = text_of(&r, 100, 0);
	row = strstr(s, "\n  CPU 5   .");
	assert_non_null(row);
	assert_non_null(strstr(row, "##########"));
	assert_true(strstr(row, "kswapd0") < strchr(row + 1, '\n'));
	assert_non_null(strstr(s, "\n  CPU 11  _"));
	assert_says(s, ". running, _ idle, # holding lru_lock, = waiting for a lock, x frozen");
	free(s);
	report_clear(&r);
}

static void a_healthy_recording_is_one_line_with_what_was_checked(void **unused)
{
	struct report r = { 0 };
	char *s;

	(void)unused;
	sample_healthy(&r);
	s = text_of(&r, 120, -1);
	assert_string_equal(s,
		"No stall of 10 ms or more in healthy.dat: 60.500 s on 12 CPUs, 2,612,334 events, 27,678 isolate "
		"events, the longest\n  lru_lock hold 15.0 ms.\n");
	free(s);
	report_clear(&r);
}

static void nothing_found_is_not_healthy_when_not_all_could_be_looked_at(void **unused)
{
	struct report r = { 0 };
	char *s;

	(void)unused;
	sample_healthy(&r);
	r.coverage[1].possible = false;
	r.coverage[1].missing = strdup("sched:sched_switch");
	s = text_of(&r, 200, 0);
	assert_begins(s, "No stall");
	assert_says(s, "Not everything could be checked");
	assert_says(s, "missing: sched:sched_switch");
	free(s);
	report_clear(&r);
}

static void nothing_found_is_no_answer_when_nothing_could_be_found(void **unused)
{
	struct report r = { 0 };
	char *s;

	(void)unused;
	sample_blind(&r);
	s = text_of(&r, 120, -1);
	assert_string_equal(s, "Cannot tell whether anything stalled in blind.dat: not recorded: vmscan:mm_vmscan_lru_isolate.\n");
	free(s);
	free(r.coverage[0].missing);
	r.coverage[0].missing = NULL;
	r.coverage[0].unknown = strdup("vmscan:mm_vmscan_lru_isolate");
	s = text_of(&r, 200, 0);
	assert_begins(s, "Cannot tell whether anything stalled in blind.dat: not known whether recorded: vmscan:mm_vmscan_lru_isolate.");
	assert_says(s, "isolate events; not known whether recorded: vmscan:mm_vmscan_lru_isolate");
	free(s);
	report_clear(&r);
}

static void of_a_recording_without_an_event_nothing_is_said(void **unused)
{
	struct report r = { 0 };
	char *s;

	(void)unused;
	sample_healthy(&r);
	r.facts.events = r.isolate_events = 0;
	s = text_of(&r, 120, -1);
	assert_string_equal(s, "Cannot tell whether anything stalled in healthy.dat: no event is in it.\n");
	free(s);
	report_clear(&r);
}

static void a_clock_that_is_no_time_is_refused_with_the_reason(void **unused)
{
	struct report r = { 0 };
	char *s;

	(void)unused;
	sample_counter(&r);
	s = text_of(&r, 120, 0);
	assert_begins(s, "Not analysed: counter.dat was recorded with the clock \"counter\"");
	assert_says(s, "trace-cmd record -C mono");
	assert_null(strstr(s, "No stall"));
	free(s);
	report_clear(&r);
}

static void many_stalls_are_a_table_and_the_longest_five_in_full(void **unused)
{
	struct report r = { 0 };
	char *s;

	(void)unused;
	sample_many(&r, 60);
	s = text_of(&r, 100, 0);
	assert_begins(s, "60 stalls of 10 ms or more in many.dat\n");
	assert_int_equal(count(s, "-- Stall "), 5);
	assert_int_equal(count(s, ": 400 ms, "), 2);
	assert_says(s, "These are the longest 20; 40 more: -v, or --csv FILE.");
	assert_says(s, "The longest 5 of 60 stalls are told in full");
	free(s);
	s = text_of(&r, 100, 1);
	assert_int_equal(count(s, "-- Stall "), 60);
	free(s);
	report_clear(&r);
}

static void info_tells_file_machine_losses_and_events(void **unused)
{
	struct writer_options opts = { .width = 100, .unicode = true };
	struct report r = { 0 };
	char *s;

	(void)unused;
	sample_founding(&r);
	s = written(write_info, &r, &opts);
	assert_says(s, "trace.dat version 7, compressed with zstd, little-endian, 64-bit");
	assert_says(s, "5.15.122-rt-tegra, aarch64");
	assert_says(s, "sched:sched_switch");
	assert_says(s, " 12,334 no irq:irq_handler_entry");
	assert_says(s, "130+1?");
	assert_says(s, "Zone 0 is DMA");
	free(s);
	report_clear(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_line_is_wider_than_the_terminal),
		cmocka_unit_test(names_cannot_act_on_the_terminal),
		cmocka_unit_test(without_its_escapes_the_coloured_report_is_the_plain_one),
		cmocka_unit_test(the_verdict_comes_first_and_says_it_all),
		cmocka_unit_test(the_report_tells_what_the_verdict_rests_on),
		cmocka_unit_test(every_cause_has_its_sentence),
		cmocka_unit_test(what_is_not_sure_is_not_said_for_sure),
		cmocka_unit_test(the_same_remedy_is_not_repeated),
		cmocka_unit_test(the_timeline_shows_each_cpu_and_the_hold),
		cmocka_unit_test(a_healthy_recording_is_one_line_with_what_was_checked),
		cmocka_unit_test(nothing_found_is_not_healthy_when_not_all_could_be_looked_at),
		cmocka_unit_test(nothing_found_is_no_answer_when_nothing_could_be_found),
		cmocka_unit_test(of_a_recording_without_an_event_nothing_is_said),
		cmocka_unit_test(a_clock_that_is_no_time_is_refused_with_the_reason),
		cmocka_unit_test(many_stalls_are_a_table_and_the_longest_five_in_full),
		cmocka_unit_test(info_tells_file_machine_losses_and_events),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
