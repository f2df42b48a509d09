/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* child.h - what may crash, hang or take all memory is done in a child, which can be told from what it did */
#ifndef VMSTALL_BATCH_CHILD_H
#define VMSTALL_BATCH_CHILD_H

#include <signal.h>
#include <sys/types.h>

enum child_end {
	CHILD_DONE,	/* by itself, with a status */
	CHILD_ASKED,	/* somebody wanted it to end: Ctrl-C, a shutdown */
	CHILD_CRASHED,	/* of a fault of its own: SIGSEGV and the like */
	CHILD_KILLED,	/* by any other signal, as the kernel does where memory is short */
};

struct child_result { enum child_end end; int status, sig; };

/**
 * child_start - do @work in a child, which ends with what that returns
 * @mask: the child's signals; the caller may have blocked some for itself
 *
 * If the caller goes, so does the child. Returns its pid, or a negative errno.
 */
pid_t child_start(const sigset_t *mask, int (*work)(void *data), void *data);

/* What waitpid() told. */
struct child_result child_result(int wait_status);

#endif
