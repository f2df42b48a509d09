// SPDX-License-Identifier: LGPL-2.1-or-later
/* values.c - one value of a report as JSON */
#include "export/json/values.h"

#include <string.h>

#include "util/text.h"
#include "util/utf8.h"

static char *repair(const char *s)
{
	struct text t = { 0 };

	while (*s) {
		const char *from = s;

		if (utf8_next(&s) == UTF8_BAD)
			text_add(&t, "\xef\xbf\xbd");
		else
			text_add(&t, "%.*s", (int)(s - from), from);
	}
	return text_take(&t);
}

json_t *json_text(const char *s)
{
	json_t *value;
	char *good;

	if (!s || !*s)
		return json_null();
	value = json_string(s);
	if (value)
		return value;
	good = repair(s);
	value = good ? json_string(good) : NULL;
	free(good);
	return value;
}

/* A number too large for jansson's integers is written as a real, which keeps 53 bits of precision. */
json_t *json_unsigned(uint64_t v)
{
	return v <= INT64_MAX ? json_integer((json_int_t)v) : json_real((double)v);
}

json_t *json_known(struct known v)
{
	return v.is ? json_integer(v.v) : json_null();
}

json_t *json_ref(const struct event_ref *ref)
{
	if (!ref->is)
		return json_null();
	return json_pack("{s:i, s:o, s:o}", "cpu", (int)ref->cpu, "ts_ns", json_unsigned(ref->ts), "offset",
		json_unsigned(ref->offset));
}

json_t *json_bounds(const struct bounds *at)
{
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}",
		"start_ns", json_unsigned(at->start),
		"start_earliest_ns", json_unsigned(at->start_earliest),
		"start_latest_ns", json_unsigned(at->start_latest),
		"end_ns", json_unsigned(at->end),
		"end_earliest_ns", json_unsigned(at->end_earliest),
		"end_latest_ns", json_unsigned(at->end_latest),
		"start_rule", json_text(bound_rule_name(at->start_rule)),
		"end_rule", json_text(bound_rule_name(at->end_rule)),
		"evidence", json_text(evidence_name(at->evidence)));
}

static void drop(json_t **all)
{
	json_decref(*all);
	*all = NULL;
}

void json_append(json_t **all, json_t *value)
{
	if (json_array_append_new(*all, value))
		drop(all);
}

void json_set(json_t **all, const char *name, json_t *value)
{
	if (json_object_set_new(*all, name, value))
		drop(all);
}

json_t *json_strings(const struct strings *list)
{
	json_t *all = json_array();

	for (size_t i = 0; i < list->nr; i++)
		json_append(&all, json_text(list->s[i]));
	return all;
}
