/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * tables.h - a report as rows of the database's tables
 *
 * The tables are those of the CSV writers, stored by their column names. A column that the database lacks is left out, so a
 * writer may get new columns before the database's schema does.
 */
#ifndef VMSTALL_BATCH_TABLES_H
#define VMSTALL_BATCH_TABLES_H

#include <stdio.h>

#include "model/writer.h"

/* Write the tables of a report in the form of work.h. 0, -EIO or -ENOMEM. */
int tables_write(const struct report *r, uint64_t min_stall_ns, FILE *out);

/*
 * How long the recording could have shown a stall, ns: the time that the records of a CPU span, without pauses, averaged
 * over its CPUs. Absent if the events that show a stall were not recorded, or if there are no records.
 */
struct known covered_ns(const struct report *r);

#endif
