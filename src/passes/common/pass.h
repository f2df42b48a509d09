/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * pass.h - one analysis: sees every event it wants once, in time order, and adds to the report
 *
 * A pass keeps its state in a block of state_size bytes that its caller owns and zeroes. It never sees
 * the file, the library or another pass. The trackers in src/state keep what passes share: which task runs
 * where, what a task waits for. The trackers get an event after the passes, so a pass sees the state just
 * before the event.
 */
#ifndef VMSTALL_PASS_H
#define VMSTALL_PASS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/report.h"
#include "model/rules.h"
#include "vmstall/event.h"

struct trackers;
struct gfp_table;
struct meminfo;
struct spool;
struct pass_ops;

/*
 * A question that a verb answers, and the kinds of events (KIND() mask) that it needs for that. @decides: without an answer
 * to one of these, the verb's own question has none. @causes: the stalls (1 << enum cause) that it finds.
 */
struct question { const char *analysis; uint64_t needs; bool decides; uint32_t causes; };

struct analysis_options {
	uint64_t min_stall_ns;		/* a stall is at least this long */
	uint64_t from_ns, to_ns;	/* only stalls that touch [from, to]; 0, UINT64_MAX: all */
	bool keep_all_holds;		/* --holds: a row for every isolate event, however short */
	bool activity;			/* --html: which task ran where, and each stall in close-up */
	bool read_again;		/* replay from the recording, not from the replay cache: for tests */
	bool find_rows;			/* --kernelshark: the longest stall's rows in its table */
	const struct pass_ops *const *passes;	/* which analysis; NULL: stall_passes */
	const struct question *questions;	/* that it answers; the last has no name; NULL: stall_questions */
	const struct rules *rules;	/* NULL: those of the emulated profile */
	const struct meminfo *meminfo[2];	/* the user's /proc/meminfo, before and after; NULL: not given */
	struct spool *stream;		/* takes what a pass writes during the replay; NULL: not asked for */
};

/**
 * struct names - the names of functions and tasks that the file itself has
 * @symbol: the function at @address, NULL: not known; @ret_offset: how far into it
 * @comm:   the name of a task when the recording ended; NULL: not saved. trackers_comm() knows better
 */
struct names {
	const void *data;
	const char *(*symbol)(const void *data, uint64_t address, uint64_t *ret_offset);
	const char *(*comm)(const void *data, int32_t pid);
};

/* What a pass is given. Valid only during the call. */
struct pass_ctx {
	const struct analysis_options *opts;
	struct report *report;
	const struct trackers *trackers;
	const struct gfp_table *gfp;	/* NULL: no event with gfp flags in the file */
	const struct names *names;	/* NULL: none */
	const struct rules *rules;	/* the report's: never NULL */
	struct rule_samples *samples;	/* what the recording says about them; NULL: nothing is learnt */
	uint64_t recorded;		/* KIND() mask: during the scan, the formats in the file; then, what was recorded */
	const struct incident *incident;	/* after the scan: the one being explained; during it NULL */
	void (*keep)(void *kept, uint64_t from, uint64_t to);	/* pass_keep(); NULL: nothing is kept */
	void *kept;
};

/**
 * struct incident - stalls close together, explained in one replay of their surroundings
 * @from, @to: the window replayed, ns: from the run-up to the recovery
 * @first, @nr: its stalls in report.stalls, which are ordered by start
 */
struct incident {
	uint64_t from, to;
	size_t first, nr;
};

/*
 * A scanning pass sees the whole recording once and finds stalls. An explaining pass then sees the
 * surroundings of each incident, with its stalls known, and says which tasks were frozen and which task asked for the
 * reclaim. A third look covers the seconds before an incident's longest stall: what only these can tell is too much to be
 * kept during the scan.
 */
enum pass_stage { PASS_SCAN, PASS_EXPLAIN, PASS_RUN_UP };

/**
 * struct pass_ops - the analysis
 * @wants:  KIND() mask of the events delivered
 * @alive:  also deliver events of any kind that show when a CPU fell silent or went on (recording_replay())
 * @event:  returns 0 or a negative errno that ends the run
 * @idle:   called after begin: true if no event of this incident can matter; then none is delivered. May be NULL
 * @begin, @finish: around the whole recording, or around each incident, in the order of passes.c; finish may
 *          read what earlier passes reported
 */
struct pass_ops {
	const char *name, *summary;
	enum pass_stage stage;
	uint64_t wants;
	bool alive;
	size_t state_size;
	int (*begin)(void *state, const struct pass_ctx *ctx);
	bool (*idle)(const void *state);
	int (*event)(void *state, const struct pass_ctx *ctx, const struct event *ev);
	int (*finish)(void *state, const struct pass_ctx *ctx);	/* may be NULL, as begin and destroy may */
	void (*destroy)(void *state);
};

/* There may be a stall between @from and @to, ns: keep the events around it, to replay them when it is explained. */
static inline void pass_keep(const struct pass_ctx *ctx, uint64_t from, uint64_t to)
{
	if (ctx->keep)
		ctx->keep(ctx->kept, from, to);
}

static inline const char *symbol_of(const struct pass_ctx *ctx, uint64_t address, uint64_t *ret_offset)
{
	return ctx->names ? ctx->names->symbol(ctx->names->data, address, ret_offset) : NULL;
}

/* task_comm.c: the name of a task, "" where it is not known; a pid below 0 is "(interrupt)". */
void task_comm(const struct pass_ctx *ctx, int32_t pid, char ret[TASK_COMM_LEN]);

#endif
