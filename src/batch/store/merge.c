// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * merge.c - copy the recordings of another database into this one
 *
 * If both have a recording, one result stays: that of the later analysis; among equals the better one; then the one with
 * the lower limit for a stall. So neither order nor repetition of merges matters. An older schema lacks columns; their
 * values are unknown.
 */
#include "batch/store/store_private.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "util/text.h"

/* The tables with rows of a recording, each behind the table that it refers to. */
static const char *const tables[] = { "stalls", "victims", "leaks", "gfp", "reclaim" };

#define QUALITY(t) \
	"(" t ".analysis, CASE " t ".status WHEN 'ok' THEN 5 WHEN 'partial' THEN 4 WHEN 'cannot_tell' THEN 3 WHEN 'failed' THEN 2 WHEN 'crashed' THEN 1 " \
	"ELSE 0 END, -" t ".min_stall_ns)"

/* Statements in order: collect the recordings to take over, and those that get path and labels from the other database. */
static const char prepare[] =
	"CREATE TEMP TABLE taken AS SELECT o.id FROM other.recordings o LEFT JOIN recordings r ON r.id = o.id "
	"WHERE r.id IS NULL OR " QUALITY("o") " > " QUALITY("r") ";"
	"CREATE TEMP TABLE renamed AS SELECT o.id FROM other.recordings o JOIN recordings r ON r.id = o.id "
	"WHERE o.path < r.path AND EXISTS (SELECT 1 FROM other.labels l WHERE l.recording_id = o.id);"
	"DELETE FROM stalls WHERE recording_id IN (SELECT id FROM taken);"
	"DELETE FROM leaks WHERE recording_id IN (SELECT id FROM taken);"
	"DELETE FROM gfp WHERE recording_id IN (SELECT id FROM taken);"
	"DELETE FROM reclaim WHERE recording_id IN (SELECT id FROM taken);"
	"DELETE FROM labels WHERE recording_id IN (SELECT id FROM renamed);";

static const char finish[] =
	"INSERT INTO files SELECT * FROM other.files WHERE true ON CONFLICT (path) DO UPDATE SET "
	"recording_id = excluded.recording_id, bytes = excluded.bytes, mtime_ns = excluded.mtime_ns, "
	"ctime_ns = excluded.ctime_ns, error = excluded.error WHERE (excluded.recording_id IS NOT NULL, "
	"ifnull(excluded.mtime_ns, 0), ifnull(excluded.ctime_ns, 0)) > (files.recording_id IS NOT NULL, "
	"ifnull(files.mtime_ns, 0), ifnull(files.ctime_ns, 0));"
	"UPDATE recordings SET path = (SELECT min(path) FROM files WHERE recording_id = recordings.id) "
	"WHERE id IN (SELECT id FROM other.recordings) AND EXISTS (SELECT 1 FROM files WHERE recording_id = recordings.id);"
	"INSERT INTO labels SELECT * FROM other.labels WHERE true ON CONFLICT (recording_id, name) DO NOTHING;"
	"DROP TABLE taken; DROP TABLE renamed;";

/* The columns of a table that both have: "a,b" and, for an update, "a=excluded.a,b=excluded.b". */
struct columns { struct text names, updates; };

static int add_column(void *data, const struct store_row *row)
{
	struct columns *c = data;
	const char *name = row_text(row, 0);

	text_add(&c->names, "%s\"%s\"", c->names.len ? "," : "", name);
	text_add(&c->updates, "%s\"%s\"=excluded.\"%s\"", c->updates.len ? "," : "", name, name);
	return 0;
}

static int common_columns(struct store *s, const char *table, char **ret_names, char **ret_updates, char **why)
{
	const struct store_param params[] = { { .text = table } };
	struct columns c = { 0 };
	int err = store_query(s, "SELECT m.name FROM pragma_table_info(?1, 'main') m "
		"JOIN pragma_table_info(?1, 'other') o ON o.name = m.name ORDER BY m.cid", params, 1, add_column, &c, why);

	*ret_names = text_take(&c.names);
	*ret_updates = text_take(&c.updates);
	return err ? err : *ret_names && *ret_updates ? 0 : -ENOMEM;
}

static int copy_table(struct store *s, const char *table, const char *id, bool update, char **why)
{
	char *names = NULL, *updates = NULL, *sql = NULL;
	int err = common_columns(s, table, &names, &updates, why);

	if (!err && *names) {
		fail(&sql, 0, "INSERT INTO %s (%s) SELECT %s FROM other.%s WHERE %s IN (SELECT id FROM taken) %s%s", table, names,
			names, table, id, update ? "ON CONFLICT (id) DO UPDATE SET " : "", update ? updates : "");
		err = sql ? store_exec(s, sql, why) : -ENOMEM;
	}
	free(sql);
	free(names);
	free(updates);
	return err;
}

static int first_path(void *data, const struct store_row *row)
{
	*(char **)data = strdup(row_text(row, 0));
	return 1;
}

/* Two different contents with the same id cannot both be stored. */
static int check_numbers(struct store *s, char **why)
{
	char *path = NULL;
	int err = store_query(s, "SELECT o.path FROM other.recordings o JOIN recordings r ON r.id = o.id AND r.sha256 <> o.sha256",
		NULL, 0, first_path, &path, why);

	if (err > 0)
		err = fail(why, -EEXIST, "%s: the number of %s is another recording's here", s->path, path ? path : "a recording");
	free(path);
	return err;
}

static int copy_all(struct store *s, char **why)
{
	int err = check_numbers(s, why);

	if (!err)
		err = store_exec(s, prepare, why);
	if (!err)
		err = copy_table(s, "recordings", "id", true, why);
	for (size_t i = 0; !err && i < sizeof(tables) / sizeof(tables[0]); i++)
		err = copy_table(s, tables[i], "recording_id", false, why);
	return err ? err : store_exec(s, finish, why);
}

static int attach_as(struct store *s, const char *path, const char *how, char **why)
{
	char *uri = store_uri(path, how);
	sqlite3_stmt *q = NULL;
	int err = uri ? store_prepare(s, "ATTACH ?1 AS other", &q, why) : -ENOMEM;

	if (!err) {
		sqlite3_bind_text(q, 1, uri, -1, SQLITE_STATIC);
		err = store_step(s, q, why);
	}
	if (!err) {	/* SQLite opens the file only when it is first read */
		err = store_exec(s, "SELECT 1 FROM other.sqlite_schema", why);
		if (err)
			sqlite3_exec(s->db, "DETACH other", NULL, NULL, NULL);
	}
	sqlite3_finalize(q);
	free(uri);
	return err;
}

/* Handle a missing write permission as store_open() does. */
static int attach(struct store *s, const char *path, char **why)
{
	int err = attach_as(s, path, "mode=ro", why);

	if (err != -EACCES)
		return err;
	free(*why);
	*why = NULL;
	return attach_as(s, path, "immutable=1", why);
}

int store_merge(struct store *s, const char *path, char **reterr_why)
{
	struct store *other = NULL;
	int err = store_open(path, STORE_READ, s->wait_ms, &other, reterr_why);

	store_close(other);
	if (!err)
		err = attach(s, path, reterr_why);
	if (err)
		return err;
	err = store_begin(s, reterr_why);
	if (!err)
		err = copy_all(s, reterr_why);
	err = err ? store_undo(s, err) : store_commit(s, reterr_why);
	sqlite3_exec(s->db, "DETACH other", NULL, NULL, NULL);
	return err;
}
