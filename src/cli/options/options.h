/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* options.h - options are data: one table for parsing and help */
#ifndef VMSTALL_CLI_OPTIONS_H
#define VMSTALL_CLI_OPTIONS_H

#include "analysis/analysis.h"
#include "cli/common/log.h"
#include "cli/options/values.h"
#include "model/leaks.h"
#include "model/writer.h"

enum { MAX_OUTPUTS = 8 };
enum color_mode { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

/* One output: a format and a file. "-" is stdout. */
struct output { const struct writer *writer; const char *path; };

struct verb;

struct options {
	const struct verb *verb;
	const char *file;		/* the recording */
	struct recording_options recording;
	struct analysis_options analysis;
	struct fail_on fail_on;
	struct output outputs[MAX_OUTPUTS];
	size_t nr_outputs;
	struct rules rules;		/* analysis points to it */
	struct meminfo meminfo[2];	/* before and after; analysis points to these if they are given */
	enum color_mode color;
	int verbose;
	bool help, version, list;
	char **operands;		/* all operands, if the verb takes several */
	size_t nr_operands;
	void *own;			/* set by the rows of the verb itself */
};

/* The groups of options that a verb can take. */
enum option_group {
	OPTIONS_COMMON	 = 1,	/* help, version, verbosity, colour */
	OPTIONS_ANALYSIS = 2,	/* what counts as a stall, and as a failure */
	OPTIONS_OUTPUT	 = 4,	/* one for each writer */
	OPTIONS_LEAKS	 = 8,	/* copies of /proc/meminfo */
	OPTIONS_READING	 = 16,	/* how recordings are read: plugins, threads */
	OPTIONS_RULES	 = 32,	/* thresholds and priors */
};

struct row;

/**
 * struct verb - a command: its options, and for a command that analyses a recording, its passes and outputs
 * @groups:  enum option_group
 * @rows:    its own options, which win over common ones of the same name; a row without a name ends them
 * @operands: its operands, for the help; NULL: one FILE, the recording
 * @exits:   its exit statuses, for the help; NULL: those of an analysis
 * @passes:  its analysis; NULL: stall_passes
 * @questions: the questions that this analysis answers; NULL: stall_questions
 * @writers: its outputs, an option each; NULL-terminated
 * @text:    the report on the terminal
 */
struct verb {
	const char *name, *about;
	unsigned int groups;
	const struct row *rows;
	const char *operands, *exits;
	const struct pass_ops *const *passes;
	const struct question *questions;
	const struct writer *const *writers;
	int (*text)(const struct report *r, const struct writer_options *opts, FILE *out);
};

/**
 * options_parse - read the options of @verb, and the name of its recording, or its operands
 * @own: for the verb's own rows
 *
 * Prints help, version or the list of options if asked for, and errors on stderr. Returns -1 to go on, else the exit
 * status.
 */
int options_parse(const struct verb *verb, int argc, char **argv, struct options *ret);
int options_parse_own(const struct verb *verb, void *own, int argc, char **argv, struct options *ret);

#endif
