// SPDX-License-Identifier: LGPL-2.1-or-later
/* info.c - vmstall info: what is in this recording, and what can be found out from it? */
#include "cli/options/term.h"
#include "cli/run/guard.h"
#include "cli/run/load.h"
#include "cli/run/output.h"
#include "cli/verbs/verbs.h"
#include "export/text/text.h"

static const struct verb info = {
	.name	= "info",
	.about	= "Describe a recording: kernel, clock, CPUs, losses, events, and which analyses it allows.",
	.groups	= OPTIONS_COMMON | OPTIONS_READING,
};

/* A clock that gives no times is something to report here, and no failure. */
static int give_out(const struct options *o, const struct report *r)
{
	struct writer_options w = term_options(o);
	int written = stdout_told(o, write_info(r, &w, stdout));

	return r->facts.partial ? EXIT_PARTIAL : written;
}

static int run(const struct options *o)
{
	struct report r = { 0 };
	int status = load_facts(o, &r);

	if (!status)
		status = give_out(o, &r);
	report_clear(&r);
	return status;
}

int cmd_info(int argc, char **argv)
{
	struct options o;
	int status = options_parse(&info, argc, argv, &o);

	return status >= 0 ? status : guard(&o, run);
}
