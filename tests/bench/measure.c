// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * measure.c - how long does a command take, or how much memory of its own does it need?
 *
 *	measure time|memory COMMAND [ARGUMENT...]
 *
 * Its output goes to /dev/null. Prints wall seconds, then those of all CPUs (user and system), which others on the machine
 * hardly change; or the peak, in KiB, of anonymous memory (RssAnon) of the command and its children together, looked at
 * every 2 ms: pages of a mapped file are the kernel's to take back, and not in it.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { EVERY_US = 2000, MAX_CHILDREN = 64 };

static pid_t start(char **argv)
{
	pid_t pid = fork();
	int null;

	if (pid)
		return pid;
	null = open("/dev/null", O_RDWR);
	if (null < 0 || dup2(null, 1) < 0 || dup2(null, 2) < 0)
		_exit(127);
	execvp(argv[0], argv);
	_exit(127);
}

static unsigned long anon_of(pid_t pid)
{
	char line[256], path[64];
	unsigned long kib = 0;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	f = fopen(path, "r");
	while (f && fgets(line, sizeof(line), f))
		if (sscanf(line, "RssAnon: %lu", &kib) == 1)
			break;
	if (f)
		fclose(f);
	return kib;
}

/* @pid and what it started, and what that started. */
static unsigned long anon_of_all(pid_t pid)
{
	unsigned long kib = anon_of(pid);
	char path[64];
	int child;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/children", (int)pid, (int)pid);
	f = fopen(path, "r");
	while (f && fscanf(f, "%d", &child) == 1)
		kib += anon_of_all((pid_t)child);
	if (f)
		fclose(f);
	return kib;
}

static int wait_watching(pid_t pid, unsigned long *ret_kib)
{
	int status;

	*ret_kib = 0;
	while (!waitpid(pid, &status, WNOHANG)) {
		unsigned long now = anon_of_all(pid);

		*ret_kib = now > *ret_kib ? now : *ret_kib;
		usleep(EVERY_US);
	}
	return status;
}

static double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Of the children that have ended, theirs included. */
static double cpu_seconds(void)
{
	struct rusage r;

	getrusage(RUSAGE_CHILDREN, &r);
	return (double)(r.ru_utime.tv_sec + r.ru_stime.tv_sec) + (double)(r.ru_utime.tv_usec + r.ru_stime.tv_usec) / 1e6;
}

int main(int argc, char **argv)
{
	double from = seconds();
	unsigned long kib;
	int status = 0;
	pid_t pid;

	if (argc < 3 || (strcmp(argv[1], "time") != 0 && strcmp(argv[1], "memory") != 0)) {
		fprintf(stderr, "usage: measure time|memory COMMAND [ARGUMENT...]\n");
		return 2;
	}
	pid = start(argv + 2);
	if (pid < 0)
		return 1;
	if (argv[1][0] == 'm') {
		status = wait_watching(pid, &kib);
		printf("%lu\n", kib);
	} else if (waitpid(pid, &status, 0) == pid) {
		printf("%.4f %.4f\n", seconds() - from, cpu_seconds());
	}
	return !WIFEXITED(status) || WEXITSTATUS(status) != 0;
}
