// SPDX-License-Identifier: LGPL-2.1-or-later
/* test_writers.c - does the output match the findings, whatever the names in it contain? */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <jansson.h>

#include "export/writers.h"
#include "sample_report.h"
#include "written.h"

/* Feed @input to a Python program; returns what it prints. */
static char *python(const char *program, const char *input)
{
	char name[] = "test_writers.XXXXXX", command[1024], *out = calloc(1, 1 << 16);
	int fd = mkstemp(name);
	FILE *p;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, input, strlen(input)), strlen(input));
	close(fd);
	snprintf(command, sizeof(command), "python3 -c '%s' %s", program, name);
	p = popen(command, "r");
	assert_non_null(p);
	out[fread(out, 1, (1 << 16) - 1, p)] = '\0';
	assert_int_equal(pclose(p), 0);
	unlink(name);
	return out;
}

static void csv_columns_are_the_documented_ones_in_order(void **unused)
{
	static const struct { const char *writer, *header;
	} all[] = {
		{ "csv", "recording,stall_id,start_ns,end_ns,duration_ns,start_earliest_ns,start_latest_ns,end_"
			 "earliest_ns,"
			 "end_latest_ns,cause,cause_comm,cause_pid,cause_cpu,event_ns,lru,classzone,order,nr_requested,"
			 "nr_scanned,"
			 "nr_skipped,nr_taken,skip_ratio,scanned_bytes,ns_per_page,cpus_frozen,cpus_total,tasks_frozen,"
			 "frozen_task_ns,trigger_comm,trigger_pid,trigger_gfp,diagnosis,evidence,confidence,lost_in_"
			 "window,window_from_ns,window_to_ns\r\n" },
		{ "victims", "recording,stall_id,comm,pid,cpu,kind,frozen_from_ns,frozen_to_ns,frozen_ns,resume_lag_ns,"
			     "missed_periods,waits_for_pid,evidence,confidence,chance\r\n" },
		{ "holds", "recording,cpu,comm,pid,start_ns,start_earliest_ns,start_latest_ns,end_ns,end_earliest_ns,"
			   "end_latest_ns,event_ns,lru,classzone,order,nr_requested,nr_scanned,nr_skipped,nr_taken,"
			   "evidence\r\n" },
	};
	struct report r = { 0 };

	(void)unused;
	for (size_t i = 0; i < 3; i++) {
		char *s = written_as(all[i].writer, &r);

		assert_string_equal(s, all[i].header);
		free(s);
	}
}

static void the_founding_stall_is_one_exact_row(void **unused)
{
	struct report r = { 0 };
	char *s;

	(void)unused;
	sample_founding(&r);
	s = written_as("csv", &r);
	assert_string_equal(strchr(s, '\n') + 1,
		"drive-0815/"
		"trace.dat,1,5144543000000,5145403030000,860030000,5144542995000,5144543100000,5145403000000,"
		"5145403065000,lru_lock_hold,kswapd0,128,5,5145403000000,inactive_file,0,0,32,9911718,9911686,32,0."
		"999996771,"
		"40598396928,86.77,12,12,15,12400000000,camera_drv,311,GFP_DMA|__GFP_NOWARN|__GFP_ZERO,zone_mismatch,"
		"inferred,"
		"high,0,,\r\n");
	free(s);
	s = written_as("victims", &r);
	assert_non_null(
		strstr(s, "\r\ndrive-0815/trace.dat,1,planner,600,4,dependent,5144600000000,5145403600000,803600000,"
			  "54000,,502,inferred,high,\r\n"));
	free(s);
	s = written_as("holds", &r);
	assert_string_equal(strchr(s, '\n') + 1,
		"drive-0815/trace.dat,5,kswapd0,128,5144543000000,5144542995000,5144543100000,"
		"5145403030000,5145403000000,5145403065000,5145403000000,inactive_file,0,0,32,9911718,9911686,32,"
		"inferred\r\n");
	free(s);
	report_clear(&r);
}

static void unknown_is_an_empty_field_and_never_zero(void **unused)
{
	struct report r = { 0 };
	char *s;

	(void)unused;
	report_add_stall(&r)->lost_in_window = UINT64_MAX;
	report_add_victim(&r);
	report_add_hold(&r);
	report_sort(&r);
	s = written_as("csv", &r);
	assert_string_equal(strchr(s, '\n') + 1, ",1,0,0,0,0,0,0,0,lru_lock_hold,,,,,,,,,,,,,,,,,0,0,,,,,,,,,\r\n");
	free(s);
	s = written_as("victims", &r);
	assert_string_equal(strchr(s, '\n') + 1, ",1,,0,,spinning,0,0,0,,,,,,\r\n");
	free(s);
	s = written_as("holds", &r);
	assert_string_equal(strchr(s, '\n') + 1, ",0,,0,0,0,0,0,0,0,,,,,,,,,\r\n");
	free(s);
	report_clear(&r);
}

static void a_skip_ratio_of_one_means_all(void **unused)
{
	struct report r = { 0 };
	struct stall *s = report_add_stall(&r);
	char *csv;

	(void)unused;
	s->nr_scanned = KNOWN(156946361);
	s->nr_skipped = KNOWN(156946360);
	csv = written_as("csv", &r);
	assert_non_null(strstr(csv, ",156946361,156946360,,0.999999994,"));
	free(csv);
	s->nr_skipped = s->nr_scanned;
	csv = written_as("csv", &r);
	assert_non_null(strstr(csv, ",1.000000000,"));
	free(csv);
	s->nr_scanned = s->nr_skipped = KNOWN(0);
	csv = written_as("csv", &r);
	assert_non_null(strstr(csv, ",0,0,,,"));	/* there is no ratio to zero */
	free(csv);
	report_clear(&r);
}

#define READ_CSV \
	"import csv,sys\nrows=list(csv.reader(open(sys.argv[1],newline=\"\",encoding=\"utf-8\"),strict=True))\n"

static void hostile_names_stay_one_harmless_cell(void **unused)
{
	struct report r = { 0 };
	char *csv, *out;

	(void)unused;
	sample_hostile(&r);
	csv = written_as("victims", &r);
	for (const char *c = csv; *c; c++)
		assert_true((unsigned char)*c >= 0x20 || *c == '\r' || *c == '\n');
	out = python(READ_CSV
		"assert all(len(r)==15 for r in rows), rows\n"
		"assert not any(c[:1] in \"=+-@\\t\\r\" and c for r in rows for c in r), rows\n"
		"assert all(int(r[3])>=0 for r in rows[1:])\n"
		"print(len(rows), [r[2] for r in rows if \"b,c\" in r[2]][0])", csv);
	assert_string_equal(out, "17 a\"b,cd\n");
	free(out);
	free(csv);
	csv = written_as("csv", &r);
	out = python(READ_CSV "print(len(rows[1]), rows[1][10])", csv);
	assert_string_equal(out, "37 '=cmd|' /C calc'\n");
	free(out);
	free(csv);
	report_clear(&r);
}

static void numbers_are_never_defused(void **unused)
{
	struct report r = { 0 };
	char *s;

	(void)unused;
	report_add_stall(&r)->cause_pid = KNOWN(-5);
	s = written_as("csv", &r);
	assert_non_null(strstr(s, ",-5,"));
	free(s);
	report_clear(&r);
}

static void csv_of_many_stalls_loads_row_by_row(void **unused)
{
	struct report r = { 0 };
	char *csv, *out;

	(void)unused;
	sample_many(&r, 40);
	csv = written_as("csv", &r);
	out = python(READ_CSV
		"d=[dict(zip(rows[0],r)) for r in rows[1:]]\n"
		"assert [int(x[\"stall_id\"]) for x in d]==list(range(1,41))\n"
		"assert all(int(x[\"end_ns\"])-int(x[\"start_ns\"])==int(x[\"duration_ns\"]) for x in d)\n"
		"print(len(set(x[\"cause\"] for x in d)))", csv);
	assert_string_equal(out, "8\n");
	free(out);
	free(csv);
	report_clear(&r);
}

static json_t *json_of(const struct report *r)
{
	char *s = written_as("json", r);
	json_error_t why;
	json_t *j = json_loads(s, JSON_REJECT_DUPLICATES, &why);

	if (!j)
		fail_msg("%s at line %d", why.text, why.line);
	for (const char *c = s; *c; c++)
		assert_true((*c >= 0x20 && *c < 0x7f) || *c == '\n');
	free(s);
	return j;
}

static const char *string_at(json_t *j, const char *a, const char *b)
{
	return json_string_value(json_object_get(json_object_get(j, a), b));
}

static void json_tells_the_whole_stall(void **unused)
{
	struct report r = { 0 };
	json_t *j, *stall;

	(void)unused;
	sample_founding(&r);
	j = json_of(&r);
	stall = json_array_get(json_object_get(j, "stalls"), 0);
	assert_string_equal(string_at(stall, "cause", "comm"), "kswapd0");
	assert_string_equal(string_at(stall, "diagnosis", "name"), "zone_mismatch");
	assert_string_equal(string_at(stall, "bounds", "end_rule"), "release");
	assert_int_equal(json_array_size(json_object_get(stall, "victims")), 15);
	assert_int_equal(json_array_size(json_object_get(stall, "lanes")), 36);
	assert_int_equal(json_integer_value(json_object_get(stall, "duration_ns")), 860030000);
	assert_int_equal(json_array_size(json_object_get(j, "coverage")), 4);
	assert_string_equal(string_at(json_object_get(j, "input"), "file", "compression"), "zstd");
	json_decref(j);
	report_clear(&r);
}

static void json_of_hostile_names_is_valid_and_keeps_what_it_can(void **unused)
{
	struct report r = { 0 };
	json_t *j;

	(void)unused;
	sample_hostile(&r);
	j = json_of(&r);
	assert_string_equal(string_at(j, "input", "kernel"), "\033[2J\033]0;x\007\xef\xbf\xbd");
	json_decref(j);
	report_clear(&r);
}

static void json_numbers_beyond_63_bits_stay_positive(void **unused)
{
	struct report r = { 0 };
	json_t *j, *b;

	(void)unused;
	report_add_stall(&r)->at.end = UINT64_MAX;
	j = json_of(&r);
	b = json_object_get(json_array_get(json_object_get(j, "stalls"), 0), "bounds");
	assert_true(json_number_value(json_object_get(b, "end_ns")) > 1.8e19);
	json_decref(j);
	report_clear(&r);
}

static void json_validates_against_the_schema(void **unused)
{
	static void (*const samples[])(
		struct report * r) = { sample_founding, sample_healthy, sample_hostile, sample_counter };

	(void)unused;
	if (system("python3 -c 'import jsonschema' 2>/dev/null")) {
		print_message("skipped: python3-jsonschema is not installed\n");
		skip();
	}
	for (size_t i = 0; i <= 4; i++) {
		struct report r = { 0 };
		char *json, *out;

		if (i < 4)
			samples[i](&r);
		else
			sample_many(&r, 48);
		json = written_as("json", &r);
		out = python("import json,jsonschema,sys\n"
			     "s=json.load(open(\"" VMSTALL_SCHEMA "\"))\n"
			     "jsonschema.Draft7Validator.check_schema(s)\n"
			     "jsonschema.validate(json.load(open(sys.argv[1])),s)\n"
			     "print(\"valid\")", json);
		assert_string_equal(out, "valid\n");
		free(out);
		free(json);
		report_clear(&r);
	}
}

static void writers_are_found_by_the_name_of_their_option(void **unused)
{
	(void)unused;
	for (size_t i = 0; all_writers[i]; i++)
		assert_ptr_equal(writer_by_name(all_writers[i]->name), all_writers[i]);
	assert_null(writer_by_name("docx"));
	assert_true(writer_by_name("holds")->all_holds);
}

static void a_full_disk_is_an_error_of_every_writer(void **unused)
{
	struct writer_options opts = { 0 };
	struct report r = { 0 };

	(void)unused;
	sample_many(&r, 200);
	for (size_t i = 0; all_writers[i]; i++) {
		FILE *full = fopen("/dev/full", "w");

		setvbuf(full, NULL, _IONBF, 0);
		assert_true(all_writers[i]->write(&r, &opts, full) < 0);
		fclose(full);
	}
	report_clear(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(csv_columns_are_the_documented_ones_in_order),
		cmocka_unit_test(the_founding_stall_is_one_exact_row),
		cmocka_unit_test(unknown_is_an_empty_field_and_never_zero),
		cmocka_unit_test(a_skip_ratio_of_one_means_all),
		cmocka_unit_test(hostile_names_stay_one_harmless_cell),
		cmocka_unit_test(numbers_are_never_defused),
		cmocka_unit_test(csv_of_many_stalls_loads_row_by_row),
		cmocka_unit_test(json_tells_the_whole_stall),
		cmocka_unit_test(json_of_hostile_names_is_valid_and_keeps_what_it_can),
		cmocka_unit_test(json_numbers_beyond_63_bits_stay_positive),
		cmocka_unit_test(json_validates_against_the_schema),
		cmocka_unit_test(writers_are_found_by_the_name_of_their_option),
		cmocka_unit_test(a_full_disk_is_an_error_of_every_writer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
