// SPDX-License-Identifier: LGPL-2.1-or-later
/* schema.c - which tables, indexes and views are there? NULL is what is not known */
#include "batch/schema.h"

/*
 * files:  every file that was looked at. path: text, or a blob where the name is no UTF-8. recording_id: NULL: it
 *         could not be read, and error says why
 * recordings: each content once, however many files have it; path: the first of these by name
 *         covered_ns: how long it could have shown a stall; NULL: it could not
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
	/* A date is the label's, 2024-06-11 or 20240611, else when the file was last written. */
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

const char *const schema_steps[] = { version_1 };
const size_t schema_version = sizeof(schema_steps) / sizeof(schema_steps[0]);
