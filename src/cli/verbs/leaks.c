// SPDX-License-Identifier: LGPL-2.1-or-later
/* leaks.c - vmstall leaks: who takes kernel memory and does not give it back? */
#include "analysis/coverage.h"
#include "analysis/passes.h"
#include "cli/verbs/verb.h"
#include "cli/verbs/verbs.h"
#include "export/text/text.h"
#include "export/writers.h"

static const struct verb leaks = {
	.name	   = "leaks",
	.about	   = "Find kernel memory that is taken and not given back: slab objects and pages, by call site and task.",
	.groups	   = OPTIONS_COMMON | OPTIONS_READING | OPTIONS_RULES | OPTIONS_LEAKS | OPTIONS_OUTPUT,
	.passes	   = leak_passes,
	.questions = leak_questions,
	.writers   = leak_writers,
	.text	   = write_leaks_text,
};

int cmd_leaks(int argc, char **argv)
{
	return verb_run(&leaks, argc, argv);
}
