// SPDX-License-Identifier: LGPL-2.1-or-later
/* pool.c - which child has ended, and which has run out of time? */
#include "batch/work/pool.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

struct slot { pid_t pid; uint64_t deadline_ms; bool late; };

/* @before: the signal mask before the pool, for the children and to restore it. */
struct pool {
	sigset_t signals, before;
	struct sigaction child_before;
	uint64_t timeout_ms;
	unsigned int jobs;
	struct slot slots[];
};

static uint64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

/* Some callers leave SIGCHLD ignored. The kernel would then reap the children, and their status would be lost. */
static void take_signals(struct pool *p)
{
	static const int ours[] = { SIGCHLD, SIGINT, SIGTERM, SIGHUP };
	struct sigaction plain = { .sa_handler = SIG_DFL };

	sigemptyset(&p->signals);
	for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
		sigaddset(&p->signals, ours[i]);
	sigprocmask(SIG_BLOCK, &p->signals, &p->before);
	sigaction(SIGCHLD, &plain, &p->child_before);
}

int pool_open(unsigned int jobs, uint64_t timeout_ms, struct pool **ret)
{
	struct pool *p = calloc(1, sizeof(*p) + jobs * sizeof(p->slots[0]));

	if (!p)
		return -ENOMEM;
	p->jobs = jobs;
	p->timeout_ms = timeout_ms;
	take_signals(p);
	*ret = p;
	return 0;
}

static void reap(pid_t pid, int *ret_status)
{
	while (waitpid(pid, ret_status, 0) < 0 && errno == EINTR)
		;
}

struct pool *pool_close(struct pool *p)
{
	int status;

	if (!p)
		return NULL;
	for (unsigned int i = 0; i < p->jobs; i++)
		if (p->slots[i].pid)
			kill(p->slots[i].pid, SIGKILL);
	for (unsigned int i = 0; i < p->jobs; i++)
		if (p->slots[i].pid)
			reap(p->slots[i].pid, &status);
	sigaction(SIGCHLD, &p->child_before, NULL);
	sigprocmask(SIG_SETMASK, &p->before, NULL);
	free(p);
	return NULL;
}

int pool_slot(const struct pool *p)
{
	for (unsigned int i = 0; i < p->jobs; i++)
		if (!p->slots[i].pid)
			return (int)i;
	return -1;
}

bool pool_idle(const struct pool *p)
{
	for (unsigned int i = 0; i < p->jobs; i++)
		if (p->slots[i].pid)
			return false;
	return true;
}

int pool_start(struct pool *p, int slot, int (*work)(void *data), void *data)
{
	pid_t pid = child_start(&p->before, work, data);

	if (pid < 0)
		return (int)pid;
	p->slots[slot] = (struct slot){ .pid = pid,
		.deadline_ms = p->timeout_ms ? now_ms() + p->timeout_ms : UINT64_MAX };
	return 0;
}

static bool take_ended(struct pool *p, struct pool_event *ret)
{
	struct rusage usage;
	int status;

	for (unsigned int i = 0; i < p->jobs; i++) {
		struct slot *s = &p->slots[i];

		if (!s->pid || wait4(s->pid, &status, WNOHANG, &usage) != s->pid)
			continue;
		*ret = (struct pool_event){ .slot = (int)i, .late = s->late, .result = child_result(status),
			.peak = (uint64_t)usage.ru_maxrss * 1024 };
		*s = (struct slot){ 0 };
		return true;
	}
	return false;
}

/*
 * Kill the children that are late. They are reported when they have ended. Returns the time until the next one is late.
 */
static uint64_t kill_late(struct pool *p, uint64_t most_ms)
{
	uint64_t now = now_ms(), next = most_ms;

	for (unsigned int i = 0; i < p->jobs; i++) {
		struct slot *s = &p->slots[i];

		if (!s->pid || s->late)
			continue;
		if (s->deadline_ms <= now) {
			s->late = true;
			kill(s->pid, SIGKILL);
		} else if (s->deadline_ms - now < next) {
			next = s->deadline_ms - now;
		}
	}
	return next;
}

enum pool_news pool_wait(struct pool *p, unsigned int tick_ms, struct pool_event *ret)
{
	uint64_t wait = kill_late(p, tick_ms);
	struct timespec t = { .tv_sec = (time_t)(wait / 1000), .tv_nsec = (long)(wait % 1000) * 1000000 };
	int sig;

	if (take_ended(p, ret))
		return POOL_ENDED;
	sig = sigtimedwait(&p->signals, NULL, &t);
	if (sig <= 0)
		return POOL_NOTHING;
	if (sig == SIGCHLD)
		return take_ended(p, ret) ? POOL_ENDED : POOL_NOTHING;
	*ret = (struct pool_event){ .sig = sig };
	return POOL_SIGNAL;
}
