/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* values.h - the parts of a report as JSON values; each is a new reference, NULL: out of memory */
#ifndef VMSTALL_WRITERS_JSON_VALUES_H
#define VMSTALL_WRITERS_JSON_VALUES_H

#include <jansson.h>

#include "model/writer.h"

/* json_values.c */
json_t *json_text(const char *s);		/* any bytes; NULL or empty: null */
json_t *json_unsigned(uint64_t v);
json_t *json_known(struct known v);
json_t *json_ref(const struct event_ref *ref);	/* null where there is none */
json_t *json_bounds(const struct bounds *at);
json_t *json_strings(const struct strings *list);

/* json_input.c */
json_t *json_input(const struct report *r);
json_t *json_coverage(const struct report *r, size_t i);
json_t *json_note(const struct report *r, size_t i);

/* How the elements of one of the report's lists are made; of an object, @count is NULL and there is one. */
struct json_list {
	const char *name;
	size_t (*count)(const struct report *r);
	json_t *(*element)(const struct report *r, size_t i);
};

/*
 * json.c: a whole document: what every report has, and these, to the one without a name. Or in steps: its beginning,
 * more members, each after ",\n", its end. json_put() takes the value; NULL: memory ran out. 0, -EIO or -ENOMEM.
 */
int json_document(const struct report *r, const struct writer_options *opts, const struct json_list *lists, FILE *out);
int json_begin(const struct report *r, const struct writer_options *opts, FILE *out);
int json_lists(const struct report *r, const struct json_list *lists, FILE *out);
int json_put(FILE *out, json_t *value);
int json_end(const struct report *r, FILE *out);

/* What the documents of the other verbs have beside that: json_leaks.c, json_gfp.c, json_reclaim.c */
extern const struct json_list json_leak_lists[], json_gfp_lists[], json_reclaim_lists[];

/* json_stall.c */
json_t *json_stall(const struct report *r, size_t i);
json_t *json_stall_core(const struct report *r, size_t i);	/* without victims, lanes and the diagnosis in words */
json_t *json_advice(const struct advice *a, enum diagnosis diagnosis);
json_t *json_hold(const struct report *r, size_t i);
json_t *json_victim(const struct victim *v);

#endif
