/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* store_private.h - the connection and the helpers that the parts of the store share */
#ifndef VMSTALL_BATCH_STORE_PRIVATE_H
#define VMSTALL_BATCH_STORE_PRIVATE_H

#include <sqlite3.h>

#include "batch/store/store.h"

struct store { sqlite3 *db; char *path; unsigned int wait_ms; };

/* Turn the last error of the connection into an errno and a sentence. */
int store_failed(const struct store *s, char **why);
/* Run one or more statements without answers. */
int store_exec(struct store *s, const char *sql, char **why);
/* Prepare one statement to bind and step; the caller must sqlite3_finalize() it. */
int store_prepare(struct store *s, const char *sql, sqlite3_stmt **ret, char **why);
/* Step a statement without an answer, and reset it for the next use. */
int store_step(struct store *s, sqlite3_stmt *stmt, char **why);
/* Bind a text, or a blob if it is not UTF-8, because file names may be anything. */
void store_bind_name(sqlite3_stmt *stmt, int i, const char *name);
/* Roll back the transaction, but keep the error. Returns @err. */
int store_undo(struct store *s, int err);

/* "file:PATH?@how", to be freed; NULL: out of memory. */
char *store_uri(const char *path, const char *how);

/* rows.c: store the tables of a recording, as a child wrote them. */
int store_rows(struct store *s, int64_t id, FILE *rows, char **why);

#endif
