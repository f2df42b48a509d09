// SPDX-License-Identifier: LGPL-2.1-or-later
/* verb.c - run a verb that analyses a recording. Its analysis and its report are its own */
#include "cli/verbs/verb.h"

#include <errno.h>
#include <stdlib.h>

#include "cli/options/term.h"
#include "cli/run/guard.h"
#include "cli/run/load.h"
#include "cli/run/output.h"

static int prepare(struct options *o)
{
	char *why = NULL;

	if (!outputs_check(o, &why) && !outputs_open_stream(o, &why))
		return EXIT_DONE;
	cli_log("%s: %s", o->verb->name, why ? why : "out of memory");
	free(why);
	return EXIT_USAGE;
}

/* A finding outranks a failed output in the exit status. The failed output already has its line on stderr. */
static int worse(int status, int other)
{
	return status == EXIT_DONE ? other : status;
}

/* If the analysis failed, leave no file: an empty CSV would look like a healthy recording. */
static int give_out(const struct options *o, const struct report *r)
{
	struct writer_options w = term_options(o);
	int status = report_status(o, r);

	if (!r->time_refused)
		status = worse(status, outputs_write(o, r, &w));
	return worse(status, stdout_told(o, outputs_use_stdout(o) ? 0 : o->verb->text(r, &w, stdout)));
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

int verb_run(const struct verb *verb, int argc, char **argv)
{
	struct options o;
	int status = options_parse(verb, argc, argv, &o);

	if (status >= 0)
		return status;
	status = prepare(&o);
	if (!status)
		status = guard(&o, run);
	outputs_close(&o);
	return status;
}
