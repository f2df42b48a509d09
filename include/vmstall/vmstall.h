/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * vmstall.h - libvmstall: which memory-reclaim event in a trace.dat recording froze which tasks?
 *
 *	struct vmstall_report *report;
 *	char *why;
 *
 *	if (vmstall_analyze("trace.dat", NULL, &report, &why) < 0)
 *		... why, free(why)
 *	for (size_t i = 0; (stall = vmstall_get_stall(report, i)); i++)
 *		...
 *	vmstall_report_free(report);
 *
 * Times are nanoseconds on the recording's clock. An unknown figure is absent, and never a 0 that could be a figure: struct
 * vmstall_value tells. An unknown text is "". Texts are as the recording has them and may be hostile: escape them for the
 * place where you write them.
 *
 * Ownership: a report owns everything that these calls return from it. Free only the report, with vmstall_report_free().
 *
 * Threads: the calls share no state. Several threads may make and read different reports at once, and may read one report at
 * once. vmstall_analyze() starts threads of its own and ends them. libtraceevent's parser is not thread-safe, so
 * vmstall_analyze() holds a lock of its own around it while it opens the file. Do not parse formats with libtraceevent in
 * another thread meanwhile.
 *
 * A damaged recording gives an error or a report with notes. But libtracecmd and libtraceevent read its metadata, and trust
 * it. If you take recordings from strangers, run this library in a process of its own, as the vmstall program does.
 *
 * Later versions add members at the end of the structures, and words to the texts. They remove none.
 */
#ifndef VMSTALL_H
#define VMSTALL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

#define VMSTALL_API __attribute__((visibility("default")))

struct vmstall_report;

/* A figure that may be absent; @v is 0 then. */
struct vmstall_value { bool known; int64_t v; };

/**
 * struct vmstall_options - how to analyse; begin with { .size = sizeof(struct vmstall_options) }, the rest 0 is the default
 * @size:         size of the structure that the caller was built with
 * @jobs:         threads that read the recording; 0: one for each CPU of this machine
 * @min_stall_ns: shortest stall that is reported; 0: 10 ms
 * @from_ns, @to_ns: only stalls that last beyond @from_ns and begin before @to_ns; @to_ns 0: to the end
 * @all_holds:    vmstall_get_hold() gives every hold of lru_lock, not only those that matter to a stall
 * @plugin_dir:   directory of event tables to prefer to the installed ones; NULL: none. Name only code that you trust
 */
struct vmstall_options {
	size_t size;
	unsigned int jobs;
	uint64_t min_stall_ns, from_ns, to_ns;
	bool all_holds;
	const char *plugin_dir;
};

/**
 * vmstall_analyze - read the recording @path, and find its stalls
 * @options:    NULL: all defaults
 * @ret_report: on success the report; release with vmstall_report_free()
 * @reterr_why: on failure one sentence naming file, place and reason; free() it. May be NULL
 *
 * Prints nothing. Returns 0, or a negative errno and leaves @ret_report alone: -ENOENT, -EACCES, -EISDIR, -ENODATA
 * (empty), -EBADMSG (not a trace.dat, or damaged), -EPROTONOSUPPORT (a version that cannot be read), -ENOPKG (the event
 * tables are not installed), -EINVAL (@options), -ENOMEM, -EIO.
 */
VMSTALL_API int vmstall_analyze(const char *path, const struct vmstall_options *options,
				struct vmstall_report **ret_report, char **reterr_why);

/* NULL is fine; returns NULL. */
VMSTALL_API struct vmstall_report *vmstall_report_free(struct vmstall_report *report);

/**
 * struct vmstall_facts - what was read
 * @kernel, @machine: "": not in the file
 * @first_ns, @last_ns: times of the first and the last record
 * @lost:    number of records known to be lost; @lost_marks: number of losses whose size is not known
 * @partial: the file is cut or damaged, and only a part of it could be read
 * @clock_is_time: false: the clock only counts, so nothing was analysed; a report without stalls means nothing then
 */
struct vmstall_facts {
	const char *path, *kernel, *machine, *clock;
	uint32_t cpus;
	uint64_t bytes, events, first_ns, last_ns, lost, lost_marks;
	bool partial, clock_is_time;
};

VMSTALL_API const struct vmstall_facts *vmstall_get_facts(const struct vmstall_report *report);

/* When something began and ended: best estimates, and the bounds they lie in. */
struct vmstall_bounds {
	uint64_t start_ns, start_earliest_ns, start_latest_ns;
	uint64_t end_ns, end_earliest_ns, end_latest_ns;
};

/**
 * struct vmstall_stall - a row of stalls.csv: vmstall-stalls.csv(5) explains each member, and the words in it
 * @ns_per_page: NaN: not known
 * @lost_in_window: absent: some records were lost, and their number is not known
 * @why, @remedy, @source: what the diagnosis means, what to do (alternatives, a line each), and the source of the advice
 * @because:     sentences with the reasons for the verdict and its confidence
 * @tasks_unknown: no switch was recorded, so @tasks_frozen and @frozen_task_ns are 0 and mean nothing
 */
struct vmstall_stall {
	uint32_t id;
	struct vmstall_bounds at;
	const char *cause, *cause_comm;
	struct vmstall_value cause_pid, cause_cpu, event_ns;
	const char *lru;
	struct vmstall_value classzone, order, nr_requested, nr_scanned, nr_skipped, nr_taken, scanned_bytes;
	double ns_per_page;
	struct vmstall_value cpus_frozen, cpus_total;
	uint32_t tasks_frozen;
	uint64_t frozen_task_ns;
	const char *trigger_comm;
	struct vmstall_value trigger_pid;
	const char *trigger_gfp, *diagnosis, *evidence, *confidence;
	struct vmstall_value lost_in_window;
	const char *why, *remedy, *source;
	const char *const *because;
	size_t nr_because;
	bool tasks_unknown;
};

/* Stall @i in the order of their starts; NULL: there are no more. */
VMSTALL_API const struct vmstall_stall *vmstall_get_stall(const struct vmstall_report *report, size_t i);

/*
 * A row of victims.csv: a frozen task, how it was frozen, and when. @chance: from 0 to 1, that the task would have stood still like
 * this without the stall, from its own past in this recording; NaN: not computed.
 */
struct vmstall_victim {
	uint32_t stall_id;
	const char *comm;
	int32_t pid;
	struct vmstall_value cpu;
	const char *kind;
	uint64_t frozen_from_ns, frozen_to_ns;
	struct vmstall_value resume_lag_ns, missed_periods, period_ns, waits_for_pid;
	const char *evidence, *confidence;
	double chance;
};

/* Victim @i of @stall, longest first. @stall NULL: of all stalls, one stall after the other. NULL: there are no more. */
VMSTALL_API const struct vmstall_victim *vmstall_get_victim(const struct vmstall_report *report,
							    const struct vmstall_stall *stall, size_t i);

/* A row of holds.csv: a hold of lru_lock that an isolate event proves. */
struct vmstall_hold {
	uint16_t cpu;
	const char *comm;
	int32_t pid;
	struct vmstall_bounds at;
	struct vmstall_value event_ns;
	const char *lru;
	struct vmstall_value classzone, order, nr_requested, nr_scanned, nr_skipped, nr_taken;
	const char *evidence;
};

/* The hold @i; NULL: there are no more. */
VMSTALL_API const struct vmstall_hold *vmstall_get_hold(const struct vmstall_report *report, size_t i);

/* A note on what limits the report. @level: "info", "loss" (records were lost) or "error" (the file is damaged). */
struct vmstall_note { const char *level, *text; };

/* The note @i; NULL: there are no more. */
VMSTALL_API const struct vmstall_note *vmstall_get_note(const struct vmstall_report *report, size_t i);

/**
 * struct vmstall_coverage - a question, and whether this recording can answer it; if not, finding nothing means nothing
 * @missing: events that were not recorded, separated by commas
 * @hint:    a trace-cmd record line that records what is needed
 * @unknown: events of which the recording does not tell whether they were recorded, separated by commas
 */
struct vmstall_coverage { const char *analysis; bool possible; const char *missing, *hint, *unknown; };

/* The question @i; NULL: there are no more. */
VMSTALL_API const struct vmstall_coverage *vmstall_get_coverage(const struct vmstall_report *report, size_t i);

/**
 * vmstall_write - write the report in a file format
 * @format: an option of vmstall analyze that takes a FILE: "csv", "victims", "holds", "json", ...
 *
 * Returns 0, -EINVAL (no such format), -EIO (@out could not be written), -ENOMEM. Does not close @out.
 */
VMSTALL_API int vmstall_write(const struct vmstall_report *report, const char *format, FILE *out);

/* The version of the running library, "0.1.0". A static string. */
VMSTALL_API const char *vmstall_version(void);

#ifdef __cplusplus
}
#endif

#endif
