/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * batch.h - many recordings into one database
 *
 * A file that has not changed since its analysis is skipped. Each other file is analysed in a child. The calling process
 * stores the child's findings, in one transaction a recording. So whenever it is killed, the finished work is kept, and the
 * same call continues from there.
 */
#ifndef VMSTALL_BATCH_BATCH_H
#define VMSTALL_BATCH_BATCH_H

#include "batch/input/find.h"
#include "batch/input/labels.h"
#include "batch/input/shard.h"
#include "batch/store/store.h"

/**
 * struct batch_counts - of files
 * @fresh: nothing changed since they were analysed; @known: their content was, under another name or stamp
 * @of:    the others by outcome; @unreadable: not even their content could be read
 * @bad, @cut, @unanswered: of all: those whose analysis failed, now or before; those that are not whole; those that cannot
 *         tell whether anything stalled
 * @stopped: somebody told the child to end, so nothing was stored
 * @stalls: found in this run
 */
struct batch_counts {
	size_t files, to_do, done, fresh, known, of[OUTCOME_CRASHED + 1], unreadable, bad, cut, unanswered, stopped, stalls;
	uint64_t bytes, done_bytes;	/* still to do at the start, and how many of these are done */
};

/* A file that is finished. @sha256, @error: NULL: not known; no error. @known: it was analysed before. */
struct batch_file {
	const char *path, *sha256, *status, *error;
	bool known;
	struct known stalls, worst_ns;
};

/* Callbacks while the batch runs; each may be NULL. @data is passed as the last argument. */
struct batch_watch {
	void (*begun)(void *data, const struct batch_counts *c);
	void (*file)(void *data, const struct batch_counts *c, const struct batch_file *f);
	void (*tick)(void *data, const struct batch_counts *c);		/* now and then */
	void *data;
};

/**
 * struct batch_order - what to do, and how
 * @labels, @pattern: labels for every file, and labels from each path; NULL: none
 * @timeout_ms, @memory: limits of one recording; 0: none
 * @retry:  analyse failed recordings once more
 */
struct batch_order {
	struct recording_options recording;
	struct analysis_options analysis;
	const struct labels *labels;
	const struct label_pattern *pattern;
	unsigned int jobs;
	uint64_t timeout_ms, memory;
	bool retry;
	struct batch_watch watch;
};

/**
 * batch_run - analyse the files that were found, and store the results
 * @ret_signal: the signal that stopped the run early; 0: none did
 *
 * Returns 0; or the error that ended it early, with one sentence: an error of the database, or -ENOPKG: no plugins.
 * Results up to then are stored.
 */
int batch_run(const struct batch_order *order, const struct find *files, struct store *store, struct batch_counts *ret,
	      int *ret_signal, char **reterr_why);

/* Store a path that could not even be found, as a failed file. Returns as batch_run() does. */
int batch_unreadable(struct store *store, const char *path, const char *error, char **reterr_why);

#endif
