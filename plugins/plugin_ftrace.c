// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * plugin_ftrace.c - through which functions did the kernel come to the event before?
 *
 * trace-cmd record -T writes a kernel_stack after every event. It needs no print here: the programs that load
 * libtraceevent's plugins print it themselves.
 */
#include "decode/plugin_front.h"

static const struct field_spec stack_fields[] = {
	FIELD_ADDRESSES(stack, "caller", 0),
};

static const struct event_spec specs[] = {
	{ .kind = EVENT_KERNEL_STACK, .system = "ftrace", .name = "kernel_stack", FIELDS(stack_fields) },
};

VMSTALL_PLUGIN("stacktraces of the kernel, as trace-cmd record -T has them", specs)
