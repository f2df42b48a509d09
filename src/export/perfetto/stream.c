// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * stream.c - write events as Perfetto's packets during the replay; the writer adds the findings of the report
 *
 * No event is kept, so memory does not grow with the length of the recording.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "export/perfetto/stream.h"
#include "passes/common/pass.h"
#include "passes/common/twins.h"

struct perfetto {
	struct bundles bundles;
	struct told *told;
	struct twins *twins;		/* by CPU; NULL: there is only one buffer */
	uint64_t left_out;
};

static bool asked(const struct pass_ctx *ctx)
{
	return ctx->opts->stream;
}

static int perfetto_begin(void *state, const struct pass_ctx *ctx)
{
	struct perfetto *p = state;

	if (!asked(ctx))
		return 0;
	bundles_init(&p->bundles, &ctx->report->facts);
	p->told = told_new();
	if (ctx->report->facts.buffers.nr > 1)
		p->twins = calloc(PERFETTO_MAX_CPUS, sizeof(*p->twins));
	return p->told && (p->twins || ctx->report->facts.buffers.nr < 2) ? 0 : -ENOMEM;
}

static bool perfetto_idle(const void *state)
{
	return !((const struct perfetto *)state)->told;
}

static int perfetto_event(void *state, const struct pass_ctx *ctx, const struct event *ev)
{
	struct perfetto *p = state;
	int err;

	if (ev->ts < ctx->opts->from_ns || ev->ts > ctx->opts->to_ns)
		return 0;
	if (ev->cpu >= PERFETTO_MAX_CPUS || ev->ts > PACKET_MAX_NS) {
		p->left_out++;
		return 0;
	}
	if (p->twins && ev->kind != EVENT_LOST && twins_have(&p->twins[ev->cpu], ev, rule_ns(ctx->rules, RULE_SAME_EVENT)))
		return 0;
	err = bundles_event(&p->bundles, ctx, ev);
	if (!err && TOLD_WANT >> ev->kind & 1)
		err = told_event(p->told, ctx, ev);
	return err;
}

static int perfetto_finish(void *state, const struct pass_ctx *ctx)
{
	struct perfetto *p = state;
	int err = 0;

	if (!p->told)
		return 0;
	err = bundles_finish(&p->bundles, ctx->opts->stream);
	if (!err)
		err = told_finish(p->told, ctx);
	if (!err && p->left_out)
		err = report_note(ctx->report, QUALITY_INFO, "%" PRIu64 " events are not in the --perfetto file: it can name "
				  "CPUs below %d and times below 2^63 ns", p->left_out, PERFETTO_MAX_CPUS);
	return err;
}

static void perfetto_destroy(void *state)
{
	struct perfetto *p = state;

	bundles_clear(&p->bundles);
	told_free(p->told);
	free(p->twins);
	*p = (struct perfetto){ 0 };
}

const struct pass_ops perfetto_pass = {
	.name = "perfetto",
	.summary = "events for Perfetto",
	.stage = PASS_SCAN,
	.wants = BUNDLES_WANT | TOLD_WANT,
	.state_size = sizeof(struct perfetto),
	.begin = perfetto_begin,
	.idle = perfetto_idle,
	.event = perfetto_event,
	.finish = perfetto_finish,
	.destroy = perfetto_destroy,
};
