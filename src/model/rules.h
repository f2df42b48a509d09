/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * rules.h - the thresholds and priors that decide a finding: one table, rules.def
 *
 * A profile is a set of priors. PROFILE_REAL is for real machines, and it learns: where the recording shows that this
 * machine is later than its priors say, the recording counts. PROFILE_EMULATED is for emulated CPUs, which are slow, paused
 * and late. The recording itself tells which of both fits: rules_recognise(). A value that the user gives (--rule) beats all.
 */
#ifndef VMSTALL_RULES_H
#define VMSTALL_RULES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/latencies.h"

enum rule_id {
#define RULE(id, ...) RULE_##id,
#define LEARNT RULE
#define SECTION(...)
#include "model/rules.def"
#undef SECTION
#undef LEARNT
#undef RULE
	NR_RULES
};

enum rule_unit { UNIT_NS, UNIT_NS_PER_PAGE, UNIT_PAGES, UNIT_COUNT, UNIT_SHARE, UNIT_FACTOR };
/* Where a value comes from: the kernel's sources, a real machine, an emulated one, or a choice without measurement. */
enum rule_source { SOURCE_KERNEL, SOURCE_REAL, SOURCE_EMULATED, SOURCE_CHOICE };
enum rule_profile { PROFILE_EMULATED, PROFILE_REAL, NR_PROFILES };

/**
 * struct rule - a row of the table
 * @name:   the name that --rule takes
 * @prior:  for each profile, in @unit
 * @reason: one sentence; @where: where it was measured or is written; "": nowhere
 * @percent, @times, @least: from @least samples on, the value is @times their @percent quantile, if that is more than the
 *          prior; 0: never learnt
 */
struct rule {
	const char *name;
	enum rule_unit unit;
	double prior[NR_PROFILES];
	enum rule_source source;
	const char *reason, *where;
	unsigned int percent;
	double times;
	size_t least;
};

/* The values that hold for one recording. @given: by the user; @learnt: from the recording; @chosen: the user chose the profile. */
struct rules {
	enum rule_profile profile;
	bool chosen;
	double value[NR_RULES];
	bool given[NR_RULES], learnt[NR_RULES];
};

/* The samples that a recording gives, while it is read, for the rules that can be learnt; the caller zeroes it. */
struct rule_samples { struct latencies of[NR_RULES]; };

const struct rule *rule_about(enum rule_id id);
/* What the rules from @id on are about; NULL: the same as the rule before. */
const char *rule_section(enum rule_id id);
const char *rule_unit_name(enum rule_unit unit);	/* "ns a page"; "" for a plain number */
const char *rule_source_name(enum rule_source source);
const char *rule_profile_name(enum rule_profile profile);

/* @value of a rule in words: "5 ms", "0.25", "20 ns a page". Returns @buf. */
const char *rule_words(enum rule_id id, double value, char *buf, size_t len);

struct rules rules_of(enum rule_profile profile);

/**
 * rules_set - take @assignment, "NAME=VALUE", or "profile=real"
 *
 * Times are written as 5ms; the rest are plain numbers. A profile keeps the values that were given before.
 * Returns 0, or -EINVAL with one sentence in *@reterr_why, or -ENOMEM.
 */
int rules_set(struct rules *rules, const char *assignment, char **reterr_why);

/* Add @ns to the samples of rule @id. NULL @samples: nothing is learnt. Returns 0 or -ENOMEM. */
int rules_sample(struct rule_samples *samples, enum rule_id id, uint64_t ns);
/*
 * Choose the profile, unless the user did: emulated if this recording's CPUs take as long from sched_waking to sched_wakeup,
 * or pause as often in between, as only emulated ones do (RULE_STEP, RULE_STEPS_PAUSED). Too few samples: real, but with
 * the emulated profile's wider limits for what could be learnt.
 */
void rules_recognise(struct rules *rules, struct rule_samples *samples);
/* Take the quantiles of the samples where there are enough and they exceed the prior, unless the user gave a value. */
void rules_learn(struct rules *rules, struct rule_samples *samples);
void rule_samples_clear(struct rule_samples *samples);

static inline double rule(const struct rules *rules, enum rule_id id)
{
	return rules->value[id];
}

/* The lowest value that it may still get: of both profiles, while the recording has not told which one fits. */
double rule_lowest(const struct rules *rules, enum rule_id id);

/* The value as an integer: a time in ns, or a number. */
static inline uint64_t rule_ns(const struct rules *rules, enum rule_id id)
{
	return (uint64_t)rules->value[id];
}

/* Is @part at least this share of @whole? The 1e-12 keeps a tie a tie, where binary fractions would break it. */
static inline bool rule_share(const struct rules *rules, enum rule_id id, uint64_t part, uint64_t whole)
{
	return (double)part >= (rules->value[id] - 1e-12) * (double)whole;
}

/* Is @part more than this share of @whole? */
static inline bool rule_exceeds(const struct rules *rules, enum rule_id id, uint64_t part, uint64_t whole)
{
	return (double)part > (rules->value[id] + 1e-12) * (double)whole;
}

#endif
