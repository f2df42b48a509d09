/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * csv.h - a row of RFC 4180, or a row of cells to be stored
 *
 * Text comes from recordings and is hostile. Control characters are dropped, and bytes that are not UTF-8 become U+FFFD.
 * A cell that a spreadsheet would take for a formula gets an apostrophe in front. Numbers are never changed. An unknown
 * value is an empty cell.
 *
 * With writer_options.cells each row, the header too, is a JSON array on one line. Text is then written unchanged,
 * except for bytes that are not UTF-8; null is an unknown value.
 */
#ifndef VMSTALL_WRITERS_CSV_H
#define VMSTALL_WRITERS_CSV_H

#include <stdio.h>

#include "model/writer.h"

/* @failed: memory ran out. */
struct csv { FILE *out; bool begun, cells, failed; };

struct csv csv_begin(FILE *out, const struct writer_options *opts);

/* @names: the column names: "a, b, c" */
void csv_header(struct csv *c, const char *names);
void csv_text(struct csv *c, const char *s);	/* NULL: empty */
void csv_int(struct csv *c, int64_t v);
void csv_unsigned(struct csv *c, uint64_t v);
void csv_known(struct csv *c, struct known v);
void csv_real(struct csv *c, double v, int digits);
void csv_event(struct csv *c, const struct event_ref *event);	/* the time of the event */
/* The columns of a scan, the same in every table. @counts: pages requested, scanned, skipped, taken. */
void csv_scan(struct csv *c, struct known lru, struct known classzone, struct known order, const struct known counts[4]);
void csv_lost(struct csv *c, uint64_t lost);	/* UINT64_MAX: a loss of unknown number; an empty cell, never 0 */
void csv_empty(struct csv *c);
void csv_end(struct csv *c);
/* 0, or -EIO if a write failed. */
int csv_status(const struct csv *c);

#endif
