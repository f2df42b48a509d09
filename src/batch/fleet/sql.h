/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* sql.h - SQL text that the questions about a fleet share */
#ifndef VMSTALL_BATCH_FLEET_SQL_H
#define VMSTALL_BATCH_FLEET_SQL_H

#include "batch/fleet/fleet.h"
#include "batch/store/schema.h"

/* The begin of every question: the stalls that count (?1 a cause, ?2 a duration), and the recordings with them. */
#define COUNTED                                                                                                  \
	"WITH s AS (SELECT * FROM stalls WHERE (?1 IS NULL OR cause = ?1) AND duration_ns >= ?2),"                  \
	" r AS (SELECT l.*, ifnull(n.stalls_counted, 0) AS counted, n.worst_counted FROM recording_list l LEFT JOIN" \
	" (SELECT recording_id, count(*) AS stalls_counted, max(duration_ns) AS worst_counted FROM s GROUP BY 1) n" \
	" ON n.recording_id = l.id) "

#define SUMS                                                                                                       \
	"count(*), sum(status NOT IN " STATUS_READ "), count(covered_ns), ifnull(sum(covered_ns) / 3600e9, 0),"     \
	" sum(counted), ifnull(sum(counted) FILTER (WHERE covered_ns IS NOT NULL), 0), max(worst_counted) "

/* fleet.c: read the columns SUMS, from column @at on. */
void fleet_sums(const struct store_row *row, int at, struct fleet_group *ret);

#endif
