// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * plugin_lock.c - who waits for a lock, and with lockdep, who holds it?
 *
 * contention_end is the acquisition. The first waiter of a queued spinlock emits neither of the two events.
 */
#include "decode/plugin_front.h"

/* clang-format off */
static const struct field_spec begin_fields[] = {
	FIELD(contention, lock_addr,	"lock_addr",	0),
	FIELD(contention, flags,	"flags",	HAS_FLAGS),
};

static const struct field_spec end_fields[] = {
	FIELD(contention, lock_addr,	"lock_addr",	0),
	FIELD(contention, ret,		"ret",		HAS_STATUS),
};

static const struct field_spec lockdep_fields[] = {
	FIELD(lock, lock_addr,		"lockdep_addr",	0),
	FIELD_STR(lock, name,		"name",		0),
};
/* clang-format on */

#define LOCK(kind_, name_, fields_)                                             \
	{                                                                       \
		.kind = kind_, .system = "lock", .name = name_, FIELDS(fields_) \
	}

static const struct event_spec specs[] = {
	LOCK(EVENT_CONTENTION_BEGIN, "contention_begin", begin_fields),
	LOCK(EVENT_CONTENTION_END, "contention_end", end_fields),
	LOCK(EVENT_LOCK_ACQUIRED, "lock_acquired", lockdep_fields),
	LOCK(EVENT_LOCK_RELEASE, "lock_release", lockdep_fields),
};

VMSTALL_PLUGIN("locks: contention, and lockdep's acquisitions", specs)
