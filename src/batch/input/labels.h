/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* labels.h - what the user says about a recording: which vehicle, which release, which day */
#ifndef VMSTALL_BATCH_LABELS_H
#define VMSTALL_BATCH_LABELS_H

#include <stddef.h>

struct label { char *name, *value; };

/* Zero it to begin. Names are unique: a later value replaces an earlier one. */
struct labels { struct label *all; size_t nr, cap; };

/* Copies both. 0 or -ENOMEM. */
int labels_set(struct labels *l, const char *name, const char *value);
void labels_clear(struct labels *l);

/* "vehicle=car 17": 0, or -EINVAL with one sentence. */
int labels_parse(struct labels *l, const char *text, char **reterr_why);

struct label_pattern;

/**
 * label_pattern_new - labels from paths: the named groups of a regular expression (PCRE2)
 *
 * Example: "(?<vehicle>car\d+)/(?<date>\d{8})". Returns 0, or -EINVAL with one sentence: the expression is wrong, or has no
 * named group.
 */
int label_pattern_new(const char *regex, struct label_pattern **ret, char **reterr_why);
struct label_pattern *label_pattern_free(struct label_pattern *p);

/* Add the labels that @path gives. A partial match gives fewer labels. 1: it matched, 0: it did not, or -ENOMEM. */
int label_pattern_match(const struct label_pattern *p, const char *path, struct labels *l);

#endif
