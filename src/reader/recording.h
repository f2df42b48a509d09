/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * recording.h - one trace.dat file: open it, ask for its facts, replay it in time order
 *
 * Owned by one thread. Opening is serialised inside, because libtraceevent's format parser has static state. Nothing here
 * prints. Output of the libraries while a file is opened is captured and becomes part of the reason. With leave_streams the
 * libraries are told to print nothing.
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

/* The native reader, and libtracecmd's own reader as reference: slower, and only for whole files. */
enum reader { READER_NATIVE, READER_TRACECMD };

/* Progress of a whole replay: bytes and events so far. The replaying thread calls it now and then. */
typedef void progress_fn(void *data, uint64_t bytes, uint64_t total_bytes, uint64_t events);

struct recording_options {
	progress_fn *progress;		/* NULL: no progress */
	void *progress_data;
	const char *plugin_dir;		/* NULL: the directory beside the program, then the installed one */
	const char *headers_from;	/* a recording of the same kernel, for formats that the file lost. NULL: none */
	enum reader reader;
	unsigned int jobs;		/* threads; 0: one a CPU. The library's reader has one */
	bool leave_streams;		/* other code uses stdout and stderr too: do not capture what the libraries print */
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
 * @wants:   KIND() mask. Other records are delivered only where a CPU fell silent or went on, and one a millisecond.
 *           event.prev_ns is the time of the record before, whether that was delivered or not
 *
 * May be called again. Only the whole replay counts what recording_facts() reports.
 * Order: by ts, ties by CPU then lane. Returns 0, what @fn returned, or a negative errno.
 */
int recording_replay(struct recording *rec, const struct time_window *windows, size_t nr_windows, uint64_t wants,
		     event_fn *fn, void *data);

/**
 * recording_rows - count the rows of KernelShark's table of the top buffer that are at or before each of @times, ns
 *
 * The count less one is the row of the last record at or before that time. Reads the recording again, up to the last of
 * @times.
 */
int recording_rows(struct recording *rec, const uint64_t *times, size_t nr, uint64_t *ret_rows);

/* Fill what is known before any event is read: name, kernel, clock, buffers. */
int recording_about(const struct recording *rec, struct report *report);

/*
 * Fill all facts, those of recording_about() too unless that was called. After a replay this includes counts, coverage and
 * losses.
 */
int recording_facts(const struct recording *rec, struct report *report);

/* Are the stamps of the clock times? False: the clock only counts ("counter"), or its unit is not known. */
bool recording_has_time(const struct recording *rec);

/* KIND() mask of the events that this file's formats can decode. */
uint64_t recording_kinds(const struct recording *rec);

/* KIND() masks: recorded, though maybe none occurs; and not known whether recorded. The other kinds were not recorded. */
struct recorded { uint64_t yes, unknown; };

/**
 * recording_recorded - which kinds of events were recorded? After a whole replay
 * @silent: so many events that every machine writes have formats and do not occur: then formats prove nothing
 *
 * Returns 0 or -ENOMEM.
 */
int recording_recorded(const struct recording *rec, unsigned int silent, struct recorded *ret);

/* The recording's own gfp flag names; NULL when no event has a table. Lives as long as @rec. */
const struct gfp_table *recording_gfp(const struct recording *rec);

/**
 * recording_symbol - the function that contains @address, by the file's own kallsyms
 * @ret_offset: the distance of @address from its start
 *
 * NULL: the file has no symbols, or none is near. That is a module that was not loaded when the symbols were saved.
 */
const char *recording_symbol(const struct recording *rec, uint64_t address, uint64_t *ret_offset);

/* Names are looked up where no error can be told: ask here afterwards. 0, or -ENOMEM: some names may be missing. */
int recording_names_status(const struct recording *rec);

/* The name that the file saved for @pid; NULL: none. Names in events are newer: see trackers_comm(). */
const char *recording_comm(const struct recording *rec, int32_t pid);

/* NULL is fine; returns NULL. */
struct recording *recording_close(struct recording *rec);

#endif
