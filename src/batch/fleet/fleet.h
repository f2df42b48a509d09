/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * fleet.h - summary of a database of recordings: how often do they stall, which stalls, and is it getting better?
 *
 * A rate is per hour of covered time. Only recordings that could have shown a stall cover time. Recordings that failed,
 * or did not record the events that show a stall, cover none. Their stalls, if any, are not in the rate.
 */
#ifndef VMSTALL_BATCH_FLEET_H
#define VMSTALL_BATCH_FLEET_H

#include "batch/fleet/poisson.h"
#include "batch/store/store.h"
#include "model/writer.h"

/* @name: NULL: not known, or not labelled. @median_ns, @worst_ns: of its stalls, if there are any. */
struct fleet_group {
	char *name;
	uint64_t recordings, failed, covering;	/* covering: those that could have shown a stall */
	double hours;
	uint64_t stalls, rated;			/* rated: stalls within these hours */
	struct known median_ns, worst_ns;
};

/* Stalls an hour; false: no time was covered. */
bool fleet_rate(const struct fleet_group *g, double *ret_rate, struct interval *ret_interval);

/* Stalls of one cause, task and diagnosis. @first: the earliest date. @fresh: seen since --since, and never before. */
struct fleet_culprit {
	char *cause, *comm, *diagnosis, *first;
	uint64_t stalls, recordings;
	struct known total_ns, worst_ns;
	bool fresh;
};

struct fleet_stall { char *path, *date, *cause, *comm; int64_t start_ns, duration_ns; };
struct fleet_failure { char *path, *status, *error; };

enum fleet_by { BY_KERNEL, BY_VEHICLE, BY_RELEASE, BY_DATE, NR_FLEET_BY };
extern const char *const fleet_by_names[NR_FLEET_BY];	/* the columns of recording_list */

/* Durations: this many stalls last @from_ns or longer, but less than the next bucket's @from_ns. */
struct fleet_bucket { uint64_t from_ns, stalls; };
enum { FLEET_BUCKETS = 11 };

struct fleet_list { struct fleet_group *all; size_t nr, cap; };

/* @before, @since: recordings before @since_date, and from that date on; only if @since_date is set. */
struct fleet {
	char *db, *since_date;
	struct fleet_group total, before, since;
	uint64_t partial, vehicles, files, copies;
	struct fleet_list by[NR_FLEET_BY];
	struct fleet_bucket buckets[FLEET_BUCKETS];
	struct known p90_ns, p99_ns;
	struct fleet_culprit *culprits;		/* most stalls first */
	size_t nr_culprits, cap_culprits;
	struct fleet_stall *worst;		/* longest first, FLEET_WORST at most */
	size_t nr_worst, cap_worst;
	struct fleet_failure *failures;		/* by path */
	size_t nr_failures, cap_failures;
	struct known min_stall_ns;		/* the shortest stall that was counted; absent: not the same for all */
	bool mixed_analyses;
};
enum { FLEET_WORST = 10 };

/* @cause: NULL: any; @least_ns: shorter stalls are not counted; @since: "2024-06-11"; NULL: no comparison. */
struct fleet_options { const char *db, *cause, *since; uint64_t least_ns; };

/* Returns 0, or an error of store_query(). fleet_clear() it in any case. */
int fleet_load(struct store *s, const struct fleet_options *opts, struct fleet *ret, char **reterr_why);
void fleet_clear(struct fleet *f);

/* Print the summary in three forms. Each returns 0, -EIO or -ENOMEM. */
int fleet_text(const struct fleet *f, const struct writer_options *opts, FILE *out);
int fleet_csv(const struct fleet *f, FILE *out);
int fleet_json(const struct fleet *f, FILE *out);

/* The tables of the whole database as CSV; NULL-terminated. @columns: as in vmstall-stalls.csv(5). */
struct export { const char *file; const char *sql; };
extern const struct export exports[];
int export_csv(struct store *s, const struct export *e, FILE *out, char **reterr_why);

#endif
