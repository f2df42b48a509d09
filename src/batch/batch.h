/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * batch.h - many recordings into one database
 *
 * What was analysed before and has not changed is left alone. Each other one is analysed in a child; what that
 * finds out is stored by the one who called, in one transaction a recording: at whatever moment it is killed, what
 * was done is kept, and the same call goes on from there.
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
 * @of:    of the others, what became of them; @unreadable: not even their content could be known
 * @bad, @cut: of all, those of which the analysis failed, now or before; those that are not whole
 * @stopped: whose child somebody told to end: not stored, and not done
 * @stalls: found now
 */
struct batch_counts {
	size_t files, to_do, done, fresh, known, of[OUTCOME_CRASHED + 1], unreadable, bad, cut, stopped, stalls;
	uint64_t bytes, done_bytes;	/* to do, and done of that */
};

/* A file that was dealt with. @sha256, @error: NULL: not known; all is well. @known: it was analysed before. */
struct batch_file {
	const char *path, *sha256, *status, *error;
	bool known;
	struct known stalls, worst_ns;
};

/* Told as it goes on; each may be NULL. @data is the last argument's. */
struct batch_watch {
	void (*begun)(void *data, const struct batch_counts *c);
	void (*file)(void *data, const struct batch_counts *c, const struct batch_file *f);
	void (*tick)(void *data, const struct batch_counts *c);		/* now and then */
	void *data;
};

/**
 * struct batch_order - what to do, and how
 * @labels, @pattern: what is said of all of them, and of each by its path; NULL: nothing
 * @timeout_ms, @memory: limits of one recording; 0: none
 * @retry:  once more those that failed
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
 * batch_run - analyse what was found, and store it
 * @ret_signal: what told us to stop early; 0: nothing did
 *
 * Returns 0; or what ended it early, with one sentence: an error of the database, or -ENOPKG: no plugins. What was done
 * until then is stored.
 */
int batch_run(const struct batch_order *order, const struct find *files, struct store *store, struct batch_counts *ret,
	      int *ret_signal, char **reterr_why);

/* A path that could not even be found: it is stored as a failed file. As batch_run(). */
int batch_unreadable(struct store *store, const char *path, const char *error, char **reterr_why);

#endif
