// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * leak_owner.c - whose task_struct is it, and is that task gone?
 *
 * The first object that a fork takes in copy_process is the child's task_struct; sched_process_fork then names
 * the child. sched_process_free is the moment before the last reference should go.
 */
#include <errno.h>

#include "passes/leak_state.h"

static struct last_fork *fork_of(struct leaks *l, int32_t pid)
{
	return &l->last_forks[(uint32_t)pid % TASK_SLOTS];
}

void leak_owner_alloc(struct leaks *l, const struct event *ev)
{
	struct last_fork *f = fork_of(l, ev->pid);

	if (leak_context(ev) != IN_TASK || (f->pid == ev->pid && f->ptr && objects_find(&l->slab, f->ptr)))
		return;
	*f = (struct last_fork){ .ptr = ev->slab.ptr, .pid = ev->pid };
}

int leak_owner_fork(struct leaks *l, const struct event *ev)
{
	struct last_fork *f = fork_of(l, ev->pid);
	struct object *o;

	if (f->pid != ev->pid || !f->ptr || ev->fork.child_pid <= 0)
		return 0;
	o = objects_find(&l->owners, (uint64_t)ev->fork.child_pid);
	if (!o)
		o = objects_add(&l->owners, (uint64_t)ev->fork.child_pid);
	if (!o)
		return -ENOMEM;
	o->ts = f->ptr;
	f->ptr = 0;
	return 0;
}

int leak_owner_gone(struct leaks *l, const struct event *ev)
{
	struct object owner, *o;

	if (ev->exit.pid <= 0 || !objects_remove(&l->owners, (uint64_t)ev->exit.pid, &owner) ||
	    !objects_find(&l->slab, owner.ts))
		return 0;
	o = objects_find(&l->orphans, owner.ts);
	if (!o)
		o = objects_add(&l->orphans, owner.ts);
	if (!o)
		return -ENOMEM;
	o->ts = ev->ts;
	o->pid = ev->exit.pid;
	return 0;
}
