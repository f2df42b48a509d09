/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * clock.h - on which clock are the times of a trace?
 *
 * Perfetto takes times of ftrace events for CLOCK_BOOTTIME unless a trace says otherwise. A trace can name mono_raw. It
 * can also name local and global, which Perfetto maps to boottime by a pair of simultaneous readings. Perfetto has no
 * name for the other clocks. So mono is declared as the trace's own clock, with boottime running alike. In every case a
 * time in the trace is the number in the recording.
 */
#ifndef VMSTALL_PERFETTO_CLOCK_H
#define VMSTALL_PERFETTO_CLOCK_H

#include "model/report.h"
#include "util/protobuf.h"

/**
 * struct trace_clock - the clock in Perfetto's terms
 * @builtin: clock of the trace: BuiltinClock of clock_snapshot.proto
 * @ftrace:  clock of its ftrace events: FtraceClock of ftrace_event_bundle.proto; 0: boottime
 * @paired:  the bundles carry a pair of readings
 */
struct trace_clock {
	uint32_t builtin, ftrace;
	bool paired;
};

/* Find the clock by its name in the recording. The facts of recording_about() are enough. */
struct trace_clock trace_clock_of(const struct recording_facts *f);
/* Write the packet that declares the clock, with its reading at the first event. */
void packet_clock(struct protobuf *b, const struct trace_clock *c, uint64_t first_ns);
/* Write the clock fields of a FtraceEventBundle. @ns: any reading after 0, the same in every bundle. */
void bundle_clock(struct protobuf *b, const struct trace_clock *c, uint64_t ns);

#endif
