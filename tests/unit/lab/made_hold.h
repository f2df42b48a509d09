/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* made_hold.h - a hold as the lru_lock pass would find it, for tests of what follows from holds alone */
#ifndef VMSTALL_TEST_MADE_HOLD_H
#define VMSTALL_TEST_MADE_HOLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "events.h"
#include "passes/lru_lock/scan_cost.h"

/* The record before is at @from, the event at @event, the record after at @to. */
static inline struct hold make_hold(unsigned int cpu, uint64_t from, uint64_t event, uint64_t to, int64_t scanned)
{
	return (struct hold){
		.cpu = (uint16_t)cpu, .event = { .ts = event, .cpu = (uint16_t)cpu, .is = true },
		.at = { .start = from, .start_earliest = from, .start_latest = event, .end = event, .end_earliest = event,
			.end_latest = to, .start_rule = BOUND_PREV_EVENT, .evidence = EVIDENCE_INFERRED },
		.nr_scanned = KNOWN(scanned), .nr_skipped = KNOWN(scanned - 32), .nr_taken = KNOWN(32),
		.nid = KNOWN(0), .irqs_off = true, .only_scan = true,
	};
}

static inline const struct rules *usual_rules(void)
{
	static struct rules rules;

	rules = rules_of(PROFILE_EMULATED);
	return &rules;
}

static inline struct scan_cost fit(const struct hold *holds, size_t nr)
{
	struct scan_cost cost;

	assert_int_equal(scan_cost_fit(usual_rules(), holds, nr, &cost), 0);
	return cost;
}

#endif
