// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * test_library.c - does libvmstall say what the program says, to several at once, and keep its names to itself?
 *
 * Built twice: with libvmstall.a and with libvmstall.so. Sees vmstall.h alone.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include <vmstall/vmstall.h>

/* Names that are taken inside the library too. Here they must neither clash nor be called. */
int recording_open(void);
int report_clear(void);
int text_add(void);
int array_reach(void);

int recording_open(void)
{
	abort();
}

int report_clear(void)
{
	abort();
}

int text_add(void)
{
	abort();
}

int array_reach(void)
{
	abort();
}

static const char *const recordings[] = {
	VMSTALL_SOURCE "/samples/sample-arm64-5.10-dmazone-stall.dat",
	VMSTALL_SOURCE "/tests/fixtures/recordings/amd64-6.1-contention.dat",
	VMSTALL_SOURCE "/tests/fixtures/recordings/amd64-5.10-healthy.dat",
};

static struct vmstall_report *analyze(const char *path)
{
	struct vmstall_options opts = { .size = sizeof(opts), .all_holds = true };
	struct vmstall_report *report = NULL;
	char *why = NULL;

	if (vmstall_analyze(path, &opts, &report, &why))
		fail_msg("%s", why);
	return report;
}

static void write_to(const struct vmstall_report *report, const char *format, char **ret)
{
	size_t len;
	FILE *f = open_memstream(ret, &len);

	assert_int_equal(vmstall_write(report, format, f), 0);
	fclose(f);
}

static void cell(FILE *f, struct vmstall_value v)
{
	if (v.known)
		fprintf(f, ",%" PRId64, v.v);
	else
		fputc(',', f);
}

static void bounds_cells(FILE *f, const struct vmstall_bounds *b)
{
	fprintf(f, ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64, b->start_earliest_ns, b->start_latest_ns,
		b->end_earliest_ns, b->end_latest_ns);
}

static void stall_row(FILE *f, const char *path, const struct vmstall_stall *s)
{
	fprintf(f, "%s,%" PRIu32 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64, path, s->id, s->at.start_ns, s->at.end_ns,
		s->at.end_ns - s->at.start_ns);
	bounds_cells(f, &s->at);
	fprintf(f, ",%s,%s", s->cause, s->cause_comm);
	cell(f, s->cause_pid);
	cell(f, s->cause_cpu);
	cell(f, s->event_ns);
	fprintf(f, ",%s", s->lru);
	for (size_t i = 0; i < 6; i++)
		cell(f, (&s->classzone)[i]);
	if (s->nr_scanned.known && s->nr_scanned.v && s->nr_skipped.known)
		fprintf(f, ",%.9f", (double)s->nr_skipped.v / (double)s->nr_scanned.v);
	else
		fputc(',', f);
	cell(f, s->scanned_bytes);
	if (isnan(s->ns_per_page))
		fputc(',', f);
	else
		fprintf(f, ",%.2f", s->ns_per_page);
	cell(f, s->cpus_frozen);
	cell(f, s->cpus_total);
	fprintf(f, ",%" PRIu32 ",%" PRIu64 ",%s", s->tasks_frozen, s->frozen_task_ns, s->trigger_comm);
	cell(f, s->trigger_pid);
	fprintf(f, ",%s,%s,%s,%s", s->trigger_gfp, s->diagnosis, s->evidence, s->confidence);
	cell(f, s->lost_in_window);
	fputs(",,\r\n", f);	/* the whole recording was asked about */
}

static void victim_row(FILE *f, const char *path, const struct vmstall_victim *v)
{
	fprintf(f, "%s,%" PRIu32 ",%s,%" PRId32, path, v->stall_id, v->comm, v->pid);
	cell(f, v->cpu);
	fprintf(f, ",%s,%" PRIu64 ",%" PRIu64 ",%" PRIu64, v->kind, v->frozen_from_ns, v->frozen_to_ns,
		v->frozen_to_ns - v->frozen_from_ns);
	cell(f, v->resume_lag_ns);
	cell(f, v->missed_periods);
	cell(f, v->waits_for_pid);
	fprintf(f, ",%s,%s,", v->evidence, v->confidence);
	if (!isnan(v->chance))
		fprintf(f, "%.6f", v->chance);
	fputs("\r\n", f);
}

static void hold_row(FILE *f, const char *path, const struct vmstall_hold *h)
{
	fprintf(f, "%s,%u,%s,%" PRId32 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64, path,
		h->cpu, h->comm, h->pid, h->at.start_ns, h->at.start_earliest_ns, h->at.start_latest_ns, h->at.end_ns,
		h->at.end_earliest_ns, h->at.end_latest_ns);
	cell(f, h->event_ns);
	fprintf(f, ",%s", h->lru);
	for (size_t i = 0; i < 6; i++)
		cell(f, (&h->classzone)[i]);
	fprintf(f, ",%s\r\n", h->evidence);
}

static void put_rows(FILE *f, const struct vmstall_report *report, const char *format, const char *path)
{
	const struct vmstall_victim *v;
	const struct vmstall_stall *s;
	const struct vmstall_hold *h;

	for (size_t i = 0; !strcmp(format, "csv") && (s = vmstall_get_stall(report, i)); i++)
		stall_row(f, path, s);
	for (size_t i = 0; !strcmp(format, "victims") && (s = vmstall_get_stall(report, i)); i++)
		for (size_t k = 0; (v = vmstall_get_victim(report, s, k)); k++)
			victim_row(f, path, v);
	for (size_t i = 0; !strcmp(format, "holds") && (h = vmstall_get_hold(report, i)); i++)
		hold_row(f, path, h);
}

/* What is walked, printed as the CSV is, is the CSV. */
static void assert_rows(const struct vmstall_report *report, const char *format, const char *path)
{
	char *csv = NULL, *rows = NULL;
	size_t len;
	FILE *f = open_memstream(&rows, &len);

	write_to(report, format, &csv);
	put_rows(f, report, format, path);
	fclose(f);
	assert_string_equal(rows, strchr(csv, '\n') + 1);
	free(csv);
	free(rows);
}

static void what_is_walked_is_what_the_csv_files_say(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < 3; i++) {
		struct vmstall_report *report = analyze(recordings[i]);

		assert_rows(report, "csv", recordings[i]);
		assert_rows(report, "victims", recordings[i]);
		assert_rows(report, "holds", recordings[i]);
		vmstall_report_free(report);
	}
}

static void a_stall_says_why_what_to_do_and_what_that_rests_on(void **unused)
{
	struct vmstall_report *report = analyze(recordings[0]);
	const struct vmstall_stall *s = vmstall_get_stall(report, 0);

	(void)unused;
	assert_non_null(s);
	assert_null(vmstall_get_stall(report, 1));
	assert_string_equal(s->diagnosis, "zone_mismatch");
	assert_non_null(strstr(s->remedy, "vm.lowmem_reserve_ratio"));
	assert_true(*s->why && *s->source && s->nr_because && *s->because[0]);
	assert_int_equal(vmstall_get_facts(report)->cpus, 4);
	assert_int_equal(vmstall_get_facts(report)->events, 96245);
	assert_true(vmstall_get_facts(report)->clock_is_time);
	assert_null(vmstall_get_victim(report, s, s->tasks_frozen));
	assert_non_null(vmstall_get_victim(report, NULL, s->tasks_frozen - 1));
	vmstall_report_free(report);
}

static void what_was_not_recorded_is_named(void **unused)
{
	struct vmstall_report *report = analyze(recordings[0]);
	const struct vmstall_coverage *c;
	size_t answered = 0, not_answered = 0;

	(void)unused;
	for (size_t i = 0; (c = vmstall_get_coverage(report, i)); i++) {
		assert_true(c->possible == !*c->missing);
		answered += c->possible;
		not_answered += !c->possible;
	}
	assert_true(answered && not_answered);
	vmstall_report_free(report);
}

static void *in_a_thread(void *path)
{
	struct vmstall_report *report = analyze(path);
	char *json = NULL;

	write_to(report, "json", &json);
	vmstall_report_free(report);
	return json;
}

static void several_at_once_find_what_one_finds(void **unused)
{
	char *alone[2] = { in_a_thread((void *)recordings[0]), in_a_thread((void *)recordings[1]) };
	pthread_t threads[4];

	(void)unused;
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, in_a_thread, (void *)recordings[i % 2]), 0);
	for (size_t i = 0; i < 4; i++) {
		void *json;

		pthread_join(threads[i], &json);
		assert_string_equal(json, alone[i % 2]);
		free(json);
	}
	free(alone[0]);
	free(alone[1]);
}

static void assert_refused(const char *path, const struct vmstall_options *opts, int err, const char *words)
{
	struct vmstall_report *report = (void *)&report;
	char *why = NULL;

	assert_int_equal(vmstall_analyze(path, opts, &report, &why), err);
	assert_ptr_equal(report, &report);	/* untouched */
	assert_non_null(why);
	if (!strstr(why, words))
		fail_msg("\"%s\" is not in: %s", words, why);
	free(why);
	assert_int_equal(vmstall_analyze(path, opts, &report, NULL), err);
}

static void what_is_wrong_is_an_errno_and_a_sentence(void **unused)
{
	struct { struct vmstall_options known; uint64_t later; } newer = { .known.size = sizeof(newer), .later = 1 };
	struct vmstall_options turned = { .size = sizeof(turned), .from_ns = 2, .to_ns = 1 }, no_size = { 0 };
	struct vmstall_report *report;

	(void)unused;
	assert_refused("/nowhere/trace.dat", NULL, -ENOENT, "/nowhere/trace.dat");
	assert_refused("/", NULL, -EISDIR, "/");
	assert_refused(VMSTALL_SOURCE "/README.md", NULL, -EBADMSG, "README.md");
	assert_refused(recordings[0], &newer.known, -EINVAL, "not known to libvmstall");
	assert_refused(recordings[0], &turned, -EINVAL, "from_ns");
	assert_refused(recordings[0], &no_size, -EINVAL, "size");
	newer.later = 0;	/* not used: then an older library serves */
	assert_int_equal(vmstall_analyze(recordings[0], &newer.known, &report, NULL), 0);
	assert_int_equal(vmstall_write(report, "no-such-format", stdout), -EINVAL);
	assert_null(vmstall_report_free(report));
	assert_null(vmstall_report_free(NULL));
}

static void *keep_printing(void *stop)
{
	uintptr_t printed = 0;

	while (!atomic_load((atomic_bool *)stop))
		printed += (uintptr_t)write(STDOUT_FILENO, ".", 1);
	return (void *)printed;
}

/* The program moves its own stdout aside while it opens a file. A library may not: others print there. */
static void what_other_threads_print_arrives(void **unused)
{
	int out = dup(STDOUT_FILENO), said = fileno(tmpfile());
	atomic_bool stop = false;
	pthread_t printer;
	void *printed;

	(void)unused;
	fflush(NULL);
	dup2(said, STDOUT_FILENO);
	pthread_create(&printer, NULL, keep_printing, &stop);
	vmstall_report_free(analyze(recordings[0]));
	atomic_store(&stop, true);
	pthread_join(printer, &printed);
	dup2(out, STDOUT_FILENO);
	assert_int_equal(lseek(said, 0, SEEK_END), (uintptr_t)printed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_walked_is_what_the_csv_files_say),
		cmocka_unit_test(a_stall_says_why_what_to_do_and_what_that_rests_on),
		cmocka_unit_test(what_was_not_recorded_is_named),
		cmocka_unit_test(several_at_once_find_what_one_finds),
		cmocka_unit_test(what_is_wrong_is_an_errno_and_a_sentence),
		cmocka_unit_test(what_other_threads_print_arrives),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
