// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * test_out_of_memory.c - every allocation of every verb fails once: is each answer whole, or a clean error?
 *
 * The program runs in this process, so that a leak of any run shows at the end. VMSTALL_NTH=N runs number N alone, and
 * shows what it said.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <jansson.h>

#include "analysis/analysis.h"
#include "analysis/passes.h"
#include "cli/common/log.h"
#include "export/text/text.h"
#include "export/writers.h"
#include "failing.h"
#include "readback.h"
#include "reader/recording.h"
#include "small.h"

enum { MAX_FILES = 8, STDOUT = MAX_FILES, STDERR, NR_TEXTS };
/* A verb's outputs, by the names of their options. */
struct command { const char *verb, *outputs[MAX_FILES]; };
/* What a run left: @text: of each output file, NULL: there is none; of stdout and stderr. */
struct outcome { int status; char *text[NR_TEXTS]; };

int vmstall_main(int argc, char **argv);

static const struct command commands[] = {
	{ "timeline", { NULL } },
	{ "leaks", { "csv", "layers", "json", "html" } },
	{ "analyze", { "csv", "victims", "holds", "json", "html", "perfetto", "kernelshark" } },
	{ "gfp", { "csv", "zones", "json", "html" } },
	{ "reclaim", { "csv", "json", "html" } },
	{ "info", { NULL } },
};
/* The first reads a recording as the others do, so it does for the other kinds of recordings. */
enum { NR_COMMANDS = sizeof(commands) / sizeof(commands[0]), NR_READING = 1 };

static char *slurp_fd(int fd)
{
	struct stat st;
	char *s;

	assert_int_equal(fstat(fd, &st), 0);
	s = calloc(1, (size_t)st.st_size + 1);
	assert_non_null(s);
	assert_int_equal(pread(fd, s, (size_t)st.st_size, 0), st.st_size);
	close(fd);
	return s;
}

/* What its output --@name goes to. */
static const char *place(const char *name)
{
	static char path[256];

	snprintf(path, sizeof(path), "%s", scratch_file(name));
	return path;
}

static void take_files(const struct command *c, struct outcome *o)
{
	for (size_t i = 0; i < MAX_FILES && c->outputs[i]; i++) {
		int fd = open(place(c->outputs[i]), O_RDONLY | O_CLOEXEC);

		o->text[i] = fd < 0 ? NULL : slurp_fd(fd);
		remove(place(c->outputs[i]));
	}
}

/* Everything to stdout or stderr goes to a file in memory meanwhile. */
struct redirect { FILE *f; int fd, saved; };

static struct redirect redirect(FILE *f)
{
	struct redirect r = { f, memfd_create("text", 0), dup(fileno(f)) };

	assert_true(r.fd >= 0 && r.saved >= 0);
	fflush(f);
	assert_true(dup2(r.fd, fileno(f)) >= 0);
	return r;
}

static char *restore(struct redirect r)
{
	fflush(r.f);
	clearerr(r.f);
	assert_true(dup2(r.saved, fileno(r.f)) >= 0);
	close(r.saved);
	return slurp_fd(r.fd);
}

static int call(const struct command *c, const char *recording)
{
	char options[MAX_FILES][300], plugins[] = "--plugin-dir=plugins", jobs[] = "--jobs=1", file[256], verb[16];
	char *argv[MAX_FILES + 6] = { file, verb, plugins, jobs };
	int argc = 4;

	snprintf(file, sizeof(file), "%s", recording);
	snprintf(verb, sizeof(verb), "%s", c->verb);
	for (size_t i = 0; i < MAX_FILES && c->outputs[i]; i++) {
		snprintf(options[i], sizeof(options[i]), "--%s=%s", c->outputs[i], place(c->outputs[i]));
		argv[argc++] = options[i];
	}
	argv[argc++] = file;
	return vmstall_main(argc, argv);
}

/* Run it with allocation number @nth failing. Returns how many allocations there were. */
static size_t run(const struct command *c, const char *recording, size_t nth, struct outcome *ret)
{
	struct redirect out = redirect(stdout), err = redirect(stderr);
	size_t nr;

	*ret = (struct outcome){ 0 };
	failing_begin(nth);
	ret->status = call(c, recording);
	nr = failing_end();
	ret->text[STDERR] = restore(err);
	ret->text[STDOUT] = restore(out);
	take_files(c, ret);
	return nr;
}

static void forget(struct outcome *o)
{
	for (size_t i = 0; i < NR_TEXTS; i++)
		free(o->text[i]);
}

static bool same(const char *a, const char *b)
{
	return a == b || (a && b && !strcmp(a, b));
}

static bool all_same(const struct outcome *a, const struct outcome *b)
{
	for (size_t i = 0; i < NR_TEXTS; i++)
		if (!same(a->text[i], b->text[i]))
			return false;
	return a->status == b->status;
}

/* Each file is whole or not there, what was printed is right as far as it goes, and one line says why it ended. */
static const char *fault_of(const struct outcome *o, const struct outcome *right)
{
	const char *line = strstr(o->text[STDERR], "out of memory");

	if (all_same(o, right))
		return NULL;
	for (size_t i = 0; i < MAX_FILES; i++)
		if (o->text[i] && !same(o->text[i], right->text[i]))
			return right->text[i] ? "a file is not the right one" : "a file is there that should not be";
	if (strncmp(o->text[STDOUT], right->text[STDOUT], strlen(o->text[STDOUT])))
		return "something else was printed";
	if (o->status == EXIT_DONE)
		return "the exit status tells no error";
	if (!line || !strstr(o->text[STDERR], "vmstall: "))
		return "no line says that memory ran out";
	return NULL;
}

static size_t check(const struct command *c, const char *recording, size_t nth, const struct outcome *right, size_t *bad)
{
	struct outcome o;
	size_t nr = run(c, recording, nth, &o);
	const char *fault = fault_of(&o, right);

	if (fault) {
		print_error("%s, allocation %zu of %s: %s (status %d)\n%s", c->verb, nth, recording, fault, o.status,
			o.text[STDERR]);
		++*bad;
	}
	if (getenv("VMSTALL_NTH"))
		print_error("%s, allocation %zu: status %d\n%s%s", c->verb, nth, o.status, o.text[STDERR], o.text[STDOUT]);
	forget(&o);
	return nr;
}

/* Files that are left open show: the next one gets another number. */
static int next_fd(void)
{
	int fd = dup(STDERR_FILENO);

	close(fd);
	return fd;
}

/* Returns how many failures gave a wrong answer. */
static size_t fail_each(const struct command *c, const char *recording)
{
	const char *only = getenv("VMSTALL_NTH");
	size_t nth = only ? strtoul(only, NULL, 10) : 1, nr = nth, bad = 0, ran = 0;
	struct outcome right, again;
	int fd = next_fd();

	run(c, recording, 0, &right);
	nr = run(c, recording, 0, &again);
	assert_true(all_same(&again, &right));	/* else the comparison below says nothing */
	assert_true(nr > 50);
	for (; nth <= nr && (!only || !ran); nth++, ran++)
		check(c, recording, nth, &right, &bad);
	print_message("%s: %zu of %zu allocations of %s\n", c->verb, ran, nr, strrchr(recording, '/') ? strrchr(recording, '/') + 1 : recording);
	assert_int_equal(next_fd(), fd);
	forget(&right);
	forget(&again);
	return bad;
}

/* With memory that is taken, kept and asked for again; with a task's own reclaim, a loss and a second buffer. */
static void add_memory(struct scene *s)
{
	for (uint64_t i = 0; i < 40; i++) {
		struct scene_at at = { .ts = BEGIN + SEC + i * 20 * MS, .cpu = 1, .pid = PUB + 1 };

		scene_event(s, at, "kmem:kmalloc", INT("call_site", 0xffffffffc0537020), INT("ptr", 0xffff888100000000 + i * 512),
			INT("bytes_req", 512), INT("bytes_alloc", 512), INT("gfp_flags", 0xcc0));
		scene_event(s, at, "kmem:mm_page_alloc", INT("pfn", 0x200000 + i * 4), INT("order", 2), INT("gfp_flags", 0xcc0));
		at.ts += MS;
		at.flags = i % 2;	/* interrupts off: may not sleep */
		scene_event(s, at, "kmem:mm_page_alloc", INT("pfn", 0x8000 + i), INT("order", 0), INT("gfp_flags", 0xcc4));
		at.flags = 0;
		if (i % 4)
			scene_event(s, at, "kmem:kfree", INT("call_site", 1), INT("ptr", 0xffff888100000000 + i * 512));
		if (i % 4)
			scene_event(s, at, "kmem:mm_page_free", INT("pfn", 0x8000 + i), INT("order", 0));
	}
}

static void add_reclaim(struct scene *s)
{
	struct scene_at at = { .ts = END - SEC, .cpu = 2, .pid = PUB + 2 };

	story_wakeup_kswapd(s, (struct scene_at){ .ts = HOLD_FROM - 40 * MS, .cpu = 1, .pid = PUB + 1 }, 0, 0, 0xcc4);
	story_kswapd_wake(s, (struct scene_at){ .ts = HOLD_FROM - 39 * MS, .cpu = 0, .pid = KSWAPD0 }, 0, 0);
	story_reclaim_begin(s, at, "direct", 0, 0xcc0);
	at.ts += 400 * MS;
	story_reclaim_end(s, at, "direct", 32);
	scene_lost(s, 3, END - 200 * MS, 17);
	scene_buffer(s, "second");
	story_isolate(s, (struct scene_at){ .ts = HOLD_TO - US, .cpu = 0, .pid = KSWAPD0 }, small_scan());
}

static const char *record(const char *name, unsigned int version, enum scene_compression compression)
{
	static const char symbols[] = "ffffffff81090000 T alloc_pid\nffffffffc0537000 t ipmi_busy\t[ipmi]\n"
				      "ffffffffc0538000 t ipmi_exit\t[ipmi]\n";
	struct scene *s = scene_new(&(struct scene_options){ .kernel = "6.1", .nr_cpus = SMALL_CPUS, .version = version,
		.compression = compression, .kallsyms = symbols });
	static char path[256];

	scene_comm(s, PUB + 1, "ipmid");
	small_stall(s, 2);
	add_memory(s);
	add_reclaim(s);
	snprintf(path, sizeof(path), "%s", scratch_file(name));
	assert_int_equal(scene_write(s, path), 0);
	scene_free(s);
	return path;
}

static void fail_verbs(const char *recording, size_t nr)
{
	size_t bad = 0;

	for (size_t i = 0; i < nr; i++)
		if (!getenv("VMSTALL_VERB") || !strcmp(getenv("VMSTALL_VERB"), commands[i].verb))
			bad += fail_each(&commands[i], recording);
	remove(recording);
	assert_int_equal(bad, 0);
}

static void every_failure_is_an_error_or_leaves_the_answer_whole(void **state)
{
	(void)state;
	fail_verbs(record("oom7.dat", 7, SCENE_ZSTD), NR_COMMANDS);
}

static void and_so_with_the_older_format(void **state)
{
	(void)state;
	fail_verbs(record("oom6.dat", 6, SCENE_PLAIN), NR_READING);
}

/* Cut: what is read of it must not shrink when memory is short. */
static void and_so_when_the_recording_is_cut(void **state)
{
	const char *path = record("oomcut.dat", 7, SCENE_PLAIN);
	struct stat st;

	(void)state;
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(truncate(path, st.st_size * 2 / 3), 0);
	fail_verbs(path, NR_READING);
}

/* jansson is a library, but what it writes is our answer: here it allocates past the counter, too. */
static void *json_room(size_t size)
{
	return malloc(size);
}

/* What a report is written with. Some of it is as long as the analysis itself, so it is analysed once. */
struct told { const struct pass_ops *const *passes; const struct writer *const *writers; int (*text)(const struct report *r,
	const struct writer_options *opts, FILE *out); };

static int write_to(const struct report *r, const struct writer *w, const struct told *t, char **ret)
{
	static const struct writer_options opts = { .verbose = 1 };
	size_t len;
	FILE *f = open_memstream(ret, &len);
	int err;

	assert_non_null(f);
	err = w ? w->write(r, &opts, f) : t->text(r, &opts, f);
	fclose(f);
	return err;
}

static void fail_each_write(const struct report *r, const struct writer *w, const struct told *t)
{
	char *right, *got;
	size_t nr, nth = 0;
	int err;

	assert_int_equal(write_to(r, w, t, &right), 0);
	do {
		failing_begin(++nth + 1);	/* the first is the stream's own */
		err = write_to(r, w, t, &got);
		nr = failing_end();
		if (err ? err != -ENOMEM : strcmp(got, right) != 0)
			fail_msg("%s, allocation %zu of %zu: error %d, or another answer", w ? w->name : "text", nth, nr - 1, err);
		free(got);
	} while (nth + 1 < nr);
	free(right);
}

static void every_writer_tells_when_memory_ran_out(void **state)
{
	static const struct told all[] = {
		{ NULL, all_writers, write_text }, { leak_passes, leak_writers, write_leaks_text },
		{ gfp_passes, gfp_writers, write_gfp_text }, { reclaim_passes, reclaim_writers, write_reclaim_text },
	};
	const char *path = record("oomwrite.dat", 7, SCENE_PLAIN);

	(void)state;
	json_set_alloc_funcs(json_room, free);
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		const struct recording_options ropts = { .plugin_dir = "plugins", .jobs = 1 };
		const struct analysis_options aopts = { .min_stall_ns = 10 * MS, .to_ns = UINT64_MAX, .passes = all[i].passes,
			.keep_all_holds = true, .activity = true, .find_rows = true };
		struct report r = { 0 };
		char *why = NULL;

		assert_int_equal(analyze_recording(path, &ropts, &aopts, &r, &why), 0);
		for (const struct writer *const *w = all[i].writers; *w; w++)
			fail_each_write(&r, *w, &all[i]);
		fail_each_write(&r, NULL, &all[i]);
		report_clear(&r);
	}
	json_set_alloc_funcs(malloc, free);
	remove(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_failure_is_an_error_or_leaves_the_answer_whole),
		cmocka_unit_test(and_so_with_the_older_format),
		cmocka_unit_test(and_so_when_the_recording_is_cut),
		cmocka_unit_test(every_writer_tells_when_memory_ran_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
