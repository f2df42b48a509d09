// SPDX-License-Identifier: LGPL-2.1-or-later
/* test_rules.c - does the table hold all rules, and does each value come from the right source? */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "model/rules.h"

#define MS UINT64_C(1000000)

static void every_rule_has_a_name_of_its_own_and_a_reason(void **unused)
{
	(void)unused;
	for (enum rule_id id = 0; id < NR_RULES; id++) {
		const struct rule *r = rule_about(id);

		assert_true(r->name && *r->name && strspn(r->name, "abcdefghijklmnopqrstuvwxyz-") == strlen(r->name));
		assert_true(strlen(r->reason) > 10 && r->reason[strlen(r->reason) - 1] == '.');
		assert_true(r->unit != UNIT_SHARE || (r->prior[0] > 0 && r->prior[0] < 1 && r->prior[1] > 0 && r->prior[1] < 1));
		for (enum rule_id other = 0; other < id; other++)
			assert_string_not_equal(r->name, rule_about(other)->name);
	}
	assert_non_null(rule_section(0));
}

static int set(struct rules *rules, const char *assignment)
{
	char *why = NULL;
	int err = rules_set(rules, assignment, &why);

	assert_int_equal(!err, !why);
	free(why);
	return err;
}

static void a_rule_is_set_by_its_name_in_its_unit(void **unused)
{
	struct rules r = rules_of(PROFILE_EMULATED);

	(void)unused;
	assert_int_equal(rule_ns(&r, RULE_OVERDUE), 5 * MS);
	assert_int_equal(set(&r, "overdue=2.5ms"), 0);
	assert_int_equal(rule_ns(&r, RULE_OVERDUE), 2500000);
	assert_int_equal(set(&r, "least-share=0.5"), 0);
	assert_true(r.given[RULE_OVERDUE] && r.given[RULE_LEAST_SHARE] && !r.given[RULE_BURST]);
}

static void what_is_no_rule_or_no_value_is_refused_and_changes_nothing(void **unused)
{
	static const char *const wrong[] = { "", "=", "overdu=5ms", "overdue", "overdue=", "overdue=5", "overdue=5 ms", "overdue=-1ms",
		"overdue=1e30s", "overdue=nan", "least-share=0.5ms", "least-share=x", "profile=", "profile=fast" };
	struct rules r = rules_of(PROFILE_EMULATED), before = r;

	(void)unused;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		if (set(&r, wrong[i]) != -EINVAL)
			fail_msg("\"%s\" was taken", wrong[i]);
	assert_memory_equal(&r, &before, sizeof(r));
}

static void a_profile_leaves_what_was_given(void **unused)
{
	struct rules r = rules_of(PROFILE_EMULATED);

	(void)unused;
	assert_int_equal(set(&r, "overdue=7ms"), 0);
	assert_int_equal(set(&r, "profile=real"), 0);
	assert_int_equal(rule_ns(&r, RULE_OVERDUE), 7 * MS);
	assert_int_equal(rule_ns(&r, RULE_RESUME_LAG), (uint64_t)rule_about(RULE_RESUME_LAG)->prior[PROFILE_REAL]);
}

/* 99 of 100 timers of the recording are at most this late; one in 200 is 40 ms late. */
static void sample_timers(struct rule_samples *s, size_t nr, uint64_t late)
{
	for (size_t i = 0; i < nr; i++)
		assert_int_equal(rules_sample(s, RULE_OVERDUE, i % 200 == 7 ? 40 * MS : late), 0);
}

static void enough_samples_take_the_place_of_the_prior(void **unused)
{
	struct rules r = rules_of(PROFILE_REAL);
	struct rule_samples s = { 0 };
	size_t least = rule_about(RULE_OVERDUE)->least;

	(void)unused;
	sample_timers(&s, least - 1, 3 * MS);
	rules_learn(&r, &s);
	assert_false(r.learnt[RULE_OVERDUE]);
	assert_int_equal(rule_ns(&r, RULE_OVERDUE), MS);
	sample_timers(&s, 1, 3 * MS);
	rules_learn(&r, &s);
	assert_true(r.learnt[RULE_OVERDUE]);
	assert_int_equal(rule_ns(&r, RULE_OVERDUE), 6 * MS);
	rule_samples_clear(&s);
}

/* That nothing slow was seen does not show that nothing slow happens. */
static void a_recording_does_not_lower_a_prior(void **unused)
{
	struct rules r = rules_of(PROFILE_REAL);
	struct rule_samples s = { 0 };

	(void)unused;
	sample_timers(&s, rule_about(RULE_OVERDUE)->least, MS / 10);
	rules_learn(&r, &s);
	assert_false(r.learnt[RULE_OVERDUE]);
	assert_int_equal(rule_ns(&r, RULE_OVERDUE), MS);
	rule_samples_clear(&s);
}

static void sample_steps(struct rule_samples *s, size_t nr, uint64_t ns)
{
	for (size_t i = 0; i < nr; i++)
		assert_int_equal(rules_sample(s, RULE_STEP, ns), 0);
}

static enum rule_profile recognised(struct rules r, size_t nr, uint64_t ns)
{
	struct rule_samples s = { 0 };

	sample_steps(&s, nr, ns);
	rules_recognise(&r, &s);
	rule_samples_clear(&s);
	return r.profile;
}

static void the_recording_shows_which_machine_is_emulated(void **unused)
{
	struct rules r = rules_of(PROFILE_EMULATED);
	size_t known = (size_t)rule_ns(&r, RULE_STEPS_KNOWN);

	(void)unused;
	assert_int_equal(recognised(r, known, 2225), PROFILE_REAL);		/* 6.18 on a real machine */
	assert_int_equal(recognised(r, known, 14491), PROFILE_EMULATED);
	assert_int_equal(recognised(r, known - 1, 14491), PROFILE_REAL);	/* too few tell nothing */
	assert_int_equal(set(&r, "profile=emulated"), 0);
	assert_int_equal(recognised(r, known, 2225), PROFILE_EMULATED);	/* the user knows better */
}

/* An emulated CPU is fast while it is run. Now and then it is not run, and that shows in the middle of a step, too. */
static void steps_that_pause_show_an_emulated_machine_however_fast_the_others_are(void **unused)
{
	struct rules r = rules_of(PROFILE_EMULATED);
	struct rule_samples s = { 0 };

	(void)unused;
	sample_steps(&s, 1001, 2225);
	sample_steps(&s, 1, 5 * MS);
	rules_recognise(&r, &s);
	assert_int_equal(r.profile, PROFILE_REAL);	/* one of 1002: an interrupt may have come between */
	sample_steps(&s, 1, 5 * MS);
	rules_recognise(&r, &s);
	assert_int_equal(r.profile, PROFILE_EMULATED);
	rule_samples_clear(&s);
}

static void a_machine_whose_lateness_is_not_known_gets_the_wider_limits_for_it_alone(void **unused)
{
	struct rules r = rules_of(PROFILE_REAL);
	struct rule_samples s = { 0 };

	(void)unused;
	assert_int_equal(set(&r, "burst=3ms"), 0);
	rules_recognise(&r, &s);
	assert_int_equal(r.profile, PROFILE_REAL);
	assert_int_equal(rule_ns(&r, RULE_OVERDUE), (uint64_t)rule_about(RULE_OVERDUE)->prior[PROFILE_EMULATED]);
	assert_int_equal(rule_ns(&r, RULE_BURST), 3 * MS);
	for (enum rule_id id = 0; id < NR_RULES; id++)
		if (!rule_about(id)->least && id != RULE_BURST)
			assert_true(r.value[id] == rule_about(id)->prior[PROFILE_REAL]);
	sample_steps(&s, 100, 2225);
	rules_recognise(&r, &s);
	assert_int_equal(rule_ns(&r, RULE_OVERDUE), (uint64_t)rule_about(RULE_OVERDUE)->prior[PROFILE_REAL]);
	rule_samples_clear(&s);
}

static void what_the_user_gave_is_not_learnt(void **unused)
{
	struct rules r = rules_of(PROFILE_REAL);
	struct rule_samples s = { 0 };

	(void)unused;
	assert_int_equal(set(&r, "overdue=3ms"), 0);
	sample_timers(&s, 2 * rule_about(RULE_OVERDUE)->least, 3 * MS);
	rules_learn(&r, &s);
	assert_int_equal(rule_ns(&r, RULE_OVERDUE), 3 * MS);
	assert_int_equal(rules_sample(NULL, RULE_OVERDUE, MS), 0);	/* values that are not learned */
	rule_samples_clear(&s);
}

static void a_share_that_is_met_exactly_is_met(void **unused)
{
	struct rules r = rules_of(PROFILE_EMULATED);

	(void)unused;
	for (uint64_t whole = 10; whole < 100000; whole += 10) {
		assert_true(rule_share(&r, RULE_ONE_OWNER, whole / 10 * 9, whole));
		assert_false(rule_share(&r, RULE_ONE_OWNER, whole / 10 * 9 - 1, whole));
		assert_false(rule_exceeds(&r, RULE_ONE_BURST, whole / 10 * 7, whole));
		assert_true(rule_exceeds(&r, RULE_ONE_BURST, whole / 10 * 7 + 1, whole));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_rule_has_a_name_of_its_own_and_a_reason),
		cmocka_unit_test(a_rule_is_set_by_its_name_in_its_unit),
		cmocka_unit_test(what_is_no_rule_or_no_value_is_refused_and_changes_nothing),
		cmocka_unit_test(a_profile_leaves_what_was_given),
		cmocka_unit_test(enough_samples_take_the_place_of_the_prior),
		cmocka_unit_test(a_recording_does_not_lower_a_prior),
		cmocka_unit_test(the_recording_shows_which_machine_is_emulated),
		cmocka_unit_test(steps_that_pause_show_an_emulated_machine_however_fast_the_others_are),
		cmocka_unit_test(a_machine_whose_lateness_is_not_known_gets_the_wider_limits_for_it_alone),
		cmocka_unit_test(what_the_user_gave_is_not_learnt),
		cmocka_unit_test(a_share_that_is_met_exactly_is_met),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
