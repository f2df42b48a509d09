// SPDX-License-Identifier: LGPL-2.1-or-later
/* lab.c - the work of analysis.c, without a recording */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lab.h"
#include "passes/common/incidents.h"

void lab_begin(struct lab *l, uint32_t nr_cpus)
{
	lab_begin_with(l, nr_cpus, NULL);
}

void lab_begin_with(struct lab *l, uint32_t nr_cpus, const struct pass_ops *const *passes)
{
	lab_begin_as(l, nr_cpus, passes, &(struct pass_ctx){ .recorded = ~UINT64_C(0) });
}

void lab_begin_as(struct lab *l, uint32_t nr_cpus, const struct pass_ops *const *passes, const struct pass_ctx *given)
{
	struct pass_ctx ctx = *given;

	ctx.opts = &l->opts;
	ctx.report = &l->report;
	memset(l, 0, sizeof(*l));
	l->opts = (struct analysis_options){
		.min_stall_ns = 10 * MS, .to_ns = UINT64_MAX, .activity = given->opts && given->opts->activity,
		.passes = passes
	};
	l->report.facts.nr_cpus = nr_cpus;
	l->report.facts.page_size = 4096;
	l->report.facts.kernel = strdup("5.10.0");
	assert_int_equal(runner_init(&l->run, &ctx), 0);
}

static void stamp(struct lab *l, struct event *ev)
{
	ev->first = !l->seen[ev->cpu];
	ev->prev_ns = ev->first ? ev->ts : l->last[ev->cpu];
	if (ev->kind == EVENT_LOST) {
		ev->lost.since = ev->first ? 0 : ev->prev_ns;
		return;
	}
	l->last[ev->cpu] = ev->ts;
	l->seen[ev->cpu] = true;
}

void lab_push(struct lab *l, struct event ev)
{
	assert_true(ev.cpu < LAB_CPUS && l->nr < LAB_EVENTS);
	assert_true(!l->nr || ev.ts >= l->events[l->nr - 1].ts);
	stamp(l, &ev);
	l->report.facts.first_ns = l->nr ? l->report.facts.first_ns : ev.ts;
	l->report.facts.last_ns = ev.ts;
	l->events[l->nr++] = ev;
	assert_int_equal(runner_event(&l->run, &l->events[l->nr - 1]), 0);
}

static void look(struct lab *l, enum pass_stage stage, const struct incident *in)
{
	memset(l->seen, 0, sizeof(l->seen));
	assert_int_equal(runner_begin_look(&l->run, stage, in), 0);
	for (size_t i = 0; i < l->nr; i++) {
		struct event ev = l->events[i];

		if (ev.ts < in->from || ev.ts > in->to)
			continue;
		stamp(l, &ev);
		assert_int_equal(runner_event(&l->run, &ev), 0);
	}
	assert_int_equal(runner_finish_look(&l->run), 0);
}

void lab_end(struct lab *l)
{
	assert_int_equal(runner_finish_scan(&l->run), 0);
	for (size_t i = 0; i < l->run.nr_incidents; i++) {
		struct incident run_up = incident_run_up(&l->report, &l->run.incidents[i]);

		look(l, PASS_EXPLAIN, &l->run.incidents[i]);
		look(l, PASS_RUN_UP, &run_up);
	}
	assert_int_equal(report_prune(&l->report), 0);
}

void lab_clear(struct lab *l)
{
	runner_clear(&l->run);
	report_clear(&l->report);
}
