// SPDX-License-Identifier: LGPL-2.1-or-later
/* store.c - open a database, bring it up to date, ask it, and report its errors */
#include "batch/store/store_private.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>

#include "batch/store/schema.h"
#include "util/text.h"

#define NAP_MS 10

int store_failed(const struct store *s, char **why)
{
	switch (sqlite3_errcode(s->db)) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return fail(why, -EBUSY, "%s: locked by another program, for more than %g s", s->path, s->wait_ms / 1000.0);
	case SQLITE_NOTADB:
		return fail(why, -EBADMSG, "%s: not a database", s->path);
	case SQLITE_CORRUPT:
		return fail(why, -EBADMSG, "%s: the database is damaged: %s", s->path, sqlite3_errmsg(s->db));
	case SQLITE_FULL:
		return fail(why, -ENOSPC, "%s: no space left on the disk", s->path);
	case SQLITE_READONLY:
		return fail(why, -EACCES, "%s: cannot be written", s->path);
	case SQLITE_CANTOPEN:
		return fail(why, -EACCES, "%s: cannot be opened: %s", s->path, strerror(sqlite3_system_errno(s->db)));
	case SQLITE_NOMEM:
		return -ENOMEM;
	default:
		return fail(why, -EIO, "%s: %s", s->path, sqlite3_errmsg(s->db));
	}
}

int store_exec(struct store *s, const char *sql, char **why)
{
	return sqlite3_exec(s->db, sql, NULL, NULL, NULL) == SQLITE_OK ? 0 : store_failed(s, why);
}

int store_prepare(struct store *s, const char *sql, sqlite3_stmt **ret, char **why)
{
	return sqlite3_prepare_v2(s->db, sql, -1, ret, NULL) == SQLITE_OK ? 0 : store_failed(s, why);
}

int store_step(struct store *s, sqlite3_stmt *stmt, char **why)
{
	int code = sqlite3_step(stmt), err = code == SQLITE_DONE || code == SQLITE_ROW ? 0 : store_failed(s, why);

	sqlite3_reset(stmt);
	return err;
}

int store_undo(struct store *s, int err)
{
	if (err && !sqlite3_get_autocommit(s->db))
		sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
	return err;
}

int store_begin(struct store *s, char **reterr_why)
{
	return store_exec(s, "BEGIN IMMEDIATE", reterr_why);
}

int store_commit(struct store *s, char **reterr_why)
{
	return store_undo(s, store_exec(s, "COMMIT", reterr_why));
}

static int one_number(void *data, const struct store_row *row)
{
	*(int64_t *)data = row_int(row, 0).v;
	return 0;
}

static int number_of(struct store *s, const char *sql, int64_t *ret, char **why)
{
	*ret = 0;
	return store_query(s, sql, NULL, 0, one_number, ret, why);
}

/* Read everything in one transaction, because another process may be creating the database. */
static int read_marks(struct store *s, int64_t *application, int64_t *version, int64_t *tables, char **why)
{
	bool alone = sqlite3_get_autocommit(s->db);
	int err = alone ? store_exec(s, "BEGIN", why) : 0;

	if (!err)
		err = number_of(s, "PRAGMA application_id", application, why);
	if (!err)
		err = number_of(s, "PRAGMA user_version", version, why);
	if (!err)
		err = number_of(s, "SELECT count(*) FROM sqlite_schema", tables, why);
	if (!alone)
		return err;
	return err ? store_undo(s, err) : store_exec(s, "COMMIT", why);
}

/* Is the database ours, and of which version? 0: it is empty. */
static int read_version(struct store *s, int64_t *ret, char **why)
{
	int64_t application = 0, tables = 0;
	int err = read_marks(s, &application, ret, &tables, why);

	if (err)
		return err;
	if (application != SCHEMA_APPLICATION_ID && (application || tables || *ret))
		return fail(why, -EPROTO, "%s: a database, but not one of vmstall", s->path);
	if (*ret > (int64_t)schema_version)
		return fail(why, -EPROTONOSUPPORT, "%s: written by a later vmstall (schema %d; this one knows %zu)", s->path,
			(int)*ret, schema_version);
	return 0;
}

/* Another process may have migrated it meanwhile. So read the version again under the write lock. */
static int migrate(struct store *s, char **why)
{
	char pragma[64];
	int64_t version;
	int err = store_begin(s, why);

	if (!err)
		err = read_version(s, &version, why);
	for (size_t i = err ? 0 : (size_t)version; !err && i < schema_version; i++)
		err = store_exec(s, schema_steps[i], why);
	snprintf(pragma, sizeof(pragma), "PRAGMA user_version = %zu", schema_version);
	if (!err)
		err = store_exec(s, pragma, why);
	snprintf(pragma, sizeof(pragma), "PRAGMA application_id = %d", SCHEMA_APPLICATION_ID);
	if (!err)
		err = store_exec(s, pragma, why);
	return err ? store_undo(s, err) : store_commit(s, why);
}

/* Write-ahead logging needs memory shared between processes, which these file systems do not give. */
static bool is_remote(const char *path)
{
	struct statfs fs;

	if (statfs(path, &fs))
		return false;
	switch ((unsigned long)fs.f_type) {
	case NFS_SUPER_MAGIC:
	case SMB_SUPER_MAGIC:
	case 0xff534d42:	/* CIFS */
	case 0xfe534d42:	/* SMB2 */
	case FUSE_SUPER_MAGIC:
	case V9FS_MAGIC:
	case CEPH_SUPER_MAGIC:
	case 0x0bd00bd0:	/* Lustre */
	case 0x47504653:	/* GPFS */
		return true;
	default:
		return false;
	}
}

static uint64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

/* SQLite does not wait when another process sets the journal mode too, so retry here (sqlite3_busy_timeout()). */
static int set_journal(struct store *s, char **why)
{
	const char *pragma = is_remote(s->path) ? "PRAGMA journal_mode = TRUNCATE" : "PRAGMA journal_mode = WAL";
	uint64_t until = now_ms() + s->wait_ms;
	int code;

	while ((code = sqlite3_exec(s->db, pragma, NULL, NULL, NULL)) == SQLITE_BUSY && now_ms() < until)
		sqlite3_sleep(NAP_MS);
	return code == SQLITE_OK ? 0 : store_failed(s, why);
}

static int prepare_to_write(struct store *s, int64_t version, char **why)
{
	int err = set_journal(s, why);

	if (!err)
		err = store_exec(s, "PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON", why);
	if (!err && version < (int64_t)schema_version)
		err = migrate(s, why);
	return err;
}

static int prepare(struct store *s, enum store_access access, char **why)
{
	int64_t version = 0;
	int err = read_version(s, &version, why);

	if (!err && access == STORE_READ && !version)
		return fail(why, -EPROTO, "%s: an empty database", s->path);
	return !err && access == STORE_WRITE ? prepare_to_write(s, version, why) : err;
}

/* Check the file first, because SQLite's own message for a missing file does not say so. */
static int check_place(const char *path, enum store_access access, char **why)
{
	struct stat st;

	if (stat(path, &st))
		return errno == ENOENT && access == STORE_WRITE ? 0 : fail(why, -errno, "%s: %s", path, strerror(errno));
	return S_ISREG(st.st_mode) ? 0 : fail(why, -EBADMSG, "%s: not a file", path);
}

/* Build a URI, because only a URI can carry the open mode. */
char *store_uri(const char *path, const char *how)
{
	struct text t = { 0 };

	text_add(&t, "file:%s", *path == '/' ? "" : "./");
	for (; *path; path++)
		text_add(&t, strchr("%?#", *path) ? "%%%02X" : "%c", (unsigned char)*path);
	text_add(&t, "?%s", how);
	return text_take(&t);
}

static int open_as(struct store *s, enum store_access access, const char *how, char **why)
{
	int flags = access == STORE_READ ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
	char *uri = store_uri(s->path, how);
	int err = uri ? 0 : -ENOMEM;

	if (!err && sqlite3_open_v2(uri, &s->db, flags | SQLITE_OPEN_URI, NULL))
		err = s->db ? store_failed(s, why) : -ENOMEM;
	free(uri);
	if (err)
		return err;
	sqlite3_busy_timeout(s->db, (int)s->wait_ms);
	return prepare(s, access, why);
}

/*
 * With a write-ahead log, even a reader must write files beside the database. Where it cannot write, nobody else can
 * either, so the file is opened as immutable.
 */
static int open_to_read(struct store *s, char **why)
{
	int err = open_as(s, STORE_READ, "mode=ro", why);

	if (err != -EACCES)
		return err;
	free(*why);
	*why = NULL;
	sqlite3_close_v2(s->db);
	s->db = NULL;
	return open_as(s, STORE_READ, "immutable=1", why);
}

int store_open(const char *path, enum store_access access, unsigned int wait_ms, struct store **ret, char **reterr_why)
{
	struct store *s = calloc(1, sizeof(*s));
	int err = check_place(path, access, reterr_why);

	if (s)
		*s = (struct store){ .path = strdup(path), .wait_ms = wait_ms };
	if (!err && (!s || !s->path))
		err = -ENOMEM;
	if (!err)
		err = access == STORE_READ ? open_to_read(s, reterr_why) : open_as(s, access, "mode=rwc", reterr_why);
	if (err)
		s = store_close(s);
	else
		*ret = s;
	return err;
}

struct store *store_close(struct store *s)
{
	if (!s)
		return NULL;
	sqlite3_close_v2(s->db);
	free(s->path);
	free(s);
	return NULL;
}
