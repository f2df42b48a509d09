/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* store_private.h - what the parts of the store share: a connection, and how one asks it */
#ifndef VMSTALL_BATCH_STORE_PRIVATE_H
#define VMSTALL_BATCH_STORE_PRIVATE_H

#include <sqlite3.h>

#include "batch/store/store.h"

struct store { sqlite3 *db; char *path; unsigned int wait_ms; };

/* What the connection says of its last call, as an error and a sentence. */
int store_failed(const struct store *s, char **why);
/* Statements without answers, one or more. */
int store_exec(struct store *s, const char *sql, char **why);
/* One statement to bind and step; the caller sqlite3_finalize()s it. */
int store_prepare(struct store *s, const char *sql, sqlite3_stmt **ret, char **why);
/* Step one that has no answer, and make it ready for the next time. */
int store_step(struct store *s, sqlite3_stmt *stmt, char **why);
/* A text, or a blob where it is no UTF-8: names of files may be anything. */
void store_bind_name(sqlite3_stmt *stmt, int i, const char *name);
/* Undo what the transaction did, keeping the error. Returns @err. */
int store_undo(struct store *s, int err);

/* "file:PATH?@how", to be freed; NULL: out of memory. */
char *store_uri(const char *path, const char *how);

/* store_rows.c: the tables of a recording, as a child wrote them. */
int store_rows(struct store *s, int64_t id, FILE *rows, char **why);

#endif
