// SPDX-License-Identifier: LGPL-2.1-or-later
/* outcome.c - read what a child wrote, and check that it is whole. Output of a crashed child may end anywhere */
#include "batch/work/work.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const names[] = { "ok", "partial", "cannot_tell", "failed", "timeout", "crashed" };

const char *outcome_name(enum outcome_status status)
{
	return names[status];
}

static int status_of(const char *name)
{
	for (int i = 0; name && i <= OUTCOME_CRASHED; i++)
		if (!strcmp(names[i], name))
			return i;
	return -1;
}

enum outcome_status outcome_status_of(const char *name)
{
	int status = status_of(name);

	return status < 0 ? OUTCOME_CRASHED : (enum outcome_status)status;
}

/* Read one line, up to the newline; NULL: there is none, or it is not JSON. */
static json_t *next_line(FILE *f)
{
	char *line = NULL;
	size_t room = 0;
	ssize_t len = getline(&line, &room, f);
	json_t *value = len > 1 && line[len - 1] == '\n' ? json_loadb(line, (size_t)len, JSON_ALLOW_NUL, NULL) : NULL;

	free(line);
	return value;
}

int rows_next(FILE *rows, json_t **ret_line)
{
	int c = getc(rows);

	if (c == EOF)
		return ferror(rows) ? -EBADMSG : 0;
	ungetc(c, rows);
	*ret_line = next_line(rows);
	return *ret_line ? 1 : -EBADMSG;
}

/* Find the last line: it begins after the newline before the last one. */
static json_t *last_line(FILE *f)
{
	char tail[4096];
	long size, from;
	size_t got, at;

	if (fseek(f, 0, SEEK_END) || (size = ftell(f)) < 2)
		return NULL;
	from = size > (long)sizeof(tail) ? size - (long)sizeof(tail) : 0;
	if (fseek(f, from, SEEK_SET))
		return NULL;
	got = fread(tail, 1, sizeof(tail), f);
	for (at = got - 1; at > 0 && tail[at - 1] != '\n'; at--)
		;
	return got < 2 || tail[got - 1] != '\n' ? NULL : json_loadb(tail + at, got - at, JSON_ALLOW_NUL, NULL);
}

static int take_end(FILE *f, struct outcome *ret)
{
	json_t *end = last_line(f);
	const char *status = json_string_value(json_object_get(end, "status"));
	const char *error = json_string_value(json_object_get(end, "error"));
	int code, err = 0;

	ret->untried = status && !strcmp(status, WORK_UNTRIED);
	code = ret->untried ? OUTCOME_FAILED : status_of(status);

	ret->status = outcome_status_of(status);
	if (code >= 0 && error) {
		ret->error = strdup(error);
		err = ret->error ? 0 : -ENOMEM;
	}
	json_decref(end);
	return err;
}

static int64_t number(const json_t *object, const char *name)
{
	return json_integer_value(json_object_get(object, name));
}

static void take_digest(FILE *f, struct outcome *ret)
{
	json_t *first = next_line(f);
	const char *hex = json_string_value(json_object_get(first, "sha256"));

	if (hex && strlen(hex) == DIGEST_HEX - 1 && strspn(hex, "0123456789abcdef") == DIGEST_HEX - 1)
		memcpy(ret->sha256, hex, DIGEST_HEX);
	ret->stamp = (struct stamp){ number(first, "bytes"), number(first, "mtime_ns"), number(first, "ctime_ns") };
	ret->known = ret->sha256[0] && json_is_true(json_object_get(first, "known"));
	json_decref(first);
}

int outcome_read(int fd, struct outcome *ret)
{
	int err;

	*ret = (struct outcome){ .rows = fdopen(fd, "r") };
	if (!ret->rows) {
		close(fd);
		return -ENOMEM;
	}
	err = take_end(ret->rows, ret);
	rewind(ret->rows);
	take_digest(ret->rows, ret);
	return err;
}

void outcome_clear(struct outcome *o)
{
	if (o->rows)
		fclose(o->rows);
	free(o->error);
	*o = (struct outcome){ 0 };
}
