/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* child.h - run work in a child, because it may crash, hang or take all memory; and say how the child ended */
#ifndef VMSTALL_BATCH_CHILD_H
#define VMSTALL_BATCH_CHILD_H

#include <signal.h>
#include <sys/types.h>

enum child_end {
	CHILD_DONE,	/* it exited, with a status */
	CHILD_ASKED,	/* somebody told it to end: Ctrl-C, a shutdown */
	CHILD_CRASHED,	/* by a fault of its own: SIGSEGV and the like */
	CHILD_KILLED,	/* by any other signal; the kernel sends one when memory is short */
};

struct child_result { enum child_end end; int status, sig; };

/**
 * child_start - run @work in a child, which exits with its return value
 * @mask: the signal mask of the child; the caller may have blocked some signals for itself
 *
 * If the caller ends, so does the child. Returns its pid, or a negative errno.
 */
pid_t child_start(const sigset_t *mask, int (*work)(void *data), void *data);

/* Interpret the status of waitpid(). */
struct child_result child_result(int wait_status);

#endif
