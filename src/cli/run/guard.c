// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * guard.c - what if reading a recording kills the process?
 *
 * libtracecmd and libtraceevent trust what they read: a print format that divides by zero is a SIGFPE. What
 * can be checked before they see it, is (container.c); the rest is kept in a child. Outputs are begun when the
 * recording is closed again, so a crash in a library leaves none behind.
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

/* Die as the child did, so that a shell knows that Ctrl-C ended it and not the command by itself. */
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

/* The terminal sends its signals to both: the parent takes them when the child is gone. */
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
	signal(SIGCHLD, SIG_DFL);	/* ignored, it would take the child's status away */
	child = child_start(&before, do_work, &g);
	while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	sigprocmask(SIG_SETMASK, &before, NULL);
	return child < 0 ? work(o) : relay(o, child_result(status));	/* unguarded is better than not at all */
}
