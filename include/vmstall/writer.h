/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * writer.h - one output format: sees the finished report, never an event
 */
#ifndef VMSTALL_WRITER_H
#define VMSTALL_WRITER_H

#include <stdio.h>

#include "vmstall/report.h"

struct spool;

struct writer_options {
	unsigned int width;	/* columns of the terminal; 0: 100 */
	bool color, unicode;
	int verbose;		/* -1 quiet, 0, 1 */
	uint64_t min_stall_ns;
	bool cells;		/* CSV writers: each row as a JSON array on a line, nothing changed for spreadsheets */
	struct spool *stream;	/* what a pass wrote while events went by (analysis_options.stream); NULL: nothing */
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
};

/* writers.c: those of analyze, and of the other verbs; NULL-terminated. */
extern const struct writer *const all_writers[], *const leak_writers[], *const reclaim_writers[], *const gfp_writers[];
const struct writer *writer_by_name(const char *name);

/* The report on the terminal; not a file format, so not in the list. */
int write_text(const struct report *r, const struct writer_options *opts, FILE *out);
int write_gfp_text(const struct report *r, const struct writer_options *opts, FILE *out);
int write_leaks_text(const struct report *r, const struct writer_options *opts, FILE *out);
int write_reclaim_text(const struct report *r, const struct writer_options *opts, FILE *out);
int write_info(const struct report *r, const struct writer_options *opts, FILE *out);

#endif
