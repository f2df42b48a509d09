// SPDX-License-Identifier: LGPL-2.1-or-later
/* timeline.c - vmstall timeline: the stalls as CSV on stdout, for the next program */
#include "cli/options/term.h"
#include "cli/run/guard.h"
#include "cli/run/load.h"
#include "cli/run/output.h"
#include "cli/verbs/verbs.h"
#include "export/writers.h"

static const struct verb timeline = {
	.name	= "timeline",
	.about	= "Print the stalls as CSV, a row each, ordered by start. Columns as of analyze --csv.",
	.groups	= OPTIONS_COMMON | OPTIONS_READING | OPTIONS_RULES | OPTIONS_ANALYSIS,
};

/* No header for a recording that was not analysed: that would look like a healthy one. */
static int give_out(const struct options *o, const struct report *r)
{
	struct writer_options w = term_options(o);
	int status = report_status(o, r), written;

	if (r->time_refused)
		return status;
	writer_by_name("csv")->write(r, &w, stdout);	/* stdout_finish() says what went wrong */
	written = stdout_finish();
	return status ? status : written;
}

static int run(const struct options *o)
{
	struct report r = { 0 };
	int status = load_report(o, &r);

	if (!status)
		status = give_out(o, &r);
	report_clear(&r);
	return status;
}

int cmd_timeline(int argc, char **argv)
{
	struct options o;
	int status = options_parse(&timeline, argc, argv, &o);

	return status >= 0 ? status : guard(&o, run);
}
