// SPDX-License-Identifier: LGPL-2.1-or-later
/* clock.c - the recording's clock in Perfetto's words */
#include "export/perfetto/clock.h"

#include <string.h>

#include "export/perfetto/packet.h"

enum { BUILTIN_MONOTONIC = 3, BUILTIN_MONOTONIC_RAW = 5, BUILTIN_BOOTTIME = 6 };
enum { FTRACE_BOOT = 0, FTRACE_GLOBAL = 2, FTRACE_LOCAL = 3, FTRACE_MONO_RAW = 4 };
enum { SNAPSHOT_CLOCKS = 1, SNAPSHOT_PRIMARY = 2, CLOCK_ID = 1, CLOCK_READING = 2 };	/* of ClockSnapshot */
enum { BUNDLE_CLOCK = 5, BUNDLE_FTRACE_NS = 6, BUNDLE_BOOT_NS = 7 };	/* of FtraceEventBundle */

struct trace_clock trace_clock_of(const struct recording_facts *f)
{
	const char *name = f->clock && !f->clock_moved ? f->clock : "";

	if (!strcmp(name, "boot"))
		return (struct trace_clock){ BUILTIN_BOOTTIME, FTRACE_BOOT, false };
	if (!strcmp(name, "mono"))
		return (struct trace_clock){ BUILTIN_MONOTONIC, FTRACE_BOOT, false };
	if (!strcmp(name, "mono_raw"))
		return (struct trace_clock){ BUILTIN_MONOTONIC_RAW, FTRACE_MONO_RAW, false };
	if (!strcmp(name, "local") || !strcmp(name, "perf"))
		return (struct trace_clock){ BUILTIN_BOOTTIME, FTRACE_LOCAL, true };
	return (struct trace_clock){ BUILTIN_BOOTTIME, FTRACE_GLOBAL, true };
}

static void put_reading(struct protobuf *b, uint32_t id, uint64_t ns)
{
	size_t clock = pb_begin(b, SNAPSHOT_CLOCKS);

	pb_uint(b, CLOCK_ID, id);
	pb_uint(b, CLOCK_READING, ns);
	pb_end(b, clock);
}

void packet_clock(struct protobuf *b, const struct trace_clock *c, uint64_t first_ns)
{
	size_t packet = pb_begin(b, TRACE_PACKET), snapshot;

	pb_uint(b, PACKET_SEQUENCE, SEQUENCE_HEAD);
	snapshot = pb_begin(b, PACKET_CLOCK_SNAPSHOT);
	put_reading(b, c->builtin, first_ns);
	if (c->ftrace == FTRACE_BOOT && c->builtin != BUILTIN_BOOTTIME)
		put_reading(b, BUILTIN_BOOTTIME, first_ns);
	pb_uint(b, SNAPSHOT_PRIMARY, c->builtin);
	pb_end(b, snapshot);
	pb_end(b, packet);
}

void bundle_clock(struct protobuf *b, const struct trace_clock *c, uint64_t ns)
{
	if (c->ftrace != FTRACE_BOOT)
		pb_uint(b, BUNDLE_CLOCK, c->ftrace);
	if (!c->paired)
		return;
	pb_uint(b, BUNDLE_FTRACE_NS, ns);
	pb_uint(b, BUNDLE_BOOT_NS, ns);
}
