// SPDX-License-Identifier: LGPL-2.1-or-later
/* timeline.c - vmstall timeline: the stalls as CSV on stdout, for the next program */
#include "cli/verbs/verb.h"
#include "cli/verbs/verbs.h"
#include "export/writers.h"
#include "model/answer.h"

/* Without an answer, print no header: a CSV without rows would look like a healthy recording. */
static int write_timeline(const struct report *r, const struct writer_options *opts, FILE *out)
{
	return r->time_refused || !report_answered(r) ? 0 : writer_by_name("csv")->write(r, opts, out);
}

static const struct verb timeline = {
	.name	= "timeline",
	.about	= "Print the stalls as CSV, a row each, ordered by start. Columns as of analyze --csv.",
	.groups	= OPTIONS_COMMON | OPTIONS_READING | OPTIONS_RULES | OPTIONS_ANALYSIS,
	.text	= write_timeline,
};

int cmd_timeline(int argc, char **argv)
{
	return verb_run(&timeline, argc, argv);
}
