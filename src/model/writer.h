/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * writer.h - one output format: sees the finished report, never an event
 */
#ifndef VMSTALL_WRITER_H
#define VMSTALL_WRITER_H

#include <stdio.h>

#include "model/report.h"

struct spool;

struct writer_options {
	unsigned int width;	/* columns of the terminal; 0: 100 */
	bool color, unicode;
	int verbose;		/* -1 quiet, 0, 1 */
	uint64_t min_stall_ns;
	bool cells;		/* CSV writers: each row as a JSON array on a line, not adapted for spreadsheets */
	struct spool *stream;	/* what a pass wrote during the replay (analysis_options.stream); NULL: nothing */
};

/**
 * struct writer - a format
 * @name:  as in the option: "csv" is --csv
 * @about: the option's help line
 * @write: returns 0 or a negative errno; does not close @out. The report is sorted: report_sort()
 */
struct writer {
	const char *name, *about;
	int (*write)(const struct report *r, const struct writer_options *opts, FILE *out);
	bool all_holds;		/* wants analysis_options.keep_all_holds */
	bool activity;		/* wants analysis_options.activity */
	bool rows;		/* wants analysis_options.find_rows */
	bool streams;		/* wants analysis_options.stream, and hands it out again */
	bool explains;		/* says why there is no answer; other formats without a row look like a healthy machine */
};

#endif
