/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * work.h - what a child of a batch does with one recording, and what its parent learns of it
 *
 * The child writes lines of JSON into an anonymous file, and the parent reads them when the child has ended. First
 * which content it is; then the tables, each the object {"table": name}, an array of its columns' names and one of
 * cells for each row (writer_options.cells); last how it ended. A child that crashes, hangs or is killed leaves no
 * last line, and perhaps the first.
 */
#ifndef VMSTALL_BATCH_WORK_H
#define VMSTALL_BATCH_WORK_H

#include <jansson.h>
#include <stdatomic.h>
#include <stdio.h>

#include "analysis/analysis.h"
#include "batch/input/digest.h"

/* How far it is; in memory that the two share. In parts of WORK_WHOLE. */
#define WORK_WHOLE 65536
struct work_shared { _Atomic uint32_t done; };

/**
 * struct work - a child's task
 * @known:  contents that need no analysis
 * @memory: bytes it may take beyond what its parent had; 0: any
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

#define WORK_UNTRIED "untried"	/* the last line's status, instead of an outcome's */

/* The child: a child_start() work. @data: a struct work. Returns 0; non-zero: it could not even say how it ended. */
int work_on(void *data);

enum outcome_status { OUTCOME_OK, OUTCOME_PARTIAL, OUTCOME_FAILED, OUTCOME_TIMEOUT, OUTCOME_CRASHED };
const char *outcome_name(enum outcome_status status);	/* as in recordings.csv */
enum outcome_status outcome_status_of(const char *name);	/* of no such name: crashed */

/**
 * struct outcome - what became of a file
 * @sha256: empty where not even that could be found out; @stamp: the file's when it was
 * @known:  its content was analysed before; the rest says nothing then
 * @untried: there is nothing to analyse it with, as @error says: it is nobody's result
 * @error:  one sentence; NULL: all is well
 * @rows:   the tables, from here on; NULL: none
 */
struct outcome {
	enum outcome_status status;
	char sha256[DIGEST_HEX];
	struct stamp stamp;
	bool known, untried;
	char *error;
	FILE *rows;
};

/* Read what a child left in @fd, which becomes the outcome's. 0 or -ENOMEM. outcome_clear() it in any case. */
int outcome_read(int fd, struct outcome *ret);
void outcome_clear(struct outcome *o);

/**
 * rows_next - the next line of the tables
 * @ret_line: an array, or an object that begins a table; json_decref() it
 *
 * Returns 1; 0 at the end; -EBADMSG: not what work_on() writes.
 */
int rows_next(FILE *rows, json_t **ret_line);

#endif
