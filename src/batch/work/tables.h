/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * tables.h - a report as rows of the database's tables
 *
 * The tables are those of the CSV writers, by whose columns' names they are stored: a column that the database does
 * not have is left out, so a writer may grow before the database's schema does.
 */
#ifndef VMSTALL_BATCH_TABLES_H
#define VMSTALL_BATCH_TABLES_H

#include <stdio.h>

#include "model/writer.h"

/* What a child says of a report, as work.h has it. 0, -EIO or -ENOMEM. */
int tables_write(const struct report *r, uint64_t min_stall_ns, FILE *out);

/*
 * How long the recording could have shown a stall, ns: what its CPUs' records span, on average, without pauses.
 * Absent where the events that show one were not recorded, or nothing was.
 */
struct known covered_ns(const struct report *r);

#endif
