// SPDX-License-Identifier: LGPL-2.1-or-later
/* page.c - a page for many recordings; data beyond the summary is read and written row by row */
#include "batch/fleet/page.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "batch/fleet/sql.h"
#include "export/html/html.h"

/* The limit of each list in bytes. With the summary, the lists stay below 5 MiB. */
enum { WEEKS_BYTES = 400000, RECORDINGS_BYTES = 1500000, STALLS_BYTES = 2500000 };

/* The page has room for this many stalls: the longest ones. */
#define MOST "20000"
#define SHOWN "x AS (SELECT * FROM s ORDER BY duration_ns DESC, recording_id, stall_id LIMIT " MOST ") "

/* Weeks begin with Monday. */
static const char weeks_sql[] =
	COUNTED "SELECT date(date, '-6 days', 'weekday 1'), release, " SUMS "FROM r GROUP BY 1, 2 ORDER BY 1, 2";
static const char recordings_sql[] =
	COUNTED ", " SHOWN "SELECT id, path, date, vehicle, release, kernel FROM recording_list"
	" WHERE id IN (SELECT recording_id FROM x) ORDER BY date DESC, path";
static const char stalls_sql[] =
	COUNTED ", " SHOWN "SELECT recording_id, stall_id, start_ns, duration_ns, cause, cause_comm, diagnosis, tasks_frozen,"
	" cpus_frozen, cpus_total, confidence FROM x";

/* A list that is being written: how a row becomes an element, and how many bytes are left. */
struct listing {
	const struct fleet_page *page;
	FILE *out;
	json_t *(*element)(const struct fleet_page *page, const struct store_row *row);
	const char *comma;
	size_t left;
};

static json_t *cell(const struct store_row *row, int column)
{
	double real = 0;

	if (row_kind(row, column) == CELL_INT)
		return json_integer(row_int(row, column).v);
	if (row_kind(row, column) == CELL_REAL)
		return row_real(row, column, &real) ? json_real(real) : json_null();
	return json_text(row_text(row, column));
}

static json_t *link_of(const struct fleet_page *page, const char *recording)
{
	char *link = recording && strcmp(page->path, "-") != 0 ? fleet_link(page->path, recording) : NULL;
	json_t *value = json_text(link);

	free(link);
	return value;
}

static json_t *columns(const struct fleet_page *page, const struct store_row *row)
{
	json_t *all = json_array();

	(void)page;
	for (int i = 0; i < row_columns(row); i++)
		json_append(&all, cell(row, i));
	return all;
}

static json_t *recording(const struct fleet_page *page, const struct store_row *row)
{
	json_t *all = columns(page, row);

	json_append(&all, link_of(page, row_text(row, 1)));
	return all;
}

static json_t *week(const struct fleet_page *page, const struct store_row *row)
{
	struct fleet_group g = { .name = NULL };
	json_t *all;

	(void)page;
	fleet_sums(row, 2, &g);
	all = fleet_group_json(&g);
	json_set(&all, "week", cell(row, 0));
	json_set(&all, "release", cell(row, 1));
	return all;
}

/* Once a row goes past the limit, no later row is written. */
static int put_row(void *data, const struct store_row *row)
{
	struct listing *l = data;
	json_t *element = l->element(l->page, row);
	char *text = element ? json_dumps(element, JSON_COMPACT | JSON_ENSURE_ASCII) : NULL;
	size_t len = text ? strlen(text) + 2 : 0;

	json_decref(element);
	if (text && len <= l->left) {
		fprintf(l->out, "%s%s", l->comma, text);
		l->comma = ",\n";
	}
	l->left = len <= l->left ? l->left - len : 0;
	free(text);
	return len ? 0 : -ENOMEM;
}

static const struct list {
	const char *name, *sql;
	json_t *(*element)(const struct fleet_page *page, const struct store_row *row);
	size_t most;
} lists[] = {
	{ "weeks", weeks_sql, week, WEEKS_BYTES },
	{ "recordings", recordings_sql, recording, RECORDINGS_BYTES },
	{ "stalls", stalls_sql, columns, STALLS_BYTES },
};

static int put_list(const struct fleet_page *page, const struct list *list, FILE *out, char **why)
{
	const struct store_param params[] = { { .text = page->opts->cause }, { .number = KNOWN(page->opts->least_ns) } };
	struct listing l = { page, out, list->element, "\n", list->most };
	int err;

	fprintf(out, ",\n\"%s\": [", list->name);
	err = store_query(page->store, list->sql, params, 2, put_row, &l, why);
	fputs("]", out);
	return err;
}

struct putting { const struct fleet_page *page; char **why; };

static int put_text(void *data, FILE *out)
{
	const struct putting *p = data;

	return fleet_text(p->page->fleet, &(struct writer_options){ .width = 100 }, out);
}

static int put_json(void *data, FILE *out)
{
	const struct putting *p = data;
	int err;

	fprintf(out, "{\"tool\": {\"name\": \"vmstall\", \"version\": \"" VMSTALL_VERSION "\"},\n\"fleet\": ");
	err = json_put(out, fleet_json_value(p->page->fleet));
	for (size_t i = 0; !err && i < sizeof(lists) / sizeof(lists[0]); i++)
		err = put_list(p->page, &lists[i], out, p->why);
	fputs("}\n", out);
	return err ? err : ferror(out) ? -EIO : 0;
}

int fleet_html(const struct fleet_page *page, FILE *out, char **reterr_why)
{
	struct putting p = { page, reterr_why };

	return html_put(&(struct html_source){ "fleet", put_text, put_json, &p }, out);
}
