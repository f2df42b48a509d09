// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * guard.c - keep a crash in a library from killing the program
 *
 * libtracecmd and libtraceevent trust what they read: for example, a print format that divides by zero is a SIGFPE. What
 * can be checked before they see it, is (container.c). Other crashes are confined to a child. Outputs are begun only
 * after the recording is closed again, so a crash in a library leaves no partial output.
 */
#include "cli/run/guard.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "batch/work/child.h"

struct guarded { const struct options *o; int (*work)(const struct options *o); };

static int do_work(void *data)
{
	const struct guarded *g = data;

	return g->work(g->o);
}

/* Die of the child's signal, so that a shell knows that Ctrl-C ended the command. */
int follow(int sig)
{
	signal(sig, SIG_DFL);
	raise(sig);
	return 128 + sig;
}

static int relay(const struct options *o, struct child_result r)
{
	if (r.end == CHILD_DONE)
		return r.status;
	if (r.end == CHILD_ASKED)
		return follow(r.sig);
	if (r.end == CHILD_CRASHED)
		cli_log("%s: damaged: the reading library crashed on it (SIG%s)", o->file, sigabbrev_np(r.sig));
	else
		cli_log("%s: not analysed: killed by signal %d (%s)", o->file, r.sig, strsignal(r.sig));
	return EXIT_UNREADABLE;
}

/* The terminal signals both processes. The parent blocks these signals until the child has ended. */
int guard(const struct options *o, int (*work)(const struct options *o))
{
	struct guarded g = { o, work };
	sigset_t terminal, before;
	int status = 0;
	pid_t child;

	sigemptyset(&terminal);
	sigaddset(&terminal, SIGINT);
	sigaddset(&terminal, SIGQUIT);
	sigprocmask(SIG_BLOCK, &terminal, &before);
	signal(SIGCHLD, SIG_DFL);	/* if SIGCHLD is ignored, the kernel discards the child's status */
	child = child_start(&before, do_work, &g);
	while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	sigprocmask(SIG_SETMASK, &before, NULL);
	return child < 0 ? work(o) : relay(o, child_result(status));	/* running unguarded is better than not running */
}
