/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* values.h - arguments of options: durations, times, thresholds. 0 or -EINVAL with one sentence */
#ifndef VMSTALL_CLI_VALUES_H
#define VMSTALL_CLI_VALUES_H

#include "model/report.h"

/* "10ms", "1.5s", "250us", "9ns"; a bare number is milliseconds. */
int parse_duration(const char *s, uint64_t *ret_ns, char **reterr_why);

/* "5144.543210", as trace-cmd report prints it; up to nine digits behind the point. */
int parse_seconds(const char *s, uint64_t *ret_ns, char **reterr_why);

/**
 * struct fail_on - which stall makes the exit status 1: a stall that meets every given term
 *
 * Grammar: TERM{,TERM}. TERM is "any", a shortest duration, a lowest confidence ("low", "medium", "high"), or a cause as in
 * stalls.csv ("lru_lock_hold").
 */
struct fail_on {
	bool is;
	uint64_t least_ns;
	enum confidence confidence;
	bool has_cause;
	enum cause cause;
};

int parse_fail_on(const char *s, struct fail_on *ret, char **reterr_why);
/* Does a stall of @r meet every term? */
bool fail_on_met(const struct fail_on *f, const struct report *r);
/* Were the events recorded that such a stall shows in? Without them, none found means nothing. True if !@f->is. */
bool fail_on_answered(const struct fail_on *f, const struct report *r);

#endif
