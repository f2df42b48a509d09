// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * put.c - what does the database know of a file, and how are new results stored?
 *
 * A recording is identified by its content. If several files have this content, the recording gets path and labels of
 * the first by name. So the result does not depend on the order in which the files were read.
 */
#include "batch/store/schema.h"
#include "batch/store/store_private.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "util/text.h"

static int add_digest(void *data, const struct store_row *row)
{
	return digests_add(data, row_text(row, 0));
}

int store_digests(struct store *s, const struct store_key *key, bool retry, struct digests *ret, char **reterr_why)
{
	const struct store_param params[] = { { .number = KNOWN(key->analysis) }, { .number = KNOWN(key->min_stall_ns) },
		{ .number = KNOWN(retry) } };

	return store_query(s, "SELECT sha256 FROM recordings WHERE analysis = ?1 AND min_stall_ns = ?2 "
		"AND (status IN " STATUS_READ " OR NOT ?3)", params, 3, add_digest, ret, reterr_why);
}

struct freshness { bool is; enum outcome_status *status; };

static int fresh(void *data, const struct store_row *row)
{
	struct freshness *f = data;

	f->is = true;
	*f->status = outcome_status_of(row_text(row, 0));
	return 0;
}

int store_is_fresh(struct store *s, const struct store_file *f, const struct store_key *key, bool retry,
		   enum outcome_status *ret_status, char **reterr_why)
{
	const struct store_param params[] = { { .text = f->path }, { .number = KNOWN(f->stamp.bytes) },
		{ .number = KNOWN(f->stamp.mtime_ns) }, { .number = KNOWN(f->stamp.ctime_ns) },
		{ .number = KNOWN(key->analysis) }, { .number = KNOWN(key->min_stall_ns) }, { .number = KNOWN(retry) } };
	struct freshness found = { .status = ret_status };
	int err = store_query(s, "SELECT r.status FROM files f JOIN recordings r ON r.id = f.recording_id WHERE f.path = ?1 "
		"AND f.bytes = ?2 AND f.mtime_ns = ?3 AND f.ctime_ns = ?4 AND r.analysis = ?5 AND r.min_stall_ns = ?6 "
		"AND (r.status IN " STATUS_READ " OR NOT ?7)", params, 7, fresh, &found, reterr_why);

	return err ? err : found.is;
}

/* @id: NULL: the file could not be read; @error says why. */
static int put_file(struct store *s, const struct store_file *f, const int64_t *id, const char *error, char **why)
{
	sqlite3_stmt *q = NULL;
	int err = store_prepare(s, "INSERT INTO files (path, recording_id, bytes, mtime_ns, ctime_ns, error) "
		"VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (path) DO UPDATE SET recording_id = ?2, bytes = ?3, mtime_ns = ?4, "
		"ctime_ns = ?5, error = ?6", &q, why);

	if (err)
		return err;
	store_bind_name(q, 1, f->path);
	if (id) {
		sqlite3_bind_int64(q, 2, *id);
		sqlite3_bind_int64(q, 3, f->stamp.bytes);
		sqlite3_bind_int64(q, 4, f->stamp.mtime_ns);
		sqlite3_bind_int64(q, 5, f->stamp.ctime_ns);
	}
	if (error)
		sqlite3_bind_text(q, 6, error, -1, SQLITE_STATIC);
	err = store_step(s, q, why);
	sqlite3_finalize(q);
	return err;
}

/* The recording stored under the id. @other: it has another content. @better: its result should be kept. */
struct standing { const char *sha256; bool other, better; };

static int compare(void *data, const struct store_row *row)
{
	struct standing *st = data;

	st->other = strcmp(row_text(row, 0), st->sha256) != 0;
	st->better = row_int(row, 1).v;
	return 0;
}

static int find_standing(struct store *s, const struct store_key *key, int64_t id, struct standing *st, char **why)
{
	const struct store_param params[] = { { .number = KNOWN(id) }, { .number = KNOWN(key->analysis) },
		{ .number = KNOWN(key->min_stall_ns) } };

	return store_query(s, "SELECT sha256, analysis = ?2 AND min_stall_ns = ?3 AND status IN " STATUS_READ " "
		"FROM recordings WHERE id = ?1", params, 3, compare, st, why);
}

static int put_recording(struct store *s, const struct store_file *f, const struct store_key *key, int64_t id,
			 const struct outcome *o, char **why)
{
	sqlite3_stmt *q = NULL;
	int err = store_prepare(s, "INSERT INTO recordings (id, sha256, path, bytes, status, error, analysis, min_stall_ns) "
		"VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (id) DO UPDATE SET status = ?5, error = ?6, analysis = ?7, "
		"min_stall_ns = ?8, kernel = NULL, machine = NULL, clock = NULL, cpus = NULL, first_ns = NULL, last_ns = NULL, "
		"covered_ns = NULL, events = NULL, lost = NULL, stalls = NULL, worst_ns = NULL, leaks = NULL, wrong_contexts = NULL, "
		"direct_reclaims = NULL, direct_reclaim_ns = NULL", &q, why);

	if (err)
		return err;
	sqlite3_bind_int64(q, 1, id);
	sqlite3_bind_text(q, 2, o->sha256, -1, SQLITE_STATIC);
	store_bind_name(q, 3, f->path);
	sqlite3_bind_int64(q, 4, f->stamp.bytes);
	sqlite3_bind_text(q, 5, outcome_name(o->status), -1, SQLITE_STATIC);
	if (o->error)
		sqlite3_bind_text(q, 6, o->error, -1, SQLITE_STATIC);
	sqlite3_bind_int64(q, 7, key->analysis);
	sqlite3_bind_int64(q, 8, key->min_stall_ns);
	err = store_step(s, q, why);
	sqlite3_finalize(q);
	return err;
}

static int with_id(struct store *s, const char *sql, int64_t id, char **why)
{
	sqlite3_stmt *q = NULL;
	int err = store_prepare(s, sql, &q, why);

	if (!err) {
		sqlite3_bind_int64(q, 1, id);
		err = store_step(s, q, why);
	}
	sqlite3_finalize(q);
	return err;
}

/* Deleting stalls also deletes their victims. */
static int forget_rows(struct store *s, int64_t id, char **why)
{
	static const char *const deletes[] = { "DELETE FROM stalls WHERE recording_id = ?1",
		"DELETE FROM leaks WHERE recording_id = ?1", "DELETE FROM gfp WHERE recording_id = ?1",
		"DELETE FROM reclaim WHERE recording_id = ?1" };
	int err = 0;

	for (size_t i = 0; !err && i < sizeof(deletes) / sizeof(deletes[0]); i++)
		err = with_id(s, deletes[i], id, why);
	return err;
}

/* Rows of a crashed child may be incomplete, so none of them is stored. */
static int put_result(struct store *s, const struct store_file *f, const struct store_key *key, int64_t id,
		      struct outcome *o, char **why)
{
	struct standing st = { .sha256 = o->sha256 };
	bool result = o->status <= OUTCOME_UNANSWERED;
	int err = find_standing(s, key, id, &st, why);

	if (!err && st.other)
		return fail(why, -EEXIST, "%s: the recording's number is taken by another; it cannot be stored", f->path);
	if (err || (st.better && !result))
		return err;
	err = put_recording(s, f, key, id, o, why);
	if (!err)
		err = forget_rows(s, id, why);
	if (!err && o->rows && (result || o->status == OUTCOME_FAILED))
		err = store_rows(s, id, o->rows, why);
	return err;
}

/* Delete the names of files that no longer exist, for example from before a file was renamed. @but: a name to keep. */
struct gone { struct store *s; const char *but; char **why; };

static int forget_gone(void *data, const struct store_row *row)
{
	const struct gone *g = data;
	const char *path = row_text(row, 0);
	sqlite3_stmt *q = NULL;
	struct stat st;
	int err;

	if ((g->but && !strcmp(path, g->but)) || !lstat(path, &st) || (errno != ENOENT && errno != ENOTDIR))
		return 0;
	err = store_prepare(g->s, "DELETE FROM files WHERE path = ?1", &q, g->why);
	if (!err) {
		store_bind_name(q, 1, path);
		err = store_step(g->s, q, g->why);
	}
	sqlite3_finalize(q);
	return err;
}

int store_forget(struct store *s, const char *root, char **reterr_why)
{
	const struct store_param params[] = { { .text = root } };
	struct gone gone = { .s = s, .why = reterr_why };

	return store_query(s, "SELECT path FROM files WHERE recording_id IS NULL AND (path = ?1 "
		"OR substr(path, 1, length(rtrim(?1, '/')) + 1) = rtrim(?1, '/') || '/')", params, 1, forget_gone, &gone, reterr_why);
}

static int put_label(struct store *s, int64_t id, const struct label *l, char **why)
{
	sqlite3_stmt *q = NULL;
	int err = store_prepare(s, "INSERT INTO labels (recording_id, name, value) VALUES (?1, ?2, ?3) "
		"ON CONFLICT (recording_id, name) DO UPDATE SET value = ?3 WHERE value <> ?3", &q, why);

	if (err)
		return err;
	sqlite3_bind_int64(q, 1, id);
	store_bind_name(q, 2, l->name);
	store_bind_name(q, 3, l->value);
	err = store_step(s, q, why);
	sqlite3_finalize(q);
	return err;
}

static int find_id(void *data, const struct store_row *row)
{
	*(struct known *)data = row_int(row, 0);
	return 0;
}

int store_label(struct store *s, const struct store_file *f, char **reterr_why)
{
	const struct store_param params[] = { { .text = f->path } };
	struct known id = UNKNOWN;
	int err = 0;

	if (!f->labels || !f->labels->nr)
		return 0;
	err = store_query(s, "SELECT f.recording_id FROM files f JOIN recordings r ON r.id = f.recording_id "
		"AND r.path = f.path WHERE f.path = ?1", params, 1, find_id, &id, reterr_why);
	for (size_t i = 0; !err && id.is && i < f->labels->nr; i++)
		err = put_label(s, id.v, &f->labels->all[i], reterr_why);
	return err;
}

/* The path of the recording. @stands: a file of that path is still known. */
struct name { char *path; bool stands; };

static int take_name(void *data, const struct store_row *row)
{
	struct name *name = data;

	name->path = strdup(row_text(row, 0));
	name->stands = row_int(row, 1).v;
	return name->path ? 0 : -ENOMEM;
}

static int find_name(struct store *s, int64_t id, struct name *ret, char **why)
{
	const struct store_param params[] = { { .number = KNOWN(id) } };

	*ret = (struct name){ 0 };
	return store_query(s, "SELECT r.path, f.path IS NOT NULL FROM recordings r LEFT JOIN files f ON f.path = r.path "
		"AND f.recording_id = r.id WHERE r.id = ?1", params, 1, take_name, ret, why);
}

/*
 * Of several copies, the first by name gives the recording its path and labels. If a file was renamed, the old labels stay
 * except where there are new ones.
 */
static int take_over(struct store *s, const struct store_file *f, int64_t id, char **why)
{
	struct name old;
	int err = find_name(s, id, &old, why);

	if (!err)
		err = with_id(s, "UPDATE recordings SET path = (SELECT min(path) FROM files WHERE recording_id = ?1) WHERE id = ?1",
			id, why);
	if (!err && old.stands && f->labels && f->labels->nr && strcmp(f->path, old.path) < 0)
		err = with_id(s, "DELETE FROM labels WHERE recording_id = ?1", id, why);
	free(old.path);
	return err;
}

/* Store that the file has this content now. */
static int see(struct store *s, const struct store_file *f, int64_t id, char **why)
{
	const struct store_param params[] = { { .number = KNOWN(id) } };
	struct gone gone = { s, f->path, why };
	int err = put_file(s, f, &id, NULL, why);

	if (!err)
		err = store_query(s, "SELECT path FROM files WHERE recording_id = ?1", params, 1, forget_gone, &gone, why);
	if (!err)
		err = take_over(s, f, id, why);
	return err ? err : store_label(s, f, why);
}

static int put(struct store *s, const struct store_file *f, const struct store_key *key, struct outcome *o, char **why)
{
	int64_t id;
	int err;

	if (!o->sha256[0])
		return put_file(s, f, NULL, o->error ? o->error : "it could not be read", why);
	id = digest_id(o->sha256);
	err = o->known ? 0 : put_result(s, f, key, id, o, why);
	return err ? err : see(s, f, id, why);
}

int store_put(struct store *s, const struct store_file *f, const struct store_key *key, struct outcome *o,
	      char **reterr_why)
{
	int err = store_begin(s, reterr_why);

	if (err)
		return err;
	err = put(s, f, key, o, reterr_why);
	return err ? store_undo(s, err) : store_commit(s, reterr_why);
}
