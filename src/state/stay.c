// SPDX-License-Identifier: LGPL-2.1-or-later
/* stay.c - follow one task over the CPUs */
#include "state/stay.h"

#define NOT_LEFT UINT64_MAX

/* Since when is the task of @ev known to run on the CPU of @ev? UINT64_MAX: its last switch is not known. */
static uint64_t on_cpu_since(const struct trackers *t, const struct event *ev)
{
	const struct task *task = tasks_find(&t->tasks, ev->pid);

	return task && task->state == TASK_RUNNING && task->cpu == ev->cpu ? task->since : UINT64_MAX;
}

static bool never_left(const struct stay *s)
{
	return s->left == s->to;
}

struct stay stay_begin(const struct trackers *t, const struct event *ev)
{
	bool known = on_cpu_since(t, ev) <= ev->ts;

	return (struct stay){ .from = ev->ts, .left = known ? NOT_LEFT : ev->ts, .first = ev->cpu };
}

void stay_leave(struct stay *s, const struct event *ev)
{
	if (s->left == NOT_LEFT)
		s->left = ev->ts;
}

void stay_end(struct stay *s, const struct trackers *t, const struct event *ev)
{
	uint64_t since = on_cpu_since(t, ev);

	s->to = ev->ts;
	s->last = ev->cpu;
	if (since <= s->from && ev->cpu == s->first) {
		s->left = s->back = s->to;
		return;
	}
	s->left = s->left == NOT_LEFT ? s->from : s->left;
	s->back = since > s->from && since <= s->to ? since : s->to;
}

void stay_join(struct stay *s, const struct stay *next)
{
	bool stayed = never_left(s), stays = never_left(next);

	if (stayed && next->first == s->first)
		s->left = next->left;
	if (!stays)
		s->back = next->back;
	else if (next->first != s->last)
		s->back = next->from;
	else if (stayed)
		s->back = next->to;
	s->last = next->last;
	s->to = next->to;
}

struct stretch stay_hidden(const struct stay *s, const struct hidden *h)
{
	struct stretch hull = NO_STRETCH;

	hidden_widen(h, s->first, (struct stretch){ s->from, s->left }, &hull);
	hidden_widen(h, ANY_CPU, (struct stretch){ s->left, s->back }, &hull);
	hidden_widen(h, s->last, (struct stretch){ s->back, s->to }, &hull);
	return hull;
}
