/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * work.h - the work of a batch's child on one recording, and what its parent learns of it
 *
 * The child writes lines of JSON into an anonymous file. The parent reads them when the child has ended. First comes the
 * digest of the content. Then come the tables: each is the object {"table": name}, an array of its column names and one
 * array of cells for each row (writer_options.cells). The last line says how the child ended. A child that crashes,
 * hangs or is killed leaves no last line, and maybe not even the first.
 */
#ifndef VMSTALL_BATCH_WORK_H
#define VMSTALL_BATCH_WORK_H

#include <jansson.h>
#include <stdatomic.h>
#include <stdio.h>

#include "analysis/analysis.h"
#include "batch/input/digest.h"

/* Progress, in parts of WORK_WHOLE; in memory that parent and child share. */
#define WORK_WHOLE 65536
struct work_shared { _Atomic uint32_t done; };

/**
 * struct work - a child's task
 * @known:  contents that need no analysis
 * @memory: bytes that the child may take beyond what its parent had; 0: no limit
 * @out:    where the lines go
 */
struct work {
	const char *path;
	const struct digests *known;
	struct recording_options recording;
	struct analysis_options analysis;
	uint64_t memory;
	int out;
	struct work_shared *shared;
};

#define WORK_UNTRIED "untried"	/* the last line's status if the analysis was not tried */

/* The work of a child_start(). @data: a struct work. Returns 0; non-zero: it could not even report how it ended. */
int work_on(void *data);

/* OUTCOME_UNANSWERED: it was read, but what it takes to find a stall was not recorded. */
enum outcome_status { OUTCOME_OK, OUTCOME_PARTIAL, OUTCOME_UNANSWERED, OUTCOME_FAILED, OUTCOME_TIMEOUT, OUTCOME_CRASHED };
const char *outcome_name(enum outcome_status status);	/* names as in recordings.csv */
enum outcome_status outcome_status_of(const char *name);	/* an unknown name counts as crashed */

/**
 * struct outcome - the result for one file
 * @sha256: empty if not even the digest could be computed; @stamp: that of the file at the time
 * @known:  its content was analysed before; the other members mean nothing then
 * @untried: the analysis could not start at all, as @error says; this is no result of the recording
 * @error:  one sentence; NULL: no error
 * @rows:   the tables, from the current position on; NULL: none
 */
struct outcome {
	enum outcome_status status;
	char sha256[DIGEST_HEX];
	struct stamp stamp;
	bool known, untried;
	char *error;
	FILE *rows;
};

/* Read the output of a child in @fd, which the outcome then owns. 0 or -ENOMEM. outcome_clear() it in any case. */
int outcome_read(int fd, struct outcome *ret);
void outcome_clear(struct outcome *o);

/**
 * rows_next - the next line of the tables
 * @ret_line: an array, or an object that begins a table; json_decref() it
 *
 * Returns 1; 0 at the end; -EBADMSG: it is not a line that work_on() writes.
 */
int rows_next(FILE *rows, json_t **ret_line);

#endif
