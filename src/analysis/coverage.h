/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* coverage.h - which questions can this recording not answer, and what would have to be recorded for them? */
#ifndef VMSTALL_COVERAGE_H
#define VMSTALL_COVERAGE_H

#include "passes/common/pass.h"
#include "reader/recording.h"

/* The questions of each verb; the last one has no name. */
extern const struct question stall_questions[], leak_questions[], reclaim_questions[], gfp_questions[];

/* Fills r->coverage. Returns 0 or -ENOMEM. */
int coverage_report(struct report *r, const struct question *questions, struct recorded recorded);

#endif
