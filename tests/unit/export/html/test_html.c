// SPDX-License-Identifier: LGPL-2.1-or-later
/* test_html.c - is a page small for any report, whole or an error, and can nothing of a report act as markup? */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "export/writers.h"
#include "model/activity.h"
#include "sample_report.h"

#define MIB (UINT64_C(1) << 20)

static char *page_of(const struct writer *w, const struct report *r, size_t *ret_len)
{
	struct writer_options opts = { .min_stall_ns = 10000000 };
	char *page = NULL;
	size_t len = 0;
	FILE *f = open_memstream(&page, &len);

	assert_non_null(f);
	assert_int_equal(w->write(r, &opts, f), 0);
	assert_int_equal(fclose(f), 0);
	if (ret_len)
		*ret_len = len;
	return page;
}

/* Return the content of the data element, and end the string there. */
static char *data_in(char *page)
{
	char *from = strstr(page, "<script id=\"data\""), *to;

	assert_non_null(from);
	from = strchr(from, '>') + 1;
	to = strstr(from, "</script>");
	assert_non_null(to);
	*to = '\0';
	return from;
}

static json_t *json_in(char *page)
{
	json_error_t error;
	json_t *all = json_loads(data_in(page), 0, &error);

	if (!all)
		fail_msg("%s", error.text);
	return all;
}

static size_t count_of(const char *page, const char *what)
{
	size_t n = 0;

	for (; (page = strstr(page, what)); page++)
		n++;
	return n;
}

static void data_is_json_without_a_character_that_could_end_it(void **unused)
{
	struct report r = { 0 };
	char *page, *data;

	(void)unused;
	sample_hostile(&r);
	free(r.facts.path);
	r.facts.path = strdup("</script><script>alert(1)</script><!--.dat");
	page = page_of(&html_writer, &r, NULL);
	assert_int_equal(count_of(page, "</script"), 2);
	assert_int_equal(count_of(page, "<script"), 2);
	assert_int_equal(count_of(page, "<!--"), 1);	/* the licence */
	data = data_in(page);
	assert_null(strpbrk(data, "<>&"));
	for (const char *s = data; *s; s++)
		assert_true((unsigned char)*s < 0x80);
	free(page);
	page = page_of(&html_writer, &r, NULL);
	json_decref(json_in(page));
	free(page);
	report_clear(&r);
}

static void the_text_for_those_without_scripts_is_escaped(void **unused)
{
	struct report r = { 0 };
	char *page, *text;

	(void)unused;
	sample_founding(&r);
	strcpy(r.stalls[0].cause_comm, "</pre><b>&x");
	page = page_of(&html_writer, &r, NULL);
	text = strstr(page, "<noscript>");
	assert_non_null(text);
	assert_non_null(strstr(text, "&lt;/pre&gt;&lt;b&gt;&amp;x"));
	assert_null(strstr(text, "<b>"));
	free(page);
	report_clear(&r);
}

static void every_kind_of_report_makes_a_page(void **unused)
{
	void (*const samples[])(struct report *r) = { sample_founding, sample_healthy, sample_hostile, sample_counter };

	(void)unused;
	for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
		struct report r = { 0 };
		char *page;

		samples[i](&r);
		page = page_of(&html_writer, &r, NULL);
		json_decref(json_in(page));
		free(page);
		report_clear(&r);
	}
}

/* As many elements as the passes may collect, with the names that need most bytes. */
static void crowd(struct report *r, size_t stalls, size_t victims, uint16_t cpus)
{
	char comm[TASK_COMM_LEN];

	sample_many(r, stalls);
	r->activity = activity_new(0);
	assert_non_null(r->activity);
	r->facts.nr_cpus = cpus;
	r->facts.cpus = realloc(r->facts.cpus, cpus * sizeof(*r->facts.cpus));
	for (uint16_t i = 0; i < cpus; i++)
		r->facts.cpus[i] = (struct cpu_quality){ .events = 1, .has_events = true };
	for (uint32_t i = 0; i < ACTIVITY_TASKS; i++) {
		snprintf(comm, sizeof(comm), "task\x01%x", i);
		activity_task(r->activity, (int32_t)(1000000 + i), comm);
	}
	for (uint16_t cpu = 0; cpu < cpus; cpu++)
		for (uint64_t i = 0; i < ACTIVITY_SLOTS; i++)
			activity_ran(r->activity, cpu, i * 100000000, i * 100000000 + 90000000,
				     ACTIVITY_NAMED + (uint32_t)(i * 7 + cpu) % 16000);
	for (size_t i = 0; i < stalls; i++) {
		struct stall *s = &r->stalls[i];

		s->spans = calloc(cpus, sizeof(*s->spans));
		s->nr_spans = cpus;
		for (uint16_t cpu = 0; cpu < cpus; cpu++)
			s->spans[cpu] = (struct cpu_span){ .from = s->at.start, .to = s->at.end, .cpu = cpu,
				.state = CPU_SPINNING, .pid = 100000 + cpu, .comm = "a_longest_name" };
		for (size_t k = 0; k < victims; k++) {
			struct victim *v = report_add_victim(r);

			*v = (struct victim){ .stall = (uint32_t)i, .pid = (int32_t)(100000 + k), .kind = VICTIM_RUNNABLE,
				.comm = "\xff\xff\xff\xff\xff", .from = s->at.start, .to = s->at.end, .cpu = KNOWN(k),
				.missed_periods = KNOWN(12345), .period_ns = KNOWN(33333333), .waits_for_pid = KNOWN(1234567) };
		}
		for (int k = 0; k < 4; k++)
			stall_because(s, "CPU %d wrote nothing for 1958.932 ms and was frozen: a task queued there did not get its "
				      "turn; interrupts that woke sleepers came when it went on", k);
	}
	assert_int_equal(report_sort(r), 0);
}

static void check_size(size_t stalls, size_t victims, uint16_t cpus, size_t least_told)
{
	struct report r = { 0 };
	json_t *all;
	size_t len;
	char *page;

	crowd(&r, stalls, victims, cpus);
	page = page_of(&html_writer, &r, &len);
	print_message("%zu stalls of %zu tasks on %u CPUs: %zu bytes\n", stalls, victims, cpus, len);
	assert_true(len < 5 * MIB);
	all = json_in(page);
	assert_int_equal(json_integer_value(json_object_get(all, "all_stalls")), (json_int_t)stalls);
	assert_true(json_array_size(json_object_get(all, "stalls")) >= least_told);
	json_decref(all);
	free(page);
	report_clear(&r);
}

static void a_page_stays_below_5_mib(void **unused)
{
	(void)unused;
	check_size(1000, 25, 12, 1000);
	check_size(1000, 200, 64, 1000);
	check_size(300, 20, 1000, 300);
	check_size(20000, 1, 4, 2000);
}

/* The longest stalls are told in full, wherever they lie in the recording. */
static void what_is_cut_is_short_and_not_what_was_long(void **unused)
{
	struct report r = { 0 };
	uint64_t least_full = UINT64_MAX, most_short = 0;
	size_t i;
	json_t *all, *stall;
	char *page;

	(void)unused;
	crowd(&r, 3000, 60, 64);
	page = page_of(&html_writer, &r, NULL);
	all = json_in(page);
	json_array_foreach(json_object_get(all, "stalls"), i, stall) {
		json_t *at = json_object_get(stall, "bounds");
		uint64_t length = (uint64_t)(json_integer_value(json_object_get(at, "end_ns")) -
					     json_integer_value(json_object_get(at, "start_ns")));

		if (json_object_get(stall, "victims"))
			least_full = length < least_full ? length : least_full;
		else
			most_short = length > most_short ? length : most_short;
	}
	assert_true(most_short > 0 && least_full >= most_short);
	json_decref(all);
	free(page);
	report_clear(&r);
}

static void a_full_disk_is_an_error(void **unused)
{
	const struct writer *const writers[] = { &html_writer, &leaks_html_writer, &gfp_html_writer, &reclaim_html_writer };
	struct writer_options opts = { 0 };
	struct report r = { 0 };

	(void)unused;
	sample_founding(&r);
	for (size_t i = 0; i < 4; i++) {
		FILE *f = fopen("/dev/full", "w");

		assert_non_null(f);
		setvbuf(f, NULL, _IONBF, 0);
		assert_int_equal(writers[i]->write(&r, &opts, f), -EIO);
		fclose(f);
	}
	report_clear(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(data_is_json_without_a_character_that_could_end_it),
		cmocka_unit_test(the_text_for_those_without_scripts_is_escaped),
		cmocka_unit_test(every_kind_of_report_makes_a_page),
		cmocka_unit_test(a_page_stays_below_5_mib),
		cmocka_unit_test(what_is_cut_is_short_and_not_what_was_long),
		cmocka_unit_test(a_full_disk_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
