// SPDX-License-Identifier: LGPL-2.1-or-later
/* schema.c - the tables, indexes and views. NULL means not known */
#include "batch/store/schema.h"

/*
 * files:  every file that was looked at. path: text, or a blob if the name is not UTF-8. recording_id: NULL: it
 *         could not be read, and error says why
 * recordings: each content once, however many files have it; path: the first of these files by name
 *         covered_ns: how long the recording could have shown a stall; NULL: it could not show one
 */
static const char version_1[] =
	"CREATE TABLE recordings ("
	"id INTEGER PRIMARY KEY, sha256 TEXT NOT NULL UNIQUE CHECK (length(sha256) = 64), path NOT NULL,"
	"bytes INTEGER NOT NULL, status TEXT NOT NULL CHECK (status IN ('ok', 'partial', 'failed', 'timeout', 'crashed')),"
	"error TEXT, analysis INTEGER NOT NULL, min_stall_ns INTEGER NOT NULL, kernel TEXT, machine TEXT, clock TEXT,"
	"cpus INTEGER, first_ns INTEGER, last_ns INTEGER, covered_ns INTEGER, events INTEGER, lost INTEGER, stalls INTEGER,"
	"worst_ns INTEGER);"
	"CREATE INDEX recordings_path ON recordings (path);"
	"CREATE INDEX recordings_kernel ON recordings (kernel);"
	"CREATE TABLE files ("
	"path NOT NULL PRIMARY KEY, recording_id INTEGER REFERENCES recordings (id) ON DELETE CASCADE, bytes INTEGER,"
	"mtime_ns INTEGER, ctime_ns INTEGER, error TEXT) WITHOUT ROWID;"
	"CREATE INDEX files_recording ON files (recording_id);"
	"CREATE TABLE labels ("
	"recording_id INTEGER NOT NULL REFERENCES recordings (id) ON DELETE CASCADE, name TEXT NOT NULL, value TEXT NOT NULL,"
	"PRIMARY KEY (recording_id, name)) WITHOUT ROWID;"
	"CREATE INDEX labels_value ON labels (name, value);"
	"CREATE TABLE stalls ("
	"recording_id INTEGER NOT NULL REFERENCES recordings (id) ON DELETE CASCADE, stall_id INTEGER NOT NULL,"
	"start_ns INTEGER, end_ns INTEGER, duration_ns INTEGER, start_earliest_ns INTEGER, start_latest_ns INTEGER,"
	"end_earliest_ns INTEGER, end_latest_ns INTEGER, cause TEXT, cause_comm TEXT, cause_pid INTEGER, cause_cpu INTEGER,"
	"event_ns INTEGER, lru TEXT, classzone INTEGER, \"order\" INTEGER, nr_requested INTEGER, nr_scanned INTEGER,"
	"nr_skipped INTEGER, nr_taken INTEGER, skip_ratio REAL, scanned_bytes INTEGER, ns_per_page REAL,"
	"cpus_frozen INTEGER, cpus_total INTEGER, tasks_frozen INTEGER, frozen_task_ns INTEGER, trigger_comm TEXT,"
	"trigger_pid INTEGER, trigger_gfp TEXT, diagnosis TEXT, evidence TEXT, confidence TEXT, lost_in_window INTEGER,"
	"PRIMARY KEY (recording_id, stall_id)) WITHOUT ROWID;"
	"CREATE INDEX stalls_duration ON stalls (duration_ns);"
	"CREATE INDEX stalls_cause ON stalls (cause, cause_comm);"
	"CREATE TABLE victims ("
	"recording_id INTEGER NOT NULL, row INTEGER NOT NULL, stall_id INTEGER NOT NULL, comm TEXT, pid INTEGER, cpu INTEGER,"
	"kind TEXT, frozen_from_ns INTEGER, frozen_to_ns INTEGER, frozen_ns INTEGER, resume_lag_ns INTEGER,"
	"missed_periods INTEGER, waits_for_pid INTEGER, evidence TEXT, confidence TEXT,"
	"PRIMARY KEY (recording_id, row),"
	"FOREIGN KEY (recording_id, stall_id) REFERENCES stalls (recording_id, stall_id) ON DELETE CASCADE) WITHOUT ROWID;"
	"CREATE INDEX victims_stall ON victims (recording_id, stall_id);"
	"CREATE INDEX victims_comm ON victims (comm);"
	/* The date is that of the label, 2024-06-11 or 20240611, else the time when the file was last written. */
	"CREATE VIEW recording_list AS SELECT r.*, v.value AS vehicle, l.value AS release,"
	" CASE WHEN d.value GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]*' THEN substr(d.value, 1, 10)"
	" WHEN d.value GLOB '[0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9]*'"
	" THEN substr(d.value, 1, 4) || '-' || substr(d.value, 5, 2) || '-' || substr(d.value, 7, 2)"
	" ELSE date((SELECT min(mtime_ns) FROM files WHERE recording_id = r.id) / 1000000000, 'unixepoch') END AS date,"
	" (SELECT count(*) FROM files WHERE recording_id = r.id) AS copies"
	" FROM recordings r LEFT JOIN labels v ON v.recording_id = r.id AND v.name = 'vehicle'"
	" LEFT JOIN labels l ON l.recording_id = r.id AND l.name = 'release'"
	" LEFT JOIN labels d ON d.recording_id = r.id AND d.name = 'date';"
	"CREATE VIEW stall_list AS SELECT r.path, r.kernel, r.vehicle, r.release, r.date, s.*"
	" FROM stalls s JOIN recording_list r ON r.id = s.recording_id;"
	"CREATE VIEW culprits AS SELECT cause, cause_comm, diagnosis, count(*) AS stalls,"
	" count(DISTINCT recording_id) AS recordings, sum(duration_ns) AS total_ns, max(duration_ns) AS worst_ns"
	" FROM stalls GROUP BY cause, cause_comm, diagnosis;"
	"CREATE VIEW frozen_tasks AS SELECT comm, count(*) AS times, sum(frozen_ns) AS total_ns, max(frozen_ns) AS worst_ns,"
	" count(DISTINCT recording_id) AS recordings FROM victims GROUP BY comm;"
	"CREATE VIEW failed_files AS SELECT path, status, error FROM recordings WHERE status NOT IN ('ok', 'partial')"
	" UNION ALL SELECT path, 'failed', error FROM files WHERE recording_id IS NULL;";

/* Findings of the other analyses. leaks: without the places of verdict "ok" or "cache", which are no finding. */
static const char version_2[] =
	"ALTER TABLE recordings ADD COLUMN leaks INTEGER;"		/* places of verdict leak or "suspect" */
	"ALTER TABLE recordings ADD COLUMN wrong_contexts INTEGER;"	/* places that may sleep where they must not */
	"ALTER TABLE recordings ADD COLUMN direct_reclaims INTEGER;"
	"ALTER TABLE recordings ADD COLUMN direct_reclaim_ns INTEGER;"
	"CREATE TABLE leaks ("
	"recording_id INTEGER NOT NULL REFERENCES recordings (id) ON DELETE CASCADE, row INTEGER NOT NULL, rank INTEGER,"
	"layer TEXT, site_function TEXT, site_offset INTEGER, stack TEXT, comms TEXT, allocs INTEGER, frees INTEGER,"
	"live INTEGER, live_bytes INTEGER, bytes_per_day REAL, oldest_ns INTEGER, median_lifetime_ns INTEGER,"
	"never_freed_share REAL, pattern TEXT, verdict TEXT, confidence TEXT, lost_in_window INTEGER, use TEXT, cache TEXT,"
	"\"order\" INTEGER, gfp_flags TEXT, interrupt INTEGER, freed_unseen INTEGER, live_sure INTEGER, live_sure_bytes INTEGER,"
	"p99_lifetime_ns INTEGER, old INTEGER, old_never_freed INTEGER, old_never_freed_sure INTEGER,"
	"retries_never_freed INTEGER, outlived_owner INTEGER, allocs_per_s REAL, bytes_per_hour REAL, bytes_per_hour_low REAL,"
	"bytes_per_hour_high REAL, bytes_per_day_low REAL, bytes_per_day_high REAL, because TEXT,"
	"PRIMARY KEY (recording_id, row)) WITHOUT ROWID;"
	"CREATE INDEX leaks_site ON leaks (site_function);"
	"CREATE TABLE gfp ("
	"recording_id INTEGER NOT NULL REFERENCES recordings (id) ON DELETE CASCADE, row INTEGER NOT NULL, severity TEXT,"
	"context TEXT, event TEXT, site_function TEXT, site_offset INTEGER, stack TEXT, comms TEXT, count INTEGER,"
	"gfp_flags TEXT, first_ns INTEGER, last_ns INTEGER, confidence TEXT,"
	"PRIMARY KEY (recording_id, row)) WITHOUT ROWID;"
	"CREATE INDEX gfp_site ON gfp (site_function);"
	"CREATE TABLE reclaim ("
	"recording_id INTEGER NOT NULL REFERENCES recordings (id) ON DELETE CASCADE, row INTEGER NOT NULL, kind TEXT, comm TEXT,"
	"pid INTEGER, nid INTEGER, direct_reclaims INTEGER, direct_total_ns INTEGER, direct_median_ns INTEGER,"
	"direct_p99_ns INTEGER, direct_max_ns INTEGER, memcg_reclaims INTEGER, memcg_total_ns INTEGER, memcg_median_ns INTEGER,"
	"memcg_p99_ns INTEGER, memcg_max_ns INTEGER, node_reclaims INTEGER, node_total_ns INTEGER, unfinished INTEGER,"
	"doubtful INTEGER, scanned INTEGER, scanned_active INTEGER, skipped INTEGER, taken INTEGER, reclaimed INTEGER,"
	"freed INTEGER, skip_ratio REAL, efficiency REAL, woke_kswapd INTEGER, wakes INTEGER, rewakes INTEGER, awake_ns INTEGER,"
	"ran_ns INTEGER, evidence TEXT, PRIMARY KEY (recording_id, row)) WITHOUT ROWID;"
	"CREATE INDEX reclaim_comm ON reclaim (comm);"
	"CREATE VIEW leak_sites AS SELECT layer, site_function, verdict, count(DISTINCT recording_id) AS recordings,"
	" max(bytes_per_day) AS worst_bytes_per_day, sum(live_bytes) AS live_bytes FROM leaks GROUP BY 1, 2, 3;"
	"CREATE VIEW gfp_sites AS SELECT severity, context, site_function, count(DISTINCT recording_id) AS recordings,"
	" sum(count) AS times FROM gfp GROUP BY 1, 2, 3;"
	"CREATE VIEW reclaim_tasks AS SELECT comm, count(DISTINCT recording_id) AS recordings,"
	" sum(direct_reclaims) AS direct_reclaims, sum(direct_total_ns) AS direct_total_ns, max(direct_max_ns) AS direct_max_ns"
	" FROM reclaim WHERE kind = 'task' GROUP BY comm;";

/*
 * One more status: the recording was read, and cannot tell whether anything stalled. SQLite has no statement that changes a
 * constraint. Its text is changed instead, as lang_altertable.html allows where all rows stay valid. A table made anew
 * would take away the rows that refer to the old one.
 */
static const char version_3[] =
	"PRAGMA writable_schema = ON;"
	"UPDATE sqlite_schema SET sql = replace(sql, '''failed'', ''timeout''', '''cannot_tell'', ''failed'', ''timeout''') "
	"WHERE type = 'table' AND name = 'recordings';"
	"PRAGMA writable_schema = RESET;"
	"ALTER TABLE stalls ADD COLUMN window_from_ns INTEGER;"	/* a batch asks about whole recordings */
	"ALTER TABLE stalls ADD COLUMN window_to_ns INTEGER;"
	"ALTER TABLE victims ADD COLUMN chance REAL;"
	"DROP VIEW failed_files;"
	"CREATE VIEW failed_files AS SELECT path, status, error FROM recordings WHERE status NOT IN " STATUS_READ
	" UNION ALL SELECT path, 'failed', error FROM files WHERE recording_id IS NULL;";

const char *const schema_steps[] = { version_1, version_2, version_3 };
const size_t schema_version = sizeof(schema_steps) / sizeof(schema_steps[0]);
