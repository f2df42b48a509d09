// SPDX-License-Identifier: LGPL-2.1-or-later
/* child.c - start a child, and find out why it ended */
#include "batch/work/child.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static enum child_end end_by(int sig)
{
	switch (sig) {
	case SIGINT:
	case SIGTERM:
	case SIGHUP:
	case SIGQUIT:
	case SIGPIPE:
		return CHILD_ASKED;
	case SIGSEGV:
	case SIGBUS:
	case SIGFPE:
	case SIGILL:
	case SIGABRT:
		return CHILD_CRASHED;
	default:
		return CHILD_KILLED;
	}
}

struct child_result child_result(int wait_status)
{
	if (WIFEXITED(wait_status))
		return (struct child_result){ .end = CHILD_DONE, .status = WEXITSTATUS(wait_status) };
	return (struct child_result){ .end = end_by(WTERMSIG(wait_status)), .sig = WTERMSIG(wait_status) };
}

static _Noreturn void be_child(pid_t parent, const sigset_t *mask, int (*work)(void *data), void *data)
{
	signal(SIGTERM, SIG_DFL);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	sigprocmask(SIG_SETMASK, mask, NULL);
	if (getppid() != parent)	/* the parent ended before prctl() */
		raise(SIGTERM);
	exit(work(data));
}

pid_t child_start(const sigset_t *mask, int (*work)(void *data), void *data)
{
	pid_t parent = getpid(), child;

	fflush(NULL);	/* else parent and child would both write the buffered output */
	child = fork();
	if (!child)
		be_child(parent, mask, work, data);
	return child < 0 ? -errno : child;
}
