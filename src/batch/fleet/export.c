// SPDX-License-Identifier: LGPL-2.1-or-later
/* export.c - the database as the CSV files that the analysis of one recording writes, but for all of them */
#include "batch/fleet/fleet.h"

#include <errno.h>
#include <stdlib.h>

#include "export/csv/csv.h"
#include "util/text.h"

/* Sort by path, then by recording, because one path may have had several recordings. */
const struct export exports[] = {
	{ "recordings.csv",
		"SELECT path AS recording, sha256, bytes, status, error, kernel, clock, cpus, first_ns, last_ns, events, lost, stalls,"
		" worst_ns, covered_ns, min_stall_ns, vehicle, release, date, copies, leaks, wrong_contexts, direct_reclaims,"
		" direct_reclaim_ns FROM recording_list UNION ALL SELECT path, NULL, NULL, 'failed', error, NULL, NULL, NULL, NULL, NULL,"
		" NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL FROM files"
		" WHERE recording_id IS NULL ORDER BY 1, 2" },
	{ "stalls.csv",
		"SELECT r.path AS recording, s.stall_id, start_ns, end_ns, duration_ns, start_earliest_ns, start_latest_ns,"
		" end_earliest_ns, end_latest_ns, cause, cause_comm, cause_pid, cause_cpu, event_ns, lru, classzone, \"order\","
		" nr_requested, nr_scanned, nr_skipped, nr_taken, skip_ratio, scanned_bytes, ns_per_page, cpus_frozen, cpus_total,"
		" tasks_frozen, frozen_task_ns, trigger_comm, trigger_pid, trigger_gfp, diagnosis, evidence, confidence, lost_in_window,"
		" window_from_ns, window_to_ns"
		" FROM stalls s JOIN recordings r ON r.id = s.recording_id ORDER BY r.path, r.sha256, s.stall_id" },
	{ "victims.csv",
		"SELECT r.path AS recording, v.stall_id, comm, pid, cpu, kind, frozen_from_ns, frozen_to_ns, frozen_ns, resume_lag_ns,"
		" missed_periods, waits_for_pid, evidence, confidence, chance FROM victims v JOIN recordings r ON r.id = v.recording_id"
		" ORDER BY r.path, r.sha256, v.row" },
	{ NULL, NULL },
};

static void put_cell(struct csv *c, const struct store_row *row, int column)
{
	double real;

	switch (row_kind(row, column)) {
	case CELL_NULL:
		csv_empty(c);
		break;
	case CELL_INT:
		csv_int(c, row_int(row, column).v);
		break;
	case CELL_REAL:
		row_real(row, column, &real);
		csv_real(c, real, 9);
		break;
	case CELL_TEXT:
		csv_text(c, row_text(row, column));
		break;
	}
}

static int put_row(void *data, const struct store_row *row)
{
	struct csv *c = data;

	for (int i = 0; i < row_columns(row); i++)
		put_cell(c, row, i);
	csv_end(c);
	return csv_status(c);
}

static int put_header(void *data, const struct store_row *row)
{
	struct csv *c = data;

	for (int i = 0; i < row_columns(row); i++)
		csv_text(c, row_name(row, i));
	csv_end(c);
	return csv_status(c);
}

/* The header must be written even if the table is empty. So the query adds one row of NULLs to get the column names. */
int export_csv(struct store *s, const struct export *e, FILE *out, char **reterr_why)
{
	struct csv c = { .out = out };
	char *header = NULL;
	int err;

	fail(&header, 0, "SELECT e.* FROM (SELECT 1) LEFT JOIN (%s) e ON 0", e->sql);
	err = header ? store_query(s, header, NULL, 0, put_header, &c, reterr_why) : -ENOMEM;
	free(header);
	return err ? err : store_query(s, e->sql, NULL, 0, put_row, &c, reterr_why);
}
