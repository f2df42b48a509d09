/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* values.h - the parts of a report as JSON values; each is a new reference, NULL: out of memory */
#ifndef VMSTALL_WRITERS_JSON_VALUES_H
#define VMSTALL_WRITERS_JSON_VALUES_H

#include <jansson.h>

#include "model/writer.h"

/* values.c */
json_t *json_text(const char *s);		/* any bytes; NULL or empty: null */
json_t *json_unsigned(uint64_t v);
json_t *json_known(struct known v);
json_t *json_ref(const struct event_ref *ref);	/* null if there is none */
json_t *json_bounds(const struct bounds *at);
json_t *json_strings(const struct strings *list);
/* Give an array or object one value more, and the value to it. Without memory for either, *@all is freed and becomes NULL. */
void json_append(json_t **all, json_t *value);
void json_set(json_t **all, const char *name, json_t *value);

/* input.c */
json_t *json_input(const struct report *r);
json_t *json_coverage(const struct report *r, size_t i);
json_t *json_note(const struct report *r, size_t i);

/* How to make the elements of one of the report's lists. @count is NULL for a single object. */
struct json_list {
	const char *name;
	size_t (*count)(const struct report *r);
	json_t *(*element)(const struct report *r, size_t i);
};

/*
 * json.c: write a whole document: the members of every report, then these, up to the one without a name. Or write it in
 * steps: the begin, more members, each after ",\n", the end. json_put() takes ownership of the value; NULL: memory ran
 * out. Each returns 0, -EIO or -ENOMEM.
 */
int json_document(const struct report *r, const struct writer_options *opts, const struct json_list *lists, FILE *out);
int json_begin(const struct report *r, const struct writer_options *opts, FILE *out);
int json_lists(const struct report *r, const struct json_list *lists, FILE *out);
int json_put(FILE *out, json_t *value);
int json_end(const struct report *r, FILE *out);

/* Additional members in the documents of the other verbs: leaks.c, gfp.c, reclaim.c */
extern const struct json_list json_leak_lists[], json_gfp_lists[], json_reclaim_lists[];

/* stall.c */
json_t *json_stall(const struct report *r, size_t i);
json_t *json_stall_core(const struct report *r, size_t i);	/* without victims, spans and the diagnosis in words */
json_t *json_advice(const struct advice *a, enum diagnosis diagnosis);
json_t *json_hold(const struct report *r, size_t i);
json_t *json_victim(const struct victim *v);

#endif
