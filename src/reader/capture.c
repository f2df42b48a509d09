// SPDX-License-Identifier: LGPL-2.1-or-later
/* capture.c - libtracecmd prints its errors to stdout, where our CSV goes (KERNEL-FACTS 9) */
#include "reader/capture.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define CAPTURE_MAX 4096

void capture_begin(struct capture *c)
{
	fflush(stdout);
	fflush(stderr);
	c->sink = memfd_create("vmstall-capture", MFD_CLOEXEC);
	c->out = dup(STDOUT_FILENO);
	c->err = dup(STDERR_FILENO);
	if (c->sink < 0)
		return;
	if (c->out >= 0)
		dup2(c->sink, STDOUT_FILENO);
	if (c->err >= 0)
		dup2(c->sink, STDERR_FILENO);
}

static void restore(int saved, int fd)
{
	if (saved < 0)
		return;
	dup2(saved, fd);
	close(saved);
}

/* The last line that is not empty. The libraries print the reason last. */
static void last_line(char *text, char *line, size_t len)
{
	char *start = text, *save = NULL;

	for (char *l = strtok_r(text, "\n", &save); l; l = strtok_r(NULL, "\n", &save))
		start = l + strspn(l, " \t");
	for (size_t i = 0; start[i]; i++)
		if ((unsigned char)start[i] < 0x20 || (unsigned char)start[i] > 0x7e)
			start[i] = '?';
	snprintf(line, len, "%s", start);
}

void capture_end(struct capture *c, char *line, size_t len)
{
	char text[CAPTURE_MAX + 1];
	ssize_t got = 0;
	off_t size;

	fflush(stdout);
	fflush(stderr);
	restore(c->out, STDOUT_FILENO);
	restore(c->err, STDERR_FILENO);
	line[0] = '\0';
	if (c->sink < 0)
		return;
	size = lseek(c->sink, 0, SEEK_END);
	got = pread(c->sink, text, CAPTURE_MAX, size > CAPTURE_MAX ? size - CAPTURE_MAX : 0);
	close(c->sink);
	text[got > 0 ? got : 0] = '\0';
	last_line(text, line, len);
}
