// SPDX-License-Identifier: LGPL-2.1-or-later
/* reclaim.c - vmstall reclaim: what did each task pay for memory, and what did kswapd do? */
#include "analysis/coverage.h"
#include "analysis/passes.h"
#include "cli/verbs/verb.h"
#include "cli/verbs/verbs.h"
#include "export/text/text.h"
#include "export/writers.h"

static const struct verb reclaim = {
	.name	   = "reclaim",
	.about	   = "Account for reclaim: each task's direct and memcg reclaims, what they took and gave; kswapd's work.",
	.groups	   = OPTIONS_COMMON | OPTIONS_READING | OPTIONS_RULES | OPTIONS_OUTPUT,
	.passes	   = reclaim_passes,
	.questions = reclaim_questions,
	.writers   = reclaim_writers,
	.text	   = write_reclaim_text,
};

int cmd_reclaim(int argc, char **argv)
{
	return verb_run(&reclaim, argc, argv);
}
