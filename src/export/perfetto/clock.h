/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * clock.h - which clock is a trace on?
 *
 * Perfetto takes the times of ftrace events for CLOCK_BOOTTIME unless told otherwise, and can be told of mono_raw,
 * and of local and global, which it maps to boottime by a pair of simultaneous readings. It has no word for the
 * others: mono is declared as the trace's own clock, with boottime running alike. In every case a time in the trace
 * is the number that the recording has.
 */
#ifndef VMSTALL_PERFETTO_CLOCK_H
#define VMSTALL_PERFETTO_CLOCK_H

#include "model/report.h"
#include "util/protobuf.h"

/**
 * struct trace_clock - the clock as Perfetto has it
 * @builtin: the trace's own: BuiltinClock of clock_snapshot.proto
 * @ftrace:  that of ftrace events: FtraceClock of ftrace_event_bundle.proto; 0: boottime
 * @paired:  the bundles carry a pair of readings
 */
struct trace_clock {
	uint32_t builtin, ftrace;
	bool paired;
};

/* By the recording's name for it; recording_about() is enough. */
struct trace_clock trace_clock_of(const struct recording_facts *f);
/* The packet that declares it, with its reading at the first event. */
void packet_clock(struct protobuf *b, const struct trace_clock *c, uint64_t first_ns);
/* Fields of a FtraceEventBundle. @ns: any reading after 0, the same in every bundle. */
void bundle_clock(struct protobuf *b, const struct trace_clock *c, uint64_t ns);

#endif
