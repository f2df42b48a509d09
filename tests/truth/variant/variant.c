// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * variant.c - the same recording, as if less of it had been recorded, or as if it were told in other words
 *
 * IN is a little-endian version 7 file, uncompressed (trace-cmd convert --compression none). It says how many CPUs OUT has.
 */
#include "variant.h"

#include <stdio.h>
#include <string.h>

static const struct { const char *name, *arg, *help; change_fn *fn; } changes[] = {
	{ "drop", "NAME[,NAME...]", "without the events whose names begin so", drop_events },
	{ "keep", "NAME[,NAME...]", "only with these", keep_events },
	{ "lose", "PERCENT", "without so many of the sub-buffers, marked as lost by the next one", lose_pages },
	{ "cut", "SECONDS", "nothing after this time", cut_end },
	{ "begin", "SECONDS", "nothing before this time, as in a flight recorder that has wrapped", cut_begin },
	{ "skew", "MICROSECONDS", "every other CPU's clock ahead by so much; the clock is called local", skew_clocks },
	{ "shift", "SECONDS", "all of it so much later", shift_time },
	{ "cpus", "", "CPU n of N is called N - 1 - n", swap_cpus },
	{ "pids", "", "pid n is called 1000000 - n", swap_pids },
	{ "names", "", "letters in the names of tasks turned by 13, but not in the kernel's own", swap_names },
	{ "regroup", "RECORDS", "so many records a sub-buffer; 0: as many as fit", regroup_pages },
	{ "noise", "on|any", "with events of a system that nobody knows, where interrupts are on, or anywhere", add_noise },
	{ "twice", "NAME[,NAME...]", "these events in a second buffer, too, 200 ns later", add_twice },
	{ "idle", "NUMBER", "with so many more CPUs, which sleep", add_idle_cpus },
	{ "copy", "", "nothing changed", NULL },
};
enum { NR_CHANGES = sizeof(changes) / sizeof(*changes) };

static int usage(void)
{
	fprintf(stderr, "usage: variant CHANGE:WHAT IN OUT\n");
	for (size_t i = 0; i < NR_CHANGES; i++)
		fprintf(stderr, "  %s:%-18s %s\n", changes[i].name, changes[i].arg, changes[i].help);
	return 2;
}

int main(int argc, char **argv)
{
	const char *colon = argc == 4 ? strchr(argv[1], ':') : NULL;

	for (size_t i = 0; colon && i < NR_CHANGES; i++) {
		size_t len = strlen(changes[i].name);
		struct edit *e;

		if ((size_t)(colon - argv[1]) != len || strncmp(argv[1], changes[i].name, len))
			continue;
		e = edit_read(argv[2]);
		if (changes[i].fn)
			changes[i].fn(e, colon + 1);
		edit_write(e, argv[3]);
		printf("%u CPUs\n", edit_nr_cpus(e));
		edit_free(e);
		return 0;
	}
	return usage();
}
