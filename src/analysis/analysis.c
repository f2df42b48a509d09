// SPDX-License-Identifier: LGPL-2.1-or-later
/* analysis.c - open, scan, explain, close */
#include "analysis/analysis.h"

#include <errno.h>
#include <string.h>

#include "analysis/coverage.h"
#include "analysis/replay_cache.h"
#include "analysis/runner.h"
#include "passes/common/incidents.h"
#include "util/text.h"

static int deliver(void *data, const struct event *ev)
{
	return runner_event(data, ev);
}

static void keep(void *cache, uint64_t from, uint64_t to)
{
	replay_cache_keep(cache, from, to);
}

static int deliver_and_keep(void *data, const struct event *ev)
{
	struct runner *run = data;

	if (run->ctx.kept)
		replay_cache_add(run->ctx.kept, ev);
	return runner_event(run, ev);
}

/*
 * Replay one window, from the replay cache if it holds the window. A damaged recording is read again, because only reading
 * it shows where it ends.
 */
static int look(struct recording *rec, struct runner *run, enum pass_stage stage, const struct incident *incident)
{
	struct time_window window = { incident->from, incident->to };
	bool cached = stage == PASS_EXPLAIN && !run->ctx.report->facts.partial && replay_cache_holds(run->ctx.kept, window);
	int err = runner_begin_look(run, stage, incident);

	if (!err && cached)
		err = replay_cache_replay(run->ctx.kept, window, deliver, run);
	else if (!err && runner_wants(run))
		err = recording_replay(rec, &window, 1, runner_wants(run), deliver, run);
	return err ? err : runner_finish_look(run);
}

static int explain(struct recording *rec, struct runner *run)
{
	int err = 0;

	for (size_t i = 0; !err && i < run->nr_incidents; i++) {
		struct incident run_up = incident_run_up(run->ctx.report, &run->incidents[i]);

		err = look(rec, run, PASS_EXPLAIN, &run->incidents[i]);
		if (!err)
			err = look(rec, run, PASS_RUN_UP, &run_up);
	}
	return err;
}

static int count_only(void *data, const struct event *ev)
{
	(void)data;
	(void)ev;
	return 0;
}

/* A cut file without a single readable record is an error: nothing was salvaged. */
static int read_facts(const struct recording *rec, struct report *r, char **why)
{
	int err = recording_facts(rec, r);

	if (err || r->facts.events || !r->facts.partial)
		return err;
	return fail(why, -EBADMSG, "%s: %s; not one record can be read", r->facts.path,
		    r->nr_notes ? r->notes[0].text : "cut or damaged");
}

static int scan(struct recording *rec, struct runner *run, struct report *r, char **why)
{
	int err;

	r->time_refused = !recording_has_time(rec);
	err = recording_replay(rec, NULL, 0, r->time_refused ? 0 : runner_wants(run) | runner_wants_later(run),
			       r->time_refused ? count_only : deliver_and_keep, run);
	return err ? err : read_facts(rec, r, why);
}

/* Only the scan shows what was recorded. @ret_recorded: from then on the passes know it, too. */
static int cover(const struct recording *rec, struct report *r, const struct question *questions, uint64_t *ret_recorded)
{
	struct recorded recorded;
	int err = recording_recorded(rec, (unsigned int)rule(&r->rules, RULE_SILENT_EVENTS), &recorded);

	*ret_recorded = recorded.yes;
	return err ? err : coverage_report(r, questions, recorded);
}

static struct known row(uint64_t rows)
{
	return rows ? KNOWN(rows - 1) : UNKNOWN;
}

static int find_rows(struct recording *rec, struct report *r)
{
	struct stall *s = report_longest(r);
	uint64_t rows[2];
	int err;

	if (r->facts.partial)
		return report_note(r, QUALITY_INFO, "KernelShark opens no recording that is cut or damaged: no session for it");
	err = s ? recording_rows(rec, (const uint64_t[]){ s->at.start, s->at.end }, 2, rows) : 0;

	if (!s || err)
		return err;
	s->first_row = row(rows[0]);
	s->last_row = row(rows[1]);
	return 0;
}

static const char *symbol_in(const void *rec, uint64_t address, uint64_t *ret_offset)
{
	return recording_symbol(rec, address, ret_offset);
}

static const char *comm_in(const void *rec, int32_t pid)
{
	return recording_comm(rec, pid);
}

/* Without switches nobody can be named, except the task that reclaimed for itself. */
static void mark_unknown_tasks(struct report *r, uint64_t recorded)
{
	for (size_t i = 0; i < r->nr_stalls; i++)
		r->stalls[i].tasks_unknown = !(recorded & KIND(EVENT_SCHED_SWITCH)) && !r->stalls[i].tasks_frozen;
}

static int analyze(struct recording *rec, const struct analysis_options *aopts, struct report *r, char **why)
{
	struct names names = { .data = rec, .symbol = symbol_in, .comm = comm_in };
	struct pass_ctx ctx = {
		.opts = aopts, .report = r, .gfp = recording_gfp(rec), .names = &names, .recorded = recording_kinds(rec)
	};
	struct runner run = { 0 };
	struct replay_cache *cache = NULL;
	int err = recording_about(rec, r);

	r->from_ns = aopts->from_ns ? KNOWN(aopts->from_ns) : UNKNOWN;
	r->to_ns = aopts->to_ns < INT64_MAX ? KNOWN(aopts->to_ns) : UNKNOWN;

	if (!err)
		err = runner_init(&run, &ctx);
	if (!err && runner_wants_later(&run) && !aopts->read_again) {
		run.ctx.kept = cache = replay_cache_new(run.ctx.rules, runner_wants_later(&run));
		run.ctx.keep = keep;
	}
	if (!err)
		err = scan(rec, &run, r, why);
	if (!err)
		err = cover(rec, r, aopts->questions ? aopts->questions : stall_questions, &run.ctx.recorded);
	if (!err && !r->time_refused) {
		err = runner_finish_scan(&run);
		if (!err)
			err = explain(rec, &run);
		mark_unknown_tasks(r, run.ctx.recorded);
		if (!err)
			err = report_prune(r);
		if (!err && aopts->find_rows)
			err = find_rows(rec, r);
	}
	runner_clear(&run);
	replay_cache_free(cache);
	return err ? err : recording_names_status(rec);
}

static int say(const char *path, int err, char **why)
{
	if (err && !*why)
		fail(why, err, "%s: %s", path, error_text(err));
	return err;
}

int analyze_recording(const char *path, const struct recording_options *ropts, const struct analysis_options *aopts,
		      struct report *ret_report, char **reterr_why)
{
	struct recording *rec = NULL;
	int err;

	*reterr_why = NULL;
	err = recording_open(path, ropts, &rec, reterr_why);
	if (!err)
		err = analyze(rec, aopts, ret_report, reterr_why);
	recording_close(rec);
	return say(path, err, reterr_why);
}

int inspect_recording(const char *path, const struct recording_options *ropts, struct report *ret_report,
		      char **reterr_why)
{
	struct recording *rec = NULL;
	uint64_t recorded;
	int err;

	*reterr_why = NULL;
	err = recording_open(path, ropts, &rec, reterr_why);
	if (!err)
		err = recording_replay(rec, NULL, 0, 0, count_only, NULL);
	if (!err)
		err = read_facts(rec, ret_report, reterr_why);
	ret_report->rules = rules_of(PROFILE_EMULATED);
	if (!err)
		err = cover(rec, ret_report, stall_questions, &recorded);
	recording_close(rec);
	return say(path, err, reterr_why);
}
