// SPDX-License-Identifier: LGPL-2.1-or-later
/* rules.c - the table of rules, and how the user sets a value or the recording teaches it */
#include "model/rules.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/text.h"

static const char *const sections[NR_RULES] = {
#define RULE(...)
#define LEARNT(...)
#define SECTION(id, title) [RULE_##id] = title,
#include "model/rules.def"
#undef SECTION
#undef LEARNT
#undef RULE
};

static const struct rule table[NR_RULES] = {
#define SECTION(...)
#define LEARNT(id, name_, unit_, emulated, real, source_, percent_, times_, least_, reason_, where_) \
	[RULE_##id] = { .name = name_, .unit = UNIT_##unit_, .prior = { emulated, real }, .source = SOURCE_##source_, \
		.reason = reason_, .where = where_, .percent = percent_, .times = times_, .least = least_ },
#define RULE(id, name_, unit_, emulated, real, source_, reason_, where_) \
	LEARNT(id, name_, unit_, emulated, real, source_, 0, 0, 0, reason_, where_)
#include "model/rules.def"
#undef RULE
#undef LEARNT
#undef SECTION
};

const struct rule *rule_about(enum rule_id id)
{
	return &table[id];
}

const char *rule_section(enum rule_id id)
{
	return sections[id];
}

const char *rule_unit_name(enum rule_unit unit)
{
	static const char *const names[] = { [UNIT_NS] = "ns", [UNIT_NS_PER_PAGE] = "ns a page", [UNIT_PAGES] = "pages",
		[UNIT_COUNT] = "", [UNIT_SHARE] = "", [UNIT_FACTOR] = "times" };

	return names[unit];
}

const char *rule_words(enum rule_id id, double value, char *buf, size_t len)
{
	static const struct { double ns; const char *name; } units[] = { { 1e9, "s" }, { 1e6, "ms" }, { 1e3, "us" }, { 1, "ns" } };
	const char *unit = rule_unit_name(table[id].unit);
	size_t i = 0;

	if (table[id].unit == UNIT_NS) {
		while (i < 3 && value < units[i].ns)
			i++;
		value /= units[i].ns;
		unit = units[i].name;
	}
	snprintf(buf, len, "%.4g%s%s", value, *unit ? " " : "", unit);
	return buf;
}

const char *rule_source_name(enum rule_source source)
{
	static const char *const names[] = { [SOURCE_KERNEL] = "kernel sources", [SOURCE_REAL] = "real machine",
		[SOURCE_EMULATED] = "emulated machine", [SOURCE_CHOICE] = "choice" };

	return names[source];
}

const char *rule_profile_name(enum rule_profile profile)
{
	return profile == PROFILE_REAL ? "real" : "emulated";
}

struct rules rules_of(enum rule_profile profile)
{
	struct rules r = { .profile = profile };

	for (size_t i = 0; i < NR_RULES; i++)
		r.value[i] = table[i].prior[profile];
	return r;
}

double rule_lowest(const struct rules *rules, enum rule_id id)
{
	const double *prior = table[id].prior;

	if (rules->given[id] || rules->chosen)
		return rules->value[id];
	return prior[PROFILE_REAL] < prior[PROFILE_EMULATED] ? prior[PROFILE_REAL] : prior[PROFILE_EMULATED];
}

static void take_profile(struct rules *rules, enum rule_profile profile)
{
	rules->profile = profile;
	for (size_t i = 0; i < NR_RULES; i++)
		if (!rules->given[i])
			rules->value[i] = table[i].prior[profile];
}

static int set_profile(struct rules *rules, const char *name, char **reterr_why)
{
	enum rule_profile profile = PROFILE_EMULATED;

	while (profile < NR_PROFILES && strcmp(name, rule_profile_name(profile)))
		profile++;
	if (profile == NR_PROFILES)
		return fail(reterr_why, -EINVAL, "no profile '%s': there are emulated and real", name);
	take_profile(rules, profile);
	rules->chosen = true;
	return 0;
}

/* Read a number; for a time, also its unit. It must not be below 0 or above the highest time in ns. */
static int parse_value(const struct rule *r, const char *s, double *ret)
{
	static const struct { const char *name; double ns; } units[] = { { "ns", 1 }, { "us", 1e3 }, { "ms", 1e6 }, { "s", 1e9 } };
	char *end;
	double v = strtod(s, &end), scale = *end || r->unit == UNIT_NS ? 0 : 1;

	for (size_t i = 0; r->unit == UNIT_NS && i < sizeof(units) / sizeof(units[0]); i++)
		if (!strcmp(end, units[i].name))
			scale = units[i].ns;
	*ret = v * scale;
	return end == s || scale == 0 || !isfinite(*ret) || *ret < 0 || *ret > 1e18 ? -EINVAL : 0;
}

int rules_set(struct rules *rules, const char *assignment, char **reterr_why)
{
	size_t len = strcspn(assignment, "="), i = 0;
	const char *value = assignment + len + (assignment[len] == '=');
	double given;

	if (len == strlen("profile") && !memcmp(assignment, "profile", len))
		return set_profile(rules, value, reterr_why);
	while (i < NR_RULES && (strlen(table[i].name) != len || memcmp(table[i].name, assignment, len)))
		i++;
	if (i == NR_RULES)
		return fail(reterr_why, -EINVAL, "no rule '%.*s' (vmstall rules lists them)", (int)len, assignment);
	if (parse_value(&table[i], value, &given))
		return fail(reterr_why, -EINVAL, table[i].unit == UNIT_NS ? "%s is a time: write %s=5ms" : "%s is a number: write %s=5",
			    table[i].name, table[i].name);
	rules->value[i] = given;
	rules->given[i] = true;
	return 0;
}

int rules_sample(struct rule_samples *samples, enum rule_id id, uint64_t ns)
{
	return samples ? latencies_add(&samples->of[id], ns) : 0;
}

void rules_learn(struct rules *rules, struct rule_samples *samples)
{
	for (size_t i = 0; samples && i < NR_RULES; i++) {
		double seen;

		if (rules->given[i] || !table[i].least || samples->of[i].nr < table[i].least)
			continue;
		seen = table[i].times * (double)latencies_percentile(&samples->of[i], table[i].percent);
		if (seen <= table[i].prior[rules->profile])
			continue;
		rules->value[i] = seen;
		rules->learnt[i] = true;
	}
}

void rules_recognise(struct rules *rules, struct rule_samples *samples)
{
	struct latencies *steps = samples ? &samples->of[RULE_STEP] : NULL;
	bool known = steps && steps->nr >= rule_ns(rules, RULE_STEPS_KNOWN);
	bool slow = known && latencies_percentile(steps, 50) >= rule_ns(rules, RULE_STEP);
	bool paused = known && latencies_share(steps, rule_ns(rules, RULE_PAUSE)) >= rule(rules, RULE_STEPS_PAUSED);

	if (rules->chosen)
		return;
	take_profile(rules, slow || paused ? PROFILE_EMULATED : PROFILE_REAL);
	for (size_t i = 0; i < NR_RULES; i++)	/* how late this machine is, is not known: then the wider limits hold */
		if (!known && table[i].least && !rules->given[i])
			rules->value[i] = table[i].prior[PROFILE_EMULATED];
}

void rule_samples_clear(struct rule_samples *samples)
{
	for (size_t i = 0; samples && i < NR_RULES; i++)
		latencies_free(&samples->of[i]);
}
