// SPDX-License-Identifier: LGPL-2.1-or-later
/* machine_plan.c - what happens next on the test machine? */
#include "machine_private.h"

#include <string.h>

#include "bytes.h"

void plan(struct machine *m, struct todo todo)
{
	if (m->nr_todo == m->cap_todo) {
		m->cap_todo = m->cap_todo * 2 + 16;
		m->todo = scene_alloc(m->todo, m->cap_todo, sizeof(*m->todo));
	}
	m->todo[m->nr_todo++] = todo;
}

void forget(struct machine *m, struct todo *todo)
{
	memmove(todo, todo + 1, (size_t)(&m->todo[--m->nr_todo] - todo) * sizeof(*todo));
}

bool take_next(struct machine *m, struct todo *ret)
{
	struct todo *best = m->todo;

	for (size_t i = 1; i < m->nr_todo; i++)
		if (m->todo[i].ts < best->ts)
			best = &m->todo[i];
	if (!m->nr_todo || best->ts > m->to)
		return false;
	*ret = *best;
	forget(m, best);
	return true;
}

struct todo *end_of_run(struct machine *m, const struct machine_task *task)
{
	for (size_t i = 0; i < m->nr_todo; i++)
		if (m->todo[i].kind == DO_SLEEP && m->todo[i].task == task)
			return &m->todo[i];
	return NULL;
}

void arm(struct machine *m, struct machine_task *task, uint64_t now)
{
	uint64_t first = m->from + task->phase, next = first;

	if (!task->period)
		return;
	if (now >= first)
		next = first + ((now - first) / task->period + 1) * task->period;
	plan(m, (struct todo){ .ts = next, .kind = DO_TIMER, .cpu = task->cpu, .task = task });
}
