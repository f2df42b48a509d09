// SPDX-License-Identifier: LGPL-2.1-or-later
/* labels.c - which labels does a recording get? */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "batch/input/labels.h"

#include <errno.h>
#include <pcre2.h>
#include <stdlib.h>
#include <string.h>

#include "util/array.h"
#include "util/text.h"

struct label_pattern { pcre2_code *code; pcre2_match_data *match; };

static struct label *find(const struct labels *l, const char *name)
{
	for (size_t i = 0; i < l->nr; i++)
		if (!strcmp(l->all[i].name, name))
			return &l->all[i];
	return NULL;
}

static int add(struct labels *l, const char *name, char *value)
{
	struct label *all = grow(l->all, &l->cap, l->nr, sizeof(*all));
	char *copy = all ? strdup(name) : NULL;

	if (all)
		l->all = all;
	if (!copy)
		return -ENOMEM;
	all[l->nr++] = (struct label){ .name = copy, .value = value };
	return 0;
}

int labels_set(struct labels *l, const char *name, const char *value)
{
	struct label *old = find(l, name);
	char *copy = strdup(value);
	int err = copy ? 0 : -ENOMEM;

	if (!err && old) {
		free(old->value);
		old->value = copy;
	} else if (!err) {
		err = add(l, name, copy);
		if (err)
			free(copy);
	}
	return err;
}

void labels_clear(struct labels *l)
{
	for (size_t i = 0; i < l->nr; i++) {
		free(l->all[i].name);
		free(l->all[i].value);
	}
	free(l->all);
	*l = (struct labels){ 0 };
}

int labels_parse(struct labels *l, const char *text, char **reterr_why)
{
	size_t n = strcspn(text, "=");
	char *name;
	int err;

	if (!n || !text[n])
		return fail(reterr_why, -EINVAL, "'%s' is not NAME=VALUE", text);
	name = strndup(text, n);
	err = name ? labels_set(l, name, text + n + 1) : -ENOMEM;
	free(name);
	return err;
}

static uint32_t count_names(const pcre2_code *code)
{
	uint32_t nr = 0;

	pcre2_pattern_info(code, PCRE2_INFO_NAMECOUNT, &nr);
	return nr;
}

int label_pattern_new(const char *regex, struct label_pattern **ret, char **reterr_why)
{
	struct label_pattern *p = calloc(1, sizeof(*p));
	PCRE2_UCHAR words[128] = "";
	PCRE2_SIZE at;
	int code;

	if (!p)
		return -ENOMEM;
	p->code = pcre2_compile((PCRE2_SPTR)regex, PCRE2_ZERO_TERMINATED, 0, &code, &at, NULL);
	p->match = p->code ? pcre2_match_data_create_from_pattern(p->code, NULL) : NULL;
	if (p->match && count_names(p->code)) {
		*ret = p;
		return 0;
	}
	if (!p->code) {
		pcre2_get_error_message(code, words, sizeof(words));
		fail(reterr_why, 0, "'%s', at character %zu: %s", regex, (size_t)at, (const char *)words);
	} else if (p->match) {
		fail(reterr_why, 0, "'%s' names no group: write (?<vehicle>...)", regex);
	}
	code = p->code && !p->match ? -ENOMEM : -EINVAL;
	label_pattern_free(p);
	return code;
}

struct label_pattern *label_pattern_free(struct label_pattern *p)
{
	if (p) {
		pcre2_match_data_free(p->match);
		pcre2_code_free(p->code);
	}
	free(p);
	return NULL;
}

/* Several groups may have the same name. Take the one that matched. */
static int set_group(const struct label_pattern *p, const char *name, struct labels *l)
{
	PCRE2_UCHAR *value = NULL;
	PCRE2_SIZE len;
	int err = 0;

	if (pcre2_substring_get_byname(p->match, (PCRE2_SPTR)name, &value, &len))
		return 0;
	if (len)
		err = labels_set(l, name, (const char *)value);
	pcre2_substring_free(value);
	return err;
}

int label_pattern_match(const struct label_pattern *p, const char *path, struct labels *l)
{
	uint32_t names = count_names(p->code), size = 0;
	PCRE2_SPTR table = NULL;
	int err = 0;

	if (pcre2_match(p->code, (PCRE2_SPTR)path, PCRE2_ZERO_TERMINATED, 0, 0, p->match, NULL) < 0)
		return 0;
	pcre2_pattern_info(p->code, PCRE2_INFO_NAMETABLE, &table);
	pcre2_pattern_info(p->code, PCRE2_INFO_NAMEENTRYSIZE, &size);
	for (uint32_t i = 0; !err && i < names; i++)
		err = set_group(p, (const char *)table + i * size + 2, l);
	return err ? err : 1;
}
