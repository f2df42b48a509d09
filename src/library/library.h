/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* library.h - the report behind vmstall.h: the internal one, and its rows in the public form */
#ifndef VMSTALL_LIBRARY_LIBRARY_H
#define VMSTALL_LIBRARY_LIBRARY_H

#include "model/report.h"
#include "vmstall/vmstall.h"

/* The rows point into @inner, which no longer changes. Their numbers are those of @inner. */
struct vmstall_report {
	struct report inner;
	uint64_t min_stall_ns;
	struct vmstall_facts facts;
	struct vmstall_stall *stalls;
	struct vmstall_victim *victims;
	struct vmstall_hold *holds;
	struct vmstall_note *notes;
	struct vmstall_coverage *coverage;
};

/* Make the rows of @report from its inner report. Returns 0 or -ENOMEM; call rows_clear() in either case. */
int rows_make(struct vmstall_report *report);
void rows_clear(struct vmstall_report *report);

#endif
