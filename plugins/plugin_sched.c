// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * plugin_sched.c - who runs where, and who woke whom?
 *
 * There is no print here: libtraceevent's own plugin prints the switches and wake-ups, and the kernel's text is good for
 * the rest. comm is char[16]; since 6.17 it is a dynamic string in some of these events.
 */
#include "decode/plugin_front.h"

/* clang-format off */
static const struct field_spec switch_fields[] = {
	FIELD_STR(sw, prev_comm,	"prev_comm",	HAS_COMM),
	FIELD(sw, prev_pid,		"prev_pid",	0),
	FIELD(sw, prev_prio,		"prev_prio",	HAS_PRIO),
	FIELD(sw, prev_state,		"prev_state",	0),
	FIELD_STR(sw, next_comm,	"next_comm",	HAS_COMM),
	FIELD(sw, next_pid,		"next_pid",	0),
	FIELD(sw, next_prio,		"next_prio",	HAS_PRIO),
};

static const struct field_spec wakeup_fields[] = {
	FIELD_STR(wakeup, comm,		"comm",		HAS_COMM),
	FIELD(wakeup, pid,		"pid",		0),
	FIELD(wakeup, prio,		"prio",		HAS_PRIO),
	FIELD(wakeup, target_cpu,	"target_cpu",	0),
};

static const struct field_spec migrate_fields[] = {
	FIELD_STR(migrate, comm,	"comm",		HAS_COMM),
	FIELD(migrate, pid,		"pid",		0),
	FIELD(migrate, prio,		"prio",		HAS_PRIO),
	FIELD(migrate, orig_cpu,	"orig_cpu",	0),
	FIELD(migrate, dest_cpu,	"dest_cpu",	0),
};

static const struct field_spec fork_fields[] = {
	FIELD_STR(fork, parent_comm,	"parent_comm",	HAS_COMM),
	FIELD(fork, parent_pid,		"parent_pid",	0),
	FIELD_STR(fork, child_comm,	"child_comm",	HAS_COMM),
	FIELD(fork, child_pid,		"child_pid",	0),
};

static const struct field_spec exit_fields[] = {
	FIELD_STR(exit, comm,		"comm",		HAS_COMM),
	FIELD(exit, pid,		"pid",		0),
	FIELD(exit, prio,		"prio",		HAS_PRIO),
};
/* clang-format on */

static void wakeup_fixup(struct event *ev, const struct event_spec *spec)
{
	ev->wakeup.is_new = spec->tag;
}

#define SCHED(kind_, name_, fields_, ...)                                                     \
	{                                                                                     \
		.kind = kind_, .system = "sched", .name = name_, FIELDS(fields_), __VA_ARGS__ \
	}

static const struct event_spec specs[] = {
	SCHED(EVENT_SCHED_SWITCH, "sched_switch", switch_fields),
	SCHED(EVENT_SCHED_WAKING, "sched_waking", wakeup_fields),
	SCHED(EVENT_SCHED_WAKEUP, "sched_wakeup", wakeup_fields),
	SCHED(EVENT_SCHED_WAKEUP, "sched_wakeup_new", wakeup_fields, .fixup = wakeup_fixup, .tag = 1),
	SCHED(EVENT_SCHED_MIGRATE, "sched_migrate_task", migrate_fields),
	SCHED(EVENT_SCHED_FORK, "sched_process_fork", fork_fields),
	SCHED(EVENT_SCHED_EXIT, "sched_process_exit", exit_fields),
	SCHED(EVENT_SCHED_FREE, "sched_process_free", exit_fields),
};

VMSTALL_PLUGIN("scheduling: switches, wake-ups, migrations, forks and exits", specs)
