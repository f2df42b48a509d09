// SPDX-License-Identifier: LGPL-2.1-or-later
/* load.c - from the name of a recording to its report, with a line for each error */
#include "cli/run/load.h"
#include "cli/run/progress.h"
#include "model/answer.h"

#include <errno.h>
#include <stdlib.h>

/* Missing plugins are no fault of the recording, so this counts as "nothing was tried". */
static int loaded(const struct options *o, const struct report *r, int err, char *why)
{
	if (err)
		cli_log_file(o->file, err, why);
	else if (o->verbose >= 0)
		cli_log_partial(o->file, r);
	free(why);
	if (!err)
		return EXIT_DONE;
	return err == -ENOPKG ? EXIT_USAGE : EXIT_UNREADABLE;
}

int load_report(const struct options *o, struct report *ret)
{
	struct recording_options recording = o->recording;
	struct progress progress;
	char *why = NULL;
	int err;

	if (o->verbose >= 0)
		progress_begin(&progress, &recording);
	err = analyze_recording(o->file, &recording, &o->analysis, ret, &why);
	if (o->verbose >= 0)
		progress_end(&progress);
	return loaded(o, ret, err, why);
}

int load_facts(const struct options *o, struct report *ret)
{
	char *why = NULL;
	int err = inspect_recording(o->file, &o->recording, ret, &why);

	return loaded(o, ret, err, why);
}

/* Say that the recording has no answer, and why. */
static int unanswered(const struct options *o, const struct report *r)
{
	char *why = report_why_unanswered(r);

	cli_log("%s: cannot tell %s: %s", o->file, report_question(r), why ? why : "out of memory");
	free(why);
	return EXIT_UNREADABLE;
}

int report_status(const struct options *o, const struct report *r)
{
	if (r->time_refused) {
		cli_log("%s: not analysed: its clock, \"%s\", is not in seconds", o->file,
			r->facts.clock ? r->facts.clock : "?");
		return EXIT_UNREADABLE;
	}
	if (fail_on_met(&o->fail_on, r))
		return EXIT_FINDING;
	if (!report_answered(r))
		return unanswered(o, r);
	if (!fail_on_answered(&o->fail_on, r)) {
		cli_log("%s: cannot tell whether a stall meets --fail-on: what shows such a stall was not recorded", o->file);
		return EXIT_UNREADABLE;
	}
	return r->facts.partial ? EXIT_PARTIAL : EXIT_DONE;
}
