// SPDX-License-Identifier: LGPL-2.1-or-later
/* json.c - the summary of a fleet for programs; an unknown value is null */
#include "batch/fleet/page.h"

#include <errno.h>

#include "export/json/values.h"

static json_t *real(bool known, double v)
{
	return known ? json_real(v) : json_null();
}

json_t *fleet_group_json(const struct fleet_group *g)
{
	struct interval i = { 0 };
	double rate = 0;
	bool known = fleet_rate(g, &rate, &i);

	return json_pack("{s:o, s:o, s:o, s:o, s:f, s:o, s:o, s:o, s:o, s:o, s:o}", "name", json_text(g->name), "recordings",
		json_unsigned(g->recordings), "failed", json_unsigned(g->failed), "covering", json_unsigned(g->covering),
		"covered_hours", g->hours, "stalls", json_known(g->covering || g->stalls ? KNOWN(g->stalls) : UNKNOWN),
		"stalls_per_hour", real(known, rate), "low_per_hour", real(known, i.low), "high_per_hour", real(known, i.high),
		"median_ns", json_known(g->median_ns), "worst_ns", json_known(g->worst_ns));
}

static json_t *groups(const struct fleet_list *l)
{
	json_t *all = json_array();

	for (size_t i = 0; i < l->nr; i++)
		json_append(&all, fleet_group_json(&l->all[i]));
	return all;
}

static json_t *durations(const struct fleet *f)
{
	json_t *all = json_array();

	for (size_t i = 0; i < FLEET_BUCKETS; i++)
		json_append(&all, json_pack("{s:o, s:o}", "from_ns", json_unsigned(f->buckets[i].from_ns), "stalls",
			json_unsigned(f->buckets[i].stalls)));
	return all;
}

static json_t *culprits(const struct fleet *f)
{
	json_t *all = json_array();

	for (size_t i = 0; i < f->nr_culprits; i++) {
		const struct fleet_culprit *c = &f->culprits[i];

		json_append(&all, json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "cause", json_text(c->cause),
			"cause_comm", json_text(c->comm), "diagnosis", json_text(c->diagnosis), "stalls", json_unsigned(c->stalls),
			"recordings", json_unsigned(c->recordings), "total_ns", json_known(c->total_ns), "worst_ns",
			json_known(c->worst_ns), "first_date", json_text(c->first), "new",
			f->since_date ? json_boolean(c->fresh) : json_null()));
	}
	return all;
}

static json_t *worst(const struct fleet *f)
{
	json_t *all = json_array();

	for (size_t i = 0; i < f->nr_worst; i++) {
		const struct fleet_stall *s = &f->worst[i];

		json_append(&all, json_pack("{s:o, s:o, s:o, s:o, s:I, s:I}", "recording", json_text(s->path), "date",
			json_text(s->date), "cause", json_text(s->cause), "cause_comm", json_text(s->comm), "start_ns",
			(json_int_t)s->start_ns, "duration_ns", (json_int_t)s->duration_ns));
	}
	return all;
}

static json_t *failures(const struct fleet *f)
{
	json_t *all = json_array();

	for (size_t i = 0; i < f->nr_failures; i++)
		json_append(&all, json_pack("{s:o, s:o, s:o}", "path", json_text(f->failures[i].path), "status",
			json_text(f->failures[i].status), "error", json_text(f->failures[i].error)));
	return all;
}

static json_t *since(const struct fleet *f)
{
	if (!f->since_date)
		return json_null();
	return json_pack("{s:s, s:o, s:o}", "date", f->since_date, "before", fleet_group_json(&f->before), "since", fleet_group_json(&f->since));
}

json_t *fleet_json_value(const struct fleet *f)
{
	json_t *all = json_pack("{s:i, s:o, s:o, s:o, s:o, s:b, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "schema_version", 1,
		"database", json_text(f->db), "files", json_unsigned(f->files), "copies", json_unsigned(f->copies), "min_stall_ns",
		json_known(f->min_stall_ns), "mixed_analyses", (int)f->mixed_analyses, "all", fleet_group_json(&f->total), "since", since(f),
		"durations", durations(f), "culprits", culprits(f), "kernels", groups(&f->by[BY_KERNEL]), "vehicles",
		groups(&f->by[BY_VEHICLE]), "releases", groups(&f->by[BY_RELEASE]), "dates", groups(&f->by[BY_DATE]), "worst",
		worst(f));

	json_set(&all, "failures", failures(f));
	return all;
}

int fleet_json(const struct fleet *f, FILE *out)
{
	json_t *all = fleet_json_value(f);
	int err = all ? 0 : -ENOMEM;

	if (!err && (json_dumpf(all, out, JSON_INDENT(1) | JSON_ENSURE_ASCII) || fputc('\n', out) == EOF))
		err = ferror(out) ? -EIO : -ENOMEM;
	json_decref(all);
	return err;
}
