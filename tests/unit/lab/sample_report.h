/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* sample_report.h - reports made by hand, for the tests of writers and commands */
#ifndef VMSTALL_TESTS_SAMPLE_REPORT_H
#define VMSTALL_TESTS_SAMPLE_REPORT_H

#include "model/report.h"

#define SEC(s) ((uint64_t)((s) * 1e9 + 0.5))

/* Each fills a zeroed report. Call report_clear() on it. */
void sample_founding(struct report *r);		/* the one-second freeze of KERNEL-FACTS 11, report D, told in full */
void sample_healthy(struct report *r);
void sample_many(struct report *r, size_t nr);	/* @nr stalls in random order, with every cause and diagnosis */
void sample_hostile(struct report *r);		/* every string is an attack */
void sample_counter(struct report *r);		/* a clock that gives no times */
void sample_blind(struct report *r);		/* nothing recorded that shows a stall */

#endif
