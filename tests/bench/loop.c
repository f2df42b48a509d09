// SPDX-License-Identifier: LGPL-2.1-or-later
/* loop.c - how fast is libtracecmd? Every record in time order, and nothing done with it */
#include <stdio.h>

#include <trace-cmd.h>

static int count(struct tracecmd_input *handle, struct tep_record *record, int cpu, void *data)
{
	(void)handle;
	(void)record;
	(void)cpu;
	++*(unsigned long *)data;
	return 0;
}

int main(int argc, char **argv)
{
	struct tracecmd_input *handle = argc == 2 ? tracecmd_open(argv[1], TRACECMD_FL_LOAD_NO_PLUGINS) : NULL;
	unsigned long events = 0;
	int err;

	if (!handle) {
		fprintf(stderr, "usage: loop FILE\n");
		return 2;
	}
	err = tracecmd_iterate_events(handle, NULL, 0, count, &events);
	printf("%lu\n", events);
	tracecmd_close(handle);
	return err != 0;
}
