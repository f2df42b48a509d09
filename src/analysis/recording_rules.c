// SPDX-License-Identifier: LGPL-2.1-or-later
/* recording_rules.c - the profile that the recording shows, the values that it teaches, and the notes about both */
#include "analysis/recording_rules.h"

#include <inttypes.h>

void rules_begin(struct runner *run)
{
	struct report *r = run->ctx.report;
	const struct rules *given = run->ctx.opts ? run->ctx.opts->rules : NULL;

	r->rules = given ? *given : rules_of(PROFILE_EMULATED);
	run->ctx.rules = run->trackers.tasks.rules = &r->rules;
	run->ctx.samples = run->trackers.tasks.samples = &run->samples;
}

/* Only the real profile learns. Emulated CPUs are late in ways that would otherwise be learnt as usual. */
static void learn(struct runner *run)
{
	if (run->ctx.report->rules.profile == PROFILE_REAL)
		rules_learn(&run->ctx.report->rules, run->ctx.samples);
}

void rules_settle(struct runner *run)
{
	rules_recognise(&run->ctx.report->rules, run->ctx.samples);
	learn(run);
}

static int say_profile(struct runner *run)
{
	struct report *r = run->ctx.report;
	struct latencies *steps = &run->samples.of[RULE_STEP];
	char took[64], pause[64];

	if (r->rules.chosen)
		return report_note(r, QUALITY_INFO, "made by the rules of the profile \"%s\"", rule_profile_name(r->rules.profile));
	if (r->rules.profile == PROFILE_REAL)
		return 0;
	return report_note(r, QUALITY_INFO, "judged by the rules for emulated machines: from sched_waking to sched_wakeup its CPUs took "
			   "%s (median of %" PRIu64 " cases), and more than %s in %.2f %% of the cases",
			   rule_words(RULE_STEP, (double)latencies_percentile(steps, 50), took, sizeof(took)), steps->nr,
			   rule_words(RULE_PAUSE, rule(&r->rules, RULE_PAUSE), pause, sizeof(pause)),
			   100 * latencies_share(steps, rule_ns(&r->rules, RULE_PAUSE)));
}

/* A report made with other values than the usual ones says so. */
static int say_value(const struct runner *run, enum rule_id id)
{
	struct report *r = run->ctx.report;
	char words[64];

	rule_words(id, r->rules.value[id], words, sizeof(words));
	if (r->rules.given[id])
		return report_note(r, QUALITY_INFO, "made with the rule %s = %s", rule_about(id)->name, words);
	if (r->rules.learnt[id])
		return report_note(r, QUALITY_INFO, "the rule %s = %s is learnt from %" PRIu64 " cases in this recording",
				   rule_about(id)->name, words, run->samples.of[id].nr);
	return 0;
}

int rules_end(struct runner *run)
{
	int err;

	run->ctx.report->steps = run->samples.of[RULE_STEP].nr;
	run->ctx.report->longest_step_ns = run->samples.of[RULE_STEP].max;
	learn(run);
	err = say_profile(run);
	for (enum rule_id id = 0; !err && id < NR_RULES; id++)
		err = say_value(run, id);
	run->ctx.samples = run->trackers.tasks.samples = NULL;
	return err;
}
