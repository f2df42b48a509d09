/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * csv.h - a row of RFC 4180, or of cells for who stores them
 *
 * Text comes from recordings and is hostile: control characters are dropped, bytes that are no UTF-8
 * become U+FFFD, and a cell that a spreadsheet would take for a formula gets an apostrophe in front.
 * Numbers are never touched. What is not known is an empty cell.
 *
 * With writer_options.cells a row, the header too, is an array of JSON on a line: text as it is, but for bytes that
 * are no UTF-8; null is what is not known.
 */
#ifndef VMSTALL_WRITERS_CSV_H
#define VMSTALL_WRITERS_CSV_H

#include <stdio.h>

#include "model/writer.h"

struct csv { FILE *out; bool begun, cells; };

struct csv csv_begin(FILE *out, const struct writer_options *opts);

/* @names: the columns: "a, b, c" */
void csv_header(struct csv *c, const char *names);
void csv_text(struct csv *c, const char *s);	/* NULL: empty */
void csv_int(struct csv *c, int64_t v);
void csv_unsigned(struct csv *c, uint64_t v);
void csv_known(struct csv *c, struct known v);
void csv_real(struct csv *c, double v, int digits);
void csv_event(struct csv *c, const struct event_ref *event);	/* when it was */
void csv_lost(struct csv *c, uint64_t lost);	/* UINT64_MAX: some, their number is not known; empty, and never 0 */
void csv_empty(struct csv *c);
void csv_end(struct csv *c);
/* 0, or -EIO if anything could not be written. */
int csv_status(const struct csv *c);

#endif
