// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * plugin_fault.c - a plugin that does to the process what a damaged recording may do in a library
 *
 * Which, the recording says: its last bytes are "fault:NAME". It is found by being mapped.
 */
#include <alloca.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "decode/plugin_front.h"

static void die_of(int sig)
{
	signal(sig, SIG_DFL);
	raise(sig);
}

static void fault_segv(void)
{
	die_of(SIGSEGV);
}

static void fault_fpe(void)
{
	die_of(SIGFPE);
}

static void fault_ill(void)
{
	die_of(SIGILL);
}

static void fault_abort(void)
{
	signal(SIGABRT, SIG_DFL);
	abort();
}

/* A file that becomes shorter while it is mapped. */
static void fault_bus(void)
{
	int fd = memfd_create("short", 0);
	volatile char *p = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0);

	signal(SIGBUS, SIG_DFL);
	(void)*p;
}

static void fault_stack(void)
{
	signal(SIGSEGV, SIG_DFL);
	for (;;) {
		volatile char *p = alloca(65536);

		*p = 1;
	}
}

static void fault_spin(void)
{
	for (volatile unsigned int i = 0;; i++)
		;
}

/* Deaf, too. */
static void fault_sleep(void)
{
	signal(SIGTERM, SIG_IGN);
	signal(SIGINT, SIG_IGN);
	for (;;)
		pause();
}

static void fault_stop(void)
{
	for (;;)
		raise(SIGSTOP);
}

static void fault_memory(void)
{
	char *p;

	while ((p = malloc(8 << 20)))
		memset(p, 1, 8 << 20);
	die_of(SIGSEGV);	/* as whoever uses NULL */
}

static void fault_exit(void)
{
	_exit(0);
}

/* The kernel, short of memory. */
static void fault_kill(void)
{
	raise(SIGKILL);
}

static const struct { const char *name; void (*fn)(void); } faults[] = {
	{ "segv", fault_segv }, { "fpe", fault_fpe }, { "ill", fault_ill }, { "abort", fault_abort }, { "bus", fault_bus },
	{ "stack", fault_stack }, { "spin", fault_spin }, { "sleep", fault_sleep }, { "stop", fault_stop },
	{ "memory", fault_memory }, { "exit", fault_exit }, { "kill", fault_kill },
};

static void obey(const char *path)
{
	char tail[64] = "", *order;
	int fd = open(path, O_RDONLY);
	off_t end = fd < 0 ? 0 : lseek(fd, 0, SEEK_END);

	if (end > 63 && pread(fd, tail, 63, end - 63) == 63)
		for (size_t i = 0; i < 63; i++)
			tail[i] = tail[i] ? tail[i] : ' ';
	close(fd);
	order = strstr(tail, "fault:");
	for (size_t i = 0; order && i < sizeof(faults) / sizeof(faults[0]); i++)
		if (!strcmp(order + 6, faults[i].name))
			faults[i].fn();
}

int TEP_PLUGIN_LOADER(struct tep_handle *tep);
PLUGIN_EXPORT int TEP_PLUGIN_LOADER(struct tep_handle *tep)
{
	(void)tep;
	return 0;
}

/* When it is loaded, which is before the recording is read. */
__attribute__((constructor)) static void look_for_orders(void)
{
	FILE *maps = fopen("/proc/self/maps", "r");
	char line[4096], *path;

	while (maps && fgets(line, sizeof(line), maps)) {
		line[strcspn(line, "\n")] = '\0';
		path = strchr(line, '/');
		if (path && strlen(path) > 4 && !strcmp(path + strlen(path) - 4, ".dat"))
			obey(path);
	}
	if (maps)
		fclose(maps);
}
