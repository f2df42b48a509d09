// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * made.c - a machine drawn by lot, its recording, and the truth beside it
 *
 * Usage: made [KIND:]SEED BASE. Writes BASE.dat, and BASE.holds.csv, BASE.waits.csv, BASE.publishers.txt as they are
 * measured beside a real recording, so that score.py judges both alike; and BASE.triggers.csv, who asked for a reclaim.
 * Of one seed always the same machine.
 */
#include "lot.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bytes.h"

static const struct kind { const char *name, *help; void (*make)(struct lot *l); } kinds[] = {
	{ "any", "slow machines, holds and pauses", make_any },
	{ "quick", "a real machine: 20 to 200 ns a page, waiters go on within 20 us", make_quick },
	{ "folios", "large folios, alone or mixed with small ones", make_folios },
	{ "numa", "two nodes, each with its kswapd, lock and askers", make_numa },
	{ "cgroup", "tasks of a light cgroup that wait behind computing ones, with holds and without", make_cgroup },
	{ "alone", "CPUs silent but for one computing task: victims, and others with silences of their own", make_alone },
	{ "calm", "machines on which nothing stalls", make_calm },
};

static const struct kind *kind_of(const char *text)
{
	size_t len = strcspn(text, ":");

	if (!text[len])
		return kinds;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (len == strlen(kinds[i].name) && !strncmp(text, kinds[i].name, len))
			return &kinds[i];
	return NULL;
}

int main(int argc, char **argv)
{
	const struct kind *kind = argc == 3 ? kind_of(argv[1]) : NULL;
	struct lot *l;
	int err;

	if (!kind) {
		fprintf(stderr, "usage: made [KIND:]SEED BASE\n");
		for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
			fprintf(stderr, "  %-8s %s\n", kinds[i].name, kinds[i].help);
		return 2;
	}
	l = lot_new(strchr(argv[1], ':') ? strchr(argv[1], ':') + 1 : argv[1], argv[2]);
	kind->make(l);
	err = lot_end(l, argv[2]);
	if (err)
		fprintf(stderr, "made: %s: %s\n", argv[2], strerror(-err));
	return err ? 1 : 0;
}
