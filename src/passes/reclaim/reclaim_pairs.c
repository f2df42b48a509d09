// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * reclaim_pairs.c - do a begin and an end belong together?
 *
 * Where records are missing, an end and another begin may be missing too. Then only the time before and after is sure.
 */
#include <inttypes.h>

#include "passes/common/stall_times.h"
#include "passes/reclaim/reclaim.h"

void reclaim_look_between(struct episode *e, const struct hidden *hidden)
{
	e->hidden = stay_hidden(&e->stays, hidden);
}

static uint64_t less(uint64_t ns, uint64_t by)
{
	return ns > by ? ns - by : 0;
}

/* Successive reclaims with short pauses are one episode. So a short hidden stretch does not part them. */
static bool is_parted(const struct pass_ctx *ctx, const struct episode *e)
{
	return stretch_ns(e->hidden) > ctx->opts->min_stall_ns;
}

static bool longer_before(const struct episode *e)
{
	return e->hidden.from - e->begin >= e->end - e->hidden.to;
}

uint64_t reclaim_sure_ns(const struct pass_ctx *ctx, const struct episode *e)
{
	uint64_t pauses = less(e->end - e->begin, e->in_reclaim), longer;

	if (stretch_empty(e->hidden))
		return e->unended ? 0 : e->in_reclaim;
	if (e->unended || !is_parted(ctx, e))
		return e->unended ? 0 : less(e->in_reclaim, stretch_ns(e->hidden));
	longer = longer_before(e) ? e->hidden.from - e->begin : e->end - e->hidden.to;
	return less(longer, pauses);
}

struct bounds reclaim_bounds(const struct pass_ctx *ctx, const struct episode *e)
{
	struct bounds at = {
		.start = e->begin, .start_earliest = e->begin, .start_latest = e->begin,
		.end = e->end, .end_earliest = e->end, .end_latest = e->end,
		.start_rule = BOUND_BEGIN_END, .end_rule = BOUND_BEGIN_END,
		.evidence = stretch_empty(e->hidden) ? EVIDENCE_MEASURED : EVIDENCE_BOUNDED,
	};

	if (stretch_empty(e->hidden) || !is_parted(ctx, e))
		return at;
	if (longer_before(e)) {
		at.end = at.end_earliest = e->hidden.from;
		at.end_rule = BOUND_EDGE;
	} else {
		at.start = at.start_latest = e->hidden.to;
		at.start_rule = BOUND_EDGE;
	}
	return at;
}

/* Would it be a stall if it were one reclaim, or reclaims with short pauses? */
static bool is_unsure(const struct pass_ctx *ctx, const struct episode *e)
{
	return !stretch_empty(e->hidden) && e->in_reclaim >= one_task_stall_ns(ctx) && reclaim_sure_ns(ctx, e) < one_task_stall_ns(ctx) &&
	       e->end >= ctx->opts->from_ns && e->begin <= ctx->opts->to_ns;
}

int reclaim_note_unsure(const struct pass_ctx *ctx, const struct episode *list, size_t nr)
{
	const struct episode *longest = NULL;
	size_t unsure = 0;

	for (size_t i = 0; i < nr; i++) {
		if (!is_unsure(ctx, &list[i]))
			continue;
		unsure++;
		longest = longest && longest->in_reclaim >= list[i].in_reclaim ? longest : &list[i];
	}
	if (!longest)
		return 0;
	return report_note(ctx->report, QUALITY_LOSS, "%zu time%s a task may have been in reclaim or compaction for long, but records are "
			   "missing between begin and end: it may as well have been short. Not counted as a stall. The longest would be "
			   "%" PRIu64 ".%03" PRIu64 " ms of %s-%d at %" PRIu64 ".%06" PRIu64, unsure, unsure > 1 ? "s" : "",
			   longest->in_reclaim / 1000000, longest->in_reclaim / 1000 % 1000, longest->comm, longest->pid,
			   longest->begin / 1000000000, longest->begin / 1000 % 1000000);
}
