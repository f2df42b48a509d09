// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * rows.c - store the lines of a child as rows of tables
 *
 * A table begins with its name and its columns. The row of the recording itself is there already and is filled in. The
 * other tables get new rows, numbered from 1 where the table has a column for that.
 */
#include "batch/store/store_private.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "model/leaks.h"
#include "util/text.h"

enum { COLUMNS_MAX = 64 };

/* The table that is being read. @places: the parameter of each cell of a line; 0: the cell is left out. */
struct target {
	struct store *s;
	int64_t id, row;
	const char *table;
	sqlite3_stmt *stmt;
	int places[COLUMNS_MAX], row_place, id_place;
	size_t verdict;			/* in leaks, the cell with the verdict; else SIZE_MAX */
	size_t columns;
};

/* The tables that a child may write. The names come from the child, so no other table is accepted. */
static const char *const tables[] = { "recordings", "stalls", "victims", "leaks", "gfp", "reclaim" };

static const char *known_table(const char *name)
{
	for (size_t i = 0; name && i < sizeof(tables) / sizeof(tables[0]); i++)
		if (!strcmp(tables[i], name))
			return tables[i];
	return NULL;
}

static int malformed(const struct target *t, char **why)
{
	return fail(why, -EBADMSG, "%s: what the analysis left is damaged%s%s", t->s->path, t->table ? " in table " : "",
		t->table ? t->table : "");
}

static bool has_column(const struct target *t, const char *column)
{
	return sqlite3_table_column_metadata(t->s->db, NULL, t->table, column, NULL, NULL, NULL, NULL, NULL) == SQLITE_OK;
}

/* Skip the places that do not leak. They are no finding, and would fill most of the database. */
static bool is_no_finding(const struct target *t, json_t *cells)
{
	const char *verdict = t->verdict < t->columns ? json_string_value(json_array_get(cells, t->verdict)) : NULL;

	return verdict && (!strcmp(verdict, leak_verdict_name(LEAK_OK)) || !strcmp(verdict, leak_verdict_name(LEAK_CACHE)));
}

static bool is_recording(const struct target *t)
{
	return !strcmp(t->table, "recordings");
}

/* "UPDATE recordings SET a=?1, b=?2 WHERE id=?3" */
static int prepare_update(struct target *t, json_t *columns, struct text *sql)
{
	int places = 0;

	text_add(sql, "UPDATE recordings SET ");
	for (size_t i = 0; i < t->columns; i++) {
		const char *column = json_string_value(json_array_get(columns, i));

		if (!column || !has_column(t, column))
			continue;
		t->places[i] = ++places;
		text_add(sql, "%s\"%s\"=?%d", places > 1 ? "," : "", column, places);
	}
	t->id_place = ++places;
	text_add(sql, " WHERE id=?%d", places);
	return places > 1 ? 0 : -EBADMSG;
}

/* "INSERT INTO stalls (recording_id, row, a, b) VALUES (?1, ?2, ?3, ?4)" */
static int prepare_insert(struct target *t, json_t *columns, struct text *sql)
{
	int places = 1;

	text_add(sql, "INSERT INTO %s (recording_id", t->table);
	t->id_place = 1;
	if (has_column(t, "row")) {
		t->row_place = ++places;
		text_add(sql, ",row");
	}
	for (size_t i = 0; i < t->columns; i++) {
		const char *column = json_string_value(json_array_get(columns, i));

		if (!column || !has_column(t, column))
			continue;
		t->places[i] = ++places;
		t->verdict = strcmp(column, "verdict") ? t->verdict : i;
		text_add(sql, ",\"%s\"", column);
	}
	text_add(sql, ") VALUES (?1");
	for (int i = 2; i <= places; i++)
		text_add(sql, ",?%d", i);
	text_add(sql, ")");
	return 0;
}

static int begin_rows(struct target *t, json_t *columns, char **why)
{
	struct text sql = { 0 };
	char *text;
	int err;

	t->columns = json_array_size(columns);
	if (!t->columns || t->columns > COLUMNS_MAX)
		return malformed(t, why);
	err = is_recording(t) ? prepare_update(t, columns, &sql) : prepare_insert(t, columns, &sql);
	text = text_take(&sql);
	if (!err)
		err = text ? store_prepare(t->s, text, &t->stmt, why) : -ENOMEM;
	else
		err = malformed(t, why);
	free(text);
	return err;
}

static int bind_cell(sqlite3_stmt *stmt, int place, json_t *cell)
{
	switch (json_typeof(cell)) {
	case JSON_NULL:
		return sqlite3_bind_null(stmt, place);
	case JSON_INTEGER:
		return sqlite3_bind_int64(stmt, place, json_integer_value(cell));
	case JSON_REAL:
		return sqlite3_bind_double(stmt, place, json_real_value(cell));
	case JSON_STRING:
		return sqlite3_bind_text(stmt, place, json_string_value(cell), (int)json_string_length(cell), SQLITE_TRANSIENT);
	default:
		return SQLITE_MISMATCH;
	}
}

static int put_row(struct target *t, json_t *cells, char **why)
{
	int code = SQLITE_OK;

	if (json_array_size(cells) != t->columns)
		return malformed(t, why);
	if (is_no_finding(t, cells))
		return 0;
	for (size_t i = 0; code == SQLITE_OK && i < t->columns; i++)
		if (t->places[i])
			code = bind_cell(t->stmt, t->places[i], json_array_get(cells, i));
	if (code != SQLITE_OK)
		return malformed(t, why);
	sqlite3_bind_int64(t->stmt, t->id_place, t->id);
	if (t->row_place)
		sqlite3_bind_int64(t->stmt, t->row_place, ++t->row);
	return store_step(t->s, t->stmt, why);
}

static void begin_table(struct target *t, const char *name)
{
	sqlite3_finalize(t->stmt);
	*t = (struct target){ .s = t->s, .id = t->id, .table = known_table(name), .verdict = SIZE_MAX };
}

/* An object begins a table. The last object has no table and ends the list. */
static int take_line(struct target *t, json_t *line, char **why)
{
	if (json_is_object(line)) {
		begin_table(t, json_string_value(json_object_get(line, "table")));
		return 0;
	}
	if (!t->table || !json_is_array(line))
		return malformed(t, why);
	return t->stmt ? put_row(t, line, why) : begin_rows(t, line, why);
}

int store_rows(struct store *s, int64_t id, FILE *rows, char **why)
{
	struct target t = { .s = s, .id = id };
	json_t *line = NULL;
	int more, err = 0;

	while (!err && (more = rows_next(rows, &line)) != 0) {
		err = more < 0 ? malformed(&t, why) : take_line(&t, line, why);
		json_decref(more > 0 ? line : NULL);
	}
	sqlite3_finalize(t.stmt);
	return err;
}
