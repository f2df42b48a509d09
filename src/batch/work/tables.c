// SPDX-License-Identifier: LGPL-2.1-or-later
/* tables.c - which rows of the database does a report become? */
#include "batch/work/tables.h"

#include <errno.h>
#include <string.h>

#include "analysis/coverage.h"
#include "export/csv/csv.h"
#include "export/writers.h"
#include "model/gfp_audit.h"
#include "model/leaks.h"
#include "model/reclaim_account.h"
#include "passes/common/pass.h"

/* Was everything recorded that an answer needs? @needs is that of one of the questions about stalls. */
static bool could_answer(const struct report *r, uint64_t needs)
{
	const struct question *q = stall_questions;

	while (q->analysis && q->needs != needs)
		q++;
	for (size_t i = 0; q->analysis && i < r->nr_coverage; i++)
		if (!strcmp(r->coverage[i].analysis, q->analysis))
			return r->coverage[i].possible;
	return false;
}

static uint64_t paused(const struct report *r)
{
	uint64_t ns = 0;

	for (size_t i = 0; i < r->nr_pauses; i++)
		ns += r->pauses[i].to - r->pauses[i].from;
	return ns;
}

struct known covered_ns(const struct report *r)
{
	const struct recording_facts *f = &r->facts;
	uint64_t sum = 0, cpus = 0, pauses = paused(r);

	if (r->time_refused || !could_answer(r, KIND(EVENT_LRU_ISOLATE)))
		return UNKNOWN;
	for (uint32_t i = 0; i < f->nr_cpus; i++) {
		sum += f->cpus[i].has_events ? f->cpus[i].last_ns - f->cpus[i].first_ns : 0;
		cpus += f->cpus[i].has_events;
	}
	if (!cpus)
		return UNKNOWN;
	sum /= cpus;
	return KNOWN(sum > pauses ? sum - pauses : 0);
}

/* Losses of unknown number must not be stored as 0. */
static struct known lost(const struct recording_facts *f)
{
	uint64_t sum = 0;

	for (uint32_t i = 0; i < f->nr_cpus; i++) {
		if (f->cpus[i].lost_marks)
			return UNKNOWN;
		sum += f->cpus[i].lost;
	}
	return KNOWN(sum);
}

static struct known worst(const struct report *r)
{
	uint64_t ns = 0;

	for (size_t i = 0; i < r->nr_stalls; i++)
		if (r->stalls[i].at.end - r->stalls[i].at.start > ns)
			ns = r->stalls[i].at.end - r->stalls[i].at.start;
	return r->nr_stalls ? KNOWN(ns) : UNKNOWN;
}

/* A count of 0 is a finding only if the recording could have shown one. */
static struct known stalls(const struct report *r)
{
	return r->nr_stalls || covered_ns(r).is ? KNOWN(r->nr_stalls) : UNKNOWN;
}

static struct known suspects(const struct leak_report *l)
{
	uint64_t nr = 0;

	if (!l || !(l->analysed[LEAK_SLAB] || l->analysed[LEAK_PAGE]))
		return UNKNOWN;
	for (size_t i = 0; i < l->nr_sites; i++)
		nr += l->sites[i].verdict >= LEAK_SUSPECT;
	return KNOWN(nr);
}

static struct known wrong_contexts(const struct gfp_report *g)
{
	uint64_t nr = 0;

	if (!g || !g->flags_known || !(g->checked || g->atomic))
		return UNKNOWN;
	for (size_t i = 0; i < g->nr_findings; i++)
		nr += g->findings[i].severity >= GFP_LIKELY && g->findings[i].context != GFP_ATOMIC_NOT_NEEDED;
	return KNOWN(nr);
}

static void put_others(struct csv *c, const struct report *r)
{
	bool reclaim = r->reclaim && could_answer(r, KIND(EVENT_RECLAIM_BEGIN) | KIND(EVENT_RECLAIM_END));

	csv_known(c, suspects(r->leaks));
	csv_known(c, wrong_contexts(r->gfp));
	csv_known(c, reclaim ? KNOWN(r->reclaim->direct.nr) : UNKNOWN);
	csv_known(c, reclaim ? KNOWN(r->reclaim->direct.total_ns) : UNKNOWN);
}

static void put_times(struct csv *c, const struct report *r)
{
	const struct recording_facts *f = &r->facts;
	bool timed = f->events && !r->time_refused;

	csv_known(c, timed ? KNOWN(f->first_ns) : UNKNOWN);
	csv_known(c, timed ? KNOWN(f->last_ns) : UNKNOWN);
	csv_known(c, covered_ns(r));
	csv_unsigned(c, f->events);
	csv_known(c, lost(f));
	csv_known(c, stalls(r));
	csv_known(c, worst(r));
}

static int write_recording(const struct report *r, const struct writer_options *opts, FILE *out)
{
	struct csv c = csv_begin(out, opts);

	csv_header(&c, "kernel, machine, clock, cpus, first_ns, last_ns, covered_ns, events, lost, stalls, worst_ns, "
		"leaks, wrong_contexts, direct_reclaims, direct_reclaim_ns");
	csv_text(&c, r->facts.kernel);
	csv_text(&c, r->facts.machine);
	csv_text(&c, r->facts.clock);
	csv_unsigned(&c, r->facts.nr_cpus);
	put_times(&c, r);
	put_others(&c, r);
	csv_end(&c);
	return csv_status(&c);
}

static const struct writer recording_writer = { .name = "recording", .write = write_recording };

static const struct { const char *table; const struct writer *writer; } tables[] = {
	{ "recordings", &recording_writer },
	{ "stalls", &stalls_csv_writer },
	{ "victims", &victims_csv_writer },
	{ "leaks", &leaks_csv_writer },
	{ "gfp", &gfp_csv_writer },
	{ "reclaim", &reclaim_csv_writer },
};

int tables_write(const struct report *r, uint64_t min_stall_ns, FILE *out)
{
	struct writer_options opts = { .min_stall_ns = min_stall_ns, .cells = true };
	int err = 0;

	for (size_t i = 0; !err && i < sizeof(tables) / sizeof(tables[0]); i++) {
		fprintf(out, "{\"table\":\"%s\"}\n", tables[i].table);
		err = tables[i].writer->write(r, &opts, out);
	}
	return err;
}
