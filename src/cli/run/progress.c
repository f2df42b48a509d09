// SPDX-License-Identifier: LGPL-2.1-or-later
/* progress.c - one line on the terminal, rewritten as the work goes on, and wiped at the end */
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "cli/run/progress.h"

#define PATIENCE_S 1.0

static double seconds_since(const struct timespec *then)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)(now.tv_sec - then->tv_sec) + (double)(now.tv_nsec - then->tv_nsec) / 1e9;
}

static void tell(void *data, uint64_t bytes, uint64_t total_bytes, uint64_t events)
{
	struct progress *p = data;
	double took = seconds_since(&p->since), share = total_bytes ? (double)bytes / (double)total_bytes : 0;

	if (took < PATIENCE_S || share <= 0 || share > 1)
		return;
	fprintf(stderr, "\r%3.0f %%, %.1f million events a second, %.0f s left \033[K", share * 100, (double)events / took / 1e6,
		took / share - took);
	fflush(stderr);
	p->shown = true;
}

void progress_begin(struct progress *p, struct recording_options *ret)
{
	*p = (struct progress){ 0 };
	if (!isatty(STDERR_FILENO))
		return;
	clock_gettime(CLOCK_MONOTONIC, &p->since);
	ret->progress = tell;
	ret->progress_data = p;
}

void progress_end(struct progress *p)
{
	if (p->shown)
		fputs("\r\033[K", stderr);
	p->shown = false;
}
