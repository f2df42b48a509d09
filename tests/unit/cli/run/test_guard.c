// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * test_guard.c - if a library crashes, hangs or is stopped, does only its child end?
 *
 * The work is a function of the test itself. Each guard runs in a child of the test, with stderr in a file.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "cli/run/guard.h"

/* The task of the work: which signal to die of, or where to write its pid before it waits for ever. */
struct order { struct options o; int sig, status, tell; };

static const struct order *order_of(const struct options *o)
{
	return (const struct order *)(const void *)o;
}

static int end_with_status(const struct options *o)
{
	return order_of(o)->status;
}

/* Die as the kernel would make it: without a handler of the sanitizer, and without a core file. */
static int die(const struct options *o)
{
	setrlimit(RLIMIT_CORE, &(struct rlimit){ 0 });
	signal(order_of(o)->sig, SIG_DFL);
	raise(order_of(o)->sig);
	return 99;
}

static int hang(const struct options *o)
{
	pid_t me = getpid();

	if (write(order_of(o)->tell, &me, sizeof(me)) != (ssize_t)sizeof(me))
		return 99;
	for (;;)
		pause();
}

struct result { int status; char err[512]; };

static pid_t start(const struct order *order, int (*work)(const struct options *), int err)
{
	pid_t pid;

	fflush(NULL);
	pid = fork();
	assert_true(pid >= 0);
	if (!pid) {
		dup2(err, STDERR_FILENO);
		exit(guard(&order->o, work));
	}
	return pid;
}

static struct result finish(pid_t pid, int err)
{
	struct result r = { 0 };

	assert_int_equal(waitpid(pid, &r.status, 0), pid);
	assert_true(pread(err, r.err, sizeof(r.err) - 1, 0) >= 0);
	close(err);
	return r;
}

static int scratch(void)
{
	int fd = open(".", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	return fd;
}

static struct result run(struct order order, int (*work)(const struct options *))
{
	int err = scratch();

	order.o.file = "car 7.dat";
	return finish(start(&order, work, err), err);
}

static void the_works_status_is_the_status(void **unused)
{
	(void)unused;
	for (int status = 0; status < 5; status++) {
		struct result r = run((struct order){ .status = status }, end_with_status);

		assert_true(WIFEXITED(r.status));
		assert_int_equal(WEXITSTATUS(r.status), status);
		assert_string_equal(r.err, "");
	}
}

static void a_crash_is_one_line_and_status_3(void **unused)
{
	static const struct { int sig; const char *name; } crashes[] = {
		{ SIGSEGV, "SIGSEGV" }, { SIGBUS, "SIGBUS" }, { SIGFPE, "SIGFPE" }, { SIGABRT, "SIGABRT" }, { SIGILL, "SIGILL" },
	};
	char line[128];

	(void)unused;
	for (size_t i = 0; i < sizeof(crashes) / sizeof(crashes[0]); i++) {
		struct result r = run((struct order){ .sig = crashes[i].sig }, die);

		snprintf(line, sizeof(line), "vmstall: car 7.dat: damaged: the reading library crashed on it (%s)\n", crashes[i].name);
		assert_true(WIFEXITED(r.status));
		assert_int_equal(WEXITSTATUS(r.status), EXIT_UNREADABLE);
		assert_string_equal(r.err, line);
	}
}

static void a_kill_is_no_crash(void **unused)
{
	struct result r = run((struct order){ .sig = SIGKILL }, die);

	(void)unused;
	assert_int_equal(WEXITSTATUS(r.status), EXIT_UNREADABLE);
	assert_string_equal(r.err, "vmstall: car 7.dat: not analysed: killed by signal 9 (Killed)\n");
}

static void a_request_to_stop_is_followed_quietly(void **unused)
{
	static const int requests[] = { SIGINT, SIGTERM, SIGHUP, SIGPIPE };

	(void)unused;
	for (size_t i = 0; i < sizeof(requests) / sizeof(requests[0]); i++) {
		struct result r = run((struct order){ .sig = requests[i] }, die);

		assert_true(WIFSIGNALED(r.status));
		assert_int_equal(WTERMSIG(r.status), requests[i]);
		assert_string_equal(r.err, "");
	}
}

/* Start a guard whose work hangs. Returns when the work hangs. */
static pid_t start_hanging(int err, pid_t *ret_worker)
{
	struct order order = { .o.file = "car 7.dat" };
	int tell[2];
	pid_t pid;

	assert_int_equal(pipe(tell), 0);
	order.tell = tell[1];
	pid = start(&order, hang, err);
	close(tell[1]);
	assert_int_equal(read(tell[0], ret_worker, sizeof(*ret_worker)), sizeof(*ret_worker));
	close(tell[0]);
	return pid;
}

/* Does the process end within 10 s? Another process reaps an orphan; else it stays a zombie, which is fine too. */
static bool is_gone(pid_t pid)
{
	char path[64], stat[256], *state;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	for (int i = 0; i < 1000; i++, usleep(10000)) {
		int fd = open(path, O_RDONLY | O_CLOEXEC);
		ssize_t got = fd < 0 ? 0 : read(fd, stat, sizeof(stat) - 1);

		if (fd >= 0)
			close(fd);
		if (got <= 0)
			return true;
		stat[got] = '\0';
		state = strrchr(stat, ')');
		if (state && state[2] == 'Z')
			return true;
	}
	return false;
}

/* The terminal sends the signal to both processes. */
static void ctrl_c_ends_both_quietly(void **unused)
{
	int err = scratch();
	pid_t worker, pid = start_hanging(err, &worker);
	struct result r;

	(void)unused;
	assert_int_equal(kill(pid, SIGINT), 0);
	assert_int_equal(kill(worker, SIGINT), 0);
	r = finish(pid, err);
	assert_true(WIFSIGNALED(r.status));
	assert_int_equal(WTERMSIG(r.status), SIGINT);
	assert_string_equal(r.err, "");
	assert_true(is_gone(worker));
}

static void the_work_does_not_outlive_who_asked_for_it(void **unused)
{
	static const int ends[] = { SIGTERM, SIGKILL };

	(void)unused;
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		int err = scratch();
		pid_t worker, pid = start_hanging(err, &worker);

		assert_int_equal(kill(pid, ends[i]), 0);
		assert_int_equal(WTERMSIG(finish(pid, err).status), ends[i]);
		assert_true(is_gone(worker));
	}
}

/* Background jobs of a shell script ignore SIGINT, and a careless caller ignores SIGCHLD. A child inherits both. */
static void what_the_caller_ignores_does_not_hide_the_status(void **unused)
{
	struct order order = { .o.file = "car 7.dat", .status = 4 };
	int err = scratch();
	struct result r;
	pid_t pid;

	(void)unused;
	signal(SIGCHLD, SIG_IGN);
	signal(SIGINT, SIG_IGN);
	pid = start(&order, end_with_status, err);
	signal(SIGCHLD, SIG_DFL);
	signal(SIGINT, SIG_DFL);
	r = finish(pid, err);
	assert_true(WIFEXITED(r.status));
	assert_int_equal(WEXITSTATUS(r.status), 4);
}

static void without_a_process_to_spare_it_is_done_unguarded(void **unused)
{
	struct order order = { .o.file = "car 7.dat", .status = 4 };
	pid_t pid;
	int status;

	(void)unused;
	if (!geteuid())
		skip();		/* root has no limit */
	pid = fork();
	assert_true(pid >= 0);
	if (!pid) {
		setrlimit(RLIMIT_NPROC, &(struct rlimit){ 0 });
		_exit(guard(&order.o, end_with_status));
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(WEXITSTATUS(status), 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_works_status_is_the_status),
		cmocka_unit_test(a_crash_is_one_line_and_status_3),
		cmocka_unit_test(a_kill_is_no_crash),
		cmocka_unit_test(a_request_to_stop_is_followed_quietly),
		cmocka_unit_test(ctrl_c_ends_both_quietly),
		cmocka_unit_test(the_work_does_not_outlive_who_asked_for_it),
		cmocka_unit_test(what_the_caller_ignores_does_not_hide_the_status),
		cmocka_unit_test(without_a_process_to_spare_it_is_done_unguarded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
