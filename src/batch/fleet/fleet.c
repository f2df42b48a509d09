// SPDX-License-Identifier: LGPL-2.1-or-later
/* fleet.c - ask the database what its recordings have in common */
#include "batch/fleet/fleet.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "batch/fleet/sql.h"
#include "util/array.h"
#include "util/text.h"

const char *const fleet_by_names[NR_FLEET_BY] = { "kernel", "vehicle", "release", "date" };

struct asking {
	struct store *s;
	const struct fleet_options *opts;
	struct fleet *f;
	char **why;
	int err;
};

/* Run question @sql. Its third parameter is @third, or a number if @third is NULL. */
static int ask(struct asking *a, const char *sql, const struct store_param *third, store_row_fn *fn, void *data)
{
	const struct store_param params[] = { { .text = a->opts->cause }, { .number = KNOWN(a->opts->least_ns) },
		third ? *third : (struct store_param){ 0 } };

	return store_query(a->s, sql, params, third ? 3 : 2, fn, data, a->why);
}

static int copy(const struct store_row *row, int column, char **ret)
{
	const char *text = row_text(row, column);

	*ret = text ? strdup(text) : NULL;
	return text && !*ret ? -ENOMEM : 0;
}

static uint64_t count_of(const struct store_row *row, int column)
{
	return (uint64_t)row_int(row, column).v;
}

void fleet_sums(const struct store_row *row, int at, struct fleet_group *g)
{
	g->recordings = count_of(row, at);
	g->failed = count_of(row, at + 1);
	g->covering = count_of(row, at + 2);
	row_real(row, at + 3, &g->hours);
	g->stalls = count_of(row, at + 4);
	g->rated = count_of(row, at + 5);
	g->worst_ns = row_int(row, at + 6);
}

static int take_total(void *data, const struct store_row *row)
{
	fleet_sums(row, 0, data);
	return 0;
}

static int take_number(void *data, const struct store_row *row)
{
	*(struct known *)data = row_int(row, 0);
	return 0;
}

/* The duration such that @percent of the stalls are shorter or as long. */
static int quantile(struct asking *a, unsigned int percent, uint64_t stalls, struct known *ret)
{
	const struct store_param place = { .number = KNOWN((stalls * percent + 99) / 100 - (stalls > 0)) };

	return ask(a, COUNTED "SELECT duration_ns FROM s ORDER BY 1 LIMIT 1 OFFSET ?3", &place,
		take_number, ret);
}

static int load_total(struct asking *a)
{
	struct fleet *f = a->f;
	int err = ask(a, COUNTED "SELECT " SUMS "FROM r", NULL, take_total, &f->total);

	if (!err)
		err = quantile(a, 50, f->total.stalls, &f->total.median_ns);
	if (!err)
		err = quantile(a, 90, f->total.stalls, &f->p90_ns);
	return err ? err : quantile(a, 99, f->total.stalls, &f->p99_ns);
}

static int take_facts(void *data, const struct store_row *row)
{
	struct fleet *f = data;

	f->partial = count_of(row, 0);
	f->vehicles = count_of(row, 1);
	f->files = count_of(row, 2);
	f->copies = count_of(row, 3);
	f->min_stall_ns = row_int(row, 4);
	f->mixed_analyses = count_of(row, 5) > 1;
	return 0;
}

static int load_facts(struct asking *a)
{
	return store_query(a->s, "SELECT count(*) FILTER (WHERE status = 'partial'), count(DISTINCT vehicle),"
		" (SELECT count(*) FROM files), sum(max(copies - 1, 0)),"
		" CASE WHEN min(min_stall_ns) = max(min_stall_ns) THEN min(min_stall_ns) END, count(DISTINCT analysis)"
		" FROM recording_list", NULL, 0, take_facts, a->f, a->why);
}

static int take_group(void *data, const struct store_row *row)
{
	struct fleet_list *list = data;
	struct fleet_group *all = grow(list->all, &list->cap, list->nr, sizeof(*all));

	if (!all)
		return -ENOMEM;
	list->all = all;
	all[list->nr] = (struct fleet_group){ 0 };
	if (copy(row, 0, &all[list->nr].name))
		return -ENOMEM;
	all[list->nr].median_ns = row_int(row, 1);
	fleet_sums(row, 2, &all[list->nr++]);
	return 0;
}

/* The median is the middle duration of each group. Dates are sorted by date, all other groups by stalls. */
static int load_groups(struct asking *a, enum fleet_by by)
{
	char *sql = NULL;
	int err;

	fail(&sql, 0, COUNTED ", d AS (SELECT r.%1$s AS name, duration_ns, row_number() OVER w AS n, count(*) OVER"
		" (PARTITION BY r.%1$s) AS all_n FROM s JOIN r ON r.id = s.recording_id WINDOW w AS (PARTITION BY r.%1$s"
		" ORDER BY duration_ns)), m AS (SELECT name, duration_ns FROM d WHERE n = (all_n + 1) / 2)"
		" SELECT r.%1$s, (SELECT duration_ns FROM m WHERE m.name IS r.%1$s), " SUMS "FROM r GROUP BY r.%1$s ORDER BY %2$s",
		fleet_by_names[by], by == BY_DATE ? "1" : "sum(counted) DESC, 1");
	err = sql ? ask(a, sql, NULL, take_group, &a->f->by[by]) : -ENOMEM;
	free(sql);
	return err;
}

static int take_bucket(void *data, const struct store_row *row)
{
	struct fleet *f = data;
	int64_t ns = row_int(row, 0).v;
	size_t i = FLEET_BUCKETS;

	while (i > 1 && (uint64_t)ns < f->buckets[i - 1].from_ns)
		i--;
	f->buckets[i - 1].stalls++;
	return 0;
}

static int load_buckets(struct asking *a)
{
	static const uint64_t ms[FLEET_BUCKETS] = { 0, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000 };

	for (size_t i = 0; i < FLEET_BUCKETS; i++)
		a->f->buckets[i] = (struct fleet_bucket){ .from_ns = ms[i] * 1000000 };
	return ask(a, COUNTED "SELECT duration_ns FROM s", NULL, take_bucket, a->f);
}

static int take_culprit(void *data, const struct store_row *row)
{
	struct fleet *f = data;
	struct fleet_culprit *all = grow(f->culprits, &f->cap_culprits, f->nr_culprits, sizeof(*all)), *c;

	if (!all)
		return -ENOMEM;
	f->culprits = all;
	c = &all[f->nr_culprits++];
	*c = (struct fleet_culprit){ .stalls = count_of(row, 3), .recordings = count_of(row, 4), .total_ns = row_int(row, 5),
		.worst_ns = row_int(row, 6) };
	if (copy(row, 0, &c->cause) || copy(row, 1, &c->comm) || copy(row, 2, &c->diagnosis) || copy(row, 7, &c->first))
		return -ENOMEM;
	c->fresh = f->since_date && c->first && strcmp(c->first, f->since_date) >= 0;
	return 0;
}

static int load_culprits(struct asking *a)
{
	return ask(a, COUNTED "SELECT cause, cause_comm, diagnosis, count(*), count(DISTINCT recording_id), sum(duration_ns),"
		" max(duration_ns), min(r.date) FROM s JOIN r ON r.id = s.recording_id GROUP BY 1, 2, 3 ORDER BY 4 DESC, 6 DESC, 1, 2, 3",
		NULL, take_culprit, a->f);
}

static int take_stall(void *data, const struct store_row *row)
{
	struct fleet *f = data;
	struct fleet_stall *all = grow(f->worst, &f->cap_worst, f->nr_worst, sizeof(*all)), *s;

	if (!all)
		return -ENOMEM;
	f->worst = all;
	s = &all[f->nr_worst++];
	*s = (struct fleet_stall){ .start_ns = row_int(row, 4).v, .duration_ns = row_int(row, 5).v };
	return copy(row, 0, &s->path) || copy(row, 1, &s->date) || copy(row, 2, &s->cause) || copy(row, 3, &s->comm) ? -ENOMEM : 0;
}

static int load_worst(struct asking *a)
{
	const struct store_param most = { .number = KNOWN(FLEET_WORST) };

	return ask(a, COUNTED "SELECT r.path, r.date, cause, cause_comm, start_ns, duration_ns FROM s JOIN r ON r.id = s.recording_id"
		" ORDER BY duration_ns DESC, r.path, start_ns LIMIT ?3", &most, take_stall, a->f);
}

static int take_failure(void *data, const struct store_row *row)
{
	struct fleet *f = data;
	struct fleet_failure *all = grow(f->failures, &f->cap_failures, f->nr_failures, sizeof(*all)), *x;

	if (!all)
		return -ENOMEM;
	f->failures = all;
	x = &all[f->nr_failures++];
	*x = (struct fleet_failure){ 0 };
	return copy(row, 0, &x->path) || copy(row, 1, &x->status) || copy(row, 2, &x->error) ? -ENOMEM : 0;
}

static int load_failures(struct asking *a)
{
	return store_query(a->s, "SELECT path, status, error FROM failed_files ORDER BY 1, 2, 3", NULL, 0, take_failure, a->f,
		a->why);
}

/* A recording without a date has neither a label nor a file. It is counted on neither side. */
static int load_since(struct asking *a)
{
	const struct store_param date = { .text = a->opts->since };
	int err;

	if (!a->opts->since)
		return 0;
	err = ask(a, COUNTED "SELECT " SUMS "FROM r WHERE date < ?3", &date, take_total, &a->f->before);
	return err ? err : ask(a, COUNTED "SELECT " SUMS "FROM r WHERE date >= ?3", &date, take_total, &a->f->since);
}

static int load(struct asking *a)
{
	int err = load_total(a);

	if (!err)
		err = load_facts(a);
	for (enum fleet_by by = 0; !err && by < NR_FLEET_BY; by++)
		err = load_groups(a, by);
	if (!err)
		err = load_buckets(a);
	if (!err)
		err = load_culprits(a);
	if (!err)
		err = load_worst(a);
	if (!err)
		err = load_failures(a);
	return err ? err : load_since(a);
}

int fleet_load(struct store *s, const struct fleet_options *opts, struct fleet *ret, char **reterr_why)
{
	struct asking a = { .s = s, .opts = opts, .f = ret, .why = reterr_why };

	*ret = (struct fleet){ .db = strdup(opts->db), .since_date = opts->since ? strdup(opts->since) : NULL };
	if (!ret->db || (opts->since && !ret->since_date))
		return -ENOMEM;
	return load(&a);
}

bool fleet_rate(const struct fleet_group *g, double *ret_rate, struct interval *ret_interval)
{
	struct interval n = poisson_interval(g->rated);

	if (g->hours <= 0)
		return false;
	*ret_rate = (double)g->rated / g->hours;
	*ret_interval = (struct interval){ n.low / g->hours, n.high / g->hours };
	return true;
}

void fleet_clear(struct fleet *f)
{
	for (size_t by = 0; by < NR_FLEET_BY; by++) {
		for (size_t i = 0; i < f->by[by].nr; i++)
			free(f->by[by].all[i].name);
		free(f->by[by].all);
	}
	for (size_t i = 0; i < f->nr_culprits; i++) {
		free(f->culprits[i].cause);
		free(f->culprits[i].comm);
		free(f->culprits[i].diagnosis);
		free(f->culprits[i].first);
	}
	for (size_t i = 0; i < f->nr_worst; i++) {
		free(f->worst[i].path);
		free(f->worst[i].date);
		free(f->worst[i].cause);
		free(f->worst[i].comm);
	}
	for (size_t i = 0; i < f->nr_failures; i++) {
		free(f->failures[i].path);
		free(f->failures[i].status);
		free(f->failures[i].error);
	}
	free(f->culprits);
	free(f->worst);
	free(f->failures);
	free(f->db);
	free(f->since_date);
	*f = (struct fleet){ 0 };
}
