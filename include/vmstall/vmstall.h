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
 * Times are nanoseconds on the recording's clock. What is not known is absent: struct vmstall_value says so, a text is "",
 * never a 0 that could be a figure. Texts are as the recording has them, hostile: escape them for where they go.
 *
 * Ownership: a report owns all that is got from it, until vmstall_report_free(); nothing got from it is freed by itself.
 *
 * Threads: the calls share no state. Different reports may be made and read in different threads at once; one report may be
 * read by several at once. vmstall_analyze() starts threads of its own and ends them. While it opens the file it holds a
 * lock of its own around libtraceevent, whose parser is not thread-safe: do not parse formats with that in another thread
 * meanwhile.
 *
 * A damaged recording gives an error or a report with notes. But libtracecmd and libtraceevent, which read its metadata,
 * trust it: who takes recordings from strangers runs this in a process of its own, as the vmstall program does.
 *
 * Later versions add members at the end of the structures and words to the texts; they take none away.
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
 * @size:         of the structure that the caller was built with
 * @jobs:         threads that read the recording; 0: one a CPU of this machine
 * @min_stall_ns: what counts as a stall; 0: 10 ms
 * @from_ns, @to_ns: only stalls that last beyond @from_ns and begin before @to_ns; @to_ns 0: to the end
 * @all_holds:    vmstall_get_hold() gives every hold of lru_lock, not only those that matter to a stall
 * @plugin_dir:   event tables to prefer to the installed ones; NULL: none. Only code that you trust
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
 * @first_ns, @last_ns: of the first and the last record
 * @lost:    records known to be lost; marks of losses without a number are in @lost_marks
 * @partial: cut or damaged: what could be read was
 * @clock_is_time: false: its clock only counts; nothing was analysed, and no stall is no news
 */
struct vmstall_facts {
	const char *path, *kernel, *machine, *clock;
	uint32_t cpus;
	uint64_t bytes, events, first_ns, last_ns, lost, lost_marks;
	bool partial, clock_is_time;
};

VMSTALL_API const struct vmstall_facts *vmstall_get_facts(const struct vmstall_report *report);

/* When something began and ended: best estimates, and bounds that they lie in. */
struct vmstall_bounds {
	uint64_t start_ns, start_earliest_ns, start_latest_ns;
	uint64_t end_ns, end_earliest_ns, end_latest_ns;
};

/**
 * struct vmstall_stall - a row of stalls.csv: vmstall-stalls.csv(5) tells what each is, and the words
 * @ns_per_page: NaN: not known
 * @lost_in_window: absent: some were lost, and their number is not known
 * @why, @remedy, @source: what the diagnosis means, what to do (alternatives, a line each), and who says so
 * @because:     sentences that the verdict and its confidence rest on
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
};

/* The stall @i, by start; NULL: there are no more. */
VMSTALL_API const struct vmstall_stall *vmstall_get_stall(const struct vmstall_report *report, size_t i);

/* A row of victims.csv: a task that was frozen, how, and when. */
struct vmstall_victim {
	uint32_t stall_id;
	const char *comm;
	int32_t pid;
	struct vmstall_value cpu;
	const char *kind;
	uint64_t frozen_from_ns, frozen_to_ns;
	struct vmstall_value resume_lag_ns, missed_periods, period_ns, waits_for_pid;
	const char *evidence, *confidence;
};

/* The victim @i of @stall, longest first; @stall NULL: of all, stall by stall. NULL: there are no more. */
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

/* What limits the report. @level: "info", "loss" (records were) or "error" (damage). */
struct vmstall_note { const char *level, *text; };

/* The note @i; NULL: there are no more. */
VMSTALL_API const struct vmstall_note *vmstall_get_note(const struct vmstall_report *report, size_t i);

/**
 * struct vmstall_coverage - a question, and whether this recording can answer it: if not, its silence is no answer
 * @missing: events that were not recorded, parted by commas
 * @hint:    the trace-cmd record line that would have allowed it
 */
struct vmstall_coverage { const char *analysis; bool possible; const char *missing, *hint; };

/* The question @i; NULL: there are no more. */
VMSTALL_API const struct vmstall_coverage *vmstall_get_coverage(const struct vmstall_report *report, size_t i);

/**
 * vmstall_write - the report as a file
 * @format: an option of vmstall analyze that takes a FILE: "csv", "victims", "holds", "json", ...
 *
 * Returns 0, -EINVAL (no such format), -EIO (@out could not be written), -ENOMEM. Does not close @out.
 */
VMSTALL_API int vmstall_write(const struct vmstall_report *report, const char *format, FILE *out);

/* Of the library that runs, "0.1.0". Static. */
VMSTALL_API const char *vmstall_version(void);

#ifdef __cplusplus
}
#endif

#endif
