// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * plugin_power.c - which silences are a sleeping CPU, or a sleeping machine?
 *
 * The action of suspend_resume is a pointer to a string in the kernel. The string itself is not in the record.
 */
#include "decode/plugin_front.h"

/* clang-format off */
static const struct field_spec suspend_fields[] = {
	FIELD(power, state,		"val",		HAS_STATUS),
	FIELD_FLAG(power, start,	"start",	0),
};

static const struct field_spec idle_fields[] = {
	FIELD(power, state,		"state",	0),
	FIELD(power, cpu_id,		"cpu_id",	0),
};
/* clang-format on */

/* State 0xffffffff is the end of an idle period. */
static void idle_fixup(struct event *ev, const struct event_spec *spec)
{
	(void)spec;
	ev->power.start = ev->power.state != UINT32_MAX;
	if (!ev->power.start)
		ev->power.state = -1;
}

static const struct event_spec specs[] = {
	{ .kind = EVENT_SUSPEND_RESUME, .system = "power", .name = "suspend_resume", FIELDS(suspend_fields) },
	{ .kind = EVENT_CPU_IDLE, .system = "power", .name = "cpu_idle", FIELDS(idle_fields), .fixup = idle_fixup },
};

VMSTALL_PLUGIN("power: idle CPUs and suspends", specs)
