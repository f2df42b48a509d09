// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * cpu_stall.c - which CPUs were silent although a task waited for them?
 *
 * This pass finds candidates only. A candidate is a long silence of a CPU that was not idle, with a task
 * queued on it or an overdue wake-up at its end. A silence that an lru_lock stall or a paused machine
 * explains is no candidate. Later passes look at the other CPUs (victims.c, frozen_cpus.c) and drop a
 * candidate that was no freeze.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "passes/common/stall_times.h"
#include "passes/freeze/pauses.h"
#include "passes/lru_lock/holds.h"
#include "passes/lru_lock/lock_turns.h"
#include "passes/reclaim/reclaim.h"
#include "state/rhythm.h"
#include "state/trackers.h"
#include "util/clock.h"
#include "util/array.h"
#include "util/order.h"

enum { MAX_SILENCES = 65536 };	/* bounds the memory */

/* A CPU's silence that has just ended. The first interrupts after it may show that the CPU was frozen. */
struct watched { struct silence silence; bool on; };

struct cpu_stall {
	struct silence *list;
	size_t nr, cap;
	struct watched *cpus;
	size_t nr_cpus;
	uint64_t last_ns;		/* the last record of any CPU */
	uint64_t left_out;		/* silences beyond MAX_SILENCES */
};

static int keep(struct cpu_stall *cs, const struct pass_ctx *ctx, struct silence s)
{
	struct silence *bigger;

	if (cs->nr == MAX_SILENCES) {
		cs->left_out++;
		return 0;
	}
	bigger = grow(cs->list, &cs->cap, cs->nr, sizeof(*bigger));
	if (!bigger)
		return -ENOMEM;
	cs->list = bigger;
	cs->list[cs->nr++] = s;
	pass_keep(ctx, s.from, s.to);
	return 0;
}

static bool somebody_queued(const struct pass_ctx *ctx, const struct silence *s)
{
	const struct tasks *tasks = &ctx->trackers->tasks;
	uint64_t least = (uint64_t)(rule(ctx->rules, RULE_QUEUED) * (double)(s->to - s->from));

	for (size_t i = 0; i < tasks->cap; i++) {
		const struct task *t = tasks_at(tasks, i);

		if (tasks->has_switches && t && t->state == TASK_RUNNABLE && t->cpu == s->cpu && s->to - t->since > least)
			return true;
	}
	return false;
}

static int on_silence(struct cpu_stall *cs, const struct pass_ctx *ctx, const struct event *ev)
{
	const struct cpu_state *cpu = trackers_cpu(ctx->trackers, ev->cpu);
	struct silence s = {
		.from = ev->prev_ns, .to = ev->ts, .cpu = ev->cpu,
		.scan = ev->kind == EVENT_LRU_ISOLATE && ev->flags & EVENT_FL_IRQS_OFF
	};

	cs->cpus[ev->cpu].on = false;
	if (!cpu || !cpu->has_current || !cpu->current || ev->kind == EVENT_LOST)
		return 0;
	s.stopper = !strncmp(trackers_comm(ctx->trackers, cpu->current), "migration/", 10);
	if (s.stopper || somebody_queued(ctx, &s))
		return keep(cs, ctx, s);
	cs->cpus[ev->cpu] = (struct watched){ s, true };
	return 0;
}

/* An interrupt right after a silence that wakes a long overdue task shows that the CPU was frozen. */
static int on_watched(struct cpu_stall *cs, const struct pass_ctx *ctx, const struct event *ev)
{
	const struct silence *s = &cs->cpus[ev->cpu].silence;
	const struct task *task;
	struct rhythm r;

	if (ev->kind == EVENT_SCHED_SWITCH || ev->ts - s->to > rule_ns(ctx->rules, RULE_BURST))
		cs->cpus[ev->cpu].on = false;
	if (ev->kind != EVENT_SCHED_WAKING || !event_in_interrupt(ev))
		return 0;
	task = tasks_find(&ctx->trackers->tasks, ev->wakeup.pid);
	if (!task)
		return 0;
	r = rhythm_before(ctx->rules, task, ev->ts);
	if (!r.known || r.last + r.upper + rule_ns(ctx->rules, RULE_OVERDUE) > ev->ts)
		return 0;
	cs->cpus[ev->cpu].on = false;
	if (rules_sample(ctx->samples, RULE_BURST, ev->ts - s->to))
		return -ENOMEM;
	return keep(cs, ctx, *s);
}

/* How long must a CPU be silent to be looked at? Until the recording has told its profile, the shorter time counts. */
static uint64_t shortest_silence(const struct pass_ctx *ctx)
{
	return times_ns(ctx->opts->min_stall_ns, rule_lowest(ctx->rules, RULE_CPU_SILENCE));
}

static int cpu_stall_event(void *state, const struct pass_ctx *ctx, const struct event *ev)
{
	struct cpu_stall *cs = state;
	struct watched *cpus = grow_to(cs->cpus, &cs->nr_cpus, ev->cpu, sizeof(*cpus));
	int err = 0;

	if (!cpus)
		return -ENOMEM;
	cs->cpus = cpus;
	if (cs->last_ns && ev->ts - cs->last_ns >= one_task_stall_ns(ctx))
		err = pauses_look(ctx, cs->last_ns, ev);
	if (!err && !ev->first && ev->ts - ev->prev_ns >= shortest_silence(ctx))
		err = on_silence(cs, ctx, ev);
	if (!err && cs->cpus[ev->cpu].on)
		err = on_watched(cs, ctx, ev);
	cs->last_ns = ev->ts;
	return err;
}

/* Is there nothing to explain? A short silence does not count, and a hold or a pause may account for a long one. */
static bool explained(const struct pass_ctx *ctx, const struct silence *s)
{
	const struct report *r = ctx->report;
	uint64_t paused = 0;

	if (s->to - s->from < times_ns(ctx->opts->min_stall_ns, rule(ctx->rules, RULE_CPU_SILENCE)))
		return true;
	for (size_t i = 0; i < r->nr_pauses; i++)
		paused += overlap_ns(s->from, s->to, r->pauses[i].from, r->pauses[i].to);
	return rule_share(&r->rules, RULE_EXPLAINED, held_ns(r, s->from, s->to) + paused, s->to - s->from);
}

static int by_end(const void *a, const void *b)
{
	const struct silence *x = a, *y = b;

	return order(x->to, y->to);
}

/* Silences list[0..nr) end together. They make one stall: from when the first CPU fell silent to when the first went on. */
static int add(const struct pass_ctx *ctx, const struct silence *list, size_t nr)
{
	struct stall *s = report_add_stall(ctx->report);
	uint64_t from = list[0].from, latest = list[0].from;
	size_t stoppers = 0;

	if (!s)
		return -ENOMEM;
	for (size_t i = 0; i < nr; i++) {
		from = list[i].from < from ? list[i].from : from;
		latest = list[i].from > latest ? list[i].from : latest;
		stoppers += list[i].stopper;
	}
	s->at = (struct bounds){
		.start = from, .start_earliest = from, .start_latest = latest > list[0].to ? list[0].to : latest,
		.end = list[0].to, .end_earliest = latest > list[0].to ? list[0].to : latest, .end_latest = list[0].to,
		.start_rule = BOUND_PREV_EVENT, .end_rule = BOUND_NEXT_EVENT, .evidence = EVIDENCE_INFERRED,
	};
	s->cause = CAUSE_UNEXPLAINED;
	s->evidence = EVIDENCE_INFERRED;
	s->confidence = CONFIDENCE_LOW;
	s->diagnosis = rule_exceeds(ctx->rules, RULE_STOPPERS, stoppers, nr) ? DIAGNOSIS_STOP_MACHINE : DIAGNOSIS_NONE;
	s->parts = 1;
	return lock_turns_look(ctx->report, s, list, nr);
}

/* Sample how long after the last hold's isolate event this CPU went on. */
static int sample_resume(const struct pass_ctx *ctx, const struct silence *s)
{
	const struct report *r = ctx->report;
	size_t next = holds_before(r, s->to);
	const struct hold *h = next ? &r->holds[next - 1] : NULL;

	if (!ctx->samples || !h || h->cpu == s->cpu || !h->plausible || h->event.ts <= s->from ||
	    h->event.ts - h->at.start < rule_ns(ctx->rules, RULE_STALL))
		return 0;
	return rules_sample(ctx->samples, RULE_RESUME_LAG, s->to - h->event.ts);
}

static int cpu_stall_finish(void *state, const struct pass_ctx *ctx)
{
	struct cpu_stall *cs = state;
	size_t kept = 0, from = 0;
	int err = 0;

	if (cs->left_out)
		err = report_note(ctx->report, QUALITY_LOSS, "there are more than %d long silences of busy CPUs: %" PRIu64 " were not looked at",
				  MAX_SILENCES, cs->left_out);
	for (size_t i = 0; !err && i < cs->nr; i++)
		err = sample_resume(ctx, &cs->list[i]);
	for (size_t i = 0; i < cs->nr; i++)
		if (!explained(ctx, &cs->list[i]) && cs->list[i].to >= ctx->opts->from_ns &&
		    cs->list[i].from <= ctx->opts->to_ns)
			cs->list[kept++] = cs->list[i];
	if (kept)
		qsort(cs->list, kept, sizeof(*cs->list), by_end);
	for (size_t i = 1; !err && i <= kept; i++) {
		if (i < kept && cs->list[i].to - cs->list[from].to <= rule_ns(ctx->rules, RULE_RESUME_LAG))
			continue;
		err = add(ctx, &cs->list[from], i - from);
		from = i;
	}
	return err;
}

static void cpu_stall_destroy(void *state)
{
	struct cpu_stall *cs = state;

	free(cs->list);
	free(cs->cpus);
}

const struct pass_ops cpu_stall_pass = {
	.name = "cpu_stall",
	.summary = "CPUs that were silent although somebody waited",
	.stage = PASS_SCAN,
	.wants = KIND(EVENT_SCHED_SWITCH) | KIND(EVENT_SCHED_WAKING) | KIND(EVENT_LRU_ISOLATE),
	.alive = true,
	.state_size = sizeof(struct cpu_stall),
	.event = cpu_stall_event,
	.finish = cpu_stall_finish,
	.destroy = cpu_stall_destroy,
};
