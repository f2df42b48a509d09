/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * recording.h - one trace.dat file: open it, know it, replay it in time order
 *
 * Owned by one thread. Opening is serialised inside, for libtraceevent's format parser has static state.
 * Nothing here prints; whatever the libraries print while a file is opened is caught and becomes part of
 * the reason, or with leave_streams they are told to say nothing.
 */
#ifndef VMSTALL_RECORDING_H
#define VMSTALL_RECORDING_H

#include <stdint.h>

#include "model/report.h"
#include "reader/lanes/replay.h"
#include "vmstall/event.h"

struct recording;
struct gfp_table;
struct plugin_set;

/* The native reader, and libtracecmd's own as its reference: slower, and only for whole files. */
enum reader { READER_NATIVE, READER_TRACECMD };

/* How far a whole replay is: bytes and events taken so far. Called now and then by the replaying thread. */
typedef void progress_fn(void *data, uint64_t bytes, uint64_t total_bytes, uint64_t events);

struct recording_options {
	progress_fn *progress;		/* NULL: nobody wants to know */
	void *progress_data;
	const char *plugin_dir;		/* NULL: beside the program, then the installed one */
	const char *headers_from;	/* a recording of the same kernel: its formats, where a file's own are gone. NULL: none */
	enum reader reader;
	unsigned int jobs;		/* threads; 0: one a CPU. The library's reader has one */
	bool leave_streams;		/* stdout and stderr are others' too: do not catch what the libraries print */
};

/**
 * recording_open - open @path, read its metadata, bind every event that a plugin decodes
 * @ret:        on success the recording; release with recording_close()
 * @reterr_why: on failure one sentence naming file, place and reason; free() it
 *
 * Returns 0, or a negative errno: -ENOENT, -EACCES, -EISDIR, -ENODATA (empty), -EBADMSG (not a
 * trace.dat, damaged), -EPROTONOSUPPORT (a version that cannot be read), -ENOPKG (no plugins), -ENOMEM.
 */
int recording_open(const char *path, const struct recording_options *opts, struct recording **ret, char **reterr_why);

/**
 * recording_replay - deliver events once, merged over CPUs and buffers by time
 * @windows: only events inside one of these; NULL: all. A CPU's first event in a window has event.first set.
 * @wants:   KIND() mask. Of other records only those are delivered that show when a CPU fell silent or went on, and
 *           one a millisecond: event.prev_ns is the record before, whether that was delivered or not
 *
 * May be called again; what recording_facts() counts is counted in the whole replay only.
 * Order: by ts, ties by CPU then lane. Returns 0, what @fn returned, or a negative errno.
 */
int recording_replay(struct recording *rec, const struct time_window *windows, size_t nr_windows, uint64_t wants,
		     event_fn *fn, void *data);

/**
 * recording_rows - how many rows of KernelShark's table of the top buffer are not after each of @times, ns?
 *
 * One less is the row of the last record at or before that time. Reads the recording again, as far as the last of them.
 */
int recording_rows(struct recording *rec, const uint64_t *times, size_t nr, uint64_t *ret_rows);

/* Fill what is known of the file before any event is read: name, kernel, clock, buffers. */
int recording_about(const struct recording *rec, struct report *report);

/* Fill the rest too, and the above unless that was done; after a replay also counts, coverage and losses. */
int recording_facts(const struct recording *rec, struct report *report);

/* Are the clock's stamps times? false: they only count ("counter"), or their unit is not known. */
bool recording_has_time(const struct recording *rec);

/* KIND() mask of what can be decoded from this file's formats. */
uint64_t recording_kinds(const struct recording *rec);

/* The recording's own gfp flag names; NULL when no event has a table. Lives as long as @rec. */
const struct gfp_table *recording_gfp(const struct recording *rec);

/**
 * recording_symbol - the function that @address is in, by the file's own kallsyms
 * @ret_offset: how far into it
 *
 * NULL: the file has no symbols, or none near: a module that was not loaded when they were saved.
 */
const char *recording_symbol(const struct recording *rec, uint64_t address, uint64_t *ret_offset);

/* The name that the file saved for @pid; NULL: none. Events know better: trackers_comm(). */
const char *recording_comm(const struct recording *rec, int32_t pid);

/* NULL is fine; returns NULL. */
struct recording *recording_close(struct recording *rec);

#endif
