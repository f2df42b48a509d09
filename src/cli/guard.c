// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * guard.c - what if reading a recording kills the process?
 *
 * libtracecmd and libtraceevent trust what they read: a print format that divides by zero is a SIGFPE. What
 * can be checked before they see it, is (container.c); the rest is kept in a child. Outputs are begun when the
 * recording is closed again, so a crash in a library leaves none behind.
 */
#include "cli/guard.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* Somebody wanted it to end: no fault of the recording, and nothing to say. */
static bool is_request(int sig)
{
	return sig == SIGINT || sig == SIGTERM || sig == SIGHUP || sig == SIGQUIT || sig == SIGPIPE;
}

static bool is_crash(int sig)
{
	return sig == SIGSEGV || sig == SIGBUS || sig == SIGFPE || sig == SIGILL || sig == SIGABRT;
}

/* Die as the child did, so that a shell knows that Ctrl-C ended it and not the command by itself. */
static int follow(int sig)
{
	signal(sig, SIG_DFL);
	raise(sig);
	return 128 + sig;
}

static int relay(const struct options *o, int status)
{
	int sig = WTERMSIG(status);

	if (WIFEXITED(status))
		return WEXITSTATUS(status);
	if (is_request(sig))
		return follow(sig);
	if (is_crash(sig))
		cli_log("%s: damaged: the reading library crashed on it (SIG%s)", o->file, sigabbrev_np(sig));
	else
		cli_log("%s: not analysed: killed by signal %d (%s)", o->file, sig, strsignal(sig));
	return EXIT_UNREADABLE;
}

static _Noreturn void be_child(const struct options *o, int (*work)(const struct options *o), pid_t parent,
			       const sigset_t *mask)
{
	signal(SIGTERM, SIG_DFL);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	sigprocmask(SIG_SETMASK, mask, NULL);
	if (getppid() != parent)	/* it was gone before prctl() */
		_exit(EXIT_UNREADABLE);
	exit(work(o));
}

/* The terminal sends its signals to both: the parent takes them when the child is gone. */
int guard(const struct options *o, int (*work)(const struct options *o))
{
	sigset_t terminal, before;
	pid_t parent = getpid(), child;
	int status = 0;

	sigemptyset(&terminal);
	sigaddset(&terminal, SIGINT);
	sigaddset(&terminal, SIGQUIT);
	sigprocmask(SIG_BLOCK, &terminal, &before);
	signal(SIGCHLD, SIG_DFL);	/* ignored, it would take the child's status away */
	fflush(NULL);
	child = fork();
	if (!child)
		be_child(o, work, parent, &before);
	while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	sigprocmask(SIG_SETMASK, &before, NULL);
	return child < 0 ? work(o) : relay(o, status);	/* unguarded is better than not at all */
}
