// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * owner.c - whose task_struct is it, and is that task gone?
 *
 * The first object that a fork allocates in copy_process is the child's task_struct. sched_process_fork then names the
 * child. sched_process_free comes just before the last reference should go. Where these events are not recorded, the
 * child's struct pid stands in for them: alloc_pid allocates it in the same fork, and it lives until the task is released.
 */
#include <errno.h>
#include <string.h>

#include "passes/leaks/state.h"

static struct last_fork *fork_of(struct leaks *l, int32_t pid)
{
	return &l->last_forks[(uint32_t)pid % TASK_SLOTS];
}

enum owns owns_of(const char *function, const char *cache)
{
	if (!strcmp(cache, "task_struct"))
		return OWNS_TASK;
	if (!function)
		return OWNS_NOTHING;
	if (!strncmp(function, "copy_process", 12) || !strncmp(function, "dup_task_struct", 15))
		return OWNS_TASK;
	return strncmp(function, "alloc_pid", 9) ? OWNS_NOTHING : OWNS_PID;
}

/*
 * @key is a pid, or the address of a struct pid. Note that it stands for the task_struct at @ptr, and when that was
 * allocated: another object may be at @ptr when the task is gone.
 */
static int own(struct leaks *l, uint64_t key, uint64_t ptr)
{
	const struct object *task = objects_find(&l->slab, ptr);
	struct object *o = objects_find(&l->owners, key);

	if (!task)
		return 0;
	if (!o)
		o = objects_add(&l->owners, key);
	if (!o)
		return -ENOMEM;
	o->ts = ptr;
	o->size = task->ts & OBJECT_BYTES_MAX;
	return 0;
}

int leak_owner_alloc(struct leaks *l, const struct event *ev, enum owns owns)
{
	struct last_fork *f = fork_of(l, ev->pid);
	bool forking = f->pid == ev->pid && f->ptr && objects_find(&l->slab, f->ptr);

	if (leak_context(ev) != IN_TASK)
		return 0;
	if (owns == OWNS_PID) {
		f->numbered |= forking;
		return forking ? own(l, ev->slab.ptr, f->ptr) : 0;
	}
	if (!forking || f->numbered)
		*f = (struct last_fork){ .ptr = ev->slab.ptr, .pid = ev->pid };
	return 0;
}

int leak_owner_fork(struct leaks *l, const struct event *ev)
{
	struct last_fork *f = fork_of(l, ev->pid);
	uint64_t ptr = f->ptr;

	if (f->pid != ev->pid || !ptr || ev->fork.child_pid <= 0)
		return 0;
	f->ptr = 0;
	return own(l, (uint64_t)ev->fork.child_pid, ptr);
}

int leak_owner_gone(struct leaks *l, uint64_t key, uint64_t ts)
{
	struct object owner, *o;

	if (!l->owners.nr || !objects_remove(&l->owners, key, &owner))
		return 0;
	o = objects_find(&l->slab, owner.ts);
	if (!o || (o->ts & OBJECT_BYTES_MAX) != owner.size || objects_find(&l->orphans, owner.ts))
		return 0;
	o = objects_add(&l->orphans, owner.ts);
	if (!o)
		return -ENOMEM;
	o->ts = ts;
	return 0;
}

void leak_owner_freed(struct leaks *l, uint64_t ptr, uint64_t ts)
{
	struct object orphan;

	if (l->orphans.nr && objects_remove(&l->orphans, ptr, &orphan) && ts - orphan.ts > l->longest_orphan)
		l->longest_orphan = ts - orphan.ts;
}
