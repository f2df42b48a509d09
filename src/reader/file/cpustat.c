// SPDX-License-Identifier: LGPL-2.1-or-later
/* cpustat.c - how many events does the kernel say it lost, per CPU? */
#include "reader/file/cpustat.h"

#include <stdio.h>
#include <string.h>

static void add(struct known *k, unsigned long long n)
{
	int64_t sum;

	if (n <= INT64_MAX)
		*k = KNOWN(__builtin_add_overflow(k->v, (int64_t)n, &sum) ? INT64_MAX : sum);
}

static void counter(struct cpu_quality *cpu, const char *line)
{
	unsigned long long n;

	if (sscanf(line, "overrun: %llu", &n) == 1)
		add(&cpu->overrun, n);
	else if (sscanf(line, "commit overrun: %llu", &n) == 1)
		add(&cpu->commit_overrun, n);
	else if (sscanf(line, "dropped events: %llu", &n) == 1)
		add(&cpu->dropped, n);
}

void cpustat_parse(const char *text, struct cpu_quality *cpus, uint32_t nr_cpus)
{
	struct cpu_quality *cpu = NULL;

	for (const char *line = text; line && *line; line = strchr(line, '\n')) {
		unsigned int n;

		line += *line == '\n';
		if (sscanf(line, "CPU: %u", &n) == 1)
			cpu = n < nr_cpus ? &cpus[n] : NULL;
		else if (cpu)
			counter(cpu, line);
	}
}

#define BUFFER "Buffer: "

const char *cpustat_name(const char *text, size_t nr)
{
	for (; text && nr; nr--) {
		text = strstr(text, BUFFER);
		text = text ? text + strlen(BUFFER) : NULL;
	}
	return text;
}

/* Count the CPU's events: those that were left in the buffer plus those that were already read. */
uint32_t cpustat_wrote(const char *text, size_t nr, bool *ret, uint32_t nr_cpus)
{
	uint32_t cpu = nr_cpus, wrote = 0;

	for (const char *line = cpustat_name(text, nr); line && *line; line = strchr(line, '\n')) {
		unsigned long long n = 0;
		unsigned int which;

		line += *line == '\n';
		if (!strncmp(line, BUFFER, strlen(BUFFER)))
			break;
		if (sscanf(line, "CPU: %u", &which) == 1)
			cpu = which < nr_cpus ? which : nr_cpus;
		else if (cpu < nr_cpus && !ret[cpu] &&
			 (sscanf(line, "entries: %llu", &n) == 1 || sscanf(line, "read events: %llu", &n) == 1) && n)
			wrote += ret[cpu] = true;
	}
	return wrote;
}
