// SPDX-License-Identifier: LGPL-2.1-or-later
/* options.c - parse the command line, and say what is wrong with it */
#include "cli/options/table.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

enum { LONG_BASE = 256 };	/* first getopt value of the long options; letters are smaller */

/* The table in the form that getopt wants. */
struct getopt_table { struct option longs[MAX_ROWS + 1]; char shorts[2 + 2 * MAX_ROWS]; };

static void getopt_fill(struct getopt_table *g, const struct table *t)
{
	char *s = g->shorts;

	*g = (struct getopt_table){ 0 };
	*s++ = ':';	/* ':' makes getopt tell a missing argument from an unknown option */
	for (size_t i = 0; i < t->nr; i++) {
		g->longs[i] = (struct option){ .name = t->rows[i].name, .has_arg = t->rows[i].arg ? 1 : 0,
			.val = LONG_BASE + (int)i };
		if (t->rows[i].letter)
			*s++ = t->rows[i].letter;
		if (t->rows[i].letter && t->rows[i].arg)
			*s++ = ':';
	}
}

static const struct row *row_of(const struct table *t, int c)
{
	for (size_t i = 0; i < t->nr; i++)
		if (c == LONG_BASE + (int)i || (c && c == t->rows[i].letter))
			return &t->rows[i];
	return NULL;
}

static int usage(const struct verb *verb, const char *what)
{
	cli_log("%s: %s (vmstall %s --help)", verb->name, what, verb->name);
	return EXIT_USAGE;
}

static int unknown_option(const struct verb *verb, const struct table *t, const char *arg)
{
	const char *names[MAX_ROWS + 1] = { NULL }, *near;
	char word[64], what[192];

	for (size_t i = 0; i < t->nr; i++)
		names[i] = t->rows[i].name;
	snprintf(word, sizeof(word), "%.*s", (int)strcspn(arg + strspn(arg, "-"), "="), arg + strspn(arg, "-"));
	near = strlen(word) > 1 ? cli_nearest(word, names) : NULL;
	snprintf(what, sizeof(what), "unknown or ambiguous option '%.64s'%s%s%s", arg, near ? "; did you mean --" : "",
		near ? near : "", near ? "?" : "");
	return usage(verb, what);
}

static int apply(const struct verb *verb, const struct row *row, struct options *o)
{
	char *why = NULL, what[256];

	if (!row->set(o, row, optarg, &why))
		return -1;
	snprintf(what, sizeof(what), "--%s: %s", row->name, why ? why : "out of memory");
	free(why);
	return usage(verb, what);
}

static int parse_argv(const struct verb *verb, const struct table *t, int argc, char **argv, struct options *o)
{
	struct getopt_table g;
	int status = -1, c;

	getopt_fill(&g, t);
	optind = 0;	/* GNU getopt: start anew, so that a process may parse more than once */
	opterr = 0;
	while (status < 0 && (c = getopt_long(argc, argv, g.shorts, g.longs, NULL)) != -1) {
		const struct row *row = c == '?' || c == ':' ? NULL : row_of(t, c);
		char letter[3] = { '-', (char)optopt, '\0' };

		if (row)
			status = apply(verb, row, o);
		else if (c == ':')
			status = usage(verb, "an option lacks its argument");
		else
			status = unknown_option(verb, t, optopt && optopt < LONG_BASE ? letter : argv[optind - 1]);
	}
	return status;
}

static int take_operands(const struct verb *verb, int argc, char **argv, struct options *o)
{
	o->operands = argv + optind;
	o->nr_operands = (size_t)(argc - optind);
	if (verb->operands)
		return -1;
	if (optind == argc)
		return usage(verb, "which recording? name a trace.dat file");
	if (optind + 1 < argc)
		return usage(verb, "one recording at a time");
	if (!*argv[optind])
		return usage(verb, "the name of the recording is empty");
	if (o->analysis.from_ns > o->analysis.to_ns)
		return usage(verb, "--from is after --to");
	o->file = argv[optind];
	return -1;
}

/* true: nothing else was asked for */
static bool tell(const struct table *t, const struct options *o)
{
	if (o->help)
		table_help(t, o->verb);
	else if (o->version)
		puts("vmstall " VMSTALL_VERSION);
	else if (o->list)
		table_list(t);
	return o->help || o->version || o->list;
}

int options_parse(const struct verb *verb, int argc, char **argv, struct options *ret)
{
	return options_parse_own(verb, NULL, argc, argv, ret);
}

int options_parse_own(const struct verb *verb, void *own, int argc, char **argv, struct options *ret)
{
	struct table t;
	int status;

	*ret = (struct options){
		.verb = verb, .own = own,
		.rules = rules_of(PROFILE_EMULATED),
		.analysis = { .to_ns = UINT64_MAX, .passes = verb->passes,
			.questions = verb->questions },
	};
	ret->analysis.rules = &ret->rules;
	table_fill(&t, verb);
	status = parse_argv(verb, &t, argc, argv, ret);
	if (!ret->analysis.min_stall_ns)
		ret->analysis.min_stall_ns = rule_ns(&ret->rules, RULE_STALL);
	if (status >= 0)
		return status;
	return tell(&t, ret) ? EXIT_DONE : take_operands(verb, argc, argv, ret);
}
