// SPDX-License-Identifier: LGPL-2.1-or-later
/* query.c - run a query, and deliver its answer row by row */
#include "batch/store/store_private.h"

#include <string.h>

#include "util/utf8.h"

/* A row is the SQLite statement that was stepped to it. */
static sqlite3_stmt *statement(const struct store_row *row)
{
	return (sqlite3_stmt *)(uintptr_t)row;
}

int row_columns(const struct store_row *row)
{
	return sqlite3_column_count(statement(row));
}

const char *row_name(const struct store_row *row, int column)
{
	return sqlite3_column_name(statement(row), column);
}

enum cell_kind row_kind(const struct store_row *row, int column)
{
	switch (sqlite3_column_type(statement(row), column)) {
	case SQLITE_NULL:
		return CELL_NULL;
	case SQLITE_INTEGER:
		return CELL_INT;
	case SQLITE_FLOAT:
		return CELL_REAL;
	default:
		return CELL_TEXT;
	}
}

struct known row_int(const struct store_row *row, int column)
{
	if (row_kind(row, column) == CELL_NULL)
		return UNKNOWN;
	return KNOWN(sqlite3_column_int64(statement(row), column));
}

const char *row_text(const struct store_row *row, int column)
{
	return (const char *)sqlite3_column_text(statement(row), column);
}

bool row_real(const struct store_row *row, int column, double *ret)
{
	*ret = sqlite3_column_double(statement(row), column);
	return row_kind(row, column) != CELL_NULL;
}

static bool is_utf8(const char *s)
{
	while (*s)
		if (utf8_next(&s) == UTF8_BAD)
			return false;
	return true;
}

void store_bind_name(sqlite3_stmt *stmt, int i, const char *name)
{
	if (is_utf8(name))
		sqlite3_bind_text(stmt, i, name, -1, SQLITE_TRANSIENT);
	else
		sqlite3_bind_blob(stmt, i, name, (int)strlen(name), SQLITE_TRANSIENT);
}

static void bind(sqlite3_stmt *stmt, int i, const struct store_param *p)
{
	if (p->text)
		store_bind_name(stmt, i, p->text);
	else if (p->number.is)
		sqlite3_bind_int64(stmt, i, p->number.v);
}

int store_query(struct store *s, const char *sql, const struct store_param *params, size_t nr_params, store_row_fn *fn,
		void *data, char **reterr_why)
{
	sqlite3_stmt *stmt = NULL;
	int err = store_prepare(s, sql, &stmt, reterr_why), code = SQLITE_ROW;

	for (size_t i = 0; !err && i < nr_params; i++)
		bind(stmt, (int)i + 1, &params[i]);
	while (!err && (code = sqlite3_step(stmt)) == SQLITE_ROW)
		err = fn(data, (const struct store_row *)stmt);
	if (!err && code != SQLITE_DONE)
		err = store_failed(s, reterr_why);
	sqlite3_finalize(stmt);
	return err;
}
