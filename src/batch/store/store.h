/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * store.h - the database of a fleet; no other code knows that it is SQLite
 *
 * One connection, used by one thread. The database survives a kill at any moment, because each file is one transaction.
 * Several processes may use a database at once: each waits for the others, up to a limit. Errors are one sentence that
 * names the database; free() it.
 */
#ifndef VMSTALL_BATCH_STORE_H
#define VMSTALL_BATCH_STORE_H

#include "batch/input/labels.h"
#include "batch/work/work.h"

struct store;

enum store_access {
	STORE_READ,	/* must exist, with this version or an older one, which is left as it is */
	STORE_WRITE,	/* created if it is missing; an older version is brought up to date */
};

/**
 * store_open - open, make or migrate the database at @path
 * @wait_ms: how long to wait for another process, here and at every later call
 *
 * Returns 0, -ENOENT, -EACCES, -EBUSY (another process has locked it), -EBADMSG (not a database, or damaged),
 * -EPROTO (a database of something else), -EPROTONOSUPPORT (of a later version), -ENOSPC, -EIO, -ENOMEM.
 */
int store_open(const char *path, enum store_access access, unsigned int wait_ms, struct store **ret, char **reterr_why);
struct store *store_close(struct store *s);	/* NULL is fine; returns NULL */

/* The analysis and its settings. A result of another key is replaced. */
struct store_key { int64_t analysis, min_stall_ns; };

/* A file that was found, and its labels; NULL: none. */
struct store_file { const char *path; struct stamp stamp; const struct labels *labels; };

/* Add to @ret the contents that need no analysis by @key. @retry: failed ones need a new analysis. */
int store_digests(struct store *s, const struct store_key *key, bool retry, struct digests *ret, char **reterr_why);

/*
 * Is the file unchanged since its content was analysed by @key? Returns 1, with the outcome of that analysis, 0, or an
 * error.
 */
int store_is_fresh(struct store *s, const struct store_file *f, const struct store_key *key, bool retry,
		   enum outcome_status *ret_status, char **reterr_why);

/**
 * store_put - store the outcome of a file in one transaction: all of it, or nothing
 *
 * Returns 0 or an error of store_open(), after which nothing has changed; -EEXIST: another recording has its id.
 */
int store_put(struct store *s, const struct store_file *f, const struct store_key *key, struct outcome *o,
	      char **reterr_why);

/* Forget the unreadable files at or below @root that no longer exist. 0 or an error. */
int store_forget(struct store *s, const char *root, char **reterr_why);

/* Label files that need no new analysis. Call it in a transaction over several files. */
int store_begin(struct store *s, char **reterr_why);
int store_label(struct store *s, const struct store_file *f, char **reterr_why);
int store_commit(struct store *s, char **reterr_why);

/**
 * store_merge - copy what the database at @path has; that database may be older, and is not changed
 *
 * One transaction. Merging the same database again changes nothing, and the order of several does not matter. Returns 0
 * or an error of store_open(), for either database; -EEXIST: two recordings have one id.
 */
int store_merge(struct store *s, const char *path, char **reterr_why);

/* A row of an answer; valid during the call. Columns count from 0. */
struct store_row;
int row_columns(const struct store_row *row);
const char *row_name(const struct store_row *row, int column);
struct known row_int(const struct store_row *row, int column);
const char *row_text(const struct store_row *row, int column);	/* NULL: not known */
bool row_real(const struct store_row *row, int column, double *ret);
enum cell_kind { CELL_NULL, CELL_INT, CELL_REAL, CELL_TEXT };
enum cell_kind row_kind(const struct store_row *row, int column);

typedef int store_row_fn(void *data, const struct store_row *row);	/* non-zero ends the query */

/* A parameter of a query, ?1 and on: the text; if that is NULL, the number; if that is absent, NULL. */
struct store_param { const char *text; struct known number; };

/* Run @sql, one statement. Returns 0, what @fn returned, or an error. */
int store_query(struct store *s, const char *sql, const struct store_param *params, size_t nr_params, store_row_fn *fn,
		void *data, char **reterr_why);

#endif
