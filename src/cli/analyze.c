// SPDX-License-Identifier: LGPL-2.1-or-later
/* analyze.c - vmstall analyze: is this the reclaim freeze, which event, which tasks, what to change? */
#include "cli/guard.h"
#include "cli/load.h"
#include "cli/output.h"
#include "cli/term.h"

#include <errno.h>
#include <stdlib.h>

static const struct verb analyze = {
	.name	= "analyze",
	.about	= "Say which reclaim event froze which tasks, for how long, and how sure that is.",
	.groups	= OPTIONS_COMMON | OPTIONS_ANALYSIS | OPTIONS_OUTPUT,
};

static int check(const struct options *o)
{
	char *why = NULL;

	if (!outputs_check(o, &why))
		return EXIT_DONE;
	cli_log("analyze: %s", why ? why : "out of memory");
	free(why);
	return EXIT_USAGE;
}

/* A finding says more than an output that failed, which has had its line on stderr. */
static int worse(int status, int other)
{
	return status == EXIT_DONE ? other : status;
}

/* No file is left behind for a recording that was not analysed: an empty CSV looks like a healthy one. */
static int give_out(const struct options *o, const struct report *r)
{
	struct writer_options w = term_options(o);
	int status = report_status(o, r);

	if (!r->time_refused)
		status = worse(status, outputs_write(o, r, &w));
	if (!outputs_use_stdout(o) && write_text(r, &w, stdout) == -ENOMEM) {
		cli_log("out of memory");
		status = worse(status, EXIT_PARTIAL);
	}
	return worse(status, stdout_finish());
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

int cmd_analyze(int argc, char **argv)
{
	struct options o;
	int status = options_parse(&analyze, argc, argv, &o);

	if (status >= 0)
		return status;
	status = check(&o);
	return status ? status : guard(&o, run);
}
