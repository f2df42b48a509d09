// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * unexplained.c - CPUs stood still and no scan explains it: were they frozen, and by what?
 *
 * Firmware, hypervisors and emulators can stop CPUs, too. So the reasons say what in the recording speaks for and against them.
 */
#include "passes/freeze/verdict.h"

#include <inttypes.h>

#include "passes/common/stall_times.h"
#include "passes/freeze/frozen_cpus.h"

/* A CPU may have run on for a while after its last record. It had interrupts off when a timer of it was due and did not fire. */
static void date_latest_start(const struct snapshot *snap, struct stall *s)
{
	uint64_t by = irqs_off_by(snap);

	if (by != UINT64_MAX && by > s->at.start_latest && by <= s->at.end)
		s->at.start_latest = by;
}

/* @sure: some of the frozen CPUs had overdue interrupts of tasks that are otherwise on time, or waited for a lock on record. */
struct stood { size_t frozen, sure; };

static struct stood count_stood(const struct snapshot *snap)
{
	struct stood n = { 0 };

	for (size_t i = 0; i < snap->nr_cpus; i++) {
		const struct snapshot_cpu *c = &snap->cpus[i];

		n.frozen += c->frozen;
		n.sure += c->frozen && c->signs & (SIGN_LATE_TIMERS | SIGN_CONTENTION) && c->chance < rule(snap->rules, RULE_CHANCE_SIGN);
	}
	return n;
}

/*
 * Nothing shows that a CPU was frozen: then the CPUs only had nothing to write. Or they stood still for no longer than the usual
 * pauses of this machine. One CPU alone needs a sure sign: a task queued there may be of a cgroup that gets little of the CPU.
 */
static bool is_nothing(const struct pass_ctx *ctx, const struct snapshot *snap, const struct stall *s, struct stood n)
{
	uint64_t moment = times_ns(ctx->opts->min_stall_ns, rule(ctx->rules, RULE_ONE_CPU)), took = s->at.end - s->at.start;
	uint64_t usual = times_ns(ctx->report->longest_step_ns, rule(ctx->rules, RULE_USUAL_PAUSE));

	if (!n.frozen || !s->tasks_frozen || snap->lost)
		return true;
	if (n.frozen == 1 && (took < moment || !n.sure))
		return true;
	return s->diagnosis == DIAGNOSIS_NONE && took < usual;
}

/* What in the recording speaks for firmware or a hypervisor? */
static int say_one_cpu(const struct report *r, struct stall *s)
{
	if (!r->steps)
		return stall_because(s, "one CPU stood still alone. A hypervisor or firmware may have taken it away: this recording has "
				     "nothing that would show that");
	return stall_because(s, "one CPU stood still alone. A hypervisor or firmware may have taken it away; of %" PRIu64 " steps from "
			     "sched_waking to sched_wakeup the longest took %" PRIu64 ".%03" PRIu64 " ms, which speaks %s it", r->steps,
			     r->longest_step_ns / 1000000, r->longest_step_ns / 1000 % 1000,
			     r->longest_step_ns >= rule_ns(&r->rules, RULE_PAUSE) ? "for" : "against");
}

int unexplained_judge(const struct pass_ctx *ctx, const struct snapshot *snap, struct stall *s)
{
	bool pauses = ctx->rules->profile == PROFILE_EMULATED;
	struct stood n = count_stood(snap);

	s->dropped = is_nothing(ctx, snap, s, n);
	s->confidence = n.frozen > 1 && !pauses ? CONFIDENCE_MEDIUM : CONFIDENCE_LOW;
	if (s->dropped)
		return 0;
	date_latest_start(snap, s);
	if (n.frozen == 1)
		return say_one_cpu(ctx->report, s);
	if (s->diagnosis == DIAGNOSIS_NONE && !pauses)
		s->diagnosis = DIAGNOSIS_LOCK_OTHER;
	return pauses ? stall_because(s, "this machine is emulated: CPUs that were not run are as likely as CPUs that waited for a lock") : 0;
}
