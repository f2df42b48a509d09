// SPDX-License-Identifier: LGPL-2.1-or-later
/* analyze.c - vmstall analyze: is this the reclaim freeze, which event, which tasks, what to change? */
#include "cli/verbs/verb.h"
#include "cli/verbs/verbs.h"
#include "export/text/text.h"
#include "export/writers.h"

static const struct verb analyze = {
	.name	 = "analyze",
	.about	 = "Say which reclaim event froze which tasks, for how long, and how sure that is.",
	.groups	 = OPTIONS_COMMON | OPTIONS_READING | OPTIONS_RULES | OPTIONS_ANALYSIS | OPTIONS_OUTPUT,
	.writers = all_writers,
	.text	 = write_text,
};

int cmd_analyze(int argc, char **argv)
{
	return verb_run(&analyze, argc, argv);
}
