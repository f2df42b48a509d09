// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * make_recording.c - a small recording of a stall, without compression, for others to damage
 *
 *	make_recording VERSION FILE
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "small.h"

int main(int argc, char **argv)
{
	struct scene_options o = { .kernel = "5.15", .nr_cpus = SMALL_CPUS };
	struct scene *s;
	int err;

	if (argc != 3)
		return 2;
	o.version = (unsigned int)atoi(argv[1]);
	s = scene_new(&o);
	small_stall(s, 1);
	err = scene_write(s, argv[2]);
	scene_free(s);
	if (err)
		fprintf(stderr, "make_recording: %s: %s\n", argv[2], strerror(-err));
	return err != 0;
}
