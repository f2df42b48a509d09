// SPDX-License-Identifier: LGPL-2.1-or-later
/* gfp.c - vmstall gfp: who allocates in the wrong context, and who takes the pages of the low zones? */
#include "analysis/coverage.h"
#include "analysis/passes.h"
#include "cli/verbs/verb.h"
#include "cli/verbs/verbs.h"
#include "export/text/text.h"
#include "export/writers.h"

static const struct verb gfp = {
	.name	   = "gfp",
	.about	   = "Find allocations that may sleep where they must not, atomic ones that need not be, and who takes\n"
		     "the pages of the low zones.",
	.groups	   = OPTIONS_COMMON | OPTIONS_READING | OPTIONS_RULES | OPTIONS_OUTPUT,
	.passes	   = gfp_passes,
	.questions = gfp_questions,
	.writers   = gfp_writers,
	.text	   = write_gfp_text,
};

int cmd_gfp(int argc, char **argv)
{
	return verb_run(&gfp, argc, argv);
}
